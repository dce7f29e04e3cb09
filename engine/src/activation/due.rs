//! What the clock does to activations: ends, lapses, starts, announcements. Each in the transaction that records it; a
//! second instance finds it done.

use domain::{
    Instant,
    activation::{Activation, ActivationId, Cause, State},
    event::Event,
};

use super::known;
use crate::{
    Engine, Tx,
    error::{Error, Result},
    failpoint,
    store::{self, activation::Work},
};

/// How many activations move in one transaction.
const BATCH: u64 = 200;

/// Everything of one kind that is due now. One that cannot be moved does not hold up the others.
pub(crate) async fn all(engine: &Engine, work: Work) -> Result<usize> {
    let mut moved = 0;
    loop {
        match batch(engine, work).await {
            Ok((done, more)) => {
                moved += done;
                if !more || done == 0 {
                    return Ok(moved);
                }
            }
            Err(error) => return Ok(moved + each_alone(engine, work, error).await?),
        }
    }
}

/// Moves what is due, as many as fit one transaction: how many moved, and whether more wait.
async fn batch(engine: &Engine, work: Work) -> Result<(usize, bool)> {
    let act = engine.clone();
    engine
        .act_due(move |tx| {
            Box::pin(async move {
                let due = store::activation::due_for(tx.conn(), work, tx.now, BATCH).await?;
                let more = due.len() as u64 == BATCH;
                let (mut moved, mut events) = (0, Vec::new());
                for before in due {
                    let facts = step(tx, work, before).await?;
                    failpoint::at("due.moved")?;
                    moved += usize::from(!facts.is_empty());
                    events.extend(facts);
                }
                if events.is_empty() {
                    return Ok(tx.unchanged((0, false)));
                }
                tx.commit(&act, (moved, more), events).await
            })
        })
        .await
}

/// After a batch failed: each in a transaction of its own, so that all that can move do.
async fn each_alone(engine: &Engine, work: Work, cause: Error) -> Result<usize> {
    let ids = engine
        .act_due(move |tx| {
            Box::pin(async move {
                let ids = store::activation::ids_due_for(tx.conn(), work, tx.now).await?;
                Ok(tx.unchanged(ids))
            })
        })
        .await?;
    tracing::debug!(error = %cause, ?work, due = ids.len(), "a batch failed; each is tried alone");
    let (mut moved, mut failed) = (0, cause);
    for id in ids {
        match alone(engine, work, id).await {
            Ok(done) => moved += usize::from(done),
            Err(error) => failed = Error::of("activation.due")(Stuck { id, work, error }),
        }
    }
    // What is stuck is told in the next round, when nothing else moves.
    if moved == 0 { Err(failed) } else { Ok(moved) }
}

/// One that could not be moved.
#[derive(Debug, thiserror::Error)]
#[error("{work:?} of activation {id}")]
struct Stuck {
    id: ActivationId,
    work: Work,
    #[source]
    error: Error,
}

async fn alone(engine: &Engine, work: Work, id: ActivationId) -> Result<bool> {
    let act = engine.clone();
    engine
        .act_due(move |tx| {
            Box::pin(async move {
                let Some(before) = store::activation::find(tx.conn(), id).await? else {
                    return Ok(tx.unchanged(false));
                };
                let facts = step(tx, work, before).await?;
                if facts.is_empty() {
                    return Ok(tx.unchanged(false));
                }
                tx.commit(&act, true, facts).await
            })
        })
        .await
}

/// One move of one activation; no facts when there is nothing to do.
async fn step(tx: &Tx, work: Work, before: Activation) -> Result<Vec<Event>> {
    let moved = match work {
        Work::Ends => end(before.clone(), tx.now),
        Work::Lapses => before.clone().time_out(tx.now).ok(),
        Work::Announcements => before.clone().announce_end(tx.now).ok(),
        Work::Starts => start(tx, before.clone()).await?,
    };
    let Some((after, fact)) = moved else { return Ok(Vec::new()) };
    store::activation::save(tx.conn(), &before, &after).await?;
    Ok(vec![fact])
}

fn end(activation: Activation, now: Instant) -> Option<(Activation, Event)> {
    if activation.state != State::Active || activation.state_at(now) != State::Ended {
        return None;
    }
    let cause = natural_cause(&activation);
    activation.end(cause, "", now).ok()
}

/// Why an end came by itself: the time that was asked for is over, or what covered it is.
pub(super) fn natural_cause(activation: &Activation) -> Cause {
    let full = activation.effective_at.map(|from| activation.duration.after(from));
    if full.zip(activation.ends_at).is_some_and(|(full, end)| end < full) {
        Cause::EligibilityEnded
    } else {
        Cause::TimeUp
    }
}

/// A start that has come: everything but the second factor is checked again. While the clock is behind what was seen, or
/// the disk is full, it waits, because nothing new is granted then.
async fn start(tx: &Tx, activation: Activation) -> Result<Option<(Activation, Event)>> {
    if activation.state != State::Scheduled || tx.is_stepped() || tx.is_full() {
        return Ok(None);
    }
    let settings = store::role_settings::get(tx.conn(), activation.role, activation.settings_version).await?;
    let moved = match known::still_holds(tx.conn(), &activation, &settings, false, tx.now).await? {
        Ok(cover) => activation.start(tx.now)?.confirm(cover, tx.now)?,
        Err(cause) => activation.fail(cause, tx.now)?,
    };
    Ok(Some(moved))
}
