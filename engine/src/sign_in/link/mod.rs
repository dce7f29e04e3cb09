//! One-time links: for the first person, for new people, for what was lost. Opening one changes nothing; only the last
//! step uses it.

mod begin;
mod finish;
mod make;

#[cfg(test)]
pub(super) mod tests;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Code, Problem,
    event::{Event, EventKind},
    person::PersonId,
    sign_in::LinkView,
};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use crate::{Ctx, Engine, Tx, error::Result, store, store::sign_in::link::Link};

pub(super) use begin::enrolment;
pub use begin::{BeginLink, LinkStep, begin};
pub use finish::finish;
pub(crate) use make::invite;
pub use make::{make, recover, set_up_link};

/// What is shown before a link is used.
///
/// # Errors
/// `link_invalid` when it was never made, is used, void or old, or its person is disabled.
pub async fn view(engine: &Engine, _ctx: &Ctx, token: &str) -> Result<LinkView> {
    let link = open(engine.readers(), token, engine.now()).await?;
    let mut view = LinkView {
        purpose: link.purpose,
        person_name: None,
        sign_in_name: None,
        expires_at: link.expires_at,
    };
    if let Some((person, sign_in)) = link.owner {
        view.person_name = Some(store::person::get(engine.readers(), person).await?.name);
        view.sign_in_name = Some(store::sign_in::get(engine.readers(), sign_in).await?.name);
    }
    Ok(view)
}

/// Makes the open links of these people void, because they have become privileged. Gives the facts.
pub(crate) async fn void_open(tx: &Tx, people: &[PersonId]) -> Result<Vec<Event>> {
    void(tx, people, "privileged").await
}

async fn void(tx: &Tx, people: &[PersonId], why: &str) -> Result<Vec<Event>> {
    let had = store::sign_in::link::void_of(tx.conn(), people, tx.now).await?;
    Ok(had.into_iter().map(|person| Event::new(EventKind::LinkVoided).person(person).reason(why)).collect())
}

/// The link with this token, while it can be used.
async fn open<C: ConnectionTrait>(db: &C, token: &str, now: domain::Instant) -> Result<Link> {
    let invalid = || Problem::new(Code::LinkInvalid);
    let hash = hash(token).ok_or_else(invalid)?;
    let link = store::sign_in::link::find_open(db, &hash, now).await?.ok_or_else(invalid)?;
    match link.owner {
        Some((person, _)) if !store::person::is_enabled(db, person).await? => Err(invalid().into()),
        None if !store::sign_in::nobody_exists(db).await? => Err(invalid().into()),
        Some(_) | None => Ok(link),
    }
}

/// What is kept of a token: 256 random bits need no key and no salt.
fn hash(token: &str) -> Option<String> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    Some(domain::audit::hex(&Sha256::digest(bytes).into()))
}
