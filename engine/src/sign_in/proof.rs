//! Using up a code: that of the authenticator app, or a recovery code. Each is good once, by a conditional update.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
};

use super::{recovery, totp::Secret};
use crate::{Engine, Tx, error::Result, store, store::sign_in::SignIn};

/// What was typed, by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Six digits of the authenticator app.
    Code(String),
    /// A recovery code.
    Recovery(String),
}

impl Given {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `mfa_required` when it is empty, `mfa_invalid` when it has neither form.
    pub(crate) fn read(given: &str) -> Result<Self, Problem> {
        match recovery::read(given) {
            Some(code) => Ok(Self::Recovery(code)),
            None => domain::sign_in::code(given).map(Self::Code),
        }
    }

    /// The word in the record.
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::Recovery(_) => "recovery_code",
        }
    }

    /// Uses it up. Gives the facts.
    ///
    /// # Errors
    /// `mfa_invalid` or `mfa_reused`.
    pub(crate) async fn use_up(&self, engine: &Engine, tx: &Tx, sign_in: &SignIn) -> Result<Vec<Event>> {
        match self {
            Self::Code(code) => {
                use_code(engine, tx, sign_in, code).await?;
                Ok(Vec::new())
            }
            Self::Recovery(code) => {
                let hash = recovery::hash(engine, sign_in.id, code);
                if !store::sign_in::recovery::use_up(tx.conn(), sign_in.id, &hash, tx.now).await? {
                    return Err(invalid());
                }
                let left = store::sign_in::recovery::left(tx.conn(), sign_in.id).await?;
                let used = Event::new(EventKind::RecoveryCodeUsed).person(sign_in.person);
                Ok(vec![used.after(serde_json::json!({ "left": left, "sign_in_name": sign_in.name }))])
            }
        }
    }
}

/// Uses up a code of the authenticator app, and with it all before it.
///
/// # Errors
/// `mfa_invalid` or `mfa_reused`.
pub(crate) async fn use_code(engine: &Engine, tx: &Tx, sign_in: &SignIn, code: &str) -> Result<()> {
    let secret = Secret::of(engine, sign_in)?.ok_or_else(invalid)?;
    let step = secret.step_of(code, tx.now).ok_or_else(invalid)?;
    if store::sign_in::use_step(tx.conn(), sign_in.id, step).await? {
        return Ok(());
    }
    Err(Problem::new(Code::MfaReused).field("code").into())
}

pub(crate) fn invalid() -> crate::Error {
    Problem::new(Code::MfaInvalid).field("code").into()
}
