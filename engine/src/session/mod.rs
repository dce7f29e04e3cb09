//! Sessions: access tokens, rotation, step-up.

use domain::{
    person::PersonId,
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, SessionId},
};
use uuid::Uuid;

use crate::{Tx, error::Result, store};

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
