//! Who acts, and from where. Made once per request by the transport and once per job by the worker.

use domain::{
    Code, Instant, Problem,
    person::PersonId,
    session::{Mfa, SessionId, StepUp},
    sign_in::SignInId,
};

use crate::error::{Error, Result};

/// The circumstances of one act.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who acts.
    pub caller: Caller,
    /// The request, for log and record.
    pub request_id: String,
    /// Where it came from.
    pub client: Client,
    /// A code that was used up for this act, if any.
    pub step_up: Option<StepUp>,
    /// The key under which a repeated command is carried out once.
    pub idempotency: Option<IdempotencyKey>,
}

/// A caller's key for one command, with the hash of what was sent under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key, at most 100 characters.
    pub key: String,
    /// SHA-256 of method, path and body, in hexadecimal.
    pub request_hash: String,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody who is known.
    Nobody,
    /// A person with a live session.
    Person(Signed),
    /// Stint itself: the worker.
    Stint,
    /// An operator on the host.
    Host,
}

/// A person with a live session. Carries identity, never roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// The sign-in used.
    pub sign_in: SignInId,
    /// In which session.
    pub session: SessionId,
    /// When the second factor was last proved in it.
    pub mfa_at: Instant,
    /// Its last use that was noted.
    pub used_at: Instant,
}

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address.
    pub address: String,
    /// What the browser or tool says of itself, shortened to 200 characters.
    pub agent: String,
}

impl IdempotencyKey {
    /// A key for a command that was sent like this: method or endpoint, and body.
    pub fn new(key: impl Into<String>, sent: &[u8]) -> Self {
        let hash: domain::audit::Hash = <sha2::Sha256 as sha2::Digest>::digest(sent).into();
        Self { key: key.into(), request_hash: domain::audit::hex(&hash) }
    }
}

impl Ctx {
    /// For the worker.
    pub fn stint() -> Self {
        Self::of(Caller::Stint)
    }

    /// For commands on the host.
    pub fn host() -> Self {
        Self::of(Caller::Host)
    }

    /// For a caller without more circumstances.
    pub fn of(caller: Caller) -> Self {
        Self {
            caller,
            request_id: String::new(),
            client: Client::default(),
            step_up: None,
            idempotency: None,
        }
    }

    /// The person who acts.
    ///
    /// # Errors
    /// `signed_out` when nobody is signed in.
    pub fn signed(&self) -> Result<Signed> {
        match self.caller {
            Caller::Person(signed) => Ok(signed),
            Caller::Nobody | Caller::Stint | Caller::Host => {
                Err(Error::Problem(Problem::new(Code::SignedOut)))
            }
        }
    }

    /// What is known of the second factor.
    ///
    /// # Errors
    /// `signed_out` when nobody is signed in.
    pub fn mfa(&self) -> Result<Mfa> {
        let signed = self.signed()?;
        Ok(Mfa { session: signed.session, at: signed.mfa_at, step_up: self.step_up })
    }

    /// The same circumstances with a code that was used up.
    #[must_use]
    pub fn with_step_up(&self, step_up: StepUp) -> Self {
        Self { step_up: Some(step_up), ..self.clone() }
    }
}
