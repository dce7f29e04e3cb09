//! What handlers take out of a request: who asks, ids, bodies and queries. Whatever is not understood is refused.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Code, Problem, session::Act};
use engine::{Ctx, Engine, IdempotencyKey};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    problem::{ApiProblem, ApiResult},
    request::BODY,
};

/// Who asks, with the engine that answers. Comes after [`ApiQuery`] among the arguments: what it has not read of the
/// query is refused here.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The engine.
    pub engine: Engine,
    /// The circumstances.
    pub ctx: Ctx,
    /// Six digits from the header `Stint-Code`.
    code: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Asker {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        let engine = parts.extensions.get::<Engine>().cloned().ok_or(Code::Internal)?;
        let ctx = parts.extensions.get::<Ctx>().cloned().ok_or(Code::Internal)?;
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Problem::new(Code::BadRequest)
                .field("query")
                .limit("no such query parameter")
                .into());
        }
        Ok(Self { engine, ctx, code: one(&parts.headers, "stint-code")? })
    }
}

impl Asker {
    /// Uses up the code for this act on this object, if one came.
    pub async fn stepped_up(mut self, act: Act, object: Uuid) -> ApiResult<Self> {
        let Some(code) = self.code.take() else { return Ok(self) };
        let stepped_up = engine::session::step_up(&self.engine, &self.ctx, &code, act, object).await;
        let ctx = self.answer(stepped_up)?;
        Ok(Self { ctx, ..self })
    }

    /// The same for an administrator's change of this object.
    pub async fn administering(self, object: Uuid) -> ApiResult<Self> {
        self.stepped_up(Act::Administer, object).await
    }

    /// Translates an engine's error.
    pub fn told(&self, error: engine::Error) -> ApiProblem {
        error.told(&self.ctx.request_id).into()
    }

    /// Translates an engine's answer.
    pub fn answer<T>(&self, result: engine::Result<T>) -> ApiResult<T> {
        result.map_err(|error| self.told(error))
    }

    /// The same for acts without an answer.
    pub fn done(&self, result: engine::Result<()>) -> ApiResult<StatusCode> {
        self.answer(result).map(|()| StatusCode::NO_CONTENT)
    }
}

/// A header that may appear once.
fn one(headers: &HeaderMap, name: &'static str) -> ApiResult<Option<String>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    let text = text.ok_or_else(|| Problem::new(Code::BadRequest).field(name).limit("once, in ASCII"))?;
    Ok(Some(text.to_owned()))
}

/// An id in the path. What is no id names nothing.
#[derive(Clone, Copy, Debug)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Path(value) =
            Path::from_request_parts(parts, state).await.map_err(|_| ApiProblem::from(Code::NotFound))?;
        Ok(Self(value))
    }
}

/// The query, read whole. What is not in `T` is refused, as long as `T` denies unknown fields.
#[derive(Clone, Debug)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        let axum::extract::Query(value) = query.map_err(|error| {
            Problem::new(Code::BadRequest).field("query").limit(shortened(&error.body_text()))
        })?;
        parts.uri = without_query(&parts.uri);
        Ok(Self(value))
    }
}

fn without_query(uri: &Uri) -> Uri {
    uri.path().parse().unwrap_or_else(|_| Uri::from_static("/"))
}

/// A JSON body.
#[derive(Clone, Debug)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        let bad = |limit: String| ApiProblem::from(Problem::new(Code::BadRequest).limit(limit));
        let kind = one(request.headers(), "content-type")?.unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(bad("Content-Type: application/json".to_owned()));
        }
        let body = bytes(request.into_body()).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| bad(shortened(&error.to_string())))
    }
}

async fn bytes(body: Body) -> ApiResult<axum::body::Bytes> {
    let too_large = |_| ApiProblem::from(Problem::new(Code::BodyTooLarge).limit("64 KiB"));
    axum::body::to_bytes(body, BODY).await.map_err(too_large)
}

/// What a parser says of the caller's own input, bounded.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Refuses who is not signed in, before anything of what they sent is judged.
pub async fn signed_in(request: Request, next: Next) -> Response {
    if request.extensions().get::<Ctx>().is_some_and(|ctx| ctx.signed().is_ok()) {
        return next.run(request).await;
    }
    ApiProblem::from(Code::SignedOut).into_response()
}

/// Puts the `Idempotency-Key` of a POST into the circumstances, with the hash of what was sent under it.
pub async fn idempotency(request: Request, next: Next) -> Response {
    match keyed(request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(request: Request) -> ApiResult<Request> {
    let key = one(request.headers(), "idempotency-key")?;
    let Some(key) = key.filter(|_| request.method() == axum::http::Method::POST) else { return Ok(request) };
    let is_plain = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_plain {
        return Err(Problem::new(Code::BadRequest)
            .field("idempotency-key")
            .limit("1 to 100 visible ASCII characters")
            .into());
    }
    let (mut parts, body) = request.into_parts();
    let body = bytes(body).await?;
    let path = parts.uri.path();
    let sent = [parts.method.as_str().as_bytes(), b" ", path.as_bytes(), b"\n", body.as_ref()].concat();
    if let Some(ctx) = parts.extensions.get_mut::<Ctx>() {
        ctx.idempotency = Some(IdempotencyKey::new(format!("api/{key}"), &sent));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Request::from_parts(parts, Body::from(body)))
}
