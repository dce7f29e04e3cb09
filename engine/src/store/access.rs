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
use sea_orm::{
    Condition, ExprTrait, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::{activation, assignment, group, person, role, us};
use crate::error::Result;

/// A person with what they hold of Stint's own roles at a moment.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Who.
    pub person: PersonId,
    /// Whether they may use Stint at all.
    pub enabled: bool,
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

/// What this person may rest on at `now`. One query: it comes before nearly everything that anybody asks or does.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, person: PersonId, now: Instant) -> Result<Access> {
    let mut access = Access { person, enabled: false, groups: Vec::new(), holds: Holds::default() };
    let mut held = Vec::new();
    for row in db.query_all(&everything(person, now)).await? {
        let id: Uuid = row.try_get_by_index(1)?;
        match row.try_get_by_index(0)? {
            ENABLED => access.enabled = true,
            GROUP => access.groups.push(Id::new(id)),
            _ => held.push(Id::new(id)),
        }
    }
    if access.enabled {
        let holds = |role: RoleId| held.contains(&role);
        access.holds.administrator = holds(builtin::ADMINISTRATOR);
        access.holds.user_administrator = holds(builtin::USER_ADMINISTRATOR);
        access.holds.auditor = holds(builtin::AUDITOR);
    }
    Ok(access)
}

/// What a row of these questions is about.
const ENABLED: i32 = 0;
const GROUP: i32 = 1;
const HELD: i32 = 2;

/// That this person is enabled; the groups that they are in; which of Stint's own roles they hold, by whatever source. The
/// sources are asked one by one, because each has its index.
fn everything(person: PersonId, now: Instant) -> SelectStatement {
    use group::member;
    let me = person.uuid();
    let about = |what: i32| Query::select().expr(Expr::cust(what.to_string())).to_owned();
    let groups = about(GROUP)
        .column((member::Entity, member::Column::GroupId))
        .from(member::Entity)
        .and_where(member::Column::PersonId.eq(me))
        .and_where(member::Column::RemovedAt.is_null())
        .to_owned();
    let assigned = || {
        about(HELD)
            .column((assignment::row::Entity, assignment::row::Column::RoleId))
            .from(assignment::row::Entity)
            .cond_where(own_roles(assignment::row::Column::RoleId))
            .cond_where(assignment::gives_all(now))
            .to_owned()
    };
    let directly = assigned().cond_where(assignment::of_person(person)).to_owned();
    let through_groups = assignment::through_groups(assigned(), person);
    let activated = about(HELD)
        .column((activation::row::Entity, activation::row::Column::RoleId))
        .from(activation::row::Entity)
        .cond_where(own_roles(activation::row::Column::RoleId))
        .cond_where(activation::gives_all(now))
        .and_where(activation::row::Column::PersonId.eq(me))
        .to_owned();
    about(ENABLED)
        .column((person::row::Entity, person::row::Column::Id))
        .from(person::row::Entity)
        .and_where(person::row::Column::Id.eq(me))
        .and_where(person::row::Column::DisabledAt.is_null())
        .union(UnionType::All, groups)
        .union(UnionType::All, directly)
        .union(UnionType::All, through_groups)
        .union(UnionType::All, activated)
        .to_owned()
}

/// The condition of one of Stint's own roles that is switched on.
fn own_roles<C: ColumnTrait>(role: C) -> Condition {
    let own = builtin::ALL.map(|(id, ..)| id.uuid());
    let on = Query::select()
        .column(role::row::Column::Id)
        .from(role::row::Entity)
        .and_where(role::row::Column::Id.is_in(own))
        .and_where(role::row::Column::DisabledAt.is_null())
        .to_owned();
    Condition::all().add(role.in_subquery(on))
}

/// Everybody who holds this role now, each once: through assignments, groups and activations; enabled people only.
pub(crate) async fn holders<C: ConnectionTrait>(db: &C, role: RoleId, now: Instant) -> Result<Vec<PersonId>> {
    let mut people = Vec::new();
    for row in db.query_all(&every_holder(role, now)).await? {
        people.push(Id::new(row.try_get_by_index(0)?));
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The enabled people behind everything that gives a role which is switched on.
fn every_holder(role: RoleId, now: Instant) -> SelectStatement {
    use assignment::row::Column::{PrincipalId, PrincipalKind};
    use group::member;
    use person::row::Column::{DisabledAt, Id};
    let person = || {
        Query::select()
            .column((person::row::Entity, Id))
            .from(person::row::Entity)
            .and_where(DisabledAt.is_null())
            .to_owned()
    };
    let is_on = Query::select()
        .column(role::row::Column::Id)
        .from(role::row::Entity)
        .and_where(role::row::Column::Id.eq(role.uuid()))
        .and_where(role::row::Column::DisabledAt.is_null())
        .to_owned();
    let given = |kind: &str| {
        assignment::active_at(now)
            .add(assignment::row::Column::RoleId.in_subquery(is_on.clone()))
            .add(PrincipalKind.eq(kind))
    };
    let directly = person()
        .inner_join(
            assignment::row::Entity,
            Expr::col((assignment::row::Entity, PrincipalId)).equals((person::row::Entity, Id)),
        )
        .cond_where(given("person"))
        .to_owned();
    let through_groups = person()
        .inner_join(
            member::Entity,
            Expr::col((member::Entity, member::Column::PersonId)).equals((person::row::Entity, Id)),
        )
        .inner_join(
            assignment::row::Entity,
            Expr::col((assignment::row::Entity, PrincipalId))
                .equals((member::Entity, member::Column::GroupId)),
        )
        .and_where(member::Column::RemovedAt.is_null())
        .cond_where(given("group"))
        .to_owned();
    let activated = person()
        .inner_join(
            activation::row::Entity,
            Expr::col((activation::row::Entity, activation::row::Column::PersonId))
                .equals((person::row::Entity, Id)),
        )
        .cond_where(held_at(now))
        .and_where(activation::row::Column::RoleId.in_subquery(is_on.clone()))
        .to_owned();
    let mut all = directly;
    all.union(UnionType::All, through_groups).union(UnionType::All, activated);
    all
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

/// The condition of an activation that was not ended.
pub(crate) fn is_active() -> Condition {
    use activation::row::Column;
    Condition::all()
        // What is active is not settled: said again for the sake of the indexes.
        .add(Column::SettledAt.is_null())
        .add(Column::State.eq(State::Active.as_str()))
}

/// The condition of an activation that is held at `now`.
pub(crate) fn held_at(now: Instant) -> Condition {
    use activation::row::Column;
    is_active().add(Column::EffectiveAt.lte(us(now))).add(Column::EndsAt.gt(us(now)))
}
