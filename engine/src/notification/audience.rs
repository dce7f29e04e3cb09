//! Who hears: the people behind roles, groups and settings, as they are in the transaction of the act.

use domain::{
    activation::{Activation, Candidate},
    group::GroupId,
    person::{PersonId, Principal},
    role::{RoleId, builtin},
};

use crate::{Tx, error::Result, store};

/// Those who administer Stint now.
pub(super) async fn administrators(tx: &Tx) -> Result<Vec<PersonId>> {
    store::access::holders(tx.conn(), builtin::ADMINISTRATOR, tx.now).await
}

/// Those who could decide this request: named by the settings that judge it and not removed since, groups as they are
/// now, never the requester; the administrators when nobody is named.
pub(super) async fn approvers(tx: &Tx, activation: &Activation) -> Result<Vec<PersonId>> {
    let versions =
        store::role_settings::since(tx.conn(), activation.role, activation.settings_version).await?;
    let named = versions.first().and_then(|settings| settings.stage()).map(|stage| stage.approvers.clone());
    let named = named.unwrap_or_default();
    let mut candidates: Vec<(PersonId, Vec<GroupId>, bool)> = Vec::new();
    if named.is_empty() {
        candidates.extend(administrators(tx).await?.into_iter().map(|person| (person, Vec::new(), true)));
    }
    for principal in named {
        match principal {
            Principal::Person(person) => candidates.push((person, Vec::new(), false)),
            Principal::Group(group) => {
                let members = store::group::members(tx.conn(), group).await?;
                candidates.extend(members.into_iter().map(|person| (person, vec![group], false)));
            }
        }
    }
    let mut people = Vec::new();
    for (person, groups, administrator) in candidates {
        let who = Candidate { person, groups: &groups, administrator };
        if !people.contains(&person) && activation.approver(who, &versions).is_ok() {
            people.push(person);
        }
    }
    store::person::enabled_among(tx.conn(), &people).await
}

/// The enabled people that a principal stands for now.
pub(super) async fn people(tx: &Tx, principal: Principal) -> Result<Vec<PersonId>> {
    let people = match principal {
        Principal::Person(person) => vec![person],
        Principal::Group(group) => store::group::members(tx.conn(), group).await?,
    };
    store::person::enabled_among(tx.conn(), &people).await
}

/// The enabled people who hold a role by assignment or may hold it, now or later.
pub(super) async fn assigned(tx: &Tx, role: RoleId) -> Result<Vec<PersonId>> {
    let mut all = Vec::new();
    for assignment in store::assignment::of_role(tx.conn(), role, false).await? {
        if assignment.ends_at.is_none_or(|end| end > tx.now) {
            all.extend(people(tx, assignment.principal).await?);
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
