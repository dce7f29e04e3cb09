//! What the pages of groups ask for: finding, adding and changing groups, and who is in them.

use domain::{
    Page,
    group::{GroupDetail, GroupId, GroupRow, MemberAdded},
    page::ListQuery,
    person::PersonId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::server::{context, go_to, once, stepped_up, told},
    domain::{
        group::{ChangeGroup, NewGroup},
        session::Act,
    },
    uuid::Uuid,
};

/// A part of the list of groups.
#[server(prefix = "/fn", endpoint = "group/list", protocol = JsonCall)]
pub async fn group_list(query: ListQuery) -> AppResult<Page<GroupRow>> {
    let (engine, ctx) = context()?;
    engine::group::list(&engine, &ctx, query).await.map_err(told)
}

/// One group.
#[server(prefix = "/fn", endpoint = "group/get", protocol = JsonCall)]
pub async fn group_get(id: GroupId) -> AppResult<GroupDetail> {
    let (engine, ctx) = context()?;
    engine::group::get(&engine, &ctx, id).await.map_err(told)
}

/// What the form of a new group sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroupForm {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Creates a group.
#[server(prefix = "/fn", endpoint = "group/create")]
pub async fn group_create(form: NewGroupForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "group/create", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, Uuid::nil()).await?;
    let new = NewGroup { name: form.name, description: form.description };
    let id = engine::group::create(&engine, &ctx, new).await.map_err(told)?;
    go_to(&format!("/groups/{id}"));
    Ok(())
}

/// What the form of a change sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeGroupForm {
    id: GroupId,
    name: String,
    #[serde(default)]
    description: String,
    /// The version that was shown.
    version: i64,
    #[serde(default)]
    code: String,
    key: String,
}

/// Changes the words of a group.
#[server(prefix = "/fn", endpoint = "group/change")]
pub async fn group_change(form: ChangeGroupForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "group/change", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let change = ChangeGroup { name: form.name, description: form.description, version: form.version };
    engine::group::change(&engine, &ctx, form.id, change).await.map_err(told)?;
    go_to(&format!("/groups/{}", form.id));
    Ok(())
}

/// What the button sends that concerns one group.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupForm {
    id: GroupId,
    #[serde(default)]
    code: String,
    key: String,
}

/// Removes a group.
#[server(prefix = "/fn", endpoint = "group/remove")]
pub async fn group_remove(form: GroupForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "group/remove", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    engine::group::remove(&engine, &ctx, form.id).await.map_err(told)?;
    go_to("/groups");
    Ok(())
}

/// What the forms send that concern a group and one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberForm {
    id: GroupId,
    /// Nobody was chosen when empty.
    #[serde(default)]
    person: Option<PersonId>,
    #[serde(default)]
    code: String,
    key: String,
}

#[cfg(feature = "ssr")]
impl MemberForm {
    fn chosen(&self) -> AppResult<PersonId> {
        Ok(self.person.ok_or_else(|| domain::Problem::new(domain::Code::Required).field("person"))?)
    }
}

/// Puts a person into a group. The page says who has to do with a role by it.
#[server(prefix = "/fn", endpoint = "group/add_member")]
pub async fn group_add_member(form: MemberForm) -> AppResult<MemberAdded> {
    let (engine, ctx) = context()?;
    let person = form.chosen()?;
    let ctx = once(ctx, &form.key, "group/add_member", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let added = engine::group::add_member(&engine, &ctx, form.id, person).await.map_err(told)?;
    let made = added.made_privileged.first().map(|person| format!("?made={}", person.id));
    go_to(&format!("/groups/{}{}", form.id, made.unwrap_or_default()));
    Ok(added)
}

/// Takes a person out of a group.
#[server(prefix = "/fn", endpoint = "group/remove_member")]
pub async fn group_remove_member(form: MemberForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let person = form.chosen()?;
    let ctx = once(ctx, &form.key, "group/remove_member", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    engine::group::remove_member(&engine, &ctx, form.id, person).await.map_err(told)?;
    go_to(&format!("/groups/{}", form.id));
    Ok(())
}
