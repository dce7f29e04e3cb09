//! A new group. Nobody is in it, and it stands for nothing yet.

use domain::{
    access::Permission,
    event::{Event, EventKind},
    group::{Group, GroupId, NewGroup},
};
use serde_json::json;
use uuid::Uuid;

use super::require_free_name;
use crate::{Ctx, Engine, error::Result, session, store};

/// Creates a group.
///
/// # Errors
/// `signed_out`, `forbidden`, every field that needs attention, `name_taken`, `mfa_stale`.
pub async fn create(engine: &Engine, ctx: &Ctx, new: NewGroup) -> Result<GroupId> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::GroupCreated), move |tx| {
            Box::pin(async move {
                let caller = store::access::of(tx.conn(), tx.ctx.signed()?.person, tx.now).await?;
                caller.holds.require(Permission::ManagePeople)?;
                let NewGroup { name, description } = new.checked()?;
                require_free_name(tx, &name, None).await?;
                session::require_administrator_factor(tx, Uuid::nil())?;
                let id = act.env().id();
                let group = Group { id, name, description, removed_at: None, created_at: tx.now, version: 1 };
                store::group::insert(tx.conn(), &group).await?;
                let event = Event::new(EventKind::GroupCreated)
                    .group(id)
                    .after(json!({ "name": group.name, "description": group.description }));
                tx.commit(&act, id, vec![event]).await
            })
        })
        .await
}
