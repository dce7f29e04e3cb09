//! Removing a group: for good, and only once it stands for nothing. History keeps it.

use domain::{
    Code, Problem,
    assignment::{Assignment, AssignmentKind, Standing},
    event::{Event, EventKind},
    group::{Group, GroupId},
    person::Principal,
};
use serde_json::json;

use super::{Subject, get::approves, subject};
use crate::{Ctx, Engine, Tx, activation::follow, assignment::guard, error::Result, session, store};

/// Removes a group; everybody leaves it.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `group_in_use` with what it still stands for, `mfa_stale`.
pub async fn remove(engine: &Engine, ctx: &Ctx, id: GroupId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::GroupRemoved).group(id), move |tx| {
            Box::pin(async move {
                let Subject { group, privileged } = subject(tx, id).await?;
                require_unused(tx, id).await?;
                session::require_administrator_factor(tx, id.uuid())?;
                let members = store::group::members(tx.conn(), id).await?;
                let mut events = vec![
                    Event::new(EventKind::GroupRemoved)
                        .group(id)
                        .before(json!({ "name": group.name, "description": group.description })),
                ];
                for member in &members {
                    store::group::remove_member(tx.conn(), id, *member, tx.now).await?;
                    let left = Event::new(EventKind::MemberRemoved).group(id).person(*member);
                    events.push(left.reason("group_removed"));
                }
                store::group::save(tx.conn(), &Group { removed_at: Some(tx.now), ..group }).await?;
                // An assignment whose end is not on record yet gives nothing any more, but what rested on it may go on.
                if privileged {
                    guard::require_administrator(tx.conn(), tx.now).await?;
                    events.extend(follow::eligibility_changed(tx, &members, None).await?);
                }
                tx.commit(&act, (), events).await
            })
        })
        .await
}

/// Refuses while the group has an assignment, planned ones included, or approves anything.
async fn require_unused(tx: &Tx, id: GroupId) -> Result<()> {
    let mut open = store::assignment::open_of(tx.conn(), &[Principal::Group(id)], None).await?;
    open.retain(|assignment| assignment.standing(tx.now) != Standing::Ended);
    let roles = store::role::by_id(tx.conn(), open.iter().map(|assignment| assignment.role)).await?;
    let mut uses: Vec<String> = open
        .iter()
        .filter_map(|assignment| roles.get(&assignment.role).map(|role| held(assignment, &role.name)))
        .collect();
    uses.extend(approves(tx.conn(), id).await?.iter().map(|role| format!("approves {}", role.name)));
    uses.sort_unstable();
    uses.dedup();
    if uses.is_empty() {
        return Ok(());
    }
    Err(Problem::new(Code::GroupInUse).limit(uses.join(", ")).into())
}

fn held(assignment: &Assignment, role: &str) -> String {
    match assignment.kind {
        AssignmentKind::Eligible => format!("eligible for {role}"),
        AssignmentKind::Active => format!("holds {role}"),
    }
}
