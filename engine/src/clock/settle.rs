//! What was stored while the clock was ahead, once an earlier clock is accepted: instants to come that mean *happened*.

use domain::{activation::Cause, event::Event};

use crate::{Tx, error::Result, sign_in::totp, store};

/// Brings them back to now. A role that was activated in a time to come would be held a second time: it ends. Gives the
/// facts.
pub(super) async fn future(tx: &Tx) -> Result<Vec<Event>> {
    let (db, now) = (tx.conn(), tx.now);
    store::sign_in::attempt::forget_after(db, now).await?;
    store::sign_in::no_step_after(db, totp::step_at(now)).await?;
    store::session::none_after(db, now).await?;
    store::outbox::none_after(db, now).await?;
    store::assignment::none_made_after(db, now).await?;
    let mut events = Vec::new();
    for before in store::activation::active_after(db, now).await? {
        let (after, ended) = before.clone().end(Cause::Revoked, "the clock was corrected", now)?;
        store::activation::save(db, &before, &after).await?;
        events.push(ended);
    }
    Ok(events)
}
