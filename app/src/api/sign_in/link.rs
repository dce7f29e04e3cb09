//! One-time links: what one is for, what its person sets, and the new authenticator app. Nothing counts before the last step.

use domain::sign_in::LinkView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Enrolling;
use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    super::{
        qr,
        step::{self, Step},
    },
    crate::api::server::{context, go_to_step, told},
    domain::{Code, sign_in::LinkPurpose},
    engine::sign_in::link::{self, BeginLink},
    secrecy::SecretString,
};

/// What the form of a one-time link sends: which fields there are, its purpose says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkForm {
    token: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    sign_in_name: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    current_password: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// What the form of the new authenticator app sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkCodeForm {
    token: String,
    code: String,
}

/// What a link is for, and whose.
#[server(name = ViewLink, prefix = "/fn", endpoint = "link/view", protocol = JsonCall)]
pub async fn link_view(token: String) -> AppResult<LinkView> {
    let (engine, ctx) = context()?;
    link::view(&engine, &ctx, &token).await.map_err(told)
}

/// The first step: what the person sets or proves.
#[server(prefix = "/fn", endpoint = "link/begin")]
pub async fn link_begin(form: LinkForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let purpose = link::view(&engine, &ctx, &form.token).await.map_err(told)?.purpose;
    let given = BeginLink {
        name: form.name,
        sign_in_name: form.sign_in_name,
        password: form.password.map(SecretString::from),
        current_password: form.current_password.map(SecretString::from),
        code: form.code,
    };
    let begun = link::begin(&engine, &ctx, &form.token, given).await.map_err(told)?;
    match begun.enrolment {
        Some(enrolment) => {
            let place = if purpose == LinkPurpose::SetUp { "set-up" } else { "link" };
            // A token that the engine knows is URL-safe base 64.
            leptos_axum::redirect(&format!("/{place}/{}/app", form.token));
            step::keep(&engine, Step::Link { token: form.token, sealed: begun.sealed, enrolment })
        }
        None => {
            go_to_step("/sign-in?done=password");
            Ok(())
        }
    }
}

/// What the new authenticator app needs.
#[server(prefix = "/fn", endpoint = "link/enrolment", protocol = JsonCall)]
pub async fn link_enrolment(token: String) -> AppResult<Enrolling> {
    let (engine, _) = context()?;
    match step::read(&engine) {
        Some(Step::Link { token: begun, enrolment, .. }) if begun == token => qr::drawn(enrolment),
        Some(_) | None => Err(Code::StepExpired.into()),
    }
}

/// The last step: the first code of the new authenticator app.
#[server(prefix = "/fn", endpoint = "link/finish")]
pub async fn link_finish(form: LinkCodeForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let sealed = match step::read(&engine) {
        Some(Step::Link { token, sealed, .. }) if token == form.token => sealed,
        Some(_) | None => return Err(Code::StepExpired.into()),
    };
    let codes = link::finish(&engine, &ctx, &form.token, &sealed, &form.code).await.map_err(told)?;
    step::keep(&engine, Step::Codes { codes })?;
    go_to_step("/sign-in/recovery-codes");
    Ok(())
}
