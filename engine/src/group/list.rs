//! The list of groups.

use domain::{Page, access::Permission, group::GroupRow, page::ListQuery};

use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, page::Wanted},
};

/// A part of the list of groups, by name.
///
/// # Errors
/// `signed_out`, `forbidden`, `malformed`, `too_long`.
pub async fn list(engine: &Engine, ctx: &Ctx, query: ListQuery) -> Result<Page<GroupRow>> {
    let db = engine.readers();
    let caller = store::access::of(db, ctx.signed()?.person, engine.now()).await?;
    caller.holds.require(Permission::ReadPeople)?;
    store::group::list::page(db, &Wanted::of(&query)?).await
}
