//! A clock that went back: nothing new is granted, administrators are alarmed once, and ends go on, until the clock is
//! right again or an operator says that it is right now.

use std::sync::{Mutex, PoisonError};

use domain::event::{Event, EventKind};
use serde_json::json;

use crate::{Committed, Ctx, Engine, Tx, error::Result, store};

mod settle;

#[cfg(test)]
mod tests;

/// What was last noted of the clock: whether it is behind. Nothing is known at first.
#[derive(Debug, Default)]
pub(crate) struct Watched(Mutex<Option<bool>>);

impl Watched {
    fn is(&self, stepped: bool) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) == Some(stepped)
    }

    fn set(&self, stepped: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stepped);
    }
}

/// Looks whether the clock went back: that goes on record, and alarms the administrators, once for each step and not once
/// for each instance.
///
/// # Errors
/// When the database cannot be written to.
pub async fn watch(engine: &Engine) -> Result<()> {
    let stepped = engine.env().is_stepped();
    // While it is behind it is looked at each time: it may have been accepted, and have gone back again.
    if !stepped && engine.0.watched.is(false) {
        return Ok(());
    }
    let act = engine.clone();
    engine.act_due(move |tx| Box::pin(async move { noted(&act, tx).await })).await?;
    engine.0.watched.set(stepped);
    Ok(())
}

async fn noted(engine: &Engine, tx: &mut Tx) -> Result<Committed<()>> {
    match (tx.is_stepped(), tx.stepped_at()) {
        (true, None) => {
            tracing::error!(highest = %tx.now, "the clock went back: nothing new is granted until it is right or accepted");
            tx.note_step(Some(engine.env().corrected()));
            let event = Event::new(EventKind::ClockStepped).before(json!({ "highest": tx.now }));
            tx.commit(engine, (), vec![event]).await
        }
        (false, Some(_)) => {
            tracing::warn!("the clock is right again");
            tx.note_step(None);
            Ok(tx.kept_without_record(()))
        }
        (true, Some(_)) | (false, None) => Ok(tx.unchanged(())),
    }
}

/// Accepts the clock as it is; on record. What is stored of the time that never was is brought back to now, so that it
/// neither locks anybody out nor gives anything. Running instances notice with their next change.
///
/// # Errors
/// When the database cannot be written to.
pub async fn accept(engine: &Engine) -> Result<()> {
    let act = engine.clone();
    let attempt = Event::new(EventKind::ClockAccepted);
    engine
        .act(&Ctx::host(), attempt.clone(), move |tx| {
            Box::pin(async move {
                let highest = std::cmp::max(tx.now, store::head::read(tx.conn()).await?.highest_at);
                let found_at = tx.stepped_at();
                tx.accept_clock(act.env());
                let wrong = settle::Wrong::new(found_at, tx.now, highest);
                let accepted = attempt.before(json!({ "highest": highest })).after(json!({ "now": tx.now }));
                let mut events = vec![accepted];
                events.extend(settle::settle(tx, &wrong).await?);
                tx.commit(&act, (), events).await
            })
        })
        .await
}
