//! Ending an assignment before its end.

use domain::{
    Code,
    activation::End,
    assignment::{Assignment, AssignmentId, AssignmentKind, Standing},
    event::{Event, EventKind},
    role::{RoleId, builtin},
    text,
};

use super::{event, facts, follow, guard};
use crate::{
    Committed, Ctx, Engine, Tx,
    error::Result,
    role::known,
    store::{self, assignment::Due},
};

/// Removes an assignment. It stays in history as ended.
///
/// # Errors
/// `too_long`, `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `already_ended`, `last_administrator`.
pub async fn remove(engine: &Engine, ctx: &Ctx, id: AssignmentId, input: End) -> Result<()> {
    ctx.signed()?;
    let why = text::optional("justification", &input.justification, text::JUSTIFICATION)?;
    let act = engine.clone();
    engine
        .take_back(ctx, Event::new(EventKind::AssignmentRemoved).assignment(id), move |tx| {
            Box::pin(async move { carry_out(&act, tx, id, &why).await })
        })
        .await
}

async fn carry_out(engine: &Engine, tx: &mut Tx, id: AssignmentId, why: &str) -> Result<Committed<()>> {
    let access = known::reader(tx.conn(), &tx.ctx, tx.now).await?;
    let before = store::assignment::get(tx.conn(), id).await?;
    known::require_manager(tx, &access, id.uuid())?;
    if before.standing(tx.now) == Standing::Ended {
        return Err(Code::AlreadyEnded.into());
    }
    let mut events = vec![end(tx, &before, "removed").await?.reason(why)];
    if before.role == builtin::ADMINISTRATOR && before.kind == AssignmentKind::Active {
        guard::require_administrator(tx.conn(), tx.now).await?;
    }
    events.extend(follow(tx, &before).await?);
    tx.commit(engine, (), events).await
}

/// Ends what is given of a role that was switched off: active assignments, planned ones too. Those who are eligible
/// stay so.
pub(crate) async fn role_disabled(tx: &Tx, role: RoleId) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for assignment in store::assignment::of_role(tx.conn(), role, false).await? {
        // What is over by the clock already is left to the step that records ends.
        if assignment.kind == AssignmentKind::Active && assignment.standing(tx.now) != Standing::Ended {
            events.push(end(tx, &assignment, "role_disabled").await?.reason("role_disabled"));
        }
    }
    Ok(events)
}

/// Ends whatever is given, because nobody can say any more that it still is to be: all active assignments, planned ones too,
/// but those that make administrators without an end, so that one always remains.
pub(crate) async fn in_doubt(tx: &Tx, why: &str) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for assignment in store::assignment::open_active(tx.conn()).await? {
        let stays = assignment.role == builtin::ADMINISTRATOR && assignment.is_permanent(tx.now);
        if !stays && assignment.standing(tx.now) != Standing::Ended {
            events.push(end(tx, &assignment, "restored").await?.reason(why));
        }
    }
    Ok(events)
}

async fn end(tx: &Tx, before: &Assignment, cause: &str) -> Result<Event> {
    let after = Assignment { ended_at: Some(tx.now), ..before.clone() };
    store::assignment::save(tx.conn(), &after, Due::default(), Some(cause)).await?;
    Ok(event(EventKind::AssignmentRemoved, before).before(facts(before)))
}
