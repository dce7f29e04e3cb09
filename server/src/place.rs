//! The kinds of places that a path can lead to: what counts as a caller there, and how a refusal looks.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Problem;

use crate::problem::ApiProblem;

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The JSON API: bearer tokens count, cookies do not.
    Api,
    /// Server functions: cookies count.
    Function,
    /// Live events: cookies count.
    Events,
    /// Files and signs of life: nobody is asked who they are.
    Open,
    /// Pages: cookies count.
    Page,
}

impl Place {
    /// What a path leads to.
    pub fn of(path: &str) -> Self {
        match path {
            "/healthz" | "/readyz" | "/icon.svg" | "/robots.txt" | "/favicon.ico" => Self::Open,
            "/events" => Self::Events,
            _ if path.starts_with("/api/") => Self::Api,
            _ if path.starts_with("/fn/") => Self::Function,
            _ if path.starts_with("/pkg/") => Self::Open,
            _ => Self::Page,
        }
    }

    /// Whether a session in cookies counts here.
    pub const fn takes_cookies(self) -> bool {
        matches!(self, Self::Page | Self::Function | Self::Events)
    }

    /// A refusal from before anything was asked, in the form that fits the place.
    pub fn refusal(self, headers: &HeaderMap, problem: Problem) -> Response {
        self.refusal_as(app::api::server::status(&problem), headers, problem)
    }

    /// The same with a status of its own.
    pub fn refusal_as(self, status: StatusCode, headers: &HeaderMap, problem: Problem) -> Response {
        match self {
            Self::Api => ApiProblem::new(status, problem).into_response(),
            Self::Function if !accepts_html(headers) => {
                function_refusal(status, &app::AppError::from(problem))
            }
            Self::Function | Self::Page => page(status, &problem),
            Self::Events | Self::Open => (status, problem.sentence()).into_response(),
        }
    }
}

/// Whether a browser asks for a page, or sends a plain form.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// What the browser's half of a server function understands.
fn function_refusal(status: StatusCode, error: &app::AppError) -> Response {
    let body = serde_json::to_vec(error).unwrap_or_default();
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A page without pages: for what is refused before anything could be drawn.
fn page(status: StatusCode, problem: &Problem) -> Response {
    let sentence = problem.sentence().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let html = format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Stint</title>\
         <main><h1>Stint</h1><p>{sentence}</p><p><a href=\"/\">My roles</a></p></main></html>"
    );
    (status, axum::response::Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_of_one_kind() {
        for (path, place) in [
            ("/", Place::Page),
            ("/api", Place::Page),
            ("/api/v1/me", Place::Api),
            ("/api/openapi.json", Place::Api),
            ("/apis", Place::Page),
            ("/fn/role/list", Place::Function),
            ("/events", Place::Events),
            ("/pkg/stint.js", Place::Open),
            ("/healthz", Place::Open),
            ("/link/secret", Place::Page),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }
}
