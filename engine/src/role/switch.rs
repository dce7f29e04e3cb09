//! Switching a role off and on again. Off: what waits for it is canceled, what is active in it ends, and nobody gets
//! it; those who are eligible stay so.

use domain::{
    Code,
    event::{Event, EventKind},
    role::{Role, RoleId, builtin},
};

use super::known;
use crate::{Committed, Ctx, Engine, Tx, activation, assignment, error::Result, store};

/// Switches a role off.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `built_in`.
pub async fn disable(engine: &Engine, ctx: &Ctx, id: RoleId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .take_back(ctx, Event::new(EventKind::RoleDisabled).role(id), move |tx| {
            Box::pin(async move { off(&act, tx, id).await })
        })
        .await
}

/// Switches a role on again. What ended meanwhile stays ended.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, `mfa_stale`.
pub async fn enable(engine: &Engine, ctx: &Ctx, id: RoleId) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::RoleEnabled).role(id), move |tx| {
            Box::pin(async move { on(&act, tx, id).await })
        })
        .await
}

async fn off(engine: &Engine, tx: &mut Tx, id: RoleId) -> Result<Committed<()>> {
    let role = changeable(tx, id).await?;
    if builtin::is(id) {
        return Err(Code::BuiltIn.into());
    }
    if role.disabled_at.is_some() {
        return Ok(tx.unchanged(()));
    }
    store::role::save(tx.conn(), &Role { disabled_at: Some(tx.now), ..role }).await?;
    let mut events = vec![Event::new(EventKind::RoleDisabled).role(id)];
    events.extend(assignment::role_disabled(tx, id).await?);
    events.extend(activation::follow::role_disabled(tx, id).await?);
    tx.commit(engine, (), events).await
}

async fn on(engine: &Engine, tx: &mut Tx, id: RoleId) -> Result<Committed<()>> {
    let role = changeable(tx, id).await?;
    if role.disabled_at.is_none() {
        return Ok(tx.unchanged(()));
    }
    store::role::save(tx.conn(), &Role { disabled_at: None, ..role }).await?;
    tx.commit(engine, (), vec![Event::new(EventKind::RoleEnabled).role(id)]).await
}

async fn changeable(tx: &Tx, id: RoleId) -> Result<Role> {
    let access = known::reader(tx.conn(), &tx.ctx, tx.now).await?;
    let role = store::role::get(tx.conn(), id).await?;
    known::require_manager(tx, &access, id.uuid())?;
    Ok(role)
}
