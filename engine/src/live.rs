//! What changed, for live pages: the number of the newest record, told to whoever waits, and what of the new records
//! a person may hear of. Ids only; the page that hears of a change asks again and is authorised again.

use std::{collections::HashMap, time::Duration};

use domain::{
    Id,
    access::Permission,
    activation::ActivationId,
    event::EventKind,
    live::{LiveChange, LiveKind},
    person::PersonId,
};
use tokio::sync::watch;

use crate::{
    Engine, activation,
    error::Result,
    store::{self, access::Access, audit::Heard},
};

/// Tells waiting pages that there are new records.
#[derive(Clone, Debug)]
pub struct Live(watch::Sender<i64>);

impl Live {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// There are records up to `seq`.
    pub(crate) fn tell(&self, seq: i64) {
        self.0.send_if_modified(|newest| {
            let newer = seq > *newest;
            if newer {
                *newest = seq;
            }
            newer
        });
    }

    /// Waits for records; each receiver sees the newest number only.
    pub fn listen(&self) -> watch::Receiver<i64> {
        self.0.subscribe()
    }
}

/// So many records are looked at for one answer: whoever missed more asks for everything.
const MOST: u64 = 200;
/// How often the records of other instances are looked for.
const PULSE: Duration = Duration::from_secs(1);

/// The number of the newest record: where a page begins to listen.
///
/// # Errors
/// When the database does not answer.
pub async fn newest(engine: &Engine) -> Result<i64> {
    Ok(store::head::read(engine.readers()).await?.seq)
}

/// Notices the records of other instances, and of commands on the host. Runs until it is dropped.
pub async fn follow(engine: Engine) {
    let mut pulse = tokio::time::interval(PULSE);
    pulse.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        pulse.tick().await;
        match newest(&engine).await {
            Ok(seq) => engine.live().tell(seq),
            Err(error) => tracing::debug!(%error, "the newest record is not known"),
        }
    }
}

/// What of the records after `from_seq`, up to `to_seq`, this person may hear of now; each change once. Too many
/// records are answered with [`LiveChange::EVERYTHING`].
///
/// # Errors
/// When the database does not answer.
pub async fn visible(
    engine: &Engine,
    person: PersonId,
    from_seq: i64,
    to_seq: i64,
) -> Result<Vec<LiveChange>> {
    let db = engine.readers();
    if to_seq.saturating_sub(from_seq) > i64::try_from(MOST).unwrap_or(i64::MAX) {
        return Ok(vec![LiveChange::EVERYTHING]);
    }
    let records = store::audit::heard(db, from_seq, to_seq, MOST).await?;
    let access = store::access::of(db, person, engine.now()).await?;
    let holds = access.holds;
    let mut seen = HashMap::new();
    let mut changes: Vec<LiveChange> = Vec::new();
    for record in records {
        let Some(change) = change(&record) else { continue };
        if changes.contains(&change) {
            continue;
        }
        let (_, actor, about, ..) = record;
        let own = [actor, about].contains(&Some(person.uuid()));
        let people =
            matches!(change.kind, LiveKind::Person | LiveKind::Group) && holds.allow(Permission::ReadPeople);
        if own
            || people
            || holds.allow(Permission::ReadRecord)
            || sees(engine, &access, change.activation, &mut seen).await?
        {
            changes.push(change);
        }
    }
    Ok(changes)
}

fn change((kind, _, _, role, activation): &Heard) -> Option<LiveChange> {
    let kind = LiveKind::of(EventKind::parse(kind)?);
    Some(LiveChange { kind, activation: activation.map(Id::new), role: role.map(Id::new) })
}

/// Whether the person may see this activation; each is asked for once.
async fn sees(
    engine: &Engine,
    access: &Access,
    id: Option<ActivationId>,
    seen: &mut HashMap<ActivationId, bool>,
) -> Result<bool> {
    let Some(id) = id else { return Ok(false) };
    if let Some(known) = seen.get(&id) {
        return Ok(*known);
    }
    let may = activation::may_see(engine, access, id).await?;
    seen.insert(id, may);
    Ok(may)
}

#[cfg(test)]
mod tests;
