//! The door of the server functions. Plain forms that are refused lead back to their page: codes in the address, and
//! what was typed in a sealed cookie, without secrets.

use app::{AppError, api::server::draft_cookie, form::Draft};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use domain::{Code, Problem};
use leptos::server_fn::{
    axum::get_server_fn_service,
    error::{FromServerFnError, SERVER_FN_ERROR_HEADER, ServerFnUrlError},
};

use crate::{
    place::{Place, accepts_html},
    process::Process,
    request::BODY,
};

/// Names of fields that are never kept, wherever they stand: `form[new_password]`, `form[code]`.
const NEVER_KEPT: [&str; 5] = ["password", "code", "token", "proof", "secret"];
/// The field that tells one form from another: kept only when it is not known whether it was done, so that it counts once.
const KEY: &str = "form[key]";

/// Runs a server function.
pub async fn serve(State(process): State<Process>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (path, headers) = (parts.uri.path().to_owned(), parts.headers.clone());
    if parts.method != Method::POST || get_server_fn_service(&path, Method::POST).is_none() {
        return Place::Function.refusal(&headers, Problem::new(Code::NotFound));
    }
    let Ok(body) = axum::body::to_bytes(body, BODY).await else {
        return Place::Function.refusal(&headers, Problem::new(Code::BodyTooLarge).limit("64 KiB"));
    };
    let request = Request::from_parts(parts, Body::from(body.clone()));
    let site = process.site().clone();
    let response = leptos_axum::handle_server_fns_with_context(
        move || leptos::prelude::provide_context(site.clone()),
        request,
    )
    .await
    .into_response();
    if !accepts_html(&headers) {
        return with_status(response).await;
    }
    if response.headers().contains_key(SERVER_FN_ERROR_HEADER) && refusal_in(&response).is_none() {
        // A browser that does not say which page it comes from cannot be led back to it.
        return Place::Function.refusal(&headers, problem_of(response.into_body()).await);
    }
    lead_back(&process, response, &body)
}

/// A refusal that goes to the browser's half gets the status of its problem.
async fn with_status(response: Response) -> Response {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let problem = problem_of(body).await;
    parts.status = app::api::server::status(&problem);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(AppError::from(problem).ser()))
}

/// The problem that an answer of a server function holds.
async fn problem_of(body: Body) -> Problem {
    here(&AppError::de(axum::body::to_bytes(body, BODY).await.unwrap_or_default()))
}

/// An error as it is to be understood on this side. What could not be read here is what somebody sent, while in the
/// browser the same error means that our answer did not arrive.
fn here(error: &AppError) -> Problem {
    match error {
        AppError::Problem(problem) => problem.clone(),
        AppError::Unreachable => Problem::new(Code::BadRequest).limit("its fields"),
    }
}

/// A plain form that was refused: the address keeps codes only, the cookie the rest.
fn lead_back(process: &Process, mut response: Response, body: &Bytes) -> Response {
    let Some((page, path, error)) = refusal_in(&response) else { return response };
    let problem = here(&error);
    let headers: &mut HeaderMap = response.headers_mut();
    let coded = URL_SAFE.encode(AppError::from(problem.clone()).only_codes().ser());
    let glue = if page.contains('?') { '&' } else { '?' };
    let back = format!("{page}{glue}__path={}&__err={}", escaped(&path), escaped(&coded));
    if let Ok(back) = HeaderValue::from_str(&back) {
        headers.insert(header::LOCATION, back);
    }
    let keeps_key = AppError::from(problem.clone()).is_passing();
    let draft = Draft { path, problem: Some(problem), fields: fields(body, keeps_key) };
    if let Some(cookie) = draft_cookie(process.engine(), &draft) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// Where a refusal leads back to, which endpoint refused and why.
fn refusal_in(response: &Response) -> Option<(String, String, AppError)> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let (path, error) = refused(location)?;
    Some((without_refusal(location), path, error))
}

/// The endpoint and the error that an address carries.
fn refused(location: &str) -> Option<(String, AppError)> {
    let (_, query) = location.split_once('?')?;
    let pairs = pairs(query);
    let value = |name: &str| pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Some((value("__path")?, ServerFnUrlError::<AppError>::decode_err(&value("__err")?)))
}

/// The address of the page alone.
fn without_refusal(location: &str) -> String {
    let Some((page, query)) = location.split_once('?') else { return location.to_owned() };
    let kept: Vec<_> =
        query.split('&').filter(|pair| !pair.starts_with("__path=") && !pair.starts_with("__err=")).collect();
    if kept.is_empty() { page.to_owned() } else { format!("{page}?{}", kept.join("&")) }
}

/// What was typed, without secrets.
fn fields(body: &Bytes, keeps_key: bool) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let is_secret = |name: &str| NEVER_KEPT.iter().any(|word| name.to_lowercase().contains(word));
    let is_kept = |name: &str| !is_secret(name) && (keeps_key || name != KEY);
    pairs(&text).into_iter().filter(|(name, _)| is_kept(name)).collect()
}

/// Reads `application/x-www-form-urlencoded`.
fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (unescaped(name), unescaped(value)))
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'+' => b' ',
            b'%' => match (rest.next().and_then(digit), rest.next().and_then(digit)) {
                (Some(high), Some(low)) => high * 16 + low,
                _ => b'%',
            },
            other => other,
        };
        bytes.push(decoded);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_but_no_secret() {
        let body = Bytes::from_static(
            b"form%5Bname%5D=Ada+L%C3%A5&form%5Bnew_password%5D=x&form%5Bcode%5D=123456&form%5Bkey%5D=k&form%5BPassword%5D=y",
        );
        let name = ("form[name]".to_owned(), "Ada Lå".to_owned());
        assert_eq!(fields(&body, false), std::slice::from_ref(&name));
        assert_eq!(fields(&body, true), [name, ("form[key]".to_owned(), "k".to_owned())]);
    }

    #[test]
    fn an_older_refusal_does_not_stay_in_the_address() {
        assert_eq!(without_refusal("http://a/roles?tab=x&__path=/fn/a&__err=b"), "http://a/roles?tab=x");
        assert_eq!(without_refusal("http://a/roles?__path=/fn/a&__err=b"), "http://a/roles");
        let error = AppError::from(Problem::new(Code::TooLong).field("name").limit("100"));
        let coded = escaped(&URL_SAFE.encode(error.ser()));
        let (path, read) =
            refused(&format!("http://a/roles?__path=%2Ffn%2Fold&__err=x&__path=%2Ffn%2Frole&__err={coded}"))
                .unwrap();
        assert_eq!((path.as_str(), read), ("/fn/role", error));
    }
}
