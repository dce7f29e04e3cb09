//! Messages on their way: `/outbox`.

use axum::Json;
use domain::{
    notification::{MessageId, MessageView, Outbox},
    page::ListQuery,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiPath, ApiQuery, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new().routes(routes!(outbox)).routes(routes!(view))
}

/// Messages, newest first, and how many wait.
#[utoipa::path(get, path = "/outbox", operation_id = "notification.outbox", tag = "outbox", params(ListQuery),
    responses((status = 200, body = Outbox)))]
async fn outbox(ApiQuery(query): ApiQuery<ListQuery>, asker: Asker) -> ApiResult<Json<Outbox>> {
    asker.answer(engine::notification::outbox(&asker.engine, &asker.ctx, query).await).map(Json)
}

/// One message as it will be, or was, sent; without one-time links.
#[utoipa::path(get, path = "/outbox/{id}", operation_id = "notification.view", tag = "outbox",
    params(("id" = MessageId, Path)), responses((status = 200, body = MessageView)))]
async fn view(ApiPath(id): ApiPath<MessageId>, asker: Asker) -> ApiResult<Json<MessageView>> {
    asker.answer(engine::notification::view(&asker.engine, &asker.ctx, id).await).map(Json)
}
