//! What the clock makes happen to activations by itself.

use domain::{
    Id, Instant,
    activation::{Activation, ActivationId, State},
};
use sea_orm::{
    Condition, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait},
};

use super::{all, row};
use crate::{
    error::Result,
    store::{access::is_active, at_opt, us},
};

/// What the clock makes happen by itself, in the order in which it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// What is held and whose end has come.
    Ends,
    /// What nobody decided in time.
    Lapses,
    /// What begins now.
    Starts,
    /// What ends soon.
    Announcements,
}

/// The condition of an activation that this work is due for.
fn due(work: Work, now: Instant) -> Condition {
    let in_state = |state: State| Condition::all().add(row::Column::State.eq(state.as_str()));
    let due = match work {
        Work::Ends => is_active().add(row::Column::EndsAt.lte(us(now))),
        Work::Lapses => in_state(State::PendingApproval).add(row::Column::LapsesAt.lte(us(now))),
        Work::Starts => in_state(State::Scheduled),
        Work::Announcements => {
            is_active().add(row::Column::EndAnnounced.eq(false)).add(row::Column::EndsAt.gt(us(now)))
        }
    };
    // Whatever is due is so by this column too, which has its index.
    due.add(row::Column::DueAt.lte(us(now)))
}

/// Activations that this work is due for, earliest first.
pub(crate) async fn due_for<C: ConnectionTrait>(
    db: &C,
    work: Work,
    now: Instant,
    most: u64,
) -> Result<Vec<Activation>> {
    all(db, row::Entity::find().filter(due(work, now)).order_by_asc(row::Column::DueAt).limit(most)).await
}

/// All activations that this work is due for, by id.
pub(crate) async fn ids_due_for<C: ConnectionTrait>(
    db: &C,
    work: Work,
    now: Instant,
) -> Result<Vec<ActivationId>> {
    let ids: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(due(work, now))
        .order_by_asc(row::Column::DueAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// The next end of what is held.
pub(crate) async fn next_end<C: ConnectionTrait>(db: &C) -> Result<Option<Instant>> {
    let next: Option<Option<i64>> = row::Entity::find()
        .select_only()
        .column(row::Column::EndsAt)
        .filter(is_active())
        .filter(row::Column::EndsAt.is_not_null())
        .order_by_asc(row::Column::EndsAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    at_opt(next.flatten())
}

/// The next instant at which anything but an end of what is held is due.
pub(crate) async fn next_other<C: ConnectionTrait>(db: &C) -> Result<Option<Instant>> {
    let before_its_end =
        Expr::col((row::Entity, row::Column::DueAt)).lt(Expr::col((row::Entity, row::Column::EndsAt)));
    let next: Option<Option<i64>> = row::Entity::find()
        .select_only()
        .column(row::Column::DueAt)
        .filter(row::Column::DueAt.is_not_null())
        .filter(Condition::any().add(row::Column::State.ne(State::Active.as_str())).add(before_its_end))
        .order_by_asc(row::Column::DueAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    at_opt(next.flatten())
}
