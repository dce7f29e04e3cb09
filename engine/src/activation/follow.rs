//! What follows for activations when assignments, memberships, people or roles change: in the same transaction.

use domain::{event::Event, person::PersonId, role::RoleId};

use crate::{Tx, error::Result};

/// Works out anew what covers the live activations of these people, in one role or all: ends are moved; what nothing
/// covers any more is canceled or ended. Gives the facts.
pub(crate) async fn eligibility_changed(_tx: &Tx, _people: &[PersonId], _role: Option<RoleId>) -> Result<Vec<Event>> {
    Ok(Vec::new())
}

/// Cancels and ends everything of a person who was disabled.
pub(crate) async fn person_disabled(_tx: &Tx, _person: PersonId) -> Result<Vec<Event>> {
    Ok(Vec::new())
}

/// Cancels what waits for a role that was switched off, and ends what is active in it.
pub(crate) async fn role_disabled(_tx: &Tx, _role: RoleId) -> Result<Vec<Event>> {
    Ok(Vec::new())
}
