//! Sessions and the evidence of the second factor. Evidence instead of flags: a rule that needs the second factor
//! asks for a [`Proven`], and only [`SecondFactor::prove`] makes one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Id, Instant, Span,
    problem::{Code, Problem},
    role_settings::SecondFactor,
};

/// The identifier of a session.
pub type SessionId = Id<Session>;

/// How long an access token is good.
pub const ACCESS_LIFE: Span = Span::minutes(10);
/// After so much time without navigation or an act a session ends.
pub const IDLE_LIFE: Span = Span::hours(8);
/// A session ends after so much time in any case.
pub const SESSION_LIFE: Span = Span::hours(24);
/// What lies between password and code, and an enrolment, is good for so long.
pub const STEP_LIFE: Span = Span::minutes(5);
/// After the first use of its successor a refresh token still gets the same successor for so long.
pub const REUSE_GRACE: Span = Span::seconds(30);

/// Where a session is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SessionKind {
    /// A browser, with cookies.
    Browser,
    /// A tool, with bearer tokens.
    Tool,
}

/// A session as stored. It decides at each request; the token only names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which session.
    pub id: SessionId,
    /// Whose.
    pub person: crate::person::PersonId,
    /// The sign-in used.
    pub sign_in: crate::sign_in::SignInId,
    /// Browser or tool.
    pub kind: SessionKind,
    /// When it began.
    pub started_at: Instant,
    /// The last navigation or act.
    pub used_at: Instant,
    /// When the second factor was last proved in it.
    pub mfa_at: Instant,
    /// When it was ended before its time.
    pub ended_at: Option<Instant>,
}

impl Session {
    /// When it ends if nothing more happens.
    pub fn ends_at(&self) -> Instant {
        IDLE_LIFE.after(self.used_at).min(SESSION_LIFE.after(self.started_at))
    }

    /// Whether it counts at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        self.ended_at.is_none() && now < self.ends_at()
    }
}

/// What a code may be asked for. A code that was used up for one act is no evidence for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Asking for a role.
    Activate,
    /// Approving or denying.
    Decide,
    /// An administrator's change.
    Administer,
    /// One's own credentials.
    Credentials,
}

/// A code that was used up for this session, act and object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepUp {
    session: SessionId,
    act: Act,
    object: Uuid,
    at: Instant,
}

impl StepUp {
    /// To be made by the one function that uses up a code, after its transaction is durable.
    pub const fn used_up(session: SessionId, act: Act, object: Uuid, at: Instant) -> Self {
        Self { session, act, object, at }
    }
}

/// What is known of the second factor when an act is judged.
#[derive(Clone, Copy, Debug)]
pub struct Mfa {
    /// The session that acts.
    pub session: SessionId,
    /// When it was last proved in the session.
    pub at: Instant,
    /// The code for this very act, if one was given.
    pub step_up: Option<StepUp>,
}

/// Evidence that the second factor was proved as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proven(());

impl SecondFactor {
    /// Whether the second factor was proved as asked, for this act on this object.
    ///
    /// # Errors
    /// `mfa_required` when this very act needs a code, `mfa_stale` with the age that is allowed.
    pub fn prove(self, mfa: &Mfa, act: Act, object: Uuid, now: Instant) -> Result<Proven, Problem> {
        let stepped_up = mfa
            .step_up
            .filter(|step| step.session == mfa.session && step.act == act && step.object == object)
            .is_some_and(|step| now < STEP_LIFE.after(step.at));
        let fresh_enough = match self {
            Self::NotAsked | Self::InSession => true,
            Self::Fresh { minutes: 0 } => false,
            // A proof from the time before the clock was set back is none.
            Self::Fresh { minutes } => {
                mfa.at <= now && now <= Span::minutes(i64::from(minutes)).after(mfa.at)
            }
        };
        match self {
            _ if stepped_up || fresh_enough => Ok(Proven(())),
            Self::Fresh { minutes } if minutes > 0 => Err(Problem::new(Code::MfaStale)
                .field("code")
                .limit(Span::minutes(i64::from(minutes)).to_string())),
            Self::NotAsked | Self::InSession | Self::Fresh { .. } => {
                Err(Problem::new(Code::MfaRequired).field("code"))
            }
        }
    }
}

/// A session in the list of where one is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionRow {
    /// Which session.
    pub id: SessionId,
    /// Browser or tool.
    pub kind: SessionKind,
    /// What the browser says of itself, shortened.
    pub client: String,
    /// The address it was last used from.
    pub address: String,
    /// When it began.
    pub started_at: Instant,
    /// When it was last used.
    pub used_at: Instant,
    /// Whether it is the one that asks.
    pub this: bool,
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(second: i64) -> Instant {
        chrono::Utc.timestamp_opt(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_code_counts_for_its_session_act_and_object_only() {
        let (session, object) = (Id::new(Uuid::from_u128(1)), Uuid::from_u128(2));
        let every_time = SecondFactor::Fresh { minutes: 0 };
        let check = |step: Option<StepUp>| {
            let mfa = Mfa { session, at: at(0), step_up: step };
            every_time.prove(&mfa, Act::Activate, object, at(1)).is_ok()
        };
        assert!(!check(None));
        assert!(check(Some(StepUp::used_up(session, Act::Activate, object, at(0)))));
        assert!(!check(Some(StepUp::used_up(session, Act::Decide, object, at(0)))));
        assert!(!check(Some(StepUp::used_up(session, Act::Activate, Uuid::from_u128(3), at(0)))));
        assert!(!check(Some(StepUp::used_up(Id::new(Uuid::from_u128(9)), Act::Activate, object, at(0)))));
        assert!(!check(Some(StepUp::used_up(session, Act::Activate, object, at(-300)))));
    }

    #[test]
    fn a_sign_in_counts_as_fresh_from_its_moment() {
        let mfa = Mfa { session: Id::new(Uuid::from_u128(1)), at: at(0), step_up: None };
        let fresh = SecondFactor::Fresh { minutes: 10 };
        let prove = |second| fresh.prove(&mfa, Act::Decide, Uuid::nil(), at(second)).map_err(|p| p.code);
        assert!(prove(600).is_ok());
        assert_eq!(prove(601), Err(Code::MfaStale));
        // After the clock was set back, what was proved then is not fresh until the clock is there again.
        assert_eq!(prove(-1), Err(Code::MfaStale));
    }

    #[test]
    fn a_session_ends_when_idle_and_in_any_case() {
        let mut session = Session {
            id: Id::new(Uuid::from_u128(1)),
            person: Id::new(Uuid::from_u128(2)),
            sign_in: Id::new(Uuid::from_u128(3)),
            kind: SessionKind::Browser,
            started_at: at(0),
            used_at: at(0),
            mfa_at: at(0),
            ended_at: None,
        };
        assert!(session.is_live(at(8 * 3600 - 1)) && !session.is_live(at(8 * 3600)));
        session.used_at = at(23 * 3600);
        assert!(session.is_live(at(24 * 3600 - 1)) && !session.is_live(at(24 * 3600)));
        session.ended_at = Some(at(5));
        assert!(!session.is_live(at(6)));
    }
}
