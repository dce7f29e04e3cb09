//! Who holds what by an activation, will hold it, or held it.

use std::collections::HashMap;

use domain::{
    Id, Instant, Scope,
    activation::{Activation, State},
    person::PersonId,
    role::RoleId,
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

use super::{all, row, unsettled};
use crate::{
    error::Result,
    store::{access::held_at, at_opt, us},
};

/// Which of these roles the person holds as a whole, by an activation at `now`: a part of one does not count.
pub(crate) async fn active_roles<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    roles: &[RoleId],
    now: Instant,
) -> Result<Vec<RoleId>> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::RoleId)
        .filter(held_at(now))
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::Scope.eq(Scope::everything().as_str()))
        .filter(row::Column::RoleId.is_in(roles.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Who holds a role by an activation at `now`.
pub(crate) async fn holders<C: ConnectionTrait>(db: &C, role: RoleId, now: Instant) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::PersonId)
        .filter(held_at(now))
        .filter(row::Column::RoleId.eq(role.uuid()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// The last activation of this person in this role that became effective.
pub(crate) async fn last_effective<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: RoleId,
) -> Result<Option<Activation>> {
    Ok(last_effective_in(db, person, &[role]).await?.remove(&role))
}

/// The last activation of this person in each of these roles that became effective.
pub(crate) async fn last_effective_in<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    roles: &[RoleId],
) -> Result<HashMap<RoleId, Activation>> {
    let numbers: Vec<i64> = row::Entity::find()
        .select_only()
        .column_as(row::Column::Number.max(), "newest")
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::RoleId.is_in(roles.iter().map(|id| id.uuid())))
        .filter(row::Column::EffectiveAt.is_not_null())
        .group_by(row::Column::RoleId)
        .into_tuple()
        .all(db)
        .await?;
    let newest = all(db, row::Entity::find().filter(row::Column::Number.is_in(numbers))).await?;
    Ok(newest.into_iter().map(|activation| (activation.role, activation)).collect())
}

/// When the person's last activation of this role was over, by the clock: an end counts from its instant, not from
/// when it was recorded.
pub(crate) async fn last_over_at<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: RoleId,
    now: Instant,
) -> Result<Option<Instant>> {
    let newest: Vec<(Option<i64>, Option<i64>)> = row::Entity::find()
        .select_only()
        .columns([row::Column::SettledAt, row::Column::EndsAt])
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::RoleId.eq(role.uuid()))
        .filter(row::Column::EffectiveAt.is_not_null())
        .order_by_desc(row::Column::Number)
        .limit(20)
        .into_tuple()
        .all(db)
        .await?;
    let over = newest.into_iter().filter_map(|(settled, end)| settled.into_iter().chain(end).min());
    at_opt(over.filter(|over| *over <= us(now)).max())
}

/// The people who will hold a role by an activation that is accepted but not effective yet.
pub(crate) async fn accepted_people<C: ConnectionTrait>(db: &C, role: RoleId) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::PersonId)
        .filter(unsettled())
        .filter(row::Column::RoleId.eq(role.uuid()))
        .filter(row::Column::State.is_in([State::Scheduled, State::Activating].map(State::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Who holds a role by an activation at `now`, and until when.
pub(crate) async fn held_until<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    now: Instant,
) -> Result<Vec<(PersonId, Option<Instant>)>> {
    let rows: Vec<(Uuid, Option<i64>)> = row::Entity::find()
        .select_only()
        .columns([row::Column::PersonId, row::Column::EndsAt])
        .filter(held_at(now))
        .filter(row::Column::RoleId.eq(role.uuid()))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|(person, end)| Ok((Id::new(person), at_opt(end)?))).collect()
}
