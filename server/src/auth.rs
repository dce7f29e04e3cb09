//! Who asks: the middleware that makes the `Ctx` of each request from cookies or a bearer token.
//!
//! Cookies count for pages, server functions and live events; bearer tokens for the API; both together are refused.
//! The rotation of the caller's own session is the one write that a GET may cause.

use std::net::SocketAddr;

use app::api::cookies::Cookie;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use domain::{Code, Problem, problem::Kind};
use engine::{Caller, Client, Ctx, Signed, session};
use secrecy::ExposeSecret;

use crate::{
    address,
    place::{Place, accepts_html},
    process::Process,
    request::RequestId,
};

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The access token of this request, for streams that outlive it.
#[derive(Clone, Debug)]
pub struct Access(pub secrecy::SecretString);

/// What was found out about the caller.
#[derive(Default)]
struct Found {
    signed: Option<(Signed, Access)>,
    /// Cookies to send back.
    cookies: Vec<HeaderValue>,
}

/// Finds out who asks, and puts `Engine` and `Ctx` into the request.
pub async fn identify(State(process): State<Process>, mut request: Request, next: Next) -> Response {
    let place = Place::of(request.uri().path());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let client = client(&process, &request);
    let found = match find(&process, place, request.headers(), &client).await {
        Ok(found) => found,
        Err(error) => return place.refusal(request.headers(), error.told(&id)),
    };
    let caller = found.signed.as_ref().map_or(Caller::Nobody, |(signed, _)| Caller::Person(*signed));
    if let Some((signed, access)) = found.signed {
        if keeps_awake(place, request.method(), request.headers())
            && let Err(error) = session::touch(process.engine(), &signed).await
        {
            tracing::warn!(%error, "a session could not be kept awake");
        }
        request.extensions_mut().insert(access);
    }
    let ctx = Ctx { client, request_id: id, ..Ctx::of(caller) };
    request.extensions_mut().insert(ctx);
    request.extensions_mut().insert(process.engine().clone());
    let mut response = next.run(request).await;
    add(response.headers_mut(), found.cookies);
    response
}

/// Cookies that the handler set itself, as in signing out, are the newer ones.
fn add(headers: &mut HeaderMap, cookies: Vec<HeaderValue>) {
    let name =
        |cookie: &HeaderValue| cookie.as_bytes().split(|byte| *byte == b'=').next().map(<[u8]>::to_vec);
    let set: Vec<_> = headers.get_all(header::SET_COOKIE).iter().filter_map(name).collect();
    for cookie in cookies {
        if name(&cookie).is_some_and(|name| !set.contains(&name)) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

async fn find(
    process: &Process,
    place: Place,
    headers: &HeaderMap,
    client: &Client,
) -> engine::Result<Found> {
    let cookies = process.cookies();
    let access = cookies.read(headers, Cookie::Access);
    let refresh = cookies.read(headers, Cookie::Refresh);
    let bearer = bearer(headers)?;
    if headers.contains_key(header::AUTHORIZATION) && (access.is_some() || refresh.is_some()) {
        return Err(Problem::new(Code::BadRequest).limit("a bearer token or cookies, not both").into());
    }
    match bearer {
        Some(token) if place == Place::Api => {
            let signed = session::authenticate(process.engine(), token, client).await?;
            Ok(Found { signed: Some((signed, Access(token.to_owned().into()))), cookies: Vec::new() })
        }
        None if place.takes_cookies() => of_browser(process, access, refresh, client).await,
        Some(_) | None => Ok(Found::default()),
    }
}

async fn of_browser(
    process: &Process,
    access: Option<String>,
    refresh: Option<String>,
    client: &Client,
) -> engine::Result<Found> {
    if let Some(access) = &access {
        match session::authenticate(process.engine(), access, client).await {
            Ok(signed) => {
                return Ok(Found {
                    signed: Some((signed, Access(access.clone().into()))),
                    cookies: Vec::new(),
                });
            }
            Err(error) if !is_signed_out(&error) => return Err(error),
            Err(_) => {}
        }
    }
    match refresh {
        Some(refresh) => rotated(process, &refresh, client).await,
        None => Ok(Found::default()),
    }
}

/// New tokens for old ones. A session that is over takes its cookies with it.
async fn rotated(process: &Process, refresh: &str, client: &Client) -> engine::Result<Found> {
    let cookies = process.cookies();
    match session::refresh(process.engine(), refresh, client).await {
        Ok(tokens) => {
            let access = tokens.access.expose_secret();
            let signed = session::authenticate(process.engine(), access, client).await?;
            let kept = vec![
                cookies.keep(Cookie::Access, access),
                cookies.keep(Cookie::Refresh, tokens.refresh.expose_secret()),
            ];
            Ok(Found { signed: Some((signed, Access(tokens.access))), cookies: kept })
        }
        Err(error) if is_signed_out(&error) => {
            let forgotten = vec![cookies.forget(Cookie::Access), cookies.forget(Cookie::Refresh)];
            Ok(Found { signed: None, cookies: forgotten })
        }
        Err(error) => Err(error),
    }
}

fn is_signed_out(error: &engine::Error) -> bool {
    error.problem().is_some_and(|problem| problem.code.kind() == Kind::SignedOut)
}

/// The token of `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> engine::Result<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let wrong = || Problem::new(Code::BadRequest).limit("Authorization: Bearer and a token");
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(wrong)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(wrong().into());
    }
    Ok(Some(token.trim()))
}

/// Navigation and acts keep a session awake; pages that refresh themselves do not. What a page reads is JSON, what
/// somebody does is a form.
fn keeps_awake(place: Place, method: &Method, headers: &HeaderMap) -> bool {
    match place {
        Place::Page => *method == Method::GET && accepts_html(headers),
        Place::Function => {
            let kind =
                headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            *method == Method::POST && kind.starts_with("application/x-www-form-urlencoded")
        }
        // A tool does nothing in the background.
        Place::Api => true,
        Place::Events | Place::Open => false,
    }
}

/// Where the request comes from.
fn client(process: &Process, request: &Request) -> Client {
    let peer = request.extensions().get::<Peer>().map_or(address::NOWHERE, |peer| peer.0.ip());
    let agent =
        request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client {
        address: address::of_request(peer, request.headers(), process.trusted_proxies()).to_string(),
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
    }
}
