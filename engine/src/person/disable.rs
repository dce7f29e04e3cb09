//! Disabling a person, and enabling them again. Their assignments stay; what they are doing with them ends.

use domain::{
    event::{Event, EventKind},
    person::PersonId,
};

use super::{Subject, subject};
use crate::{Ctx, Engine, activation::follow, assignment::guard, error::Result, session, sign_in, store};

/// Disables a person: ends their sessions and activations and voids their one-time links, in one transaction.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `last_administrator`.
pub async fn disable(engine: &Engine, ctx: &Ctx, id: PersonId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .take_back(ctx, Event::new(EventKind::PersonDisabled).person(id), move |tx| {
            Box::pin(async move {
                let Subject { mut person, privileged } = subject(tx, id).await?;
                session::require_administrator_factor(tx, id.uuid())?;
                if person.disabled_at.is_some() {
                    return Ok(tx.unchanged(()));
                }
                person.disabled_at = Some(tx.now);
                store::person::save(tx.conn(), &person).await?;
                session::end_all(tx, id, None).await?;
                let mut events = vec![Event::new(EventKind::PersonDisabled).person(id)];
                events.extend(sign_in::link::void_open(tx, &[id]).await?);
                events.extend(follow::person_disabled(tx, id).await?);
                if privileged {
                    guard::require_administrator(tx.conn(), tx.now).await?;
                }
                tx.commit(&act, (), events).await
            })
        })
        .await
}

/// Enables a person again: what they are assigned counts from now on.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `clock_stepped`.
pub async fn enable(engine: &Engine, ctx: &Ctx, id: PersonId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::PersonEnabled).person(id), move |tx| {
            Box::pin(async move {
                let Subject { mut person, privileged } = subject(tx, id).await?;
                session::require_administrator_factor(tx, id.uuid())?;
                if person.disabled_at.is_none() {
                    return Ok(tx.unchanged(()));
                }
                if privileged {
                    tx.require_steady_clock()?;
                }
                person.disabled_at = None;
                store::person::save(tx.conn(), &person).await?;
                tx.commit(&act, (), vec![Event::new(EventKind::PersonEnabled).person(id)]).await
            })
        })
        .await
}
