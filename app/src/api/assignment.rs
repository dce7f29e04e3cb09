//! What the pages of assignments ask for: reading them, making them, changing until when they last, removing them.

use domain::{
    Id,
    assignment::{AssignmentId, AssignmentKind},
    person::{Principal, PrincipalRef},
    role::{AssignmentRow, RoleId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::role::Seen;
use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::{
        role::seen,
        server::{context, go_to, once, stepped_up, told},
    },
    crate::AppError,
    domain::{
        Code, Instant, Problem, Scope, Span,
        activation::End,
        assignment::{ChangeAssignment, NewAssignment},
        session::Act,
    },
    engine::{Ctx, Engine},
};

/// A principal as forms and addresses write it: `person:` or `group:` and the id.
pub fn principal_text(principal: Principal) -> String {
    match principal {
        Principal::Person(id) => format!("person:{id}"),
        Principal::Group(id) => format!("group:{id}"),
    }
}

/// Reads what [`principal_text`] writes.
pub fn principal_of(text: &str) -> Option<Principal> {
    match text.split_once(':')? {
        ("person", id) => Id::parse(id).ok().map(Principal::Person),
        ("group", id) => Id::parse(id).ok().map(Principal::Group),
        _ => None,
    }
}

/// Assignments of a role: those that are live or planned, and those that have ended.
#[server(prefix = "/fn", endpoint = "assignment/of_role", protocol = JsonCall)]
pub async fn assignment_of_role(role: RoleId) -> AppResult<(Vec<AssignmentRow>, Vec<AssignmentRow>)> {
    let (engine, ctx) = context()?;
    let open = engine::assignment::of_role(&engine, &ctx, role, false).await.map_err(told)?;
    let ended = engine::assignment::of_role(&engine, &ctx, role, true).await.map_err(told)?;
    Ok((open, ended))
}

/// One assignment.
#[server(prefix = "/fn", endpoint = "assignment/get", protocol = JsonCall)]
pub async fn assignment_get(id: AssignmentId) -> AppResult<Seen<AssignmentRow>> {
    let (engine, ctx) = context()?;
    let row = engine::assignment::get(&engine, &ctx, id).await.map_err(told)?;
    seen(&engine, &ctx, row).await
}

/// People and groups whose name fits, to choose from.
#[server(prefix = "/fn", endpoint = "assignment/find", protocol = JsonCall)]
pub async fn assignment_find(search: String) -> AppResult<Vec<PrincipalRef>> {
    let (engine, ctx) = context()?;
    engine::person::find_names(&engine, &ctx, &search).await.map_err(told)
}

/// What it would mean to assign this role to somebody.
#[server(prefix = "/fn", endpoint = "assignment/preview", protocol = JsonCall)]
pub async fn assignment_preview(
    role: RoleId,
    principal: Principal,
) -> AppResult<domain::assignment::AssignmentPreview> {
    let (engine, ctx) = context()?;
    engine::assignment::preview(&engine, &ctx, role, principal).await.map_err(told)
}

/// How long an assignment lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// So many seconds from its start.
    #[default]
    For,
    /// From and until dates.
    Dates,
    /// Without an end.
    Forever,
}

/// What the last step of a new assignment sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    role: RoleId,
    /// As [`principal_text`] writes it.
    principal: String,
    kind: AssignmentKind,
    #[serde(default)]
    scope: String,
    lasts: Lasts,
    /// In whole seconds; counts when it lasts so long.
    #[serde(default)]
    seconds: String,
    /// Date and time in the person's zone; at once when empty.
    #[serde(default)]
    starts_at: String,
    #[serde(default)]
    ends_at: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Makes an assignment.
#[server(prefix = "/fn", endpoint = "assignment/make")]
pub async fn assignment_make(form: AssignForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let new = wanted(&engine, &ctx, &form).await?;
    let ctx = once(ctx, &form.key, "assignment/make", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.role.uuid()).await?;
    let made = engine::assignment::make(&engine, &ctx, new).await.map_err(told)?;
    go_to(&format!("/roles/{}?made={}", form.role, made.id));
    Ok(())
}

/// What was typed as what the use case takes.
#[cfg(feature = "ssr")]
async fn wanted(engine: &Engine, ctx: &Ctx, form: &AssignForm) -> AppResult<NewAssignment> {
    let unknown = || Problem::new(Code::Malformed).field("principal").limit("a person or a group");
    let starts_at = if form.lasts == Lasts::Dates {
        typed(engine, ctx, "starts_at", &form.starts_at).await?
    } else {
        None
    };
    let ends_at = match form.lasts {
        Lasts::Forever => None,
        Lasts::Dates => {
            let required = || Problem::new(Code::Required).field("ends_at");
            Some(typed(engine, ctx, "ends_at", &form.ends_at).await?.ok_or_else(required)?)
        }
        Lasts::For => {
            let malformed = || Problem::new(Code::Malformed).field("ends_at").limit("a length of time");
            let seconds = form.seconds.trim().parse().map_err(|_| malformed())?;
            Some(Span::seconds(seconds).after(engine.now()))
        }
    };
    Ok(NewAssignment {
        role: form.role,
        principal: principal_of(&form.principal).ok_or_else(unknown)?,
        kind: form.kind,
        scope: Some(form.scope.trim())
            .filter(|scope| !scope.is_empty())
            .map(str::parse::<Scope>)
            .transpose()?,
        starts_at,
        ends_at,
        justification: form.justification.clone(),
    })
}

/// Date and time of a field, which are meant in the person's zone.
#[cfg(feature = "ssr")]
async fn typed(engine: &Engine, ctx: &Ctx, field: &str, text: &str) -> AppResult<Option<Instant>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let me = engine::person::me(engine, ctx).await.map_err(told)?;
    crate::when::provide_zone(Signal::stored(me.zone));
    let malformed = || AppError::from(Problem::new(Code::Malformed).field(field).limit("a date and a time"));
    crate::when::use_zone().read(text.trim()).map(Some).ok_or_else(malformed)
}

/// What the form of a changed end sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    id: AssignmentId,
    role: RoleId,
    version: i64,
    /// Whether it has no end.
    forever: bool,
    /// Date and time in the person's zone.
    #[serde(default)]
    ends_at: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Changes until when an assignment lasts.
#[server(prefix = "/fn", endpoint = "assignment/change")]
pub async fn assignment_change(form: EndForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ends_at = if form.forever {
        None
    } else {
        let required = || Problem::new(Code::Required).field("ends_at");
        Some(typed(&engine, &ctx, "ends_at", &form.ends_at).await?.ok_or_else(required)?)
    };
    let ctx = once(ctx, &form.key, "assignment/change", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    let change = ChangeAssignment { ends_at, justification: form.justification, version: form.version };
    engine::assignment::change(&engine, &ctx, form.id, change).await.map_err(told)?;
    go_to(&format!("/roles/{}", form.role));
    Ok(())
}

/// What the dialog that removes an assignment sends. It lies over another form with a reason and a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveForm {
    id: AssignmentId,
    role: RoleId,
    #[serde(default)]
    why: String,
    #[serde(default)]
    remove_code: String,
    key: String,
}

/// Removes an assignment.
#[server(prefix = "/fn", endpoint = "assignment/remove")]
pub async fn assignment_remove(form: RemoveForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "assignment/remove", &form);
    let ctx = stepped_up(&engine, ctx, &form.remove_code, Act::Administer, form.id.uuid()).await?;
    let end = End { justification: form.why };
    engine::assignment::remove(&engine, &ctx, form.id, end).await.map_err(told)?;
    go_to(&format!("/roles/{}", form.role));
    Ok(())
}
