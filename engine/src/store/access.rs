//! What somebody holds now: read in the transaction, or for the answer, that depends on it. Never cached.

use domain::{
    Instant,
    access::Holds,
    activation::State,
    group::GroupId,
    person::{PersonId, Principal},
    role::{RoleId, builtin},
};
use sea_orm::{Condition, entity::prelude::*};

use super::{activation, assignment, group, person, role, us};
use crate::error::Result;

/// A person with what they hold of Stint's own roles at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Who.
    pub person: PersonId,
    /// The groups that the person is in now.
    pub groups: Vec<GroupId>,
    /// Stint's own roles that they hold now.
    pub holds: Holds,
}

impl Access {
    /// All principals that stand for this person: themself and their groups.
    pub(crate) fn principals(&self) -> Vec<Principal> {
        principals(self.person, &self.groups)
    }
}

/// All principals that stand for a person.
pub(crate) fn principals(person: PersonId, groups: &[GroupId]) -> Vec<Principal> {
    std::iter::once(Principal::Person(person)).chain(groups.iter().copied().map(Principal::Group)).collect()
}

/// What this person may rest on at `now`.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, person: PersonId, now: Instant) -> Result<Access> {
    let groups = group::of_person(db, person).await?;
    let mut holds = Holds::default();
    if person::is_enabled(db, person).await? {
        for role in held(db, person, &groups, &builtin::ALL.map(|(id, ..)| id), now).await? {
            holds.administrator |= role == builtin::ADMINISTRATOR;
            holds.user_administrator |= role == builtin::USER_ADMINISTRATOR;
            holds.auditor |= role == builtin::AUDITOR;
        }
    }
    Ok(Access { person, groups, holds })
}

/// Which of these roles the person holds at `now`, anywhere. The person must be known to be enabled.
async fn held<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    groups: &[GroupId],
    roles: &[RoleId],
    now: Instant,
) -> Result<Vec<RoleId>> {
    let roles = role::enabled_among(db, roles).await?;
    let mut held = assignment::active_roles(db, &principals(person, groups), &roles, now).await?;
    held.extend(activation::active_roles(db, person, &roles, now).await?);
    Ok(held)
}

/// Everybody who holds this role now, each once: through assignments, groups and activations; enabled people only.
pub(crate) async fn holders<C: ConnectionTrait>(db: &C, role: RoleId, now: Instant) -> Result<Vec<PersonId>> {
    if role::enabled_among(db, &[role]).await?.is_empty() {
        return Ok(Vec::new());
    }
    let mut people = Vec::new();
    for principal in assignment::active_principals(db, role, now).await? {
        match principal {
            Principal::Person(person) => people.push(person),
            Principal::Group(group) => people.extend(group::members(db, group).await?),
        }
    }
    people.extend(activation::holders(db, role, now).await?);
    people.sort_unstable();
    people.dedup();
    person::enabled_among(db, &people).await
}

/// The condition of an activation that is held at `now`.
pub(crate) fn held_at(now: Instant) -> Condition {
    use activation::row::Column;
    Condition::all()
        .add(Column::State.eq(State::Active.as_str()))
        .add(Column::EffectiveAt.lte(us(now)))
        .add(Column::EndsAt.gt(us(now)))
}
