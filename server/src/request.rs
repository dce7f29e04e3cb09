//! Around every request: its number, its line in the log, its time limit, and what happens when it panics.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{Code, Problem};
use futures::FutureExt;
use tracing::Instrument;

use crate::{place::Place, process::Process};

/// The number of a request, for log, record and people who report a failure.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// How long a request may take until its answer begins. Commands go on; only the waiting ends.
const LONGEST: Duration = Duration::from_secs(30);
/// The largest body.
pub const BODY: usize = 64 * 1024;

/// Carries a request through.
pub async fn carry(State(process): State<Process>, mut request: Request, next: Next) -> Response {
    let id = process.engine().env().id::<RequestId>().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), shown(request.uri().path()));
    let place = Place::of(request.uri().path());
    let headers = said(request.headers());
    let span = tracing::info_span!("request", id, %method, path);
    let started = std::time::Instant::now();
    let mut response = guarded(place, &headers, &id, request, next).instrument(span.clone()).await;
    let status = response.status();
    process.counters().count(status);
    span.in_scope(|| {
        let ms = started.elapsed().as_millis();
        match place {
            Place::Open => tracing::debug!(status = status.as_u16(), ms, "answered"),
            Place::Api | Place::Function | Place::Events | Place::Page => {
                tracing::info!(status = status.as_u16(), ms, "answered");
            }
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

async fn guarded(place: Place, headers: &HeaderMap, id: &str, request: Request, next: Next) -> Response {
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > BODY) {
        return place.refusal(headers, Problem::new(Code::BodyTooLarge).limit("64 KiB"));
    }
    let late =
        if may_act(place, request.method(), request.headers()) { Code::InDoubt } else { Code::Unavailable };
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(LONGEST, work).await {
        Ok(Ok(response)) if response.status() == StatusCode::PAYLOAD_TOO_LARGE && !has_type(&response) => {
            place.refusal(headers, Problem::new(Code::BodyTooLarge).limit("64 KiB"))
        }
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(cause = words(panic.as_ref()), "a request panicked");
            place.refusal(headers, Problem::new(Code::Internal).limit(id))
        }
        Err(_) => {
            tracing::warn!("a request took too long");
            place.refusal(headers, Problem::new(late))
        }
    }
}

/// Whether it may be done although nobody waited for its answer. The browser's half posts its reads too, as JSON.
fn may_act(place: Place, method: &Method, headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_read = place == Place::Function && kind.is_some_and(|kind| kind.starts_with("application/json"));
    !method.is_safe() && !is_read
}

/// Refusals of our own have a type that says more than plain text.
fn has_type(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

/// What of the headers decides how a refusal looks.
fn said(headers: &HeaderMap) -> HeaderMap {
    headers.get(header::ACCEPT).map(|accept| (header::ACCEPT, accept.clone())).into_iter().collect()
}

/// The path without the tokens of one-time links: whoever reads the log must not be able to use them.
fn shown(path: &str) -> String {
    for secret in ["/set-up/", "/link/"] {
        if path.starts_with(secret) {
            return format!("{secret}…");
        }
    }
    path.chars().take(200).collect()
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_act_that_took_too_long_nobody_says_that_nothing_was_changed() {
        let sent_as = |kind| HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]);
        let (json, form) = (sent_as("application/json"), sent_as("application/x-www-form-urlencoded"));
        assert!(may_act(Place::Api, &Method::POST, &json));
        assert!(may_act(Place::Api, &Method::DELETE, &HeaderMap::new()));
        assert!(may_act(Place::Function, &Method::POST, &form));
        assert!(!may_act(Place::Function, &Method::POST, &json), "reading");
        assert!(!may_act(Place::Page, &Method::GET, &HeaderMap::new()));
    }

    #[test]
    fn one_time_links_do_not_reach_the_log() {
        assert_eq!(shown("/link/abc"), "/link/…");
        assert_eq!(shown("/set-up/abc"), "/set-up/…");
        assert_eq!(shown("/roles/7"), "/roles/7");
    }
}
