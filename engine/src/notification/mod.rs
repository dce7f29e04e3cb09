//! Who hears of what, and how the messages get there.

use domain::event::Event;

use crate::{Engine, Tx, error::Result};

/// Writes the messages that follow from a fact to the outbox, in its transaction.
pub(crate) async fn enqueue(_engine: &Engine, _tx: &mut Tx, _event: &Event, _seq: i64) -> Result<()> {
    Ok(())
}

/// Delivers messages that are due: one round. Gives how many were tried.
///
/// # Errors
/// When the store fails.
pub async fn deliver(_engine: &Engine) -> Result<usize> {
    Ok(0)
}
