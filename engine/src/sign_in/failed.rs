//! Failed attempts go on record, and only so many a minute: otherwise whoever tries could fill it. What was typed as a
//! name is not kept: it is a password now and then.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    Code, Instant, Span,
    event::{Event, EventKind},
    person::PersonId,
};

use crate::{Caller, Ctx, Engine};

/// How many failures about one person, or about nobody who exists, go on record in a minute.
const A_MINUTE: u32 = 10;

/// Counts recorded failures by the person they are about.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<Option<PersonId>, (Instant, u32)>>);

impl Limiter {
    fn admits(&self, person: Option<PersonId>, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What was counted before the clock was set back does not count.
        counts.retain(|_, (since, _)| *since <= now && now < Span::minutes(1).after(*since));
        let (_, count) = counts.entry(person).or_insert((now, 0));
        *count += 1;
        *count <= A_MINUTE
    }
}

/// Puts a failure on record: `what` was wrong. That this fails does not change the answer.
pub(crate) async fn record(engine: &Engine, ctx: &Ctx, person: Option<PersonId>, code: Code, what: &str) {
    if !engine.sign_in_failures().admits(person, engine.now()) {
        return;
    }
    let mut event = Event::new(EventKind::SignInFailed).reason(what).refused(code);
    event.person = person;
    let ctx = Ctx { caller: Caller::Nobody, ..ctx.clone() };
    if let Err(error) = engine.record(&ctx, event).await {
        tracing::warn!(%error, "a failed attempt could not be recorded");
    }
}
