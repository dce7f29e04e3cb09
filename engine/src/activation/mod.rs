//! Activations: asking for a role and everything that happens to the request.

pub(crate) mod follow;

use domain::{access::Permission, activation::ActivationId, person::PersonId};

use crate::{Engine, error::Result, store};

/// Whether this person may see the request: their own, or as one who may read all.
///
/// # Errors
/// When the database does not answer.
pub async fn may_see(engine: &Engine, person: PersonId, id: ActivationId) -> Result<bool> {
    let Some(activation) = store::activation::find(engine.readers(), id).await? else { return Ok(false) };
    let access = store::access::of(engine.readers(), person, engine.now()).await?;
    Ok(activation.person == person || access.holds.allow(Permission::ReadRequests))
}
