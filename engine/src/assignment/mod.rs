//! Assignments: made, changed and removed by administrators, ended by the clock. Never deleted.

mod change;
pub(crate) mod correct;
mod due;
pub(crate) mod guard;
mod list;
mod make;
mod preview;
pub(crate) mod privileged;
mod remove;
mod rows;

pub use change::change;
pub(crate) use due::due;
pub use list::{get, of_role};
pub use make::make;
pub use preview::preview;
pub use remove::remove;
pub(crate) use remove::{in_doubt, role_disabled};
pub(crate) use rows::rows;

use domain::{
    assignment::{Assignment, AssignmentKind},
    event::{Event, EventKind},
    person::Principal,
};
use serde_json::{Value, json};

use crate::{Tx, activation, error::Result, store};

/// A fact about an assignment.
fn event(kind: EventKind, assignment: &Assignment) -> Event {
    about(Event::new(kind), assignment.principal)
        .role(assignment.role)
        .scope(assignment.scope.clone())
        .assignment(assignment.id)
}

fn about(event: Event, principal: Principal) -> Event {
    match principal {
        Principal::Person(person) => event.person(person),
        Principal::Group(group) => event.group(group),
    }
}

/// What may change in an assignment, for the record.
fn facts(assignment: &Assignment) -> Value {
    json!({
        "kind": assignment.kind,
        "starts_at": assignment.starts_at,
        "ends_at": assignment.ends_at,
        "justification": assignment.justification,
    })
}

/// What follows for the activations of those who were made, are, or were eligible by this.
async fn follow(tx: &Tx, assignment: &Assignment) -> Result<Vec<Event>> {
    if assignment.kind != AssignmentKind::Eligible {
        return Ok(Vec::new());
    }
    let people = store::access::people_of(tx.conn(), &[assignment.principal]).await?;
    activation::follow::eligibility_changed(tx, &people, Some(assignment.role)).await
}

#[cfg(test)]
mod tests;
