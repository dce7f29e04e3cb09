//! Whether those who are named could agree to anything.

use std::collections::HashSet;

use domain::{
    Code, Instant, Problem,
    assignment::{AssignmentKind, Standing},
    person::{PersonId, Principal},
    role::RoleId,
    role_settings::{RoleSettings, Stage},
};
use sea_orm::ConnectionTrait;

use crate::{error::Result, store};

/// Refuses approvers that do not exist or are disabled, and settings under which nobody could ever be agreed to.
pub(super) async fn check<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    settings: &RoleSettings,
    now: Instant,
) -> Result<()> {
    for stage in &settings.approval.stages {
        for approver in &stage.approvers {
            exists(db, *approver).await?;
        }
        // Whether the administrators could agree, when nobody is named, is seen when somebody asks.
        if settings.approval.required
            && !stage.approvers.is_empty()
            && !could_agree(db, role, stage, now).await?
        {
            return Err(Problem::new(Code::NobodyCouldApprove).field("approvers").into());
        }
    }
    Ok(())
}

async fn exists<C: ConnectionTrait>(db: &C, approver: Principal) -> Result<()> {
    let unknown = || Problem::new(Code::Malformed).field("approvers").limit("people and groups that exist");
    match approver {
        Principal::Person(person) => {
            let person = store::person::find(db, person).await?.ok_or_else(unknown)?;
            if person.disabled_at.is_some() {
                return Err(Problem::new(Code::PersonDisabled).field("approvers").limit(person.name).into());
            }
        }
        Principal::Group(group) => {
            let found = store::group::get(db, group).await;
            found.map_err(|error| if error.problem().is_some() { unknown().into() } else { error })?;
        }
    }
    Ok(())
}

/// Whether there are enough approvers for at least one eligible person, who does not count as their own approver. While
/// nobody is eligible, whether there are enough at all.
async fn could_agree<C: ConnectionTrait>(db: &C, role: RoleId, stage: &Stage, now: Instant) -> Result<bool> {
    let possible: HashSet<PersonId> = enabled(db, &stage.approvers).await?.into_iter().collect();
    let needed = usize::from(stage.needed);
    let eligible: Vec<Principal> = store::assignment::of_role(db, role, false)
        .await?
        .into_iter()
        .filter(|assignment| {
            assignment.kind == AssignmentKind::Eligible && assignment.standing(now) != Standing::Ended
        })
        .map(|assignment| assignment.principal)
        .collect();
    let people = enabled(db, &eligible).await?;
    if people.is_empty() {
        return Ok(possible.len() >= needed);
    }
    Ok(people.iter().any(|person| possible.len() - usize::from(possible.contains(person)) >= needed))
}

async fn enabled<C: ConnectionTrait>(db: &C, principals: &[Principal]) -> Result<Vec<PersonId>> {
    let people = store::access::people_of(db, principals).await?;
    store::person::enabled_among(db, &people).await
}
