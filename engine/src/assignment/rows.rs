//! Assignments as lists show them.

use domain::{
    Instant,
    assignment::{Assignment, check_period},
    person::{PersonId, Principal, PrincipalRef},
    role::{AssignmentRow, LastActivation, LiveActivation},
};
use sea_orm::ConnectionTrait;

use crate::{
    error::{Error, Result},
    store,
};

/// These assignments with the names of what they are about, in the same order.
pub(crate) async fn rows<C: ConnectionTrait>(
    db: &C,
    assignments: Vec<Assignment>,
    now: Instant,
) -> Result<Vec<AssignmentRow>> {
    let roles = store::role::by_id(db, assignments.iter().map(|assignment| assignment.role)).await?;
    let mut rows = Vec::with_capacity(assignments.len());
    for assignment in assignments {
        let role = roles
            .get(&assignment.role)
            .ok_or_else(|| Error::broken("assignment.rows", "a role is missing"))?;
        let settings = store::role_settings::get(db, role.id, role.settings_version).await?;
        let period = (assignment.starts_at, assignment.ends_at);
        let fits = check_period(
            assignment.kind,
            period,
            &assignment.justification,
            &settings,
            domain::Span::ZERO,
            now,
        );
        let (last, live) = match assignment.principal {
            Principal::Person(person) => activations(db, person, &assignment, now).await?,
            Principal::Group(_) => (None, None),
        };
        let makers = store::person::names(db, assignment.made_by).await?;
        rows.push(AssignmentRow {
            id: assignment.id,
            role: store::role::reference(role),
            principal: named(db, assignment.principal).await?,
            kind: assignment.kind,
            standing: assignment.standing(now),
            scope: assignment.scope,
            starts_at: assignment.starts_at,
            ends_at: assignment.ends_at,
            ended_at: assignment.ended_at,
            justification: assignment.justification,
            made_by: assignment.made_by.and_then(|by| makers.get(&by).cloned()),
            made_at: assignment.made_at,
            last,
            live,
            fits_settings: fits.is_ok(),
            version: assignment.version,
        });
    }
    Ok(rows)
}

async fn named<C: ConnectionTrait>(db: &C, principal: Principal) -> Result<PrincipalRef> {
    let name = match principal {
        Principal::Person(id) => store::person::names(db, [id]).await?.remove(&id).map(|person| person.name),
        Principal::Group(id) => store::group::names(db, [id]).await?.remove(&id).map(|group| group.name),
    };
    let name = name.ok_or_else(|| Error::broken("assignment.rows", "a principal is missing"))?;
    Ok(PrincipalRef { principal, name })
}

async fn activations<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    assignment: &Assignment,
    now: Instant,
) -> Result<(Option<LastActivation>, Option<LiveActivation>)> {
    let last = store::activation::last_effective(db, person, assignment.role).await?;
    let last = last.and_then(|last| {
        let at = last.effective_at?;
        Some(LastActivation { at, duration: last.duration, justification: last.justification })
    });
    let unsettled = store::activation::unsettled_of(db, person, Some(assignment.role)).await?;
    let live = unsettled.into_iter().find(|live| !live.state_at(now).is_settled());
    let live = live.map(|live| LiveActivation {
        id: live.id,
        number: live.number,
        state: live.state_at(now),
        ends_at: live.ends_at,
    });
    Ok((last, live))
}
