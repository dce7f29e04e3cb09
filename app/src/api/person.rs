//! What the pages of people ask for: who one is, finding, adding and changing people, and the links that are handed over.

use domain::{
    Page,
    page::ListQuery,
    person::{Me, PersonDetail, PersonId, PersonKind, PersonRow},
    sign_in::{LinkPurpose, MadeLink},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::{
        made_link,
        server::{context, go_to, once, stepped_up, told},
    },
    domain::{
        person::{ChangePerson, NewPerson},
        session::Act,
    },
    uuid::Uuid,
};

/// The caller, and what is open to them now.
#[server(prefix = "/fn", endpoint = "person/me", protocol = JsonCall)]
pub async fn person_me() -> AppResult<Me> {
    let (engine, ctx) = context()?;
    engine::person::me(&engine, &ctx).await.map_err(told)
}

/// A part of the list of people.
#[server(prefix = "/fn", endpoint = "person/list", protocol = JsonCall)]
pub async fn person_list(query: ListQuery) -> AppResult<Page<PersonRow>> {
    let (engine, ctx) = context()?;
    engine::person::list(&engine, &ctx, query).await.map_err(told)
}

/// One person.
#[server(prefix = "/fn", endpoint = "person/get", protocol = JsonCall)]
pub async fn person_get(id: PersonId) -> AppResult<PersonDetail> {
    let (engine, ctx) = context()?;
    engine::person::get(&engine, &ctx, id).await.map_err(told)
}

/// What the form of a new person sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPersonForm {
    kind: PersonKind,
    name: String,
    sign_in_name: String,
    /// One on each line.
    #[serde(default)]
    addresses: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Creates a person, and shows the invitation on their page.
#[server(prefix = "/fn", endpoint = "person/create")]
pub async fn person_create(form: NewPersonForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "person/create", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, Uuid::nil()).await?;
    let new = NewPerson {
        kind: form.kind,
        name: form.name,
        sign_in_name: form.sign_in_name,
        addresses: lines(&form.addresses),
        zone: None,
    };
    let created = engine::person::create(&engine, &ctx, new).await.map_err(told)?;
    made_link::keep(&engine, &ctx, created.id, LinkPurpose::Invitation, created.link)?;
    go_to(&format!("/people/{}?do=link", created.id));
    Ok(())
}

/// What the form of a change sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePersonForm {
    id: PersonId,
    kind: PersonKind,
    name: String,
    /// One on each line.
    #[serde(default)]
    addresses: String,
    /// The version that was shown.
    version: i64,
    #[serde(default)]
    code: String,
    key: String,
}

/// Changes a person.
#[server(prefix = "/fn", endpoint = "person/change")]
pub async fn person_change(form: ChangePersonForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "person/change", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let addresses = lines(&form.addresses);
    let change = ChangePerson { kind: form.kind, name: form.name, addresses, version: form.version };
    engine::person::change(&engine, &ctx, form.id, change).await.map_err(told)?;
    go_to(&format!("/people/{}", form.id));
    Ok(())
}

/// What the buttons send that concern one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    id: PersonId,
    #[serde(default)]
    code: String,
    key: String,
}

/// Disables a person.
#[server(prefix = "/fn", endpoint = "person/disable")]
pub async fn person_disable(form: PersonForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "person/disable", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    engine::person::disable(&engine, &ctx, form.id).await.map_err(told)?;
    go_to(&format!("/people/{}", form.id));
    Ok(())
}

/// Enables a person again.
#[server(prefix = "/fn", endpoint = "person/enable")]
pub async fn person_enable(form: PersonForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "person/enable", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    engine::person::enable(&engine, &ctx, form.id).await.map_err(told)?;
    go_to(&format!("/people/{}", form.id));
    Ok(())
}

/// What the button sends that makes a link. It carries no key: a link is never given twice, a newer one voids it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeLinkForm {
    id: PersonId,
    purpose: LinkPurpose,
    #[serde(default)]
    code: String,
}

/// Makes a one-time link for somebody who exists, and shows it on their page.
#[server(prefix = "/fn", endpoint = "person/make_link")]
pub async fn person_make_link(form: MakeLinkForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let link = engine::sign_in::link::make(&engine, &ctx, form.id, form.purpose).await.map_err(told)?;
    made_link::keep(&engine, &ctx, form.id, form.purpose, link)?;
    go_to(&format!("/people/{}?do=link", form.id));
    Ok(())
}

/// A one-time link that was made a moment ago in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLink {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Where it leads, until when, and whom it was mailed to.
    pub link: MadeLink,
}

/// The link that was made for this person a moment ago. It is told once.
#[server(prefix = "/fn", endpoint = "person/made_link", protocol = JsonCall)]
pub async fn person_made_link(id: PersonId) -> AppResult<Option<ShownLink>> {
    let (engine, ctx) = context()?;
    made_link::take(&engine, &ctx, id)
}

/// The lines of a text, without empty ones.
#[cfg(feature = "ssr")]
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
