//! Who becomes privileged by a change.

use std::collections::HashSet;

use domain::person::{PersonId, Principal};
use sea_orm::ConnectionTrait;

use crate::{error::Result, store};

/// Those of these people who have nothing to do with any role yet: no assignment and no approver's duty, of their own or
/// through a group. To be asked before the change is written.
pub(crate) async fn not_yet<C: ConnectionTrait>(db: &C, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let memberships = store::access::groups_of(db, people).await?;
    let mut principals: Vec<Principal> = people.iter().copied().map(Principal::Person).collect();
    principals.extend(memberships.iter().map(|(_, group)| Principal::Group(*group)));
    principals.sort_unstable();
    principals.dedup();
    let mut busy: HashSet<Principal> =
        store::assignment::assigned_among(db, &principals).await?.into_iter().collect();
    busy.extend(store::role_settings::approving_among(db, &principals).await?);
    let through_group: HashSet<PersonId> = memberships
        .into_iter()
        .filter(|(_, group)| busy.contains(&Principal::Group(*group)))
        .map(|(person, _)| person)
        .collect();
    let is_new =
        |person: &PersonId| !busy.contains(&Principal::Person(*person)) && !through_group.contains(person);
    Ok(people.iter().copied().filter(is_new).collect())
}
