//! Signing in with a tool, and one's sessions: `/session`, `/me/sessions`.

use axum::{Json, http::StatusCode};
use domain::{
    Instant,
    session::{SessionId, SessionKind, SessionRow},
};
use engine::session::Tokens;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiJson, ApiPath, Asker};
use crate::{problem::ApiResult, process::Process};

/// For who is not signed in.
pub(super) fn open() -> OpenApiRouter<Process> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(refresh))
}

/// For who is.
pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(sign_out))
        .routes(routes!(list))
        .routes(routes!(end))
        .routes(routes!(end_others))
}

/// Name, password and code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The name to sign in with.
    name: String,
    /// The password.
    #[schema(value_type = String)]
    password: SecretString,
    /// Six digits of the authenticator app, or a recovery code.
    code: String,
}

/// What a tool keeps.
#[derive(Serialize, ToSchema)]
struct Session {
    /// For each request, as a bearer token.
    access: String,
    /// Until when it is good.
    #[schema(value_type = String, format = DateTime)]
    access_expires_at: Instant,
    /// For new tokens, once.
    refresh: String,
    /// Which session.
    session: SessionId,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self {
            access: tokens.access.expose_secret().to_owned(),
            access_expires_at: tokens.access_expires_at,
            refresh: tokens.refresh.expose_secret().to_owned(),
            session: tokens.session,
        }
    }
}

/// Signs in: password and second factor at once.
#[utoipa::path(post, path = "/session", operation_id = "session.start", tag = "session", request_body = SignIn, security(()),
    responses((status = 201, body = Session)))]
async fn start(asker: Asker, ApiJson(given): ApiJson<SignIn>) -> ApiResult<(StatusCode, Json<Session>)> {
    let (engine, ctx) = (&asker.engine, &asker.ctx);
    let step = engine::sign_in::password_step(engine, ctx, &given.name, &given.password, None).await;
    let step = asker.answer(step)?;
    let signed = engine::sign_in::code_step(engine, ctx, &step.sealed, &given.code, SessionKind::Tool).await;
    let signed = asker.answer(signed)?;
    Ok((StatusCode::CREATED, Json(signed.tokens.into())))
}

/// What a tool was given for new tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    /// The refresh token; it is good once.
    #[schema(value_type = String)]
    refresh: SecretString,
}

/// New tokens for old ones.
#[utoipa::path(post, path = "/session/refresh", operation_id = "session.refresh", tag = "session", request_body = Refresh,
    security(()), responses((status = 200, body = Session)))]
async fn refresh(asker: Asker, ApiJson(given): ApiJson<Refresh>) -> ApiResult<Json<Session>> {
    let token = given.refresh.expose_secret();
    let tokens = engine::session::refresh(&asker.engine, token, &asker.ctx.client).await;
    asker.answer(tokens).map(|tokens| Json(tokens.into()))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", operation_id = "session.sign_out", tag = "session",
    responses((status = 204)))]
async fn sign_out(asker: Asker) -> ApiResult<StatusCode> {
    asker.done(engine::session::sign_out(&asker.engine, &asker.ctx).await)
}

/// Where the caller is signed in.
#[utoipa::path(get, path = "/me/sessions", operation_id = "session.list", tag = "me",
    responses((status = 200, body = Vec<SessionRow>)))]
async fn list(asker: Asker) -> ApiResult<Json<Vec<SessionRow>>> {
    asker.answer(engine::session::list(&asker.engine, &asker.ctx).await).map(Json)
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/me/sessions/{id}", operation_id = "session.end", tag = "me",
    params(("id" = SessionId, Path)), responses((status = 204)))]
async fn end(ApiPath(id): ApiPath<SessionId>, asker: Asker) -> ApiResult<StatusCode> {
    asker.done(engine::session::end(&asker.engine, &asker.ctx, id).await)
}

/// Ends all of the caller's sessions but the one that asks.
#[utoipa::path(post, path = "/me/sessions/end-others", operation_id = "session.end_others", tag = "me",
    responses((status = 204)))]
async fn end_others(asker: Asker) -> ApiResult<StatusCode> {
    asker.done(engine::session::end_others(&asker.engine, &asker.ctx).await)
}
