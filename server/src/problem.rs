//! Refusals of the JSON API: RFC 9457, `application/problem+json`, with Stint's stable code.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Code, Problem, problem::Kind};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal on its way out.
#[derive(Debug)]
pub struct ApiProblem(StatusCode, Problem);

/// What a handler of the API answers.
pub type ApiResult<T> = Result<T, ApiProblem>;

/// What tools read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// `urn:stint:problem:` and the code.
    #[schema(example = "urn:stint:problem:duration_too_long")]
    r#type: String,
    /// What is wrong, in a sentence for people.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong, stable over versions.
    code: Code,
    /// The field of the input that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The bound that was missed, or what would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
    /// Other fields of the same input that need attention.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more: Vec<More>,
}

/// A further field that needs attention.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FurtherProblem)]
pub struct More {
    /// What is wrong, in a sentence for people.
    title: String,
    /// What is wrong, stable over versions.
    code: Code,
    /// The field of the input that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The bound that was missed, or what would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
}

impl ApiProblem {
    /// With a status of its own.
    pub const fn new(status: StatusCode, problem: Problem) -> Self {
        Self(status, problem)
    }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        Self(app::api::server::status(&problem), problem)
    }
}

impl From<Code> for ApiProblem {
    fn from(code: Code) -> Self {
        Self::from(Problem::new(code))
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let Self(status, problem) = self;
        let kind = problem.code.kind();
        let body = Body {
            r#type: format!("urn:stint:problem:{}", problem.code.as_str()),
            title: problem.sentence(),
            status: status.as_u16(),
            code: problem.code,
            more: problem.more.iter().map(More::of).collect(),
            field: problem.field,
            limit: problem.limit,
        };
        let mut response = (status, serde_json::to_vec(&body).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if kind == Kind::SignedOut {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl More {
    fn of(problem: &Problem) -> Self {
        Self {
            title: problem.sentence(),
            code: problem.code,
            field: problem.field.clone(),
            limit: problem.limit.clone(),
        }
    }
}
