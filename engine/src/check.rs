//! Whether somebody holds a role at this moment: for other tools. Judged from the clock, whatever the worker has done.

use domain::{Code, Scope, access::Permission, activation::Check, person::PersonId};

use crate::{
    Ctx, Engine, activation,
    error::{Error, Result},
    store,
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
    let person = person.unwrap_or(me);
    let between = store::check::between(db, person, role_key).await?;
    // Who has an assignment of a role knows of it; whatever else there may be is looked up.
    if !(person == me && between.as_ref().is_some_and(|between| between.assigned)) {
        let access = store::access::of(db, me, now).await?;
        if person != me && !access.holds.allow(Permission::CheckOthers) {
            return Err(not_found());
        }
        let role = between.as_ref().ok_or_else(not_found)?.role;
        if !activation::may_know(db, &access, role).await? {
            return Err(not_found());
        }
    }
    let between = between.ok_or_else(not_found)?;
    let enabled = between.person_enabled.ok_or_else(not_found)? && between.role_enabled;
    let scope = scope.unwrap_or_else(Scope::everything);
    let grants = between.grants.iter().filter(|grant| enabled && grant.gives(&scope, now));
    let ends: Vec<_> = grants.map(|grant| grant.until).collect();
    let held = !ends.is_empty();
    // One source without an end makes the whole without one.
    let until = if ends.contains(&None) { None } else { ends.into_iter().flatten().max() };
    Ok(Check { held, until, at: now })
}
