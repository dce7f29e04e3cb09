//! Against requests that another site makes in somebody's name: what changes something must come from our own origin.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{Code, Problem};

use crate::{place::Place, process::Process};

/// Refuses unsafe requests from elsewhere, and lets no foreign address in or out.
pub async fn guard(State(process): State<Process>, mut request: Request, next: Next) -> Response {
    let place = Place::of(request.uri().path());
    if let Err(why) = judge(request.method(), request.headers(), process.origin(), place) {
        tracing::info!(why, place = ?place, "refused a request from another origin");
        return place.refusal_as(
            StatusCode::FORBIDDEN,
            request.headers(),
            Problem::new(Code::BadRequest).limit(why),
        );
    }
    // A plain form that is refused leads back to the page it names itself.
    if !request.headers().get(header::REFERER).is_none_or(|referer| is_own(referer, process.origin())) {
        request.headers_mut().remove(header::REFERER);
    }
    let mut response = next.run(request).await;
    let location = response.headers().get(header::LOCATION);
    if location.is_some_and(|location| !is_path(location) && !is_own(location, process.origin())) {
        tracing::error!("a redirect to another origin was stopped");
        response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
    }
    response
}

const FOREIGN: &str = "it does not come from the address that this Stint is reached at (public_url)";
const UNKNOWN: &str = "a browser must say where it comes from";

/// Whether a request may go on. Browsers say where they come from; tools have no cookies.
pub fn judge(method: &Method, headers: &HeaderMap, origin: &str, place: Place) -> Result<(), &'static str> {
    let is_safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe && place != Place::Events {
        return Ok(());
    }
    let site = text(headers, "sec-fetch-site");
    let from = text(headers, "origin");
    if site.is_some_and(|site| site != "same-origin") || from.is_some_and(|from| from != origin) {
        return Err(FOREIGN);
    }
    if !is_safe && site.is_none() && from.is_none() && headers.contains_key(header::COOKIE) {
        return Err(UNKNOWN);
    }
    Ok(())
}

/// A header that appears once. What appears twice or is no text fits nothing.
fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return Some("");
    }
    Some(first.to_str().unwrap_or_default())
}

fn is_own(address: &HeaderValue, origin: &str) -> bool {
    let rest = address.to_str().ok().and_then(|address| address.strip_prefix(origin));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

fn is_path(address: &HeaderValue) -> bool {
    address
        .to_str()
        .is_ok_and(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://stint.halden.example";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn what_changes_something_must_come_from_our_own_origin() {
        let check = |pairs: &[(&'static str, &str)]| {
            judge(&Method::POST, &headers(pairs), OWN, Place::Function).is_ok()
        };
        assert!(check(&[("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(check(&[("origin", OWN), ("cookie", "a=b")]));
        assert!(check(&[]), "a tool without cookies");
        assert!(!check(&[("cookie", "a=b")]));
        assert!(!check(&[("sec-fetch-site", "cross-site"), ("cookie", "a=b")]));
        assert!(!check(&[("sec-fetch-site", "same-site"), ("cookie", "a=b")]));
        assert!(!check(&[("sec-fetch-site", "none"), ("cookie", "a=b")]));
        assert!(!check(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.example"),
            ("cookie", "a=b")
        ]));
        assert!(!check(&[("origin", "null")]));
        assert!(!check(&[("origin", "https://evil.example")]), "also without a cookie");
        assert!(!check(&[("origin", OWN), ("origin", "https://evil.example")]));
    }

    #[test]
    fn reading_is_open_but_live_events_are_not() {
        let foreign = headers(&[("sec-fetch-site", "cross-site"), ("cookie", "a=b")]);
        assert!(judge(&Method::GET, &foreign, OWN, Place::Page).is_ok());
        assert!(judge(&Method::GET, &foreign, OWN, Place::Events).is_err());
        assert!(judge(&Method::GET, &headers(&[("cookie", "a=b")]), OWN, Place::Events).is_ok());
    }

    #[test]
    fn addresses_that_look_like_ours_are_not() {
        let own = |address: &str| is_own(&HeaderValue::from_str(address).unwrap(), OWN);
        assert!(own(OWN) && own(&format!("{OWN}/roles?x=y")));
        assert!(!own(&format!("{OWN}.evil.example/")) && !own(&format!("{OWN}@evil.example/")));
        assert!(!own(&format!("{OWN}:81/")) && !own("/roles"));
        let path = |address: &str| is_path(&HeaderValue::from_str(address).unwrap());
        assert!(path("/roles") && !path("//evil.example") && !path("/\\evil.example") && !path("roles"));
    }
}
