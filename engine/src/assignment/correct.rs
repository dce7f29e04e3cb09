//! Assignments that were made while the clock was ahead: moved to when they were made by the clock that is right.

use chrono::TimeDelta;
use domain::{
    Instant,
    assignment::Assignment,
    event::{Event, EventKind},
};

use super::{due, event, facts};
use crate::{Tx, error::Result, store};

/// Moves what was made after `since`, by a clock that was so much ahead, so that none lasts longer for it. What was to begin
/// later than it was made begins when its administrator said. Gives the facts.
pub(crate) async fn moved_back(tx: &Tx, since: Instant, ahead: TimeDelta, why: &str) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in store::assignment::made_after(tx.conn(), since).await? {
        let made_at = before.made_at - ahead;
        let after = if before.starts_at <= before.made_at {
            let ends_at = before.ends_at.map(|end| end - ahead);
            Assignment { made_at, starts_at: before.starts_at - ahead, ends_at, ..before.clone() }
        } else {
            Assignment { made_at, ..before.clone() }
        };
        store::assignment::save(tx.conn(), &after, due::after(&after, tx.now), None).await?;
        events.push(
            event(EventKind::AssignmentChanged, &after)
                .before(facts(&before))
                .after(facts(&after))
                .reason(why),
        );
    }
    Ok(events)
}
