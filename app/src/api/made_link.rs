//! One-time links that were just made: carried to the page that shows them in a sealed cookie, and told once.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    Code,
    person::PersonId,
    sign_in::{LinkPurpose, MadeLink},
};
use engine::{Ctx, Engine};
use serde::{Deserialize, Serialize};

use super::{
    cookies::Cookie,
    person::ShownLink,
    server::{cookie, cookies, set_cookie, told},
};
use crate::AppResult;

/// What the cookie is sealed for.
const PLACE: &str = "made_link";

/// A link, for whom it is, and who may look at it: another person may sign in to the same browser.
#[derive(Serialize, Deserialize)]
struct Made {
    by: PersonId,
    person: PersonId,
    shown: ShownLink,
}

/// Keeps the link for the next page of this browser.
pub(super) fn keep(
    engine: &Engine,
    ctx: &Ctx,
    person: PersonId,
    purpose: LinkPurpose,
    link: MadeLink,
) -> AppResult<()> {
    let by = ctx.signed().map_err(told)?.person;
    let made = Made { by, person, shown: ShownLink { purpose, link } };
    let plain = serde_json::to_vec(&made).map_err(|_| Code::Internal)?;
    let sealed = BASE64.encode(engine.keys().seal(engine.env(), PLACE, &plain));
    set_cookie(&cookies()?.keep(Cookie::Link, &sealed));
    Ok(())
}

/// Takes the link out of the cookie, if it is for this person and was made by the caller.
pub(super) fn take(engine: &Engine, ctx: &Ctx, person: PersonId) -> AppResult<Option<ShownLink>> {
    let by = ctx.signed().map_err(told)?.person;
    let Some(value) = cookie(Cookie::Link) else { return Ok(None) };
    let made = BASE64
        .decode(value)
        .ok()
        .and_then(|sealed| engine.keys().open(PLACE, &sealed))
        .and_then(|plain| serde_json::from_slice::<Made>(&plain).ok())
        .filter(|made| made.by == by && made.person == person);
    if made.is_some() {
        set_cookie(&cookies()?.forget(Cookie::Link));
    }
    Ok(made.map(|made| made.shown))
}
