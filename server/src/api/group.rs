//! Groups and who is in them: `/groups`.

use axum::{Json, http::StatusCode};
use domain::{
    Page,
    group::{ChangeGroup, GroupDetail, GroupId, GroupRow, MemberAdded, NewGroup, NewMember},
    page::ListQuery,
    person::PersonId,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{ApiJson, ApiPath, ApiQuery, Asker},
    role::Made,
};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, change, remove))
        .routes(routes!(add_member))
        .routes(routes!(remove_member))
}

/// All groups, by name.
#[utoipa::path(get, path = "/groups", operation_id = "group.list", tag = "groups", params(ListQuery),
    responses((status = 200, body = Page<GroupRow>)))]
async fn list(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Page<GroupRow>>> {
    asker.answer(engine::group::list(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// Creates a group.
#[utoipa::path(post, path = "/groups", operation_id = "group.create", tag = "groups", request_body = NewGroup,
    responses((status = 201, body = Made)))]
async fn create(asker: Asker, ApiJson(new): ApiJson<NewGroup>) -> ApiResult<(StatusCode, Json<Made>)> {
    let asker = asker.administering(Uuid::nil()).await?;
    let id = asker.answer(engine::group::create(&asker.engine, &asker.ctx, new).await)?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// One group, with its members.
#[utoipa::path(get, path = "/groups/{id}", operation_id = "group.get", tag = "groups", params(("id" = GroupId, Path)),
    responses((status = 200, body = GroupDetail)))]
async fn get(ApiPath(id): ApiPath<GroupId>, asker: Asker) -> ApiResult<Json<GroupDetail>> {
    asker.answer(engine::group::get(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Changes name and description.
#[utoipa::path(put, path = "/groups/{id}", operation_id = "group.change", tag = "groups", params(("id" = GroupId, Path)),
    request_body = ChangeGroup, responses((status = 204)))]
async fn change(
    ApiPath(id): ApiPath<GroupId>,
    asker: Asker,
    ApiJson(input): ApiJson<ChangeGroup>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::group::change(&asker.engine, &asker.ctx, id, input).await)
}

/// Removes a group; history keeps it.
#[utoipa::path(delete, path = "/groups/{id}", operation_id = "group.remove", tag = "groups", params(("id" = GroupId, Path)),
    responses((status = 204)))]
async fn remove(ApiPath(id): ApiPath<GroupId>, asker: Asker) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::group::remove(&asker.engine, &asker.ctx, id).await)
}

/// Puts a person into a group, and says who is made privileged by it.
#[utoipa::path(post, path = "/groups/{id}/members", operation_id = "group.add_member", tag = "groups",
    params(("id" = GroupId, Path)), request_body = NewMember,
    responses((status = 200, body = MemberAdded)))]
async fn add_member(
    ApiPath(id): ApiPath<GroupId>,
    asker: Asker,
    ApiJson(input): ApiJson<NewMember>,
) -> ApiResult<Json<MemberAdded>> {
    let asker = asker.administering(id.uuid()).await?;
    asker.answer(engine::group::add_member(&asker.engine, &asker.ctx, id, input.person).await).map(Json)
}

/// Takes a person out of a group.
#[utoipa::path(delete, path = "/groups/{id}/members/{person}", operation_id = "group.remove_member", tag = "groups",
    params(("id" = GroupId, Path), ("person" = PersonId, Path)),
    responses((status = 204)))]
async fn remove_member(
    ApiPath((id, person)): ApiPath<(GroupId, PersonId)>,
    asker: Asker,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::group::remove_member(&asker.engine, &asker.ctx, id, person).await)
}
