//! What an assignment would mean, asked before it is made. Nothing rests on the answer: making it checks everything anew.

use domain::{
    Code,
    access::Permission,
    assignment::{AssignmentPreview, Standing},
    person::{PersonId, PersonRef, Principal},
    role::RoleId,
};
use sea_orm::ConnectionTrait;

use super::{privileged, rows};
use crate::{Ctx, Engine, error::Result, role::known, store};

/// What it would mean to assign this role to somebody.
///
/// # Errors
/// `signed_out`; `not_found`, also for those who may not read roles; `forbidden` for those who may not assign them.
pub async fn preview(
    engine: &Engine,
    ctx: &Ctx,
    role: RoleId,
    principal: Principal,
) -> Result<AssignmentPreview> {
    let (db, now) = (engine.readers(), engine.now());
    let access = known::reader(db, ctx, now).await?;
    store::role::get(db, role).await?;
    access.holds.require(Permission::ManageRoles)?;
    let named = store::access::named(db, [principal]).await?;
    let named = named.get(&principal).cloned().ok_or(Code::NotFound)?;
    let people = store::access::people_of(db, &[principal]).await?;
    let people = store::person::enabled_among(db, &people).await?;
    let enrolled = store::sign_in::with_second_factor(db, &people).await?;
    let bare: Vec<PersonId> = people.iter().copied().filter(|person| !enrolled.contains(person)).collect();
    let there = store::assignment::open_of(db, &[principal], Some(role)).await?;
    let there = there.into_iter().filter(|assignment| assignment.standing(now) != Standing::Ended).collect();
    Ok(AssignmentPreview {
        principal: named,
        people: u32::try_from(people.len()).unwrap_or(u32::MAX),
        made_privileged: by_name(db, privileged::not_yet(db, &people).await?).await?,
        without_second_factor: by_name(db, bare).await?,
        there: rows(db, there, now).await?,
    })
}

async fn by_name<C: ConnectionTrait>(db: &C, people: Vec<PersonId>) -> Result<Vec<PersonRef>> {
    let mut names: Vec<PersonRef> = store::person::names(db, people).await?.into_values().collect();
    names.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(names)
}
