//! What happens to assignments by itself: announcements of a coming end, and ends. An end is never held back: whether
//! it leaves an administrator is not asked here.

use domain::{
    Instant, Span,
    assignment::Assignment,
    event::{Event, EventKind},
};

use super::{event, facts, follow};
use crate::{
    Committed, Engine, Tx,
    error::Result,
    store::{self, assignment::Due},
};

/// How long before its end an assignment is announced, and the word for the record. Not for those that last no longer
/// than that.
const NOTICES: [(Span, &str); 2] = [(Span::days(14), "14 days"), (Span::days(1), "1 day")];

/// How many assignments one round takes.
const A_ROUND: u64 = 200;

/// What the worker keeps beside an assignment as it stands at `now`: notices whose time has passed are not made up for.
pub(super) fn after(assignment: &Assignment, now: Instant) -> Due {
    let Some(end) = assignment.ends_at else { return Due::default() };
    let period = Span::between(assignment.starts_at, end);
    let passed = NOTICES.iter().take_while(|(span, _)| *span >= period || span.before(end) <= now).count();
    let at = NOTICES.get(passed).map_or(end, |(span, _)| span.before(end));
    Due { announced: i64::try_from(passed).unwrap_or(i64::MAX), at: Some(at) }
}

/// One round of the worker: records ends that are due and announces coming ones. Gives how many assignments it dealt
/// with; there may be more when it is not none.
pub(crate) async fn due(engine: &Engine) -> Result<usize> {
    if store::assignment::due(engine.readers(), engine.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let act = engine.clone();
    engine.act_due(move |tx| Box::pin(async move { round(&act, tx).await })).await
}

async fn round(engine: &Engine, tx: &mut Tx) -> Result<Committed<usize>> {
    let due = store::assignment::due(tx.conn(), tx.now, A_ROUND).await?;
    let mut events = Vec::new();
    for (assignment, kept) in &due {
        if assignment.ends_at.is_some_and(|end| end <= tx.now) {
            events.extend(end(tx, assignment).await?);
        } else {
            events.extend(announce(tx, assignment, *kept).await?);
        }
    }
    if events.is_empty() {
        // At most the next instant that matters was moved.
        return Ok(tx.kept_without_record(due.len()));
    }
    tx.commit(engine, due.len(), events).await
}

async fn end(tx: &Tx, before: &Assignment) -> Result<Vec<Event>> {
    let after = Assignment { ended_at: Some(tx.now), ..before.clone() };
    store::assignment::save(tx.conn(), &after, Due::default(), Some("time_up")).await?;
    let mut events = vec![event(EventKind::AssignmentEnded, before).before(facts(before)).reason("time_up")];
    events.extend(follow(tx, before).await?);
    Ok(events)
}

/// Announces the latest notice whose time has come. After a pause of the server one is enough.
async fn announce(tx: &Tx, assignment: &Assignment, kept: Due) -> Result<Option<Event>> {
    let next = after(assignment, tx.now);
    store::assignment::keep_due(tx.conn(), assignment, next).await?;
    if next.announced <= kept.announced {
        return Ok(None);
    }
    let notice = usize::try_from(next.announced - 1).ok().and_then(|index| NOTICES.get(index));
    let period = assignment.ends_at.map(|end| Span::between(assignment.starts_at, end)).unwrap_or_default();
    Ok(notice.filter(|(span, _)| *span < period).map(|(_, word)| {
        event(EventKind::AssignmentEndAnnounced, assignment).after(facts(assignment)).reason(*word)
    }))
}
