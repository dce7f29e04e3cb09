//! Assignments as lists show them, in a number of queries that does not grow with the list.

use std::collections::HashMap;

use domain::{
    Instant, Scope,
    assignment::{Assignment, AssignmentKind},
    person::{PersonId, PersonRef, Principal, PrincipalRef},
    role::{AssignmentRow, LastActivation, LiveActivation, Role, RoleId},
    role_settings::RoleSettings,
};
use sea_orm::ConnectionTrait;

use crate::{
    error::Result,
    store::{
        self,
        assignment::uses::{self, Use, Uses},
    },
};

/// These assignments with names and with what people made of them, in the same order.
pub(crate) async fn rows<C: ConnectionTrait>(
    db: &C,
    assignments: Vec<Assignment>,
    now: Instant,
) -> Result<Vec<AssignmentRow>> {
    let around = Around::of(db, &assignments, now).await?;
    Ok(assignments.into_iter().filter_map(|assignment| around.row(assignment, now)).collect())
}

/// What is needed beside the assignments themselves.
struct Around {
    roles: HashMap<RoleId, Role>,
    settings: HashMap<RoleId, RoleSettings>,
    principals: HashMap<Principal, PrincipalRef>,
    makers: HashMap<PersonId, PersonRef>,
    last: Uses<LastActivation>,
    live: Uses<LiveActivation>,
}

impl Around {
    async fn of<C: ConnectionTrait>(db: &C, assignments: &[Assignment], now: Instant) -> Result<Self> {
        let roles = store::role::by_id(db, assignments.iter().map(|assignment| assignment.role)).await?;
        let ids: Vec<RoleId> = roles.keys().copied().collect();
        let people: Vec<PersonId> = assignments.iter().filter_map(activating).collect();
        Ok(Self {
            settings: store::role_settings::in_force(db, roles.values()).await?,
            principals: store::access::named(db, assignments.iter().map(|assignment| assignment.principal))
                .await?,
            makers: store::person::names(db, assignments.iter().filter_map(|assignment| assignment.made_by))
                .await?,
            last: uses::last(db, &people, &ids).await?,
            live: uses::live(db, &people, &ids, now).await?,
            roles,
        })
    }

    fn row(&self, assignment: Assignment, now: Instant) -> Option<AssignmentRow> {
        let role = self.roles.get(&assignment.role)?;
        let standing = assignment.standing(now);
        Some(AssignmentRow {
            role: store::role::reference(role),
            principal: self.principals.get(&assignment.principal)?.clone(),
            standing,
            ended_at: assignment.ended_at.or(assignment.ends_at.filter(|end| *end <= now)),
            made_by: assignment.made_by.and_then(|by| self.makers.get(&by).cloned()),
            last: under(&self.last, &assignment),
            live: under(&self.live, &assignment),
            fits_settings: standing == domain::assignment::Standing::Ended
                || self.settings.get(&role.id).is_some_and(|settings| assignment.fits(settings, now)),
            id: assignment.id,
            kind: assignment.kind,
            starts_at: assignment.starts_at,
            ends_at: assignment.ends_at,
            made_at: assignment.made_at,
            version: assignment.version,
            justification: assignment.justification,
            scope: assignment.scope,
        })
    }
}

/// The person who activates under this assignment; a group does not.
fn activating(assignment: &Assignment) -> Option<PersonId> {
    match (assignment.kind, assignment.principal) {
        (AssignmentKind::Eligible, Principal::Person(person)) => Some(person),
        (AssignmentKind::Eligible, Principal::Group(_)) | (AssignmentKind::Active, _) => None,
    }
}

/// The newest of these activations that this assignment covers.
fn under<T: Clone>(uses: &Uses<T>, assignment: &Assignment) -> Option<T> {
    let covered = |scope: &Scope| assignment.scope.covers(scope);
    let found: Option<&Use<T>> =
        uses.get(&(activating(assignment)?, assignment.role))?.iter().find(|found| covered(&found.scope));
    found.map(|found| found.activation.clone())
}
