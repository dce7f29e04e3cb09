//! Who holds what by an activation, will hold it, or held it.

use std::collections::HashMap;

use domain::{
    Id, Instant, Scope,
    activation::{Activation, State},
    person::PersonId,
    role::RoleId,
};
use sea_orm::{Condition, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*};

use super::{from_row, row, unsettled};
use crate::{
    error::Result,
    store::{access::held_at, at_opt, us},
};

/// The condition of an activation that gives its role as a whole at `now`: a part of one does not count.
pub(crate) fn gives_all(now: Instant) -> Condition {
    held_at(now).add(row::Column::Scope.eq(Scope::everything().as_str()))
}

/// A person's own activations, as their page shows them: those that are not settled, in the order of their numbers, and
/// the last one in each role that became effective. Decisions are not read.
pub(crate) async fn own_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
) -> Result<(Vec<Activation>, HashMap<RoleId, Activation>)> {
    let newest = row::Entity::find()
        .select_only()
        .column_as(row::Column::Number.max(), "newest")
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(row::Column::EffectiveAt.is_not_null())
        .group_by(row::Column::RoleId)
        .into_query();
    let shown =
        Condition::any().add(row::Column::SettledAt.is_null()).add(row::Column::Number.in_subquery(newest));
    let rows = row::Entity::find()
        .filter(row::Column::PersonId.eq(person.uuid()))
        .filter(shown)
        .order_by_asc(row::Column::Number)
        .all(db)
        .await?;
    let (mut unsettled, mut last) = (Vec::new(), HashMap::new());
    for row in rows {
        let activation = from_row(row, Vec::new())?;
        if activation.settled_at.is_none() {
            unsettled.push(activation.clone());
        }
        if activation.effective_at.is_some() {
            last.insert(activation.role, activation);
        }
    }
    Ok((unsettled, last))
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
