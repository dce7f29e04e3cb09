//! The form for one role: what may be chosen, what must be given, who would decide, who holds it.

use std::collections::BTreeMap;

use domain::{
    Code, Instant,
    activation::ActivationForm,
    person::{PersonId, PersonRef, Principal},
    role::{Role, RoleId},
    session::Act,
};
use sea_orm::ConnectionTrait;

use super::{
    known,
    my_roles::Own,
    rows::{Names, approvers},
};
use crate::{
    Ctx, Engine,
    error::{Error, Result},
    store,
};

/// The form for a role.
///
/// # Errors
/// `not_found` for who may not know the role, `not_eligible`, `role_disabled`.
pub async fn form(engine: &Engine, ctx: &Ctx, role: RoleId) -> Result<ActivationForm> {
    ctx.signed()?;
    let role = store::role::get(engine.readers(), role).await?;
    of_role(engine, ctx, role).await
}

/// The form for a role, by its key: for links that are kept.
///
/// # Errors
/// As for [`form`].
pub async fn form_by_key(engine: &Engine, ctx: &Ctx, key: &str) -> Result<ActivationForm> {
    ctx.signed()?;
    let role = store::role::find_by_key(engine.readers(), key).await?;
    of_role(engine, ctx, role.ok_or_else(|| Error::from(Code::NotFound))?).await
}

async fn of_role(engine: &Engine, ctx: &Ctx, role: Role) -> Result<ActivationForm> {
    let me = ctx.signed()?.person;
    let (db, now) = (engine.readers(), engine.now());
    let access = store::access::of(db, me, now).await?;
    if !known::may_know(db, &access, role.id).await? {
        return Err(Code::NotFound.into());
    }
    if role.disabled_at.is_some() {
        return Err(Code::RoleDisabled.into());
    }
    let eligible = Own::read(db, me, Some(role.id), now).await?.eligible(now);
    if eligible.is_empty() {
        return Err(Code::NotEligible.into());
    }
    let settings = store::role_settings::get(db, role.id, role.settings_version).await?;
    let deciding = approvers(&settings, me);
    let names = Names::of(db, [], deciding.iter().copied()).await?;
    let proven = settings.activation.second_factor.prove(&ctx.mfa()?, Act::Activate, role.id.uuid(), now);
    Ok(ActivationForm {
        now,
        eligible,
        shortest: engine.config().shortest,
        stage: settings.stage().filter(|_| settings.approval.required).cloned(),
        approvers: names.principals(&deciding),
        holders: holders(db, role.id, now).await?,
        asks_code: proven.is_err(),
    })
}

/// Who holds the role now, by whatever source, and until when the last of them lasts.
async fn holders<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    now: Instant,
) -> Result<Vec<(PersonRef, Option<Instant>)>> {
    let mut until: BTreeMap<PersonId, Option<Instant>> = BTreeMap::new();
    let mut add = |person: PersonId, end: Option<Instant>| {
        until.entry(person).and_modify(|known| *known = known.zip(end).map(|(a, b)| a.max(b))).or_insert(end);
    };
    for (person, end) in store::activation::held_until(db, role, now).await? {
        add(person, end);
    }
    for assignment in store::assignment::active_in(db, role, now).await? {
        match assignment.principal {
            Principal::Person(person) => add(person, assignment.ends_at),
            Principal::Group(group) => {
                for person in store::group::members(db, group).await? {
                    add(person, assignment.ends_at);
                }
            }
        }
    }
    let people: Vec<_> = until.keys().copied().collect();
    let enabled = store::person::enabled_among(db, &people).await?;
    let names = Names::of(db, enabled.iter().copied(), []).await?;
    let mut holders: Vec<_> = enabled
        .into_iter()
        .map(|person| (names.person(person), until.get(&person).copied().flatten()))
        .collect();
    holders.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    Ok(holders)
}
