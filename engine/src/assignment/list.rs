//! Assignments of a role, and one of them.

use domain::{
    assignment::{AssignmentId, Standing},
    role::{AssignmentRow, RoleId},
};

use super::rows;
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    role::known,
    store,
};

/// Assignments of a role: live and planned ones by name, or ended ones, the last first.
///
/// # Errors
/// `signed_out`; `not_found`, also for those who may not read roles.
pub async fn of_role(engine: &Engine, ctx: &Ctx, role: RoleId, ended: bool) -> Result<Vec<AssignmentRow>> {
    let (db, now) = (engine.readers(), engine.now());
    known::reader(db, ctx, now).await?;
    store::role::get(db, role).await?;
    // What is over by the clock is over, whether or not its end was recorded.
    let (mut over, open): (Vec<_>, Vec<_>) = store::assignment::of_role(db, role, false)
        .await?
        .into_iter()
        .partition(|assignment| assignment.standing(now) == Standing::Ended);
    if ended {
        over.extend(store::assignment::of_role(db, role, true).await?);
        over.sort_by_key(|assignment| std::cmp::Reverse(assignment.ended_at.or(assignment.ends_at)));
        return rows(db, over, now).await;
    }
    let mut rows = rows(db, open, now).await?;
    rows.sort_by_cached_key(|row| (row.principal.name.to_lowercase(), row.starts_at, row.id));
    Ok(rows)
}

/// One assignment.
///
/// # Errors
/// `signed_out`; `not_found`, also for those who may not read roles.
pub async fn get(engine: &Engine, ctx: &Ctx, id: AssignmentId) -> Result<AssignmentRow> {
    let (db, now) = (engine.readers(), engine.now());
    known::reader(db, ctx, now).await?;
    let assignment = store::assignment::get(db, id).await?;
    let row = rows(db, vec![assignment], now).await?.pop();
    row.ok_or_else(|| Error::broken("assignment.get", "an assignment without its role or principal"))
}
