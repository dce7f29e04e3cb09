//! People: `/people`, and `/principals` for finding people and groups by name.

use axum::{Json, http::StatusCode};
use domain::{
    Page,
    page::ListQuery,
    person::{ChangePerson, CreatedPerson, NewPerson, PersonDetail, PersonId, PersonRow, PrincipalRef},
    sign_in::{LinkPurpose, MadeLink},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::extract::{ApiJson, ApiPath, ApiQuery, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(make_link))
        .routes(routes!(find_names))
}

/// All people, by name.
#[utoipa::path(get, path = "/people", operation_id = "person.list", tag = "people", params(ListQuery),
    responses((status = 200, body = Page<PersonRow>)))]
async fn list(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Page<PersonRow>>> {
    asker.answer(engine::person::list(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// Creates a person and makes the invitation, which is shown here once.
#[utoipa::path(post, path = "/people", operation_id = "person.create", tag = "people", request_body = NewPerson,
    responses((status = 201, body = CreatedPerson)))]
async fn create(
    asker: Asker,
    ApiJson(new): ApiJson<NewPerson>,
) -> ApiResult<(StatusCode, Json<CreatedPerson>)> {
    let asker = asker.administering(Uuid::nil()).await?;
    let created = asker.answer(engine::person::create(&asker.engine, &asker.ctx, new).await)?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// One person, with groups and assignments.
#[utoipa::path(get, path = "/people/{id}", operation_id = "person.get", tag = "people", params(("id" = PersonId, Path)),
    responses((status = 200, body = PersonDetail)))]
async fn get(ApiPath(id): ApiPath<PersonId>, asker: Asker) -> ApiResult<Json<PersonDetail>> {
    asker.answer(engine::person::get(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Changes name, kind and contact addresses.
#[utoipa::path(put, path = "/people/{id}", operation_id = "person.change", tag = "people", params(("id" = PersonId, Path)),
    request_body = ChangePerson, responses((status = 204)))]
async fn change(
    ApiPath(id): ApiPath<PersonId>,
    asker: Asker,
    ApiJson(input): ApiJson<ChangePerson>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::person::change(&asker.engine, &asker.ctx, id, input).await)
}

/// Disables a person: sessions, requests and roles end with it.
#[utoipa::path(post, path = "/people/{id}/disable", operation_id = "person.disable", tag = "people",
    params(("id" = PersonId, Path)), responses((status = 204)))]
async fn disable(ApiPath(id): ApiPath<PersonId>, asker: Asker) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::person::disable(&asker.engine, &asker.ctx, id).await)
}

/// Enables a person again.
#[utoipa::path(post, path = "/people/{id}/enable", operation_id = "person.enable", tag = "people",
    params(("id" = PersonId, Path)), responses((status = 204)))]
async fn enable(ApiPath(id): ApiPath<PersonId>, asker: Asker) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::person::enable(&asker.engine, &asker.ctx, id).await)
}

/// What a link is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLink {
    /// What the person is to set with it.
    purpose: LinkPurpose,
}

/// Makes a one-time link for a person, shown here once; older ones are void.
#[utoipa::path(post, path = "/people/{id}/links", operation_id = "sign_in.make_link", tag = "people",
    params(("id" = PersonId, Path)), request_body = NewLink,
    responses((status = 201, body = MadeLink)))]
async fn make_link(
    ApiPath(id): ApiPath<PersonId>,
    asker: Asker,
    ApiJson(new): ApiJson<NewLink>,
) -> ApiResult<(StatusCode, Json<MadeLink>)> {
    let asker = asker.administering(id.uuid()).await?;
    let made = asker.answer(engine::sign_in::link::make(&asker.engine, &asker.ctx, id, new.purpose).await)?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Part of a name, at most 100 characters.
    search: String,
}

/// People and groups whose name contains this, for choosing one.
#[utoipa::path(get, path = "/principals", operation_id = "person.find_names", tag = "people", params(Search),
    responses((status = 200, body = Vec<PrincipalRef>)))]
async fn find_names(ApiQuery(query): ApiQuery<Search>, asker: Asker) -> ApiResult<Json<Vec<PrincipalRef>>> {
    asker.answer(engine::person::find_names(&asker.engine, &asker.ctx, &query.search).await).map(Json)
}
