//! The record as a file for browsers: a plain form of the audit page. A server function cannot stream, and tools have the
//! JSON API for it. It is a POST because the export itself is recorded.

use app::{ReturnPath, api::audit::Asked};
use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Code, Problem, audit::Format};
use engine::Ctx;
use serde::Deserialize;

use crate::{api::audit::file, place::Place, process::Process};

/// What the form sends: the filters of the page, and how the file is written.
#[derive(Debug, Deserialize)]
pub struct ExportForm {
    format: Format,
    #[serde(flatten)]
    asked: Asked,
}

/// Streams the records that fit.
pub async fn serve(
    State(process): State<Process>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<Form<ExportForm>, FormRejection>,
) -> Response {
    if ctx.signed().is_err() {
        return Redirect::to(&ReturnPath::or_home(Some("/audit")).sign_in()).into_response();
    }
    let Form(ExportForm { format, asked }) = match form {
        Ok(form) => form,
        Err(rejection) => {
            let problem = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::BodyTooLarge).limit("64 KiB"),
                _ => Problem::new(Code::BadRequest).limit("its fields"),
            };
            return Place::Page.refusal(&headers, problem);
        }
    };
    let engine = process.engine();
    let exported = async {
        let filter = asked.understood(engine, &ctx).await?;
        engine::audit::export(engine, &ctx, filter, format).await
    };
    match exported.await {
        Ok(lines) => file(format, lines),
        Err(error) => Place::Page.refusal(&headers, error.told(&ctx.request_id)),
    }
}
