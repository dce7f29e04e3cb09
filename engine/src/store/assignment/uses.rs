//! What people made of their assignments: the last and the live activation of a person in a role. For lists, in one
//! query each, whatever the number of rows.

use std::collections::HashMap;

use domain::{
    Id, Instant, Scope, Span,
    activation::State,
    person::PersonId,
    role::{LastActivation, LiveActivation, RoleId},
};
use sea_orm::{Condition, QueryOrder, QuerySelect, entity::prelude::*};

use crate::{
    error::Result,
    store::{activation::row, at, at_opt, us, word},
};

/// Whose activation it is, in which role and where.
#[derive(Clone, Debug)]
pub(crate) struct Use<T> {
    /// Where.
    pub scope: Scope,
    /// What it is.
    pub activation: T,
}

/// Activations by person and role, newest first.
pub(crate) type Uses<T> = HashMap<(PersonId, RoleId), Vec<Use<T>>>;

fn of(people: &[PersonId], roles: &[RoleId]) -> Condition {
    Condition::all()
        .add(row::Column::PersonId.is_in(people.iter().map(|id| id.uuid())))
        .add(row::Column::RoleId.is_in(roles.iter().map(|id| id.uuid())))
}

/// The activations of these people in these roles that are not over at `now`.
pub(crate) async fn live<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
    roles: &[RoleId],
    now: Instant,
) -> Result<Uses<LiveActivation>> {
    let mut uses: Uses<LiveActivation> = HashMap::new();
    for people in people.chunks(500) {
        let rows = row::Entity::find()
            .filter(of(people, roles))
            .filter(row::Column::SettledAt.is_null())
            .order_by_desc(row::Column::Number)
            .all(db)
            .await?;
        for found in rows.into_iter().filter(|found| !is_over(found, now)) {
            let state: State = word(&found.state)?;
            let ends_at = at_opt(found.ends_at)?;
            let activation = LiveActivation { id: Id::new(found.id), number: found.number, state, ends_at };
            let key = (Id::new(found.person_id), Id::new(found.role_id));
            uses.entry(key).or_default().push(Use { scope: found.scope.parse()?, activation });
        }
    }
    Ok(uses)
}

/// Over by the clock, whether or not that was recorded.
fn is_over(found: &row::Model, now: Instant) -> bool {
    let due = |instant: Option<i64>| instant.is_some_and(|instant| instant <= us(now));
    (found.state == State::Active.as_str() && due(found.ends_at))
        || (found.state == State::PendingApproval.as_str() && due(found.lapses_at))
}

/// The last activation of these people in these roles that became effective, at each scope.
pub(crate) async fn last<C: ConnectionTrait>(
    db: &C,
    people: &[PersonId],
    roles: &[RoleId],
) -> Result<Uses<LastActivation>> {
    let mut uses: Uses<LastActivation> = HashMap::new();
    for people in people.chunks(500) {
        let newest: Vec<i64> = row::Entity::find()
            .select_only()
            .column_as(row::Column::Number.max(), "number")
            .filter(of(people, roles))
            .filter(row::Column::EffectiveAt.is_not_null())
            .group_by(row::Column::PersonId)
            .group_by(row::Column::RoleId)
            .group_by(row::Column::Scope)
            .into_tuple()
            .all(db)
            .await?;
        for numbers in newest.chunks(500) {
            let rows = row::Entity::find()
                .filter(row::Column::Number.is_in(numbers.iter().copied()))
                .order_by_desc(row::Column::Number)
                .all(db)
                .await?;
            for found in rows {
                let Some(effective_at) = found.effective_at else { continue };
                let activation = LastActivation {
                    at: at(effective_at)?,
                    duration: Span::seconds(found.duration_s),
                    justification: found.justification,
                };
                let key = (Id::new(found.person_id), Id::new(found.role_id));
                uses.entry(key).or_default().push(Use { scope: found.scope.parse()?, activation });
            }
        }
    }
    Ok(uses)
}
