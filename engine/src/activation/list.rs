//! Lists of requests: one's own, those that wait for one's decision, those one decided, everybody's.

use domain::{
    Code, Instant, Page, Problem,
    access::Permission,
    activation::{Activation, ActivationRow, State},
    page::{ListQuery, PAGE_SIZE},
    person::PersonId,
    text,
};
use sea_orm::ConnectionTrait;

use super::{rows::rows, sight};
use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, access::Access, activation::Wanted},
};

/// One's own requests, newest first.
///
/// # Errors
/// `too_long` or `malformed` for what is no search or cursor.
pub async fn mine(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Page<ActivationRow>> {
    let me = ctx.signed()?.person;
    page(engine, Some(me), query).await
}

/// Everybody's requests, newest first.
///
/// # Errors
/// `forbidden`; `too_long` or `malformed` for what is no search or cursor.
pub async fn list(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Page<ActivationRow>> {
    let me = ctx.signed()?.person;
    let access = store::access::of(engine.readers(), me, engine.now()).await?;
    access.holds.require(Permission::ReadRequests)?;
    page(engine, None, query).await
}

async fn page(engine: &Engine, person: Option<PersonId>, query: ListQuery) -> Result<Page<ActivationRow>> {
    let before = query.cursor.as_deref().map(str::parse).transpose();
    let before = before
        .map_err(|_| Problem::new(Code::Malformed).field("cursor").limit("the cursor of the part before"))?;
    let text = text::optional("search", query.search.as_deref().unwrap_or_default(), text::SEARCH)?;
    let wanted = Wanted { person, text: Some(text).filter(|text| !text.is_empty()), before };
    let db = engine.readers();
    let mut found = store::activation::list(db, &wanted, PAGE_SIZE + 1).await?;
    let more = found.len() as u64 > PAGE_SIZE;
    found.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more).map(|last| last.number.to_string());
    Ok(Page { items: rows(db, found, engine.now()).await?, next })
}

/// Requests that wait for this person's decision, the next to lapse first.
///
/// # Errors
/// When nobody is signed in.
pub async fn to_decide(engine: &Engine, ctx: &Ctx) -> Result<Vec<ActivationRow>> {
    let me = ctx.signed()?.person;
    let (db, now) = (engine.readers(), engine.now());
    let access = store::access::of(db, me, now).await?;
    let waiting = waiting_for(db, &access, now).await?;
    rows(db, waiting, now).await
}

/// Requests that this person decided, newest decision first.
///
/// # Errors
/// When nobody is signed in.
pub async fn decided(engine: &Engine, ctx: &Ctx) -> Result<Vec<ActivationRow>> {
    let me = ctx.signed()?.person;
    let db = engine.readers();
    let decided = store::activation::decided_by(db, me, PAGE_SIZE).await?;
    rows(db, decided, engine.now()).await
}

/// How many requests wait for this person's decision.
pub(crate) async fn count_to_decide<C: ConnectionTrait>(
    db: &C,
    access: &Access,
    now: Instant,
) -> Result<u32> {
    Ok(u32::try_from(waiting_for(db, access, now).await?.len()).unwrap_or(u32::MAX))
}

async fn waiting_for<C: ConnectionTrait>(db: &C, access: &Access, now: Instant) -> Result<Vec<Activation>> {
    // Whoever may decide is named in the settings in force too, or is an administrator where nobody is named.
    let roles = store::role_settings::approved_by(db, &access.principals()).await?;
    let roles = if access.holds.administrator { None } else { Some(roles.as_slice()) };
    if roles.is_some_and(<[_]>::is_empty) {
        return Ok(Vec::new());
    }
    let mut waiting = store::activation::pending(db, roles).await?;
    let judged_by = waiting.iter().map(|activation| (activation.role, activation.settings_version));
    let versions = store::role_settings::since_each(db, judged_by).await?;
    waiting.retain(|activation| {
        let since = versions.get(&activation.role).map(|all| all.since(activation.settings_version));
        activation.state_at(now) == State::PendingApproval
            && !activation.decisions.iter().any(|decision| decision.by == access.person)
            && since.is_some_and(|since| sight::approves(access, activation, since))
    });
    Ok(waiting)
}
