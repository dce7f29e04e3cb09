//! What the pages of roles ask for: reading them, importing and making them, their words, switching them off and on.

use domain::{
    Instant, Page,
    page::ListQuery,
    role::{CatalogueRole, Level, RoleDetail, RoleId, RoleRow, SettingsVersion},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::server::{context, go_to, once, stepped_up, told},
    domain::{
        Span,
        access::Permission,
        role::{ChangeRole, ImportRoles, NewRole},
        role_settings::ADMINISTRATOR_FRESH_MINUTES,
        session::Act,
    },
    engine::{Ctx, Engine},
    uuid::Uuid,
};

/// Something of a role, and what the reader may do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen<T> {
    /// What was asked for.
    pub what: T,
    /// Whether the reader may change roles and assignments.
    pub may_change: bool,
    /// Until when no further code is asked of the reader for that.
    pub proved_until: Instant,
}

/// Adds what the reader may do.
#[cfg(feature = "ssr")]
pub(super) async fn seen<T>(engine: &Engine, ctx: &Ctx, what: T) -> AppResult<Seen<T>> {
    let me = engine::person::me(engine, ctx).await.map_err(told)?;
    let fresh = Span::minutes(ADMINISTRATOR_FRESH_MINUTES.into());
    Ok(Seen {
        what,
        may_change: me.holds.allow(Permission::ManageRoles),
        proved_until: fresh.after(me.mfa_at),
    })
}

/// Roles by name, a page at a time.
#[server(prefix = "/fn", endpoint = "role/list", protocol = JsonCall)]
pub async fn role_list(query: ListQuery) -> AppResult<Seen<Page<RoleRow>>> {
    let (engine, ctx) = context()?;
    let list = engine::role::list(&engine, &ctx, query).await.map_err(told)?;
    seen(&engine, &ctx, list).await
}

/// One role with its settings.
#[server(prefix = "/fn", endpoint = "role/get", protocol = JsonCall)]
pub async fn role_get(id: RoleId) -> AppResult<Seen<RoleDetail>> {
    let (engine, ctx) = context()?;
    let role = engine::role::get(&engine, &ctx, id).await.map_err(told)?;
    seen(&engine, &ctx, role).await
}

/// All versions of a role's settings, newest first.
#[server(prefix = "/fn", endpoint = "role/history", protocol = JsonCall)]
pub async fn role_history(id: RoleId) -> AppResult<Vec<SettingsVersion>> {
    let (engine, ctx) = context()?;
    engine::role::history(&engine, &ctx, id).await.map_err(told)
}

/// The catalogue, and which of its roles are there already.
#[server(prefix = "/fn", endpoint = "role/catalogue", protocol = JsonCall)]
pub async fn role_catalogue() -> AppResult<Seen<Vec<CatalogueRole>>> {
    let (engine, ctx) = context()?;
    let catalogue = engine::role::catalogue(&engine, &ctx).await.map_err(told)?;
    seen(&engine, &ctx, catalogue).await
}

/// What the form of the catalogue sends: the roles that are checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportForm {
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    code: String,
    key: String,
}

/// Imports roles of the catalogue.
#[server(prefix = "/fn", endpoint = "role/import")]
pub async fn role_import(form: ImportForm) -> AppResult<usize> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "role/import", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, Uuid::nil()).await?;
    let made = engine::role::import(&engine, &ctx, ImportRoles { keys: form.keys }).await.map_err(told)?;
    go_to(&format!("/roles?imported={}", made.len()));
    Ok(made.len())
}

/// What the form of a new role sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRoleForm {
    /// The key of the role; `key` is that of the form.
    role_key: String,
    name: String,
    #[serde(default)]
    description: String,
    level: Level,
    #[serde(default)]
    link: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Creates a role.
#[server(prefix = "/fn", endpoint = "role/create")]
pub async fn role_create(form: NewRoleForm) -> AppResult<RoleId> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "role/create", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, Uuid::nil()).await?;
    let NewRoleForm { role_key: key, name, description, level, link, .. } = form;
    let new = NewRole { key, name, description, level, link: Some(link).filter(|link| !link.is_empty()) };
    let id = engine::role::create(&engine, &ctx, new).await.map_err(told)?;
    go_to(&format!("/roles/{id}/settings"));
    Ok(id)
}

/// What the form with the words of a role sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    id: RoleId,
    version: i64,
    name: String,
    #[serde(default)]
    description: String,
    level: Level,
    #[serde(default)]
    link: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Changes the words of a role.
#[server(prefix = "/fn", endpoint = "role/change")]
pub async fn role_change(form: RoleForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "role/change", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let RoleForm { id, version, name, description, level, link, .. } = form;
    let link = Some(link).filter(|link| !link.is_empty());
    let change = ChangeRole { name, description, level, link, version };
    engine::role::change(&engine, &ctx, id, change).await.map_err(told)?;
    go_to(&format!("/roles/{id}"));
    Ok(())
}

/// What the buttons that switch a role off and on send. They stand beside another form with a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchForm {
    id: RoleId,
    #[serde(default)]
    switch_code: String,
    key: String,
}

/// Switches a role off.
#[server(prefix = "/fn", endpoint = "role/disable")]
pub async fn role_disable(form: SwitchForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "role/disable", &form);
    let ctx = stepped_up(&engine, ctx, &form.switch_code, Act::Administer, form.id.uuid()).await?;
    engine::role::disable(&engine, &ctx, form.id).await.map_err(told)?;
    go_to(&format!("/roles/{}", form.id));
    Ok(())
}

/// Switches a role on again.
#[server(prefix = "/fn", endpoint = "role/enable")]
pub async fn role_enable(form: SwitchForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "role/enable", &form);
    let ctx = stepped_up(&engine, ctx, &form.switch_code, Act::Administer, form.id.uuid()).await?;
    engine::role::enable(&engine, &ctx, form.id).await.map_err(told)?;
    go_to(&format!("/roles/{}", form.id));
    Ok(())
}
