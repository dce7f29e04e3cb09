//! One-time links.

use domain::{event::Event, person::PersonId};

use crate::{Tx, error::Result};

/// Makes the open links of these people void, because they have become privileged. Gives the facts.
pub(crate) async fn void_open(_tx: &Tx, _people: &[PersonId]) -> Result<Vec<Event>> {
    Ok(Vec::new())
}

/// An invitation for a new person, within the transaction that creates them: mailed when they have nothing to do with a
/// role. Gives the facts.
pub(crate) async fn invite(
    _engine: &crate::Engine,
    _tx: &Tx,
    _person: PersonId,
) -> Result<(domain::sign_in::MadeLink, Vec<Event>)> {
    Err(domain::Code::Unavailable.into())
}
