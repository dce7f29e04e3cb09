//! The server's half of what all server functions share: who asks, how an error is told, cookies, redirects.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Code, Problem, problem::Kind, session::Act};
use engine::{Ctx, Engine, IdempotencyKey};
use leptos::{prelude::use_context, server_fn::error::ServerFnUrlError};
use leptos_axum::ResponseOptions;
use serde::Serialize;
use uuid::Uuid;

use super::cookies::{Cookie, Cookies};
use crate::{AppError, AppResult, form::Draft};

/// The engine and the circumstances of this request, put into its extensions by the server.
///
/// # Errors
/// `internal` outside of a request.
pub fn context() -> AppResult<(Engine, Ctx)> {
    let parts = use_context::<Parts>().ok_or(Code::Internal)?;
    let engine = parts.extensions.get::<Engine>().ok_or(Code::Internal)?;
    let ctx = parts.extensions.get::<Ctx>().ok_or(Code::Internal)?;
    Ok((engine.clone(), ctx.clone()))
}

/// Translates an engine's error. A cause from below is logged there, once, and told by its number.
pub fn told(error: engine::Error) -> AppError {
    let request_id = context().map(|(_, ctx)| ctx.request_id).unwrap_or_default();
    AppError::Problem(error.told(&request_id))
}

/// The same circumstances under the form's key, so that sending it twice does it once, with whichever code.
pub fn once(ctx: Ctx, key: &str, endpoint: &str, form: &impl Serialize) -> Ctx {
    let key: String = key.chars().filter(char::is_ascii_graphic).take(100).collect();
    let Ok(mut body) = serde_json::to_value(form) else { return ctx };
    if key.is_empty() {
        return ctx;
    }
    if let Some(fields) = body.as_object_mut() {
        CODES.iter().for_each(|code| drop(fields.remove(*code)));
    }
    let sent = format!("{endpoint}\n{body}");
    Ctx { idempotency: Some(IdempotencyKey::new(format!("form/{key}"), sent.as_bytes())), ..ctx }
}

/// The fields of forms that hold codes.
const CODES: [&str; 2] = ["code", "remove_code"];

/// Uses up the code that was typed for this act, if one was. An empty one is none: the rules ask for it if need be.
///
/// # Errors
/// `mfa_invalid`, `mfa_reused` or `rate_limited`.
pub async fn stepped_up(engine: &Engine, ctx: Ctx, code: &str, act: Act, object: Uuid) -> AppResult<Ctx> {
    if code.trim().is_empty() {
        return Ok(ctx);
    }
    engine::session::step_up(engine, &ctx, code, act, object).await.map_err(told)
}

/// Leads the browser to a page of this site, with or without its own half.
pub fn go_to(path: &str) {
    let path = crate::ReturnPath::or_home(Some(path));
    leptos_axum::redirect(path.as_str());
}

/// The same for the pages before sign-in, which are no places to return to.
pub fn go_to_step(path: &'static str) {
    leptos_axum::redirect(path);
}

/// Adds a cookie to the answer.
pub fn set_cookie(cookie: &HeaderValue) {
    if let Some(answer) = use_context::<ResponseOptions>() {
        answer.append_header(header::SET_COOKIE, cookie.clone());
    }
}

/// How cookies are written here.
///
/// # Errors
/// `internal` outside of a request.
pub fn cookies() -> AppResult<Cookies> {
    Ok(Cookies::of(&context()?.0.config().public_url))
}

/// The headers of this request.
///
/// # Errors
/// `internal` outside of a request.
pub fn headers() -> AppResult<HeaderMap> {
    Ok(use_context::<Parts>().ok_or(Code::Internal)?.headers)
}

/// The value of a cookie of this request.
pub fn cookie(cookie: Cookie) -> Option<String> {
    cookies().ok()?.read(&headers().ok()?, cookie)
}

/// The status that a problem has in HTTP.
pub fn status(problem: &Problem) -> StatusCode {
    match problem.code.kind() {
        Kind::Invalid => match problem.code {
            Code::BadRequest => StatusCode::BAD_REQUEST,
            Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        },
        Kind::SignedOut => StatusCode::UNAUTHORIZED,
        Kind::StepUp | Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Gives the page that is being rendered a status. Plain form posts are left alone: it would undo their redirect.
pub fn answer_with(status: StatusCode) {
    let is_page = use_context::<Parts>().is_some_and(|parts| parts.method == Method::GET);
    if let Some(answer) = use_context::<ResponseOptions>().filter(|_| is_page) {
        answer.set_status(status);
    }
}

/// Where a draft is sealed for.
const DRAFT: &str = "draft";
/// The longest draft that fits into a cookie once it is sealed and written in base 64.
const LONGEST_DRAFT: usize = 2_800;

/// What a refused plain form of this browser held. Without its cookie, what the address says of it.
pub(crate) fn draft() -> Option<Draft> {
    let told = in_address()?;
    Some(in_cookie().filter(|draft| draft.path == told.path).unwrap_or(told))
}

/// Addresses can be written by anybody, so that only codes are taken from them.
fn in_address() -> Option<Draft> {
    #[derive(serde::Deserialize)]
    struct Told {
        #[serde(rename = "__path")]
        path: String,
        #[serde(rename = "__err")]
        error: String,
    }
    let parts = use_context::<http::request::Parts>()?;
    let axum::extract::Query(Told { path, error }) = axum::extract::Query::try_from_uri(&parts.uri).ok()?;
    let error = ServerFnUrlError::<AppError>::decode_err(&error).only_codes();
    Some(Draft { path, problem: Some(error.problem()), fields: Vec::new() })
}

fn in_cookie() -> Option<Draft> {
    let (engine, _) = context().ok()?;
    let value = cookie(Cookie::Draft)?;
    let sealed = BASE64.decode(value).ok()?;
    serde_json::from_slice(&engine.keys().open(DRAFT, &sealed)?).ok()
}

/// The cookie that keeps a draft; without the fields when they are too long for one.
pub fn draft_cookie(engine: &Engine, draft: &Draft) -> Option<HeaderValue> {
    let mut plain = serde_json::to_vec(draft).ok()?;
    if plain.len() > LONGEST_DRAFT {
        plain = serde_json::to_vec(&Draft { fields: Vec::new(), ..draft.clone() }).ok()?;
    }
    let sealed = engine.keys().seal(engine.env(), DRAFT, &plain);
    (plain.len() <= LONGEST_DRAFT)
        .then(|| Cookies::of(&engine.config().public_url).keep(Cookie::Draft, &BASE64.encode(&sealed)))
}

/// A key for a form.
pub(crate) fn new_key() -> String {
    context().map(|(engine, _)| BASE64.encode(engine.env().bytes::<16>())).unwrap_or_default()
}
