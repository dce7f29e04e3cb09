//! Refusals of privileged acts go on record too, in a transaction of their own, and only so many a minute: otherwise
//! whoever is refused could fill the record.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{Instant, Span, event::Event, person::PersonId};

use crate::{Caller, Ctx, Engine};

/// How many refusals of one person go on record in a minute.
const A_MINUTE: u32 = 10;

/// Counts recorded refusals by person.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<PersonId, (Instant, u32)>>);

impl Limiter {
    fn admits(&self, person: PersonId, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What was counted before the clock was set back does not count.
        counts.retain(|_, (since, _)| *since <= now && now < Span::minutes(1).after(*since));
        let (_, count) = counts.entry(person).or_insert((now, 0));
        *count += 1;
        *count <= A_MINUTE
    }
}

/// Puts a refusal on record. That this fails does not change the answer: nothing was granted.
pub(crate) async fn record(engine: &Engine, ctx: &Ctx, refused: Event) {
    let Caller::Person(signed) = ctx.caller else { return };
    if !engine.refusals().admits(signed.person, engine.now()) {
        return;
    }
    if let Err(error) = engine.record(ctx, refused).await {
        tracing::warn!(%error, "a refusal could not be recorded");
    }
}
