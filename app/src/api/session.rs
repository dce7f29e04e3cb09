//! Sessions: ending one's own, here and elsewhere.

use domain::session::SessionId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::AppResult;
#[cfg(feature = "ssr")]
use {
    super::{
        cookies::Cookie,
        server::{context, cookies, go_to, go_to_step, set_cookie, told},
    },
    domain::{Code, problem::Kind},
};

/// What the form beside a session sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    id: SessionId,
}

/// Ends the session of this browser. Who is signed out already is as good.
#[server(prefix = "/fn", endpoint = "session/sign_out")]
pub async fn session_sign_out() -> AppResult<()> {
    let (engine, ctx) = context()?;
    match engine::session::sign_out(&engine, &ctx).await.map_err(told) {
        Ok(()) => {}
        Err(error) if matches!(error.problem().code.kind(), Kind::SignedOut | Kind::NotFound) => {}
        Err(error) => return Err(error),
    }
    for cookie in [Cookie::Access, Cookie::Refresh, Cookie::Step, Cookie::Draft] {
        set_cookie(&cookies()?.forget(cookie));
    }
    go_to_step("/sign-in?done=out");
    Ok(())
}

/// Ends one of one's sessions.
#[server(prefix = "/fn", endpoint = "session/end")]
pub async fn session_end(form: EndForm) -> AppResult<()> {
    let (engine, ctx) = context()?;
    // A session that has ended meanwhile is what was wanted.
    match engine::session::end(&engine, &ctx, form.id).await.map_err(told) {
        Ok(()) => {}
        Err(error) if error.problem().code == Code::NotFound => {}
        Err(error) => return Err(error),
    }
    go_to("/account?done=session");
    Ok(())
}

/// Ends all of one's sessions but this one.
#[server(prefix = "/fn", endpoint = "session/end_others")]
pub async fn session_end_others() -> AppResult<()> {
    let (engine, ctx) = context()?;
    engine::session::end_others(&engine, &ctx).await.map_err(told)?;
    go_to("/account?done=sessions");
    Ok(())
}
