//! The JSON API, version 1: everything the pages can do, tools can do. One file a noun; a handler reads the request,
//! calls one use case and answers. The document of it is made from the same lines.

mod account;
mod activation;
mod assignment;
pub(crate) mod audit;
mod check;
mod extract;
mod group;
mod link;
mod notification;
mod page;
mod person;
mod refusals;
mod role;
mod session;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{OriginalUri, State},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use domain::{Code, Problem};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    problem::{ApiProblem, Body},
    process::Process,
};

/// The frame of the document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stint",
        version = "1",
        description = "Privileged roles for as long as the work takes. Sign in with POST /api/v1/session and send the \
                       access token as a bearer token. Instants are UTC (RFC 3339), lengths of time ISO 8601. Unknown \
                       fields and unknown query parameters are refused. Lists have cursors. `Idempotency-Key` on a POST \
                       carries it out once. Acts that ask for a fresh second factor take the six digits in `Stint-Code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    components(schemas(Body)),
    security(("session" = [])),
    modifiers(&Bearer),
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("session", SecurityScheme::Http(scheme));
        }
    }
}

/// Routes and document, from the same lines.
fn parts() -> (Router<Process>, utoipa::openapi::OpenApi) {
    let open = OpenApiRouter::new()
        .merge(session::open())
        .merge(link::routes())
        .layer(middleware::from_fn(extract::idempotency));
    let signed_in = OpenApiRouter::new()
        .merge(session::routes())
        .merge(account::routes())
        .merge(person::routes())
        .merge(group::routes())
        .merge(role::routes())
        .merge(assignment::routes())
        .merge(activation::routes())
        .merge(check::routes())
        .merge(audit::routes())
        .merge(notification::routes())
        .layer(middleware::from_fn(extract::idempotency))
        .layer(middleware::from_fn(extract::signed_in));
    let all = OpenApiRouter::with_openapi(Document::openapi()).merge(open).merge(signed_in);
    let (router, mut document) = all.split_for_parts();
    refusals::describe(&mut document);
    (router, document)
}

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    parts().1
}

/// Everything under `/api`, and the page at it.
pub fn routes(process: &Process) -> Router<Process> {
    let (version_1, document) = parts();
    // What no type can say is no document; the page then has nothing to show, which its test would see.
    let document = Arc::new(serde_json::to_value(document).unwrap_or_default());
    let page: Arc<str> = page::drawn(&document, process.site().css.as_deref(), process.origin()).into();
    Router::new()
        .nest("/v1", version_1)
        .route("/", get(move || std::future::ready(Html(page.to_string()))))
        .route("/openapi.json", get(move || std::future::ready(Json((*document).clone()))))
        .fallback(nothing_here)
        .method_not_allowed_fallback(no_such_method)
}

async fn nothing_here(_: State<Process>) -> Response {
    ApiProblem::from(Code::NotFound).into_response()
}

async fn no_such_method(OriginalUri(_): OriginalUri) -> Response {
    let problem = Problem::new(Code::BadRequest).limit("this method is not for this address");
    ApiProblem::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, problem).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_name_a_sentence_and_the_words_of_its_use_case() {
        let document = serde_json::to_value(document()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().unwrap();
        let mut names = std::collections::BTreeSet::new();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
                let (noun, verb) = name.split_once('.').unwrap_or_else(|| panic!("{method} {path}: {name}"));
                assert!(!noun.is_empty() && !verb.is_empty());
                assert!(operation["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
                assert!(operation["responses"].get("403").is_some(), "{name} does not say how it refuses");
                assert!(names.insert(name.clone()), "{name} twice");
            }
        }
        assert!(names.len() > 50, "{names:?}");
    }
}
