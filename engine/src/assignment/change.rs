//! Another period for an assignment that has not ended: prolonged, shortened, made permanent or given an end.

use domain::{
    Code, Instant,
    assignment::{Assignment, AssignmentId, AssignmentKind, ChangeAssignment, Standing, check_period},
    event::{Event, EventKind},
    role::builtin,
};

use super::{due, event, facts, follow, guard, make};
use crate::{Committed, Ctx, Engine, Tx, error::Result, role::known, store};

/// Changes until when an assignment lasts. The longest period is counted from now on, so that it can be prolonged.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `already_ended`, `conflict` when another version was shown,
/// those of the period and the reason, `already_assigned`, `role_disabled` and `person_disabled` when it is prolonged,
/// `last_administrator`.
pub async fn change(engine: &Engine, ctx: &Ctx, id: AssignmentId, input: ChangeAssignment) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::AssignmentChanged).assignment(id), move |tx| {
            Box::pin(async move { carry_out(&act, tx, id, input).await })
        })
        .await
}

async fn carry_out(
    engine: &Engine,
    tx: &mut Tx,
    id: AssignmentId,
    input: ChangeAssignment,
) -> Result<Committed<()>> {
    let access = known::reader(tx.conn(), &tx.ctx, tx.now).await?;
    let before = store::assignment::get(tx.conn(), id).await?;
    known::require_manager(tx, &access, id.uuid())?;
    if before.standing(tx.now) == Standing::Ended {
        return Err(Code::AlreadyEnded.into());
    }
    if before.version != input.version {
        return Err(Code::Conflict.into());
    }
    let given = input.justification.trim();
    if before.ends_at == input.ends_at && (given.is_empty() || given == before.justification) {
        return Ok(tx.unchanged(()));
    }
    let after = checked(engine, tx, &before, &input).await?;
    let longer = is_longer(before.ends_at, after.ends_at);
    if longer {
        tx.require_steady_clock()?;
        make::require_principal(tx, after.principal).await?;
        make::require_new(tx, &after).await?;
    }
    store::assignment::save(tx.conn(), &after, due::after(&after, tx.now), None).await?;
    if !longer && after.role == builtin::ADMINISTRATOR && after.kind == AssignmentKind::Active {
        guard::require_administrator(tx.conn(), tx.now).await?;
    }
    let mut events = vec![
        event(EventKind::AssignmentChanged, &after)
            .before(facts(&before))
            .after(facts(&after))
            .reason(input.justification.trim()),
    ];
    events.extend(follow(tx, &after).await?);
    tx.commit(engine, (), events).await
}

/// The assignment as it will be, under the role's present settings.
async fn checked(
    engine: &Engine,
    tx: &Tx,
    before: &Assignment,
    input: &ChangeAssignment,
) -> Result<Assignment> {
    let role = store::role::get(tx.conn(), before.role).await?;
    if role.disabled_at.is_some() && is_longer(before.ends_at, input.ends_at) {
        return Err(Code::RoleDisabled.into());
    }
    let settings = store::role_settings::get(tx.conn(), role.id, role.settings_version).await?;
    let period = (before.starts_at.max(tx.now), input.ends_at);
    let shortest = engine.config().shortest;
    let reason = check_period(before.kind, period, &input.justification, &settings, shortest, tx.now)?;
    let justification = if reason.is_empty() { before.justification.clone() } else { reason };
    Ok(Assignment { ends_at: input.ends_at, justification, ..before.clone() })
}

/// Whether the second end comes after the first; none is the latest of all.
fn is_longer(before: Option<Instant>, after: Option<Instant>) -> bool {
    match (before, after) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => after > before,
    }
}
