//! Sessions: access tokens, rotation, step-up. A token names a session; the session's row decides at each request.

mod authenticate;
mod end;
pub(crate) mod refresh;
pub(crate) mod signing;
pub(crate) mod step_up;
mod verified;

#[cfg(test)]
mod tests;

use domain::{
    Instant,
    person::PersonId,
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, Session, SessionId},
};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{Engine, Tx, error::Result, store};

pub use authenticate::{authenticate, touch};
pub use end::{end, end_others, list, sign_out};
pub use refresh::refresh;
pub use step_up::step_up;

/// What a browser or tool keeps of its session.
#[derive(Debug)]
pub struct Tokens {
    /// For each request.
    pub access: SecretString,
    /// Until when it is good.
    pub access_expires_at: Instant,
    /// For new tokens, once.
    pub refresh: SecretString,
    /// Which session.
    pub session: SessionId,
}

/// The tokens of a session.
pub(crate) async fn issue(engine: &Engine, session: &Session, refresh: refresh::Refresh) -> Result<Tokens> {
    let (access, access_expires_at) = signing::sign(engine, session).await?;
    Ok(Tokens { access, access_expires_at, refresh: refresh.token(engine), session: session.id })
}

/// Ends all sessions of a person but one; takes effect at the next request. The fact is that of the act it belongs to.
pub(crate) async fn end_all(tx: &Tx, person: PersonId, but: Option<SessionId>) -> Result<()> {
    store::session::end_all(tx.conn(), person, but, tx.now).await?;
    Ok(())
}

/// What an administrator's change of this object needs: a second factor that is not older than ten minutes, or a code
/// for this very act.
///
/// # Errors
/// `mfa_stale`, or `signed_out`.
pub(crate) fn require_administrator_factor(tx: &Tx, object: Uuid) -> Result<()> {
    let fresh = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
    fresh.prove(&tx.ctx.mfa()?, Act::Administer, object, tx.now)?;
    Ok(())
}
