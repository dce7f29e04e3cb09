//! One role with its settings, and whether those who should agree can be reached.

use domain::{
    Instant,
    person::Principal,
    role::{RoleDetail, RoleId, builtin},
    role_settings::RoleSettings,
};
use sea_orm::ConnectionTrait;

use super::{known, list::row};
use crate::{Ctx, Engine, error::Result, store};

/// One role with everything that its administrators see.
///
/// # Errors
/// `signed_out`; `not_found`, also for those who may not read roles.
pub async fn get(engine: &Engine, ctx: &Ctx, id: RoleId) -> Result<RoleDetail> {
    let (db, now) = (engine.readers(), engine.now());
    known::reader(db, ctx, now).await?;
    let role = store::role::get(db, id).await?;
    let settings = store::role_settings::get(db, id, role.settings_version).await?;
    let counts = store::role::counts(db, &[id], now).await?.remove(&id).unwrap_or_default();
    let named = approvers(&settings);
    let names = store::access::named(db, named.iter().copied()).await?;
    Ok(RoleDetail {
        row: row(&role, counts),
        link: role.link,
        template_id: role.template_id,
        approvers: named.iter().filter_map(|principal| names.get(principal).cloned()).collect(),
        approvers_without_address: out_of_reach(db, &settings, now).await?,
        settings,
        settings_version: role.settings_version,
        version: role.version,
    })
}

/// All principals that the settings name.
pub(super) fn approvers(settings: &RoleSettings) -> Vec<Principal> {
    settings.approval.stages.iter().flat_map(|stage| stage.approvers.iter().copied()).collect()
}

/// The names of those who should agree and whom no mail reaches: people without an address, and groups in which there
/// is nobody. When nobody is named, the administrators are those who should agree.
async fn out_of_reach<C: ConnectionTrait>(
    db: &C,
    settings: &RoleSettings,
    now: Instant,
) -> Result<Vec<String>> {
    if !settings.approval.required {
        return Ok(Vec::new());
    }
    let mut named = approvers(settings);
    if named.is_empty() {
        let administrators = store::access::holders(db, builtin::ADMINISTRATOR, now).await?;
        named = administrators.into_iter().map(Principal::Person).collect();
    }
    let behind = store::access::people_behind(db, &named).await?;
    let mut people: Vec<_> = behind.iter().map(|(_, person)| *person).collect();
    people.sort_unstable();
    people.dedup();
    let people = store::person::enabled_among(db, &people).await?;
    let reached = store::person::with_address(db, &people).await?;
    let empty = named
        .iter()
        .filter(|principal| !behind.iter().any(|(of, person)| of == *principal && people.contains(person)));
    let silent = people.iter().filter(|person| !reached.contains(person)).copied().map(Principal::Person);
    let missing: Vec<Principal> = empty.copied().chain(silent).collect();
    let names = store::access::named(db, missing).await?;
    let mut names: Vec<String> = names.into_values().map(|principal| principal.name).collect();
    names.sort();
    Ok(names)
}
