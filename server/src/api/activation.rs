//! Requests for a role and what becomes of them: `/activations`.

use axum::{Json, http::StatusCode};
use domain::{
    Page,
    activation::{ActivationDetail, ActivationId, ActivationRow, Decide, End, RequestActivation},
    page::ListQuery,
    session::Act,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    extract::{ApiJson, ApiPath, ApiQuery, Asker},
    role::Made,
};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(get))
        .routes(routes!(approve))
        .routes(routes!(deny))
        .routes(routes!(cancel))
        .routes(routes!(deactivate))
        .routes(routes!(revoke))
}

/// All requests of everybody, newest first.
#[utoipa::path(get, path = "/activations", operation_id = "activation.list", tag = "activations", params(ListQuery),
    responses((status = 200, body = Page<ActivationRow>)))]
async fn list(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Page<ActivationRow>>> {
    asker.answer(engine::activation::list(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// Asks for a role.
#[utoipa::path(post, path = "/activations", operation_id = "activation.request", tag = "activations",
    request_body = RequestActivation, responses((status = 201, body = Made)))]
async fn request(
    asker: Asker,
    ApiJson(input): ApiJson<RequestActivation>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let asker = asker.stepped_up(Act::Activate, input.role.uuid()).await?;
    let id = asker.answer(engine::activation::request(&asker.engine, &asker.ctx, input).await)?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// One request, its steps, and what the caller may do with it.
#[utoipa::path(get, path = "/activations/{id}", operation_id = "activation.get", tag = "activations",
    params(("id" = ActivationId, Path)),
    responses((status = 200, body = ActivationDetail)))]
async fn get(ApiPath(id): ApiPath<ActivationId>, asker: Asker) -> ApiResult<Json<ActivationDetail>> {
    asker.answer(engine::activation::get(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Approves a request as it was shown: `digest` is that of its content.
#[utoipa::path(post, path = "/activations/{id}/approve", operation_id = "activation.approve", tag = "activations",
    params(("id" = ActivationId, Path)), request_body = Decide, responses((status = 204)))]
async fn approve(
    ApiPath(id): ApiPath<ActivationId>,
    asker: Asker,
    ApiJson(input): ApiJson<Decide>,
) -> ApiResult<StatusCode> {
    let asker = asker.stepped_up(Act::Decide, id.uuid()).await?;
    asker.done(engine::activation::approve(&asker.engine, &asker.ctx, id, input).await)
}

/// Denies a request as it was shown.
#[utoipa::path(post, path = "/activations/{id}/deny", operation_id = "activation.deny", tag = "activations",
    params(("id" = ActivationId, Path)), request_body = Decide, responses((status = 204)))]
async fn deny(
    ApiPath(id): ApiPath<ActivationId>,
    asker: Asker,
    ApiJson(input): ApiJson<Decide>,
) -> ApiResult<StatusCode> {
    let asker = asker.stepped_up(Act::Decide, id.uuid()).await?;
    asker.done(engine::activation::deny(&asker.engine, &asker.ctx, id, input).await)
}

/// Takes a request back before it is active: one's own, or an administrator anybody's.
#[utoipa::path(post, path = "/activations/{id}/cancel", operation_id = "activation.cancel", tag = "activations",
    params(("id" = ActivationId, Path)), request_body = End, responses((status = 204)))]
async fn cancel(
    ApiPath(id): ApiPath<ActivationId>,
    asker: Asker,
    ApiJson(input): ApiJson<End>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::activation::cancel(&asker.engine, &asker.ctx, id, input).await)
}

/// Gives one's own active role back.
#[utoipa::path(post, path = "/activations/{id}/deactivate", operation_id = "activation.deactivate", tag = "activations",
    params(("id" = ActivationId, Path)), request_body = End, responses((status = 204)))]
async fn deactivate(
    ApiPath(id): ApiPath<ActivationId>,
    asker: Asker,
    ApiJson(input): ApiJson<End>,
) -> ApiResult<StatusCode> {
    asker.done(engine::activation::deactivate(&asker.engine, &asker.ctx, id, input).await)
}

/// Ends somebody's active role.
#[utoipa::path(post, path = "/activations/{id}/revoke", operation_id = "activation.revoke", tag = "activations",
    params(("id" = ActivationId, Path)), request_body = End, responses((status = 204)))]
async fn revoke(
    ApiPath(id): ApiPath<ActivationId>,
    asker: Asker,
    ApiJson(input): ApiJson<End>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::activation::revoke(&asker.engine, &asker.ctx, id, input).await)
}
