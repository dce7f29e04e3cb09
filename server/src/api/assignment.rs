//! Assignments: `/assignments`. Those of one role are under `/roles/{id}/assignments`.

use axum::{Json, http::StatusCode};
use domain::{
    activation::End,
    assignment::{AssignmentId, AssignmentMade, ChangeAssignment, NewAssignment},
    role::AssignmentRow,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiJson, ApiPath, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new().routes(routes!(make)).routes(routes!(get, change)).routes(routes!(remove))
}

/// Makes somebody eligible for a role or gives it, and says who is made privileged by it.
#[utoipa::path(post, path = "/assignments", operation_id = "assignment.make", tag = "assignments",
    request_body = NewAssignment, responses((status = 201, body = AssignmentMade)))]
async fn make(
    asker: Asker,
    ApiJson(new): ApiJson<NewAssignment>,
) -> ApiResult<(StatusCode, Json<AssignmentMade>)> {
    let asker = asker.administering(new.role.uuid()).await?;
    let made = asker.answer(engine::assignment::make(&asker.engine, &asker.ctx, new).await)?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One assignment.
#[utoipa::path(get, path = "/assignments/{id}", operation_id = "assignment.get", tag = "assignments",
    params(("id" = AssignmentId, Path)), responses((status = 200, body = AssignmentRow)))]
async fn get(ApiPath(id): ApiPath<AssignmentId>, asker: Asker) -> ApiResult<Json<AssignmentRow>> {
    asker.answer(engine::assignment::get(&asker.engine, &asker.ctx, id).await).map(Json)
}

/// Changes the end: earlier, later, or none.
#[utoipa::path(put, path = "/assignments/{id}", operation_id = "assignment.change", tag = "assignments",
    params(("id" = AssignmentId, Path)), request_body = ChangeAssignment,
    responses((status = 204)))]
async fn change(
    ApiPath(id): ApiPath<AssignmentId>,
    asker: Asker,
    ApiJson(input): ApiJson<ChangeAssignment>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::assignment::change(&asker.engine, &asker.ctx, id, input).await)
}

/// Ends an assignment now.
#[utoipa::path(post, path = "/assignments/{id}/remove", operation_id = "assignment.remove", tag = "assignments",
    params(("id" = AssignmentId, Path)), request_body = End, responses((status = 204)))]
async fn remove(
    ApiPath(id): ApiPath<AssignmentId>,
    asker: Asker,
    ApiJson(input): ApiJson<End>,
) -> ApiResult<StatusCode> {
    let asker = asker.administering(id.uuid()).await?;
    asker.done(engine::assignment::remove(&asker.engine, &asker.ctx, id, input).await)
}
