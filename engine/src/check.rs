//! Whether somebody holds a role at this moment: for other tools. Judged from the clock, whatever the worker has done.

use domain::{
    Code, Instant, Scope, access::Permission, activation::Check, assignment::AssignmentKind,
    person::PersonId, role::Role,
};
use sea_orm::ConnectionTrait;

use crate::{
    Ctx, Engine, activation,
    error::{Error, Result},
    store::{self, access::principals},
};

/// Whether a person (oneself when absent) holds the role with this key for this part (everything when absent), and
/// until when.
///
/// # Errors
/// `not_found` when the caller may not know of the person or the role, as if they did not exist.
pub async fn check(
    engine: &Engine,
    ctx: &Ctx,
    person: Option<PersonId>,
    role_key: &str,
    scope: Option<Scope>,
) -> Result<Check> {
    let me = ctx.signed()?.person;
    let (db, now) = (engine.readers(), engine.now());
    let not_found = || Error::from(Code::NotFound);
    let access = store::access::of(db, me, now).await?;
    let person = person.unwrap_or(me);
    if person != me && !access.holds.allow(Permission::CheckOthers) {
        return Err(not_found());
    }
    let role = store::role::find_by_key(db, role_key).await?.ok_or_else(not_found)?;
    if !activation::may_know(db, &access, role.id).await? {
        return Err(not_found());
    }
    let enabled = store::person::get(db, person).await?.disabled_at.is_none();
    let scope = scope.unwrap_or_else(Scope::everything);
    let ends = if enabled { ends(db, person, &role, &scope, now).await? } else { Vec::new() };
    let held = !ends.is_empty();
    // One source without an end makes the whole without one.
    let until = if ends.contains(&None) { None } else { ends.into_iter().flatten().max() };
    Ok(Check { held, until, at: now })
}

/// The ends of everything that gives the role for this part now.
async fn ends<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: &Role,
    scope: &Scope,
    now: Instant,
) -> Result<Vec<Option<Instant>>> {
    if role.disabled_at.is_some() {
        return Ok(Vec::new());
    }
    let groups = store::group::of_person(db, person).await?;
    let assigned = store::assignment::open_of(db, &principals(person, &groups), Some(role.id)).await?;
    let activated = store::activation::unsettled_of(db, person, Some(role.id)).await?;
    let assigned = assigned
        .into_iter()
        .filter(|a| a.kind == AssignmentKind::Active && a.is_live(now) && a.scope.covers(scope))
        .map(|a| a.ends_at);
    let activated =
        activated.into_iter().filter(|a| a.is_held(now) && a.scope.covers(scope)).map(|a| a.ends_at);
    Ok(assigned.chain(activated).collect())
}
