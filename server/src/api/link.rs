//! One-time links, for whoever holds one: `/links`. The token travels in the body, never in an address that gets logged.

use axum::Json;
use domain::sign_in::{Enrolment, LinkView};
use engine::sign_in::link::{self, BeginLink};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    account::RecoveryCodes,
    extract::{ApiJson, Asker},
};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new().routes(routes!(view)).routes(routes!(begin)).routes(routes!(finish))
}

/// A token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Token {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
}

/// What a link is for.
#[utoipa::path(post, path = "/links/view", operation_id = "link.view", tag = "links", request_body = Token, security(()),
    responses((status = 200, body = LinkView)))]
async fn view(asker: Asker, ApiJson(given): ApiJson<Token>) -> ApiResult<Json<LinkView>> {
    asker.answer(link::view(&asker.engine, &asker.ctx, given.token.expose_secret()).await).map(Json)
}

/// What a link asks for; which fields, its purpose says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Begin {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
    /// Set-up: the name of the first person.
    name: Option<String>,
    /// Set-up: the name to sign in with.
    sign_in_name: Option<String>,
    /// The new password, for all but a lost factor.
    #[schema(value_type = Option<String>)]
    password: Option<SecretString>,
    /// Lost factor: the present password.
    #[schema(value_type = Option<String>)]
    current_password: Option<SecretString>,
    /// Lost password: the present code.
    code: Option<String>,
}

/// What follows.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// To send back with the first code, within five minutes.
    sealed: String,
    /// For the authenticator app.
    enrolment: Option<Enrolment>,
    /// Whether the link was used: nothing more is needed.
    done: bool,
}

/// Checks what was given and begins the enrolment.
#[utoipa::path(post, path = "/links/begin", operation_id = "link.begin", tag = "links", request_body = Begin, security(()),
    responses((status = 200, body = Begun)))]
async fn begin(asker: Asker, ApiJson(given): ApiJson<Begin>) -> ApiResult<Json<Begun>> {
    let Begin { token, name, sign_in_name, password, current_password, code } = given;
    let given = BeginLink { name, sign_in_name, password, current_password, code };
    let step = asker.answer(link::begin(&asker.engine, &asker.ctx, token.expose_secret(), given).await)?;
    Ok(Json(Begun { sealed: step.sealed, enrolment: step.enrolment, done: step.done }))
}

/// The first code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Finish {
    /// The last part of the link.
    #[schema(value_type = String)]
    token: SecretString,
    /// From the beginning.
    sealed: String,
    /// Six digits.
    code: String,
}

/// Uses the link; the recovery codes are shown here once.
#[utoipa::path(post, path = "/links/finish", operation_id = "link.finish", tag = "links", request_body = Finish, security(()),
    responses((status = 200, body = RecoveryCodes)))]
async fn finish(asker: Asker, ApiJson(given): ApiJson<Finish>) -> ApiResult<Json<RecoveryCodes>> {
    let Finish { token, sealed, code } = given;
    let codes = link::finish(&asker.engine, &asker.ctx, token.expose_secret(), &sealed, &code).await;
    asker.answer(codes).map(|recovery_codes| Json(RecoveryCodes { recovery_codes }))
}
