//! What the pages of roles, requests and approvals ask for: reading them, asking for a role, deciding, taking back.

use domain::{
    Page,
    activation::{ActivationDetail, ActivationId, ActivationRow, MyRoles, Verdict},
    page::ListQuery,
    role::RoleId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::server::{context, go_to, once, stepped_up, told},
    crate::AppError,
    domain::{
        Code, Instant, Problem, Scope, Span,
        activation::{Decide, End, RequestActivation},
        session::Act,
    },
    engine::{Ctx, Engine},
};

/// Everything on the page *My roles*.
#[server(prefix = "/fn", endpoint = "activation/my_roles", protocol = JsonCall)]
pub async fn activation_my_roles() -> AppResult<MyRoles> {
    let (engine, ctx) = context()?;
    engine::activation::my_roles(&engine, &ctx).await.map_err(told)
}

/// What the form for one role shows, by the key in its link.
#[server(prefix = "/fn", endpoint = "activation/form", protocol = JsonCall)]
pub async fn activation_form(key: String) -> AppResult<domain::activation::ActivationForm> {
    let (engine, ctx) = context()?;
    engine::activation::form_by_key(&engine, &ctx, &key).await.map_err(told)
}

/// One's own requests, newest first.
#[server(prefix = "/fn", endpoint = "activation/mine", protocol = JsonCall)]
pub async fn activation_mine(query: ListQuery) -> AppResult<Page<ActivationRow>> {
    let (engine, ctx) = context()?;
    engine::activation::mine(&engine, &ctx, query).await.map_err(told)
}

/// Everybody's requests, newest first, for those who may read them.
#[server(prefix = "/fn", endpoint = "activation/list", protocol = JsonCall)]
pub async fn activation_list(query: ListQuery) -> AppResult<Page<ActivationRow>> {
    let (engine, ctx) = context()?;
    engine::activation::list(&engine, &ctx, query).await.map_err(told)
}

/// One request with everything that its reader may see.
#[server(prefix = "/fn", endpoint = "activation/get", protocol = JsonCall)]
pub async fn activation_get(id: ActivationId) -> AppResult<ActivationDetail> {
    let (engine, ctx) = context()?;
    engine::activation::get(&engine, &ctx, id).await.map_err(told)
}

/// Requests that wait for this person's decision.
#[server(prefix = "/fn", endpoint = "activation/to_decide", protocol = JsonCall)]
pub async fn activation_to_decide() -> AppResult<Vec<ActivationRow>> {
    let (engine, ctx) = context()?;
    engine::activation::to_decide(&engine, &ctx).await.map_err(told)
}

/// Requests that this person decided.
#[server(prefix = "/fn", endpoint = "activation/decided", protocol = JsonCall)]
pub async fn activation_decided() -> AppResult<Vec<ActivationRow>> {
    let (engine, ctx) = context()?;
    engine::activation::decided(&engine, &ctx).await.map_err(told)
}

/// What the form for one role sends. Fields that the rules do not ask for are not in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    role: RoleId,
    #[serde(default)]
    scope: String,
    /// A part of `scope`, typed by hand.
    #[serde(default)]
    narrower: String,
    /// In whole seconds.
    duration: i64,
    /// `now` or `later`.
    #[serde(default)]
    start: String,
    /// Date and time in the person's zone; counts when `start` is `later`.
    #[serde(default)]
    starts_at: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Asks for a role. Answers with the request; without it when it could not be read again, for what is done is done.
#[server(prefix = "/fn", endpoint = "activation/request")]
pub async fn activation_request(form: RequestForm) -> AppResult<Option<ActivationRow>> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "activation/request", &form);
    let input = asked(&engine, &ctx, &form).await?;
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Activate, form.role.uuid()).await?;
    let id = engine::activation::request(&engine, &ctx, input).await.map_err(told)?;
    go_to("/");
    Ok(engine::activation::get(&engine, &ctx, id).await.ok().map(|sent| sent.row))
}

