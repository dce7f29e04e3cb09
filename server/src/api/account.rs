//! The caller: what is open to them, their roles and requests, and their credentials: `/me`.

use axum::{Json, http::StatusCode};
use domain::{
    Page,
    activation::{ActivationRow, MyRoles},
    page::ListQuery,
    person::Me,
    session::Act,
    sign_in::{Enrolment, Security},
};
use engine::sign_in::credential;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiJson, ApiQuery, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(set_zone))
        .routes(routes!(my_roles))
        .routes(routes!(mine))
        .routes(routes!(to_decide))
        .routes(routes!(decided))
        .routes(routes!(security))
        .routes(routes!(change_password))
        .routes(routes!(begin_factor))
        .routes(routes!(finish_factor))
        .routes(routes!(new_recovery_codes))
}

/// Who the caller is and what is open to them.
#[utoipa::path(get, path = "/me", operation_id = "person.me", tag = "me",
    responses((status = 200, body = Me)))]
async fn me(asker: Asker) -> ApiResult<Json<Me>> {
    asker.answer(engine::person::me(&asker.engine, &asker.ctx).await).map(Json)
}

/// A time zone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ZoneChoice {
    /// IANA name; none for the organisation's.
    zone: Option<String>,
}

/// Chooses the zone in which times are shown.
#[utoipa::path(put, path = "/me/zone", operation_id = "person.set_zone", tag = "me", request_body = ZoneChoice,
    responses((status = 204)))]
async fn set_zone(asker: Asker, ApiJson(choice): ApiJson<ZoneChoice>) -> ApiResult<StatusCode> {
    asker.done(engine::person::set_zone(&asker.engine, &asker.ctx, choice.zone).await)
}

/// The caller's roles: active, planned, waiting, eligible.
#[utoipa::path(get, path = "/me/roles", operation_id = "activation.my_roles", tag = "me",
    responses((status = 200, body = MyRoles)))]
async fn my_roles(asker: Asker) -> ApiResult<Json<MyRoles>> {
    asker.answer(engine::activation::my_roles(&asker.engine, &asker.ctx).await).map(Json)
}

/// The caller's requests, newest first.
#[utoipa::path(get, path = "/me/requests", operation_id = "activation.mine", tag = "me", params(ListQuery),
    responses((status = 200, body = Page<ActivationRow>)))]
async fn mine(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Page<ActivationRow>>> {
    asker.answer(engine::activation::mine(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// Requests that wait for the caller's decision.
#[utoipa::path(get, path = "/me/approvals", operation_id = "activation.to_decide", tag = "me",
    responses((status = 200, body = Vec<ActivationRow>)))]
async fn to_decide(asker: Asker) -> ApiResult<Json<Vec<ActivationRow>>> {
    asker.answer(engine::activation::to_decide(&asker.engine, &asker.ctx).await).map(Json)
}

/// Requests that the caller has decided.
#[utoipa::path(get, path = "/me/approvals/decided", operation_id = "activation.decided", tag = "me",
    responses((status = 200, body = Vec<ActivationRow>)))]
async fn decided(asker: Asker) -> ApiResult<Json<Vec<ActivationRow>>> {
    asker.answer(engine::activation::decided(&asker.engine, &asker.ctx).await).map(Json)
}

/// The caller's password, factor and recovery codes, without secrets.
#[utoipa::path(get, path = "/me/credentials", operation_id = "credential.security", tag = "me",
    responses((status = 200, body = Security)))]
async fn security(asker: Asker) -> ApiResult<Json<Security>> {
    asker.answer(credential::security(&asker.engine, &asker.ctx).await).map(Json)
}

/// The present password and a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The present one.
    #[schema(value_type = String)]
    current: SecretString,
    /// The new one, 12 characters to 1 KiB.
    #[schema(value_type = String)]
    new: SecretString,
}

/// Changes the password; other sessions end.
#[utoipa::path(put, path = "/me/password", operation_id = "credential.change_password", tag = "me",
    request_body = NewPassword, responses((status = 204)))]
async fn change_password(asker: Asker, ApiJson(given): ApiJson<NewPassword>) -> ApiResult<StatusCode> {
    let asker = of_credentials(asker).await?;
    asker.done(credential::change_password(&asker.engine, &asker.ctx, &given.current, &given.new).await)
}

/// What a new authenticator app needs, and what to send back within five minutes.
#[derive(Serialize, ToSchema)]
struct FactorBegun {
    /// To send back with the first code.
    sealed: String,
    /// For the app.
    enrolment: Enrolment,
}

/// Begins to replace the authenticator app. Nothing changes yet.
#[utoipa::path(post, path = "/me/factor", operation_id = "credential.begin_factor", tag = "me",
    responses((status = 200, body = FactorBegun)))]
async fn begin_factor(asker: Asker) -> ApiResult<Json<FactorBegun>> {
    let step = asker.answer(credential::begin_factor(&asker.engine, &asker.ctx).await)?;
    Ok(Json(FactorBegun { sealed: step.sealed, enrolment: step.enrolment }))
}

/// The first code of the new app, and proof of the present one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactorFinish {
    /// From the beginning.
    sealed: String,
    /// The first code of the new app.
    code: String,
    /// A code of the present app, or a recovery code.
    proof: String,
}

/// Replaces the authenticator app; other sessions end.
#[utoipa::path(post, path = "/me/factor/finish", operation_id = "credential.finish_factor", tag = "me",
    request_body = FactorFinish, responses((status = 204)))]
async fn finish_factor(asker: Asker, ApiJson(given): ApiJson<FactorFinish>) -> ApiResult<StatusCode> {
    let FactorFinish { sealed, code, proof } = given;
    asker.done(credential::finish_factor(&asker.engine, &asker.ctx, &sealed, &code, &proof).await)
}

/// Codes that are shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Ten of them; each signs in or replaces a factor once.
    pub recovery_codes: Vec<String>,
}

/// Makes ten new recovery codes; the former ones are void.
#[utoipa::path(post, path = "/me/recovery-codes", operation_id = "credential.new_recovery_codes", tag = "me",
    responses((status = 201, body = RecoveryCodes)))]
async fn new_recovery_codes(asker: Asker) -> ApiResult<(StatusCode, Json<RecoveryCodes>)> {
    let asker = of_credentials(asker).await?;
    let recovery_codes = asker.answer(credential::new_recovery_codes(&asker.engine, &asker.ctx).await)?;
    Ok((StatusCode::CREATED, Json(RecoveryCodes { recovery_codes })))
}

/// With the code for an act on one's own credentials: those of the sign-in that was used.
async fn of_credentials(asker: Asker) -> ApiResult<Asker> {
    let sign_in = asker.answer(asker.ctx.signed())?.sign_in;
    asker.stepped_up(Act::Credentials, sign_in.uuid()).await
}
