//! The list of roles with how much there is of everything in each.

use domain::{
    Code, Page, Problem,
    page::{ListQuery, PAGE_SIZE},
    role::{Role, RoleId, RoleRow, builtin},
    text,
};

use super::known;
use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, role::Counts},
};

/// Roles by name, a page at a time.
///
/// # Errors
/// `signed_out`, `forbidden`; `malformed` or `too_long` for what was asked.
pub async fn list(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Page<RoleRow>> {
    ctx.signed()?;
    let search = text::optional("search", &query.search.unwrap_or_default(), text::SEARCH)?;
    known::lister(engine, ctx).await?;
    let (db, now) = (engine.readers(), engine.now());
    let after = match query.cursor {
        Some(cursor) => Some(begins_after(engine, &cursor).await?),
        None => None,
    };
    let mut roles = store::role::list(db, &search, after.as_ref(), PAGE_SIZE + 1).await?;
    let size = usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    let more = roles.len() > size;
    roles.truncate(size);
    let next = roles.last().filter(|_| more).map(|role| role.id.to_string());
    let ids: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    let counts = store::role::counts(db, &ids, now).await?;
    let items =
        roles.iter().map(|role| row(role, counts.get(&role.id).copied().unwrap_or_default())).collect();
    Ok(Page { items, next })
}

/// The role that a cursor names: the last one of the page before.
async fn begins_after(engine: &Engine, cursor: &str) -> Result<Role> {
    let malformed = || Problem::new(Code::Malformed).field("cursor").limit("the next of the page before");
    let id = RoleId::parse(cursor).map_err(|_| malformed())?;
    Ok(store::role::find(engine.readers(), id).await?.ok_or_else(malformed)?)
}

/// A line of the list.
pub(super) fn row(role: &Role, counts: Counts) -> RoleRow {
    RoleRow {
        role: store::role::reference(role),
        description: role.description.clone(),
        built_in: builtin::is(role.id),
        disabled_at: role.disabled_at,
        eligible: counts.eligible,
        standing: counts.standing,
        active: counts.active,
        waiting: counts.waiting,
    }
}
