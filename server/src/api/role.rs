//! Roles, their settings, and the catalogue: `/roles`, `/catalogue`.

use axum::{Json, http::StatusCode};
use domain::{
    Page,
    activation::ActivationForm,
    page::ListQuery,
    role::{
        AssignmentRow, CatalogueRole, ChangeRole, ImportRoles, NewRole, RoleDetail, RoleId, RoleRef, RoleRow,
        SettingsVersion,
    },
    role_settings::ChangeSettings,
};
use serde::{Deserialize, Serialize};
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
        .routes(routes!(change_settings))
        .routes(routes!(history))
        .routes(routes!(assignments))
        .routes(routes!(form))
        .routes(routes!(catalogue))
        .routes(routes!(import))
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Made {
    /// Its id.
    pub id: Uuid,
}

/// The version that is in force from now on.
#[derive(Debug, Serialize, ToSchema)]
struct Version {
    /// Its number.
    version: i64,
}

/// All roles, by name.
#[utoipa::path(get, path = "/roles", operation_id = "role.list", tag = "roles", params(ListQuery),
    responses((status = 200, body = Page<RoleRow>)))]
async fn list(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Page<RoleRow>>> {
    asker.answer(engine::role::list(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// Creates a role with the initial settings.
#[utoipa::path(post, path = "/roles", operation_id = "role.create", tag = "roles", request_body = NewRole,
    responses((status = 201, body = Made)))]
async fn create(asker: Asker, ApiJson(new): ApiJson<NewRole>) -> ApiResult<(StatusCode, Json<Made>)> {
    let asker = asker.administering(Uuid::nil()).await?;
    let id = asker.answer(engine::role::create(&asker.engine, &asker.ctx, new).await)?;
    Ok((StatusCode::CREATED, Json(Made { id: id.uuid() })))
}

/// One role, with its settings.
#[utoipa::path(get, path = "/roles/{id}", operation_id = "role.get", tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 200, body = RoleDetail)))]
async fn get(ApiPath(id): ApiPath<RoleId>, asker: Asker) -> ApiResult<Json<RoleDetail>> {
    asker.answer(engine::role::get(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Changes name, description, level and link.
#[utoipa::path(put, path = "/roles/{id}", operation_id = "role.change", tag = "roles", params(("id" = RoleId, Path)),
    request_body = ChangeRole, responses((status = 204)))]
async fn change(
    ApiPath(id): ApiPath<RoleId>,
    asker: Asker,
    ApiJson(input): ApiJson<ChangeRole>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::role::change(&asker.engine, &asker.ctx, id, input).await)
}

/// Switches a role off: what waits for it is canceled and what is active in it ends.
#[utoipa::path(post, path = "/roles/{id}/disable", operation_id = "role.disable", tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 204)))]
async fn disable(ApiPath(id): ApiPath<RoleId>, asker: Asker) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::role::disable(&asker.engine, &asker.ctx, id).await)
}

/// Switches a role on again.
#[utoipa::path(post, path = "/roles/{id}/enable", operation_id = "role.enable", tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 204)))]
async fn enable(ApiPath(id): ApiPath<RoleId>, asker: Asker) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::role::enable(&asker.engine, &asker.ctx, id).await)
}

/// Changes the settings, for requests from now on.
#[utoipa::path(put, path = "/roles/{id}/settings", operation_id = "role_settings.change", tag = "roles",
    params(("id" = RoleId, Path)), request_body = ChangeSettings,
    responses((status = 200, body = Version)))]
async fn change_settings(
    ApiPath(id): ApiPath<RoleId>,
    asker: Asker,
    ApiJson(input): ApiJson<ChangeSettings>,
) -> ApiResult<Json<Version>> {
    let asker = asker.administering(id.uuid()).await?;
    let version = asker.answer(engine::role_settings::change(&asker.engine, &asker.ctx, id, input).await)?;
    Ok(Json(Version { version }))
}

/// The versions of the settings, newest first, with what changed.
#[utoipa::path(get, path = "/roles/{id}/history", operation_id = "role.history", tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 200, body = Vec<SettingsVersion>)))]
async fn history(ApiPath(id): ApiPath<RoleId>, asker: Asker) -> ApiResult<Json<Vec<SettingsVersion>>> {
    asker.answer(engine::role::history(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Which assignments.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those that have ended, instead of those that are live or planned.
    ended: bool,
}

/// The assignments of a role.
#[utoipa::path(get, path = "/roles/{id}/assignments", operation_id = "assignment.of_role", tag = "assignments",
    params(("id" = RoleId, Path), Which),
    responses((status = 200, body = Vec<AssignmentRow>)))]
async fn assignments(
    ApiPath(id): ApiPath<RoleId>,
    ApiQuery(which): ApiQuery<Which>,
    asker: Asker,
) -> ApiResult<Json<Vec<AssignmentRow>>> {
    asker.answer(engine::assignment::of_role(&asker.engine, &asker.ctx, id, which.ended).await).map(Json)
}

/// What an activation of this role asks for, and who would decide.
#[utoipa::path(get, path = "/roles/{id}/activation-form", operation_id = "activation.form", tag = "activations",
    params(("id" = RoleId, Path)), responses((status = 200, body = ActivationForm)))]
async fn form(ApiPath(id): ApiPath<RoleId>, asker: Asker) -> ApiResult<Json<ActivationForm>> {
    asker.answer(engine::activation::form(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// The roles of Office 365 and Entra that come with Stint.
#[utoipa::path(get, path = "/catalogue", operation_id = "role.catalogue", tag = "roles",
    responses((status = 200, body = Vec<CatalogueRole>)))]
async fn catalogue(asker: Asker) -> ApiResult<Json<Vec<CatalogueRole>>> {
    asker.answer(engine::role::catalogue(&asker.engine, &asker.ctx).await).map(Json)
}

/// Takes roles over from the catalogue.
#[utoipa::path(post, path = "/catalogue/import", operation_id = "role.import", tag = "roles", request_body = ImportRoles,
    responses((status = 201, body = Vec<RoleRef>)))]
async fn import(
    asker: Asker,
    ApiJson(input): ApiJson<ImportRoles>,
) -> ApiResult<(StatusCode, Json<Vec<RoleRef>>)> {
    let asker = asker.administering(Uuid::nil()).await?;
    let roles = asker.answer(engine::role::import(&asker.engine, &asker.ctx, input).await)?;
    Ok((StatusCode::CREATED, Json(roles)))
}
