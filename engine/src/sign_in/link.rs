//! One-time links.

use domain::{event::Event, person::PersonId};

use crate::{Tx, error::Result};

/// Makes the open links of these people void, because they have become privileged. Gives the facts.
pub(crate) async fn void_open(_tx: &Tx, _people: &[PersonId]) -> Result<Vec<Event>> {
    Ok(Vec::new())
}
