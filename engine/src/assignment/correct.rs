//! Assignments that were made while the clock was ahead: moved to when they were made by the clock that is right.

use chrono::TimeDelta;
use domain::{
    Instant,
    assignment::Assignment,
    event::{Event, EventKind},
};

use super::{due, event, facts, follow};
use crate::{Tx, error::Result, store};

/// Moves what was made after `since`, by a clock that was so much ahead, so that none lasts longer for it. What was to begin
/// later than it was made begins when its administrator said. Gives the facts.
pub(crate) async fn moved_back(tx: &Tx, since: Instant, ahead: TimeDelta, why: &str) -> Result<Vec<Event>> {
    let (mut events, mut moved) = (Vec::new(), Vec::new());
    for before in store::assignment::made_after(tx.conn(), since).await? {
        let after = earlier(&before, ahead);
        store::assignment::save(tx.conn(), &after, due::after(&after, tx.now), None).await?;
        let changed = event(EventKind::AssignmentChanged, &after);
        events.push(changed.before(facts(&before)).after(facts(&after)).reason(why));
        moved.push(after);
    }
    // When all are where they belong: one may cover what another one does no longer.
    for after in &moved {
        events.extend(follow(tx, after).await?);
    }
    Ok(events)
}

fn earlier(before: &Assignment, ahead: TimeDelta) -> Assignment {
    let made = Assignment { made_at: before.made_at - ahead, ..before.clone() };
    if before.starts_at > before.made_at {
        return made;
    }
    Assignment { starts_at: before.starts_at - ahead, ends_at: before.ends_at.map(|end| end - ahead), ..made }
}
