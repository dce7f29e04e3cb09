//! Taking back: a request before it begins, or a role that is held.

use domain::{
    Code, Problem,
    access::Permission,
    activation::{Activation, ActivationId, Cause, End, State},
    event::EventKind,
    text,
};

use super::sight::{Seen, attempt};
use crate::{Ctx, Engine, error::Result, session, store};

/// Takes a request back before it begins: one's own, or as administrator.
///
/// # Errors
/// `not_found`, `forbidden`, `no_longer_pending`, `too_long`.
pub async fn cancel(engine: &Engine, ctx: &Ctx, id: ActivationId, input: End) -> Result<()> {
    ctx.signed()?;
    let why = text::optional("justification", &input.justification, text::JUSTIFICATION)?;
    let attempt = attempt(engine, EventKind::ActivationCanceled, id).await?;
    let act = engine.clone();
    engine
        .take_back(ctx, attempt, move |tx| {
            Box::pin(async move {
                let Seen { access, activation: before, .. } = Seen::read(tx, id).await?;
                let own = before.person == access.person;
                if !own {
                    access.holds.require(Permission::EndRequests)?;
                }
                let cause = if own { Cause::Withdrawn } else { Cause::Revoked };
                let (after, canceled) = before.clone().cancel(cause, &why, tx.now)?;
                store::activation::save(tx.conn(), &before, &after).await?;
                tx.commit(&act, (), vec![canceled]).await
            })
        })
        .await
}

/// Gives one's own role back before its end.
///
/// # Errors
/// `not_found`, `forbidden`, `already_ended`, `conflict` when it has not begun, `too_long`.
pub async fn deactivate(engine: &Engine, ctx: &Ctx, id: ActivationId, input: End) -> Result<()> {
    ctx.signed()?;
    let why = text::optional("justification", &input.justification, text::JUSTIFICATION)?;
    let attempt = attempt(engine, EventKind::ActivationEnded, id).await?;
    let act = engine.clone();
    engine
        .take_back(ctx, attempt, move |tx| {
            Box::pin(async move {
                let Seen { access, activation: before, .. } = Seen::read(tx, id).await?;
                if before.person != access.person {
                    return Err(Code::Forbidden.into());
                }
                require_active(&before, tx.now)?;
                let (after, ended) = before.clone().end(Cause::Deactivated, &why, tx.now)?;
                store::activation::save(tx.conn(), &before, &after).await?;
                tx.commit(&act, (), vec![ended]).await
            })
        })
        .await
}

/// Ends a role that somebody holds, as administrator.
///
/// # Errors
/// `not_found`, `forbidden`, those of the second factor, `already_ended`, `conflict` when it has not begun, `too_long`.
pub async fn revoke(engine: &Engine, ctx: &Ctx, id: ActivationId, input: End) -> Result<()> {
    ctx.signed()?;
    let why = text::optional("justification", &input.justification, text::JUSTIFICATION)?;
    let attempt = attempt(engine, EventKind::ActivationEnded, id).await?;
    let act = engine.clone();
    engine
        .take_back(ctx, attempt, move |tx| {
            Box::pin(async move {
                let Seen { access, activation: before, .. } = Seen::read(tx, id).await?;
                access.holds.require(Permission::EndRequests)?;
                require_active(&before, tx.now)?;
                session::require_administrator_factor(tx, id.uuid())?;
                let (after, ended) = before.clone().end(Cause::Revoked, &why, tx.now)?;
                store::activation::save(tx.conn(), &before, &after).await?;
                tx.commit(&act, (), vec![ended]).await
            })
        })
        .await
}

/// A due end is over even before it is recorded; what has not begun cannot end.
fn require_active(activation: &Activation, now: domain::Instant) -> Result<(), Problem> {
    match activation.state_at(now) {
        State::Active => Ok(()),
        State::PendingApproval | State::Scheduled | State::Activating => Err(Problem::new(Code::Conflict)),
        State::Ending | State::Ended | State::Denied | State::Canceled | State::TimedOut | State::Failed => {
            Err(Problem::new(Code::AlreadyEnded))
        }
    }
}
