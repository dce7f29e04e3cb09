//! Activations: asking for a role and everything that happens to the request.

pub(crate) mod follow;

use domain::{Instant, activation::State};
use sea_orm::ConnectionTrait;

use crate::{
    error::Result,
    store::{self, access::Access},
};

/// How many requests wait for a decision of this person.
pub(crate) async fn count_to_decide<C: ConnectionTrait>(db: &C, access: &Access, now: Instant) -> Result<u32> {
    let roles = store::role_settings::approved_by(db, &access.principals()).await?;
    let pending = store::activation::pending(db, Some(&roles)).await?;
    let waiting = pending
        .iter()
        .filter(|request| request.person != access.person && request.state_at(now) == State::PendingApproval)
        .count();
    Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
}
