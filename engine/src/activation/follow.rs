//! What follows for activations when assignments, memberships, people or roles change: in the same transaction.

use std::collections::BTreeSet;

use domain::{
    Instant,
    activation::{Activation, Cause, State},
    assignment::{self, Assignment, Cover},
    event::Event,
    person::PersonId,
    role::RoleId,
};

use super::{due::natural_cause, known};
use crate::{Tx, error::Result, store};

/// Works out anew what covers the live activations of these people, in one role or all: ends are moved; what nothing
/// covers any more is canceled or ended. Gives the facts.
pub(crate) async fn eligibility_changed(
    tx: &Tx,
    people: &[PersonId],
    role: Option<RoleId>,
) -> Result<Vec<Event>> {
    let people: Vec<_> = people.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut events = Vec::new();
    for before in store::activation::unsettled_of_people(tx.conn(), &people, role).await? {
        let eligible = known::eligible(tx.conn(), before.person, before.role).await?;
        events.extend(follow_cover(tx, before, &eligible).await?);
    }
    Ok(events)
}

/// Cancels and ends everything of a person who was disabled.
pub(crate) async fn person_disabled(tx: &Tx, person: PersonId) -> Result<Vec<Event>> {
    let live = store::activation::unsettled_of(tx.conn(), person, None).await?;
    end_all(tx, live, Cause::PersonDisabled, "").await
}

/// Cancels what waits for a role that was switched off, and ends what is active in it.
pub(crate) async fn role_disabled(tx: &Tx, role: RoleId) -> Result<Vec<Event>> {
    let live = store::activation::unsettled_in(tx.conn(), role).await?;
    end_all(tx, live, Cause::RoleDisabled, "").await
}

/// Ends and cancels whatever is not settled and is one of these, because nobody can say any more that it is to be.
pub(crate) async fn in_doubt(
    tx: &Tx,
    why: &str,
    which: impl Fn(&Activation) -> bool + Send,
) -> Result<Vec<Event>> {
    let live = store::activation::unsettled_all(tx.conn()).await?.into_iter().filter(which).collect();
    end_all(tx, live, Cause::Revoked, why).await
}

async fn follow_cover(tx: &Tx, before: Activation, eligible: &[Assignment]) -> Result<Option<Event>> {
    let over = before.state_at(tx.now) != before.state;
    let cover = match before.state {
        State::Active => assignment::cover(eligible, &before.scope, tx.now),
        _ => known::cover_at_start(&before, eligible, tx.now),
    };
    // INVARIANT: what is over by the clock is never brought back by a wider cover.
    if over || cover == Cover::None {
        return end_one(tx, before, Cause::EligibilityEnded, "").await;
    }
    if let Some(recut) = before.clone().recut(cover, tx.now) {
        // The fact that moved the end is the change of the assignment or membership itself.
        store::activation::save(tx.conn(), &before, &recut).await?;
    }
    Ok(None)
}

async fn end_all(tx: &Tx, live: Vec<Activation>, cause: Cause, why: &str) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in live {
        events.extend(end_one(tx, before, cause, why).await?);
    }
    Ok(events)
}

/// Settles one, whatever it waits for. Never refused.
async fn end_one(tx: &Tx, before: Activation, cause: Cause, why: &str) -> Result<Option<Event>> {
    let Some((after, event)) = moot(before.clone(), cause, why, tx.now) else { return Ok(None) };
    store::activation::save(tx.conn(), &before, &after).await?;
    Ok(Some(event))
}

/// The end of what became moot; what was over by the clock already keeps its own cause.
fn moot(activation: Activation, cause: Cause, why: &str, now: Instant) -> Option<(Activation, Event)> {
    let over = activation.state_at(now) != activation.state;
    let settled = match activation.state {
        State::Active => {
            let (cause, why) = if over { (natural_cause(&activation), "") } else { (cause, why) };
            activation.end(cause, why, now)
        }
        State::PendingApproval if over => activation.time_out(now),
        State::PendingApproval | State::Scheduled | State::Activating => activation.cancel(cause, why, now),
        State::Ending | State::Ended | State::Denied | State::Canceled | State::TimedOut | State::Failed => {
            return None;
        }
    };
    settled.ok()
}
