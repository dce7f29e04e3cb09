//! Who hears of what, and how the messages get there.

use domain::event::Event;

use crate::{Engine, Tx, error::Result};

/// Writes the messages that follow from a fact to the outbox, in its transaction.
pub(crate) async fn enqueue(_engine: &Engine, _tx: &mut Tx, _event: &Event, _seq: i64) -> Result<()> {
    Ok(())
}

/// Mails a one-time link to a person without any privilege. Gives the addresses it will be sent to.
pub(crate) async fn enqueue_link(
    _engine: &Engine,
    _tx: &Tx,
    _person: domain::person::PersonId,
    _url: &secrecy::SecretString,
    _expires_at: domain::Instant,
) -> Result<Vec<String>> {
    Ok(Vec::new())
}

/// Delivers messages that are due: one round. Gives how many were tried.
///
/// # Errors
/// When the store fails.
pub async fn deliver(_engine: &Engine) -> Result<usize> {
    Ok(0)
}