/// What was typed as what the use case takes.
#[cfg(feature = "ssr")]
async fn asked(engine: &Engine, ctx: &Ctx, form: &RequestForm) -> AppResult<RequestActivation> {
    let scope = if form.narrower.trim().is_empty() { &form.scope } else { &form.narrower };
    let starts_at =
        if form.start == "later" { Some(start(engine, ctx, &form.starts_at).await?) } else { None };
    Ok(RequestActivation {
        role: form.role,
        scope: Some(scope.trim()).filter(|scope| !scope.is_empty()).map(str::parse::<Scope>).transpose()?,
        duration: Span::seconds(form.duration),
        starts_at,
        justification: form.justification.clone(),
        ticket: form.ticket.clone(),
    })
}

/// Date and time of a form, which are meant in the person's zone.
#[cfg(feature = "ssr")]
async fn start(engine: &Engine, ctx: &Ctx, text: &str) -> AppResult<Instant> {
    let problem = |code| AppError::from(Problem::new(code).field("starts_at").limit("a date and a time"));
    if text.trim().is_empty() {
        return Err(problem(Code::Required));
    }
    let me = engine::person::me(engine, ctx).await.map_err(told)?;
    crate::when::provide_zone(Signal::stored(me.zone));
    crate::when::use_zone().read(text).ok_or_else(|| problem(Code::Malformed))
}

/// What the bar under a request sends: one form, two buttons.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecideForm {
    id: ActivationId,
    /// Read by the page too: which of the two buttons is busy.
    pub(crate) verdict: Verdict,
    /// The digest of what was shown.
    digest: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    code: String,
    key: String,
}

/// Approves or denies, and leads to the next request that waits. Answers with what was decided; without it when it could
/// not be read again.
#[server(prefix = "/fn", endpoint = "activation/decide")]
pub async fn activation_decide(form: DecideForm) -> AppResult<Option<ActivationRow>> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "activation/decide", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Decide, form.id.uuid()).await?;
    let input = Decide { digest: form.digest, justification: form.justification };
    match form.verdict {
        Verdict::Approved => engine::activation::approve(&engine, &ctx, form.id, input).await,
        Verdict::Denied => engine::activation::deny(&engine, &ctx, form.id, input).await,
    }
    .map_err(told)?;
    let waiting = engine::activation::to_decide(&engine, &ctx).await.unwrap_or_default();
    go_to(&waiting.first().map_or_else(|| "/approvals".to_owned(), |next| format!("/approvals/{}", next.id)));
    Ok(engine::activation::get(&engine, &ctx, form.id).await.ok().map(|settled| settled.row))
}

/// What the buttons send that take something back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    pub(crate) id: ActivationId,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    code: String,
    /// Where to go afterwards; the page that sent it when empty.
    #[serde(default)]
    then: String,
    key: String,
}

#[cfg(feature = "ssr")]
impl EndForm {
    fn input(&self) -> End {
        End { justification: self.justification.clone() }
    }

    /// Forms in dialogs, which have an address of their own, leave it.
    fn leave(&self) {
        if !self.then.is_empty() {
            go_to(&self.then);
        }
    }
}

/// Takes a request back before it begins.
#[server(prefix = "/fn", endpoint = "activation/cancel")]
pub async fn activation_cancel(form: EndForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "activation/cancel", &form);
    engine::activation::cancel(&engine, &ctx, form.id, form.input()).await.map_err(told)?;
    form.leave();
    Ok(())
}

/// Gives one's own role back. Answers with what was given back, as far as it could be read again.
#[server(prefix = "/fn", endpoint = "activation/deactivate")]
pub async fn activation_deactivate(form: EndForm) -> AppResult<Option<domain::Span>> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "activation/deactivate", &form);
    engine::activation::deactivate(&engine, &ctx, form.id, form.input()).await.map_err(told)?;
    form.leave();
    Ok(engine::activation::get(&engine, &ctx, form.id).await.ok().and_then(|ended| ended.given_back))
}

/// Ends a role that somebody holds, as administrator.
#[server(prefix = "/fn", endpoint = "activation/revoke")]
pub async fn activation_revoke(form: EndForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let ctx = once(ctx, &form.key, "activation/revoke", &form);
    let ctx = stepped_up(&engine, ctx, &form.code, Act::Administer, form.id.uuid()).await?;
    engine::activation::revoke(&engine, &ctx, form.id, form.input()).await.map_err(told)?;
    form.leave();
    Ok(())
}
