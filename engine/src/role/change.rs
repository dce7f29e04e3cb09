//! Other words for a role. Its key stays for ever, and Stint's own roles keep their names.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    role::{ChangeRole, Role, RoleId, builtin},
    text,
};

use super::{known, words};
use crate::{Committed, Ctx, Engine, Tx, error::Result, store};

/// Changes name, description, level and link of a role.
///
/// # Errors
/// Those of its words, `signed_out`, `not_found`, `forbidden`, `mfa_stale`, `conflict` when another version was shown,
/// `built_in` for the name or description of a role of Stint itself.
pub async fn change(engine: &Engine, ctx: &Ctx, id: RoleId, input: ChangeRole) -> Result<()> {
    ctx.signed()?;
    let input = ChangeRole {
        name: text::line("name", &input.name, text::NAME)?,
        description: text::optional("description", &input.description, text::DESCRIPTION)?,
        level: input.level,
        link: text::link("link", &input.link.unwrap_or_default())?,
        version: input.version,
    };
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::RoleChanged).role(id), move |tx| {
            Box::pin(async move { carry_out(&act, tx, id, input).await })
        })
        .await
}

async fn carry_out(engine: &Engine, tx: &mut Tx, id: RoleId, input: ChangeRole) -> Result<Committed<()>> {
    let access = known::reader(tx.conn(), &tx.ctx, tx.now).await?;
    let before = store::role::get(tx.conn(), id).await?;
    known::require_manager(tx, &access, id.uuid())?;
    if before.version != input.version {
        return Err(Code::Conflict.into());
    }
    if builtin::is(id) && before.name != input.name {
        return Err(Problem::new(Code::BuiltIn).field("name").into());
    }
    if builtin::is(id) && before.description != input.description {
        return Err(Problem::new(Code::BuiltIn).field("description").into());
    }
    let after = Role {
        name: input.name,
        description: input.description,
        level: input.level,
        link: input.link,
        ..before.clone()
    };
    if after == before {
        return Ok(tx.unchanged(()));
    }
    store::role::save(tx.conn(), &after).await?;
    let event = Event::new(EventKind::RoleChanged).role(id).before(words(&before)).after(words(&after));
    tx.commit(engine, (), vec![event]).await
}
