//! What was stored while the clock was ahead, once an earlier clock is accepted: instants to come that mean *happened*.

use domain::{
    Instant,
    activation::{Cause, State},
    event::Event,
};

use crate::{Tx, env::STEP, error::Result, sign_in::totp, store};

/// What the record says of what ends.
const WHY: &str = "the clock was corrected";

/// Brings them back to now, from the instant that was the highest. Whatever is active ends, because nobody can say any more
/// how long it was to last, and what was asked for in a time to come is canceled. Gives the facts.
pub(super) async fn future(tx: &Tx, highest: Instant) -> Result<Vec<Event>> {
    let (db, now) = (tx.conn(), tx.now);
    store::sign_in::attempt::forget_after(db, now).await?;
    store::sign_in::no_step_after(db, totp::step_at(now)).await?;
    store::sign_in::link::none_after(db, now).await?;
    store::session::none_after(db, now).await?;
    store::outbox::none_after(db, now).await?;
    store::assignment::none_made_after(db, now, highest).await?;
    let mut events = Vec::new();
    if highest - now <= STEP {
        return Ok(events);
    }
    for before in store::activation::unsettled_all(db).await? {
        let (after, event) = match before.state {
            State::Active => before.clone().end(Cause::Revoked, WHY, now)?,
            State::PendingApproval | State::Scheduled if before.requested_at > now => {
                before.clone().cancel(Cause::Revoked, WHY, now)?
            }
            State::PendingApproval
            | State::Scheduled
            | State::Activating
            | State::Ending
            | State::Ended
            | State::Denied
            | State::Canceled
            | State::TimedOut
            | State::Failed => continue,
        };
        store::activation::save(db, &before, &after).await?;
        events.push(event);
    }
    Ok(events)
}
