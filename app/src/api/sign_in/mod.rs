//! Signing in: name and password, then a code. What lies between is a sealed cookie; the session's cookies are set here.

pub mod credential;
pub mod link;
#[cfg(feature = "ssr")]
mod qr;
#[cfg(feature = "ssr")]
mod step;

use domain::sign_in::DemoPerson;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AppResult, exchange::JsonCall};
#[cfg(feature = "ssr")]
use {
    self::step::Step,
    super::{
        cookies::Cookie,
        server::{context, cookie, cookies, go_to, go_to_step, set_cookie, told},
    },
    crate::ReturnPath,
    domain::{Code, session::SessionKind},
    secrecy::{ExposeSecret, SecretString},
};

/// Whose code is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The person's name.
    pub person_name: String,
    /// The name to sign in with.
    pub sign_in_name: String,
    /// Where signing in leads.
    pub to: String,
}

/// What an authenticator app needs: a drawing to scan, and the key to type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolling {
    /// The dark squares of the QR code, as the path of a drawing.
    pub drawing: String,
    /// How many squares the code has on each side.
    pub squares: u32,
    /// The key in groups of four.
    pub key: String,
}

/// What the form of name and password sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    name: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// What the form of the code sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    code: String,
}

/// Who may sign in where everything is invented; nobody anywhere else. Who is signed in already is led on.
#[server(prefix = "/fn", endpoint = "sign_in/demo", protocol = JsonCall)]
pub async fn sign_in_demo(to: String) -> AppResult<Vec<DemoPerson>> {
    let (engine, ctx) = context()?;
    if ctx.signed().is_ok() {
        go_to(&to);
    }
    Ok(engine::demo::sign_in_help(&engine))
}

/// The first step: name and password.
#[server(prefix = "/fn", endpoint = "sign_in/password_step")]
pub async fn sign_in_password_step(form: PasswordForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let (password, device) = (SecretString::from(form.password), cookie(Cookie::Device));
    let proved = engine::sign_in::password_step(&engine, &ctx, &form.name, &password, device.as_deref())
        .await
        .map_err(told)?;
    let to = ReturnPath::or_home(Some(&form.to)).to_string();
    let whose = Account { person_name: proved.person_name, sign_in_name: proved.sign_in_name, to };
    step::keep(&engine, Step::Code { sealed: proved.sealed, whose })?;
    go_to_step("/sign-in/code");
    Ok(())
}

/// Whose code is asked for.
#[server(prefix = "/fn", endpoint = "sign_in/account", protocol = JsonCall)]
pub async fn sign_in_account() -> AppResult<Account> {
    let (engine, _) = context()?;
    match step::read(&engine) {
        Some(Step::Code { whose, .. }) => Ok(whose),
        Some(_) | None => Err(Code::StepExpired.into()),
    }
}

/// The second step: a code of the authenticator app, or a recovery code.
#[server(prefix = "/fn", endpoint = "sign_in/code_step")]
pub async fn sign_in_code_step(form: CodeForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    let Some(Step::Code { sealed, whose }) = step::read(&engine) else {
        go_to_step("/sign-in?again=true");
        return Ok(());
    };
    match engine::sign_in::code_step(&engine, &ctx, &sealed, &form.code, SessionKind::Browser).await {
        Ok(signed_in) => {
            let (tokens, written) = (signed_in.tokens, cookies()?);
            set_cookie(&written.keep(Cookie::Access, tokens.access.expose_secret()));
            set_cookie(&written.keep(Cookie::Refresh, tokens.refresh.expose_secret()));
            set_cookie(&written.keep(Cookie::Device, &signed_in.device));
            step::forget()?;
            go_to(&whose.to);
            Ok(())
        }
        Err(error) if error.problem().is_some_and(|problem| problem.code == Code::StepExpired) => {
            step::forget()?;
            go_to_step("/sign-in?again=true");
            Ok(())
        }
        Err(error) => Err(told(error)),
    }
}

/// Recovery codes that were made a moment ago in this browser: to keep, they cannot be read again.
#[server(prefix = "/fn", endpoint = "sign_in/recovery_codes", protocol = JsonCall)]
pub async fn sign_in_recovery_codes() -> AppResult<Vec<String>> {
    let (engine, _) = context()?;
    match step::read(&engine) {
        Some(Step::Codes { codes }) => Ok(codes),
        Some(_) | None => Err(Code::StepExpired.into()),
    }
}
