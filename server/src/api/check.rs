//! Whether somebody holds a role now: `/check`.

use axum::Json;
use domain::{Scope, activation::Check, person::PersonId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::extract::{ApiQuery, Asker};
use crate::{problem::ApiResult, process::Process};

pub(super) fn routes() -> OpenApiRouter<Process> {
    OpenApiRouter::new().routes(routes!(check))
}

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Question {
    /// Who; oneself when left out.
    person: Option<PersonId>,
    /// The key of the role.
    role: String,
    /// The part of the organisation; everything when left out.
    #[param(value_type = Option<String>)]
    scope: Option<Scope>,
}

/// Whether the role is held at this moment, and until when.
#[utoipa::path(get, path = "/check", operation_id = "check.check", tag = "check", params(Question),
    responses((status = 200, body = Check)))]
async fn check(ApiQuery(question): ApiQuery<Question>, asker: Asker) -> ApiResult<Json<Check>> {
    let Question { person, role, scope } = question;
    asker.answer(engine::check::check(&asker.engine, &asker.ctx, person, &role, scope).await).map(Json)
}
