//! What a browser keeps between two steps: sealed, five minutes, nothing of it readable there. There is no session
//! before the second factor.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Code, Instant, session::STEP_LIFE, sign_in::Enrolment};
use engine::Engine;
use serde::{Deserialize, Serialize};

use super::Account;
use crate::{
    AppResult,
    api::{
        cookies::Cookie,
        server::{cookie, cookies, set_cookie},
    },
};

const PLACE: &str = "step/page";

/// Where somebody is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Step {
    /// The password was right, the code is next.
    Code { sealed: String, whose: Account },
    /// What a one-time link asks for was given, the new authenticator app is next.
    Link { token: String, sealed: String, enrolment: Enrolment },
    /// A new authenticator app for somebody who is signed in.
    Factor { sealed: String, enrolment: Enrolment },
    /// Recovery codes were made and are to be kept.
    Codes { codes: Vec<String> },
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    until: Instant,
    step: Step,
}

/// Lets the browser keep it, in place of what it kept.
pub(super) fn keep(engine: &Engine, step: Step) -> AppResult<()> {
    let envelope = Envelope { until: STEP_LIFE.after(engine.now()), step };
    let plain = serde_json::to_vec(&envelope).map_err(|_| Code::Internal)?;
    set_cookie(
        &cookies()?.keep(Cookie::Step, &BASE64.encode(engine.keys().seal(engine.env(), PLACE, &plain))),
    );
    Ok(())
}

/// What the browser keeps, while its time lasts.
pub(super) fn read(engine: &Engine) -> Option<Step> {
    let sealed = BASE64.decode(cookie(Cookie::Step)?).ok()?;
    let envelope: Envelope = serde_json::from_slice(&engine.keys().open(PLACE, &sealed)?).ok()?;
    (engine.now() < envelope.until).then_some(envelope.step)
}

/// The browser keeps nothing more.
pub(super) fn forget() -> AppResult<()> {
    set_cookie(&cookies()?.forget(Cookie::Step));
    Ok(())
}
