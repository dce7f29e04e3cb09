//! The record: `/records`; one's own is `/me/records`.

use axum::{
    Json,
    body::Body as HttpBody,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    Instant, Page,
    audit::{Format, RecordFilter, RecordRow, Verification},
    event::EventKind,
    person::PersonId,
    role::RoleId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiJson, ApiQuery, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(own))
        .routes(routes!(export))
        .routes(routes!(last_verification))
        .routes(routes!(verify))
}

/// All records that fit, newest first. `before` of the next part is the number of the last one.
#[utoipa::path(get, path = "/records", operation_id = "audit.list", tag = "record", params(RecordFilter),
    responses((status = 200, body = Page<RecordRow>)))]
async fn list(ApiQuery(filter): ApiQuery<RecordFilter>, asker: Asker) -> ApiResult<Json<Page<RecordRow>>> {
    asker.answer(engine::audit::list(&asker.engine, &asker.ctx, filter).await).map(Json)
}

/// The records that the caller made or that are about the caller.
#[utoipa::path(get, path = "/me/records", operation_id = "audit.own", tag = "me", params(RecordFilter),
    responses((status = 200, body = Page<RecordRow>)))]
async fn own(ApiQuery(filter): ApiQuery<RecordFilter>, asker: Asker) -> ApiResult<Json<Page<RecordRow>>> {
    asker.answer(engine::audit::own(&asker.engine, &asker.ctx, filter).await).map(Json)
}

/// What is exported, and how: the fields of a filter, and the format.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Export {
    /// How it is written.
    format: Format,
    /// Not before.
    #[schema(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Before.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Instant>,
    /// Done by this person, or about them.
    person: Option<PersonId>,
    /// About this role.
    role: Option<RoleId>,
    /// Of this kind.
    kind: Option<EventKind>,
    /// `true`: refused only. `false`: done only.
    refused: Option<bool>,
    /// In the words of the record, at most 100 characters.
    text: Option<String>,
}

/// The records that fit as a file, oldest first. A POST, because that it was exported is itself recorded.
#[utoipa::path(post, path = "/records/export", operation_id = "audit.export", tag = "record", request_body = Export,
    responses((status = 200, content((String = "text/csv"), (String = "application/x-ndjson")))))]
async fn export(asker: Asker, ApiJson(wanted): ApiJson<Export>) -> ApiResult<Response> {
    let Export { format, from, until, person, role, kind, refused, text } = wanted;
    let filter = RecordFilter { from, until, person, role, kind, refused, text, before: None };
    let lines = asker.answer(engine::audit::export(&asker.engine, &asker.ctx, filter, format).await)?;
    Ok(file(format, lines))
}

/// A stream as a file to keep.
pub(crate) fn file(
    format: Format,
    lines: futures::stream::BoxStream<'static, engine::Result<Vec<u8>>>,
) -> Response {
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"stint-record.csv\""),
        Format::JsonLines => ("application/x-ndjson", "attachment; filename=\"stint-record.jsonl\""),
    };
    let mut response = HttpBody::from_stream(lines).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}

/// The last verification of the chain, if there was one.
#[utoipa::path(get, path = "/records/verification", operation_id = "audit.last_verification", tag = "record",
    responses((status = 200, body = Option<Verification>)))]
async fn last_verification(asker: Asker) -> ApiResult<Json<Option<Verification>>> {
    asker.answer(engine::audit::last_verification(&asker.engine, &asker.ctx).await).map(Json)
}

/// Verifies the whole chain now.
#[utoipa::path(post, path = "/records/verify", operation_id = "audit.verify", tag = "record",
    responses((status = 200, body = Verification)))]
async fn verify(asker: Asker) -> ApiResult<Json<Verification>> {
    asker.answer(engine::audit::verify(&asker.engine, &asker.ctx).await).map(Json)
}
