//! Finding people: the list, and names for pickers.

use domain::{
    Page,
    access::Permission,
    page::ListQuery,
    person::{PersonRow, Principal, PrincipalRef},
    text,
};

use crate::{
    Ctx, Engine,
    error::Result,
    store::{
        self,
        page::{Wanted, contains},
    },
};

/// How many names a picker gets.
const NAMES: usize = 20;

/// A part of the list of people, by name; the search also looks at the names they sign in with.
///
/// # Errors
/// `signed_out`, `forbidden`, `malformed`, `too_long`.
pub async fn list(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Page<PersonRow>> {
    require_reading(engine, ctx).await?;
    store::person::list::page(engine.readers(), &Wanted::of(&query)?).await
}

/// The first people and groups whose name fits. Disabled people and removed groups are left out: nothing new is given
/// to them.
///
/// # Errors
/// `signed_out`, `forbidden`, `malformed`, `too_long`.
pub async fn find_names(engine: &Engine, ctx: &Ctx, search: &str) -> Result<Vec<PrincipalRef>> {
    require_reading(engine, ctx).await?;
    let search = text::optional("search", search, text::SEARCH)?;
    let search = Some(search).filter(|search| !search.is_empty()).map(|search| contains(&search));
    let (db, most) = (engine.readers(), NAMES as u64);
    let people = store::person::list::names_like(db, search.as_ref(), most).await?;
    let groups = store::group::list::names_like(db, search.as_ref(), most).await?;
    let people = people.into_iter().map(|(folded, id, name)| (folded, Principal::Person(id), name));
    let groups = groups.into_iter().map(|(folded, id, name)| (folded, Principal::Group(id), name));
    let mut found: Vec<_> = people.chain(groups).collect();
    found.sort();
    found.truncate(NAMES);
    Ok(found.into_iter().map(|(_, principal, name)| PrincipalRef { principal, name }).collect())
}

async fn require_reading(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let caller = store::access::of(engine.readers(), ctx.signed()?.person, engine.now()).await?;
    caller.holds.require(Permission::ReadPeople)?;
    Ok(())
}
