//! Who has to do with a role: holds one, may hold one, or approves one. Their credentials, addresses and memberships
//! are for the Privileged Role Administrator alone.

use domain::{
    group::GroupId,
    person::{PersonId, Principal},
};
use sea_orm::ConnectionTrait;

use crate::{error::Result, store};

/// Whether a person holds, may hold or approves a role, also through a group.
pub(crate) async fn of_person<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<bool> {
    let groups = store::group::of_person(db, person).await?;
    of_principals(db, &store::access::principals(person, &groups)).await
}

/// Whether a group has an assignment or approves anything.
pub(crate) async fn of_group<C: ConnectionTrait>(db: &C, group: GroupId) -> Result<bool> {
    of_principals(db, &[Principal::Group(group)]).await
}

async fn of_principals<C: ConnectionTrait>(db: &C, principals: &[Principal]) -> Result<bool> {
    Ok(!store::assignment::open_of(db, principals, None).await?.is_empty()
        || !store::role_settings::approved_by(db, principals).await?.is_empty())
}
