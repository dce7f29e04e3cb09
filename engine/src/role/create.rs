//! A custom role.

use domain::{
    event::{Event, EventKind},
    role::{self, NewRole, Role, RoleId},
    role_settings::RoleSettings,
    text,
};
use uuid::Uuid;

use super::{known, words};
use crate::{Committed, Ctx, Engine, Tx, ctx::Caller, error::Result, store};

/// Makes a role with the initial settings.
///
/// # Errors
/// Those of its words, `key_reserved`, `name_taken` for the key, `signed_out`, `forbidden`, `mfa_stale`.
pub async fn create(engine: &Engine, ctx: &Ctx, input: NewRole) -> Result<RoleId> {
    ctx.signed()?;
    let input = checked(input)?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::RoleCreated), move |tx| {
            Box::pin(async move { carry_out(&act, tx, input).await })
        })
        .await
}

fn checked(input: NewRole) -> Result<NewRole, domain::Problem> {
    Ok(NewRole {
        key: role::key(&input.key)?,
        name: text::line("name", &input.name, text::NAME)?,
        description: text::optional("description", &input.description, text::DESCRIPTION)?,
        level: input.level,
        link: text::link("link", &input.link.unwrap_or_default())?,
    })
}

async fn carry_out(engine: &Engine, tx: &mut Tx, input: NewRole) -> Result<Committed<RoleId>> {
    known::maker(tx, Uuid::nil()).await?;
    let role = Role {
        id: engine.env().id(),
        key: input.key,
        name: input.name,
        description: input.description,
        level: input.level,
        link: input.link,
        template_id: None,
        disabled_at: None,
        settings_version: 1,
        created_at: tx.now,
        version: 1,
    };
    let event = add(tx, &role).await?;
    tx.commit(engine, role.id, vec![event]).await
}

/// Adds a role with the initial settings. Gives the fact.
pub(super) async fn add(tx: &Tx, role: &Role) -> Result<Event> {
    let by = match tx.ctx.caller {
        Caller::Person(signed) => Some(signed.person),
        Caller::Nobody | Caller::Stint | Caller::Host => None,
    };
    store::role::insert(tx.conn(), role).await?;
    store::role_settings::insert(tx.conn(), role.id, 1, &RoleSettings::initial(), by, tx.now).await?;
    Ok(Event::new(EventKind::RoleCreated).role(role.id).after(words(role)))
}
