//! What somebody holds now: read in the transaction, or for the answer, that depends on it. Never cached.

use std::collections::HashMap;

use domain::{
    Id, Instant,
    access::Holds,
    activation::State,
    group::GroupId,
    person::{PersonId, Principal, PrincipalRef},
    role::{RoleId, builtin},
};
use sea_orm::{Condition, QuerySelect, entity::prelude::*};

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

/// Everybody who stands behind these principals now, disabled people too: each principal with each of its people.
pub(crate) async fn people_behind<C: ConnectionTrait>(
    db: &C,
    principals: &[Principal],
) -> Result<Vec<(Principal, PersonId)>> {
    let mut people = Vec::new();
    let mut groups = Vec::new();
    for principal in principals {
        match *principal {
            Principal::Person(person) => people.push((*principal, person)),
            Principal::Group(group) => groups.push(group.uuid()),
        }
    }
    for chunk in groups.chunks(500) {
        let members: Vec<(Uuid, Uuid)> = group::member::Entity::find()
            .select_only()
            .columns([group::member::Column::GroupId, group::member::Column::PersonId])
            .filter(group::member::Column::GroupId.is_in(chunk.iter().copied()))
            .filter(group::member::Column::RemovedAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        people.extend(
            members.into_iter().map(|(group, person)| (Principal::Group(Id::new(group)), Id::new(person))),
        );
    }
    Ok(people)
}

/// Everybody who stands behind these principals now, each once.
pub(crate) async fn people_of<C: ConnectionTrait>(db: &C, principals: &[Principal]) -> Result<Vec<PersonId>> {
    let mut people: Vec<_> =
        people_behind(db, principals).await?.into_iter().map(|(_, person)| person).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The groups that these people are in now: each person with each of their groups.
pub(crate) async fn groups_of<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
) -> Result<Vec<(PersonId, GroupId)>> {
    let mut groups = Vec::new();
    for chunk in people.chunks(500) {
        let found: Vec<(Uuid, Uuid)> = group::member::Entity::find()
            .select_only()
            .columns([group::member::Column::PersonId, group::member::Column::GroupId])
            .filter(group::member::Column::PersonId.is_in(chunk.iter().map(|id| id.uuid())))
            .filter(group::member::Column::RemovedAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        groups.extend(found.into_iter().map(|(person, group)| (Id::new(person), Id::new(group))));
    }
    Ok(groups)
}

/// These principals with their names, removed groups and disabled people too.
pub(crate) async fn named<C: ConnectionTrait>(
    db: &C,
    principals: impl IntoIterator<Item = Principal>,
) -> Result<HashMap<Principal, PrincipalRef>> {
    let (mut people, mut groups) = (Vec::new(), Vec::new());
    for principal in principals {
        match principal {
            Principal::Person(person) => people.push(person),
            Principal::Group(group) => groups.push(group),
        }
    }
    let people = person::names(db, people)
        .await?
        .into_values()
        .map(|person| (Principal::Person(person.id), person.name));
    let groups =
        group::names(db, groups).await?.into_values().map(|group| (Principal::Group(group.id), group.name));
    Ok(people.chain(groups).map(|(principal, name)| (principal, PrincipalRef { principal, name })).collect())
}

/// The condition of an activation that is held at `now`.
pub(crate) fn held_at(now: Instant) -> Condition {
    use activation::row::Column;
    Condition::all()
        // What is active is not settled: said again for the sake of the indexes.
        .add(Column::SettledAt.is_null())
        .add(Column::State.eq(State::Active.as_str()))
        .add(Column::EffectiveAt.lte(us(now)))
        .add(Column::EndsAt.gt(us(now)))
}
