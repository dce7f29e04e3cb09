//! What has to be known of person and role before anything is granted. Read anew each time, in the transaction that
//! depends on it.

use std::collections::BTreeSet;

use domain::{
    Instant,
    access::Permission,
    activation::{Activation, Cause},
    assignment::{self, Assignment, AssignmentKind, Cover},
    person::{PersonId, Principal},
    role::{RoleId, builtin},
    role_settings::{RoleSettings, Stage},
};
use sea_orm::ConnectionTrait;

use crate::{
    error::Result,
    store::{
        self,
        access::{Access, principals},
        group::Membership,
    },
};

/// The eligible assignments of a role that a person has or will have, directly or through a group.
pub(super) async fn eligible<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    role: RoleId,
) -> Result<Vec<Assignment>> {
    let mut open = store::assignment::own::in_role(db, person, role).await?;
    open.retain(|assignment| assignment.kind == AssignmentKind::Eligible);
    Ok(open)
}

/// Whether a person may know that a role exists: whoever reads roles, and whoever has or once had an assignment of it,
/// also through a group that they were in at the time.
pub(crate) async fn may_know<C: ConnectionTrait>(db: &C, access: &Access, role: RoleId) -> Result<bool> {
    if access.holds.allow(Permission::ReadRoles) {
        return Ok(true);
    }
    let memberships = store::group::memberships(db, access.person).await?;
    let groups: Vec<_> = memberships.iter().map(|(group, ..)| *group).collect();
    let all = principals(access.person, &groups);
    let mut assignments = store::assignment::open_of(db, &all, Some(role)).await?;
    assignments.extend(store::assignment::ended_of(db, &all, role).await?);
    Ok(assignments.iter().any(|assignment| concerned(assignment, access.person, &memberships)))
}

/// Whether an assignment was ever one of this person's.
fn concerned(assignment: &Assignment, person: PersonId, memberships: &[Membership]) -> bool {
    match assignment.principal {
        Principal::Person(of) => of == person,
        Principal::Group(of) => memberships.iter().any(|(group, from, until)| {
            *group == of
                && until.is_none_or(|until| assignment.made_at < until)
                && assignment.ended_at.is_none_or(|ended| *from < ended)
        }),
    }
}

/// How many other people hold the role, by whatever source, and those who will when `planned` ones count.
pub(super) async fn holders<C: ConnectionTrait>(
    db: &C,
    role: RoleId,
    but: PersonId,
    planned: bool,
    now: Instant,
) -> Result<u32> {
    let mut people: BTreeSet<_> = store::access::holders(db, role, now).await?.into_iter().collect();
    if planned {
        people.extend(store::activation::accepted_people(db, role).await?);
    }
    people.remove(&but);
    Ok(u32::try_from(people.len()).unwrap_or(u32::MAX))
}

/// Whether as many enabled people as are needed could decide a request of this person.
pub(super) async fn somebody_could_approve<C: ConnectionTrait>(
    db: &C,
    stage: &Stage,
    requester: PersonId,
    now: Instant,
) -> Result<bool> {
    let mut people = BTreeSet::new();
    if stage.approvers.is_empty() {
        people.extend(store::access::holders(db, builtin::ADMINISTRATOR, now).await?);
    }
    for principal in &stage.approvers {
        match *principal {
            Principal::Person(person) => _ = people.insert(person),
            Principal::Group(group) => people.extend(store::group::members(db, group).await?),
        }
    }
    people.remove(&requester);
    let people: Vec<_> = people.into_iter().collect();
    Ok(store::person::enabled_among(db, &people).await?.len() >= usize::from(stage.needed))
}

/// Everything that must still hold before a request that was made earlier gives the role: how far it is covered, or
/// what stands against it. `planned` says whether those count who will hold the role later.
pub(super) async fn still_holds<C: ConnectionTrait>(
    db: &C,
    activation: &Activation,
    settings: &RoleSettings,
    planned: bool,
    now: Instant,
) -> Result<std::result::Result<Cover, Cause>> {
    if !store::person::is_enabled(db, activation.person).await? {
        return Ok(Err(Cause::PersonDisabled));
    }
    if store::role::get(db, activation.role).await?.disabled_at.is_some() {
        return Ok(Err(Cause::RoleDisabled));
    }
    let eligible = eligible(db, activation.person, activation.role).await?;
    let cover = cover_at_start(activation, &eligible, now);
    if cover == Cover::None {
        return Ok(Err(Cause::EligibilityEnded));
    }
    if let Some(most) = settings.activation.holders {
        let others = holders(db, activation.role, activation.person, planned, now).await?;
        if others >= u32::from(most) {
            return Ok(Err(Cause::TooManyHolders));
        }
    }
    Ok(Ok(cover))
}

/// How far a request is covered from the moment at which it would begin.
pub(super) fn cover_at_start(activation: &Activation, eligible: &[Assignment], now: Instant) -> Cover {
    let start = activation.requested_start.map_or(now, |start| start.max(now));
    assignment::cover(eligible, &activation.scope, start)
}
