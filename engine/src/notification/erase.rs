//! What messages said is erased when they have been over for long: the record and the row with its subject keep that they
//! were sent, to whom and when.

use domain::{Id, Span};

use super::outbox::subject;
use crate::{Engine, error::Result, store};

/// So long after it was written a message is kept with its words.
const KEPT: Span = Span::days(90);
/// How many are erased in one transaction: nothing that is due waits long for it.
const BATCH: u64 = 100;

/// Erases the words of old messages that were delivered or will not be. Those that wait stay, however old. Gives how many
/// there were.
///
/// # Errors
/// When the database does not answer.
pub async fn erase(engine: &Engine) -> Result<usize> {
    let mut erased = 0;
    loop {
        let rows = store::outbox::to_erase(engine.readers(), KEPT.before(engine.now()), BATCH).await?;
        let done = rows.len();
        let subjects = rows.iter().map(|row| (Id::new(row.id), subject(engine, row))).collect();
        engine
            .note(move |tx| Box::pin(async move { store::outbox::erase(tx.conn(), subjects, tx.now).await }))
            .await?;
        erased += done;
        if u64::try_from(done).is_ok_and(|done| done < BATCH) {
            return Ok(erased);
        }
    }
}
