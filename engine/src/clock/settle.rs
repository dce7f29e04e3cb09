//! What was stored while the clock was ahead, once an earlier clock is accepted: instants to come that mean *happened*, and
//! what lasts longer than it was to.

use chrono::TimeDelta;
use domain::{Instant, activation::State, event::Event};

use crate::{
    Tx, activation, assignment, env::STEP, error::Result, notification::LEASE, sign_in::totp, store,
};

/// What the record says of what ends or is moved.
const WHY: &str = "the clock was corrected";

/// How the clock was wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong {
    /// What is stored of later instants is of the wrong time.
    since: Instant,
    /// By how much it was ahead.
    by: TimeDelta,
}

impl Wrong {
    /// A clock that says `now` and was ahead until `highest`; `found_at` is when that was found, by the clock that is right.
    pub(super) fn new(found_at: Option<Instant>, now: Instant, highest: Instant) -> Self {
        Self { since: found_at.map_or(now, |at| at.min(now)), by: (highest - now).max(TimeDelta::zero()) }
    }
}

/// Brings it back to now. Whatever is active ends, because nobody can say any more how long it was to last, and what was
/// asked for in a time to come is canceled. Gives the facts.
pub(super) async fn settle(tx: &Tx, wrong: &Wrong) -> Result<Vec<Event>> {
    let (db, now) = (tx.conn(), tx.now);
    store::sign_in::attempt::forget_after(db, wrong.since).await?;
    store::sign_in::no_step_after(db, totp::step_at(now)).await?;
    store::sign_in::link::none_after(db, wrong.since, now).await?;
    store::session::none_after(db, wrong.since, wrong.by, now).await?;
    store::outbox::none_after(db, now, LEASE.after(now)).await?;
    if wrong.by <= STEP {
        return Ok(Vec::new());
    }
    let mut events = activations(tx, wrong).await?;
    events.extend(assignment::correct::moved_back(tx, wrong.since, wrong.by, WHY).await?);
    Ok(events)
}

async fn activations(tx: &Tx, wrong: &Wrong) -> Result<Vec<Event>> {
    activation::follow::in_doubt(tx, WHY, |one| match one.state {
        State::Active => true,
        State::PendingApproval | State::Scheduled => one.requested_at > wrong.since,
        State::Activating
        | State::Ending
        | State::Ended
        | State::Denied
        | State::Canceled
        | State::TimedOut
        | State::Failed => false,
    })
    .await
}
