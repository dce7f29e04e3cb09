//! Everything about one person that administrators, auditors and they themselves see.

use domain::{
    Code, Problem,
    access::Permission,
    assignment::Standing,
    group::GroupRef,
    person::{PersonDetail, PersonId},
};

use super::privilege;
use crate::{
    Ctx, Engine, assignment,
    error::{Error, Result},
    store,
};

/// One person.
///
/// # Errors
/// `signed_out`, `not_found`.
pub async fn get(engine: &Engine, ctx: &Ctx, id: PersonId) -> Result<PersonDetail> {
    let signed = ctx.signed()?;
    let (db, now) = (engine.readers(), engine.now());
    let caller = store::access::of(db, signed.person, now).await?;
    if signed.person != id && !caller.holds.allow(Permission::ReadPeople) {
        return Err(Problem::new(Code::NotFound).into());
    }
    let person = store::person::get(db, id).await?;
    let (zone, created_at, version) = (person.zone.clone(), person.created_at, person.version);
    let groups = store::group::of_person(db, id).await?;
    let mut open = store::assignment::open_of(db, &store::access::principals(id, &groups), None).await?;
    open.retain(|assignment| assignment.standing(now) != Standing::Ended);
    let mut groups: Vec<GroupRef> = store::group::names(db, groups).await?.into_values().collect();
    groups.sort_by_key(|group| (group.name.to_lowercase(), group.id));
    let row = store::person::list::rows(db, vec![person]).await?.pop();
    Ok(PersonDetail {
        row: row.ok_or_else(|| Error::broken("person.get", "a person without a line"))?,
        addresses: store::person::addresses(db, id).await?,
        zone,
        created_at,
        groups,
        assignments: assignment::rows(db, open, now).await?,
        privileged: privilege::of_person(db, id).await?,
        version,
    })
}
