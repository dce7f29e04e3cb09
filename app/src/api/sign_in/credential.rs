//! One's own credentials: how well one is protected, and changing what one signs in with.

use domain::{person::Me, sign_in::Security};
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
    crate::api::server::{context, go_to, told},
    domain::{Code, session::Act},
    engine::{session, sign_in::credential},
    secrecy::SecretString,
};

/// Who one is and what one signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Who.
    pub me: Me,
    /// With what, and where.
    pub security: Security,
}

/// What the form of a new password sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPasswordForm {
    current_password: String,
    password: String,
}

/// What the form of a new authenticator app sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFactorForm {
    code: String,
    proof: String,
}

/// What the form of new recovery codes sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCodesForm {
    #[serde(default)]
    code: String,
}

/// Who one is and what one signs in with.
#[server(prefix = "/fn", endpoint = "credential/security", protocol = JsonCall)]
pub async fn credential_security() -> AppResult<OwnAccount> {
    let (engine, ctx) = context()?;
    let me = engine::person::me(&engine, &ctx).await.map_err(told)?;
    let security = credential::security(&engine, &ctx).await.map_err(told)?;
    Ok(OwnAccount { me, security })
}

/// Sets a new password.
#[server(prefix = "/fn", endpoint = "credential/change_password")]
pub async fn credential_change_password(form: NewPasswordForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let (current, new) = (SecretString::from(form.current_password), SecretString::from(form.password));
    credential::change_password(&engine, &ctx, &current, &new).await.map_err(told)?;
    go_to("/account?done=password");
    Ok(())
}

/// Begins to enrol a new authenticator app; nothing changes yet.
#[server(prefix = "/fn", endpoint = "credential/begin_factor")]
pub async fn credential_begin_factor() -> AppResult<()> {
    let (engine, ctx) = context()?;
    let begun = credential::begin_factor(&engine, &ctx).await.map_err(told)?;
    go_to("/account?change=app");
    step::keep(&engine, Step::Factor { sealed: begun.sealed, enrolment: begun.enrolment })
}

/// What the new authenticator app needs.
#[server(prefix = "/fn", endpoint = "credential/enrolment", protocol = JsonCall)]
pub async fn credential_enrolment() -> AppResult<Enrolling> {
    let (engine, ctx) = context()?;
    ctx.signed().map_err(told)?;
    match step::read(&engine) {
        Some(Step::Factor { enrolment, .. }) => qr::drawn(enrolment),
        Some(_) | None => Err(Code::StepExpired.into()),
    }
}

/// Replaces the authenticator app.
#[server(prefix = "/fn", endpoint = "credential/finish_factor")]
pub async fn credential_finish_factor(form: NewFactorForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    ctx.signed().map_err(told)?;
    let Some(Step::Factor { sealed, .. }) = step::read(&engine) else { return Err(Code::StepExpired.into()) };
    credential::finish_factor(&engine, &ctx, &sealed, &form.code, &form.proof).await.map_err(told)?;
    step::forget()?;
    go_to("/account?done=app");
    Ok(())
}

/// Makes ten new recovery codes.
#[server(prefix = "/fn", endpoint = "credential/new_recovery_codes")]
pub async fn credential_new_recovery_codes(form: NewCodesForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let object = ctx.signed().map_err(told)?.sign_in.uuid();
    let ctx = match form.code.trim() {
        "" => ctx,
        code => session::step_up(&engine, &ctx, code, Act::Credentials, object).await.map_err(told)?,
    };
    let codes = credential::new_recovery_codes(&engine, &ctx).await.map_err(told)?;
    step::keep(&engine, Step::Codes { codes })?;
    go_to("/account/recovery-codes");
    Ok(())
}
