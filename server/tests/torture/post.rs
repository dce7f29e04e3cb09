//! What the mail server got, held against the outbox and the record: each message that follows from a record was
//! written with it and sent, and a second time only where a kill fell between the answer and the note of it.

use std::collections::BTreeMap;

use domain::{Span, audit::Record};
use engine::{Env, notification, testing::World};

use crate::{
    book::Book,
    house::{House, Part},
};

/// To so many addresses messages are on their way at once: so many may be doubled by a kill.
const UNDER_WAY: u64 = 8;
/// For so long a message that was under way belongs to the process that was killed.
const LEASE: Span = Span::minutes(16);

/// What was counted.
pub struct Posted {
    pub messages: usize,
    pub doubled: usize,
}

/// Delivers what is left, a quarter of an hour later, and counts. Nothing else may run on the database.
pub async fn count(house: &mut House, book: &mut Book, kills: u64) -> Posted {
    house.world.reopen(Env::moving(LEASE.after(house.now())).unwrap()).await;
    let engine = house.world.instance_with_mail(&house.mail).await;
    while notification::deliver(&engine).await.unwrap() > 0 {}
    engine.close().await;

    let posted = house.world.posted().await;
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for mail in house.mail.taken() {
        let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap_or_default();
        *taken.entry(id.split('@').next().unwrap_or_default().to_owned()).or_default() += 1;
    }
    for one in &posted {
        assert!(one.delivered_at.is_some() && !one.waits, "I10: not delivered: {one:?}");
        assert!(taken.contains_key(&one.id), "I10: noted as delivered, but nobody got it: {one:?}");
    }
    assert_eq!(taken.len(), posted.len(), "I10: mail about what did not happen");
    let doubled = taken.values().map(|times| times - 1).sum();
    assert!(doubled as u64 <= kills * UNDER_WAY, "I10: {doubled} doubled messages after {kills} kills");
    let mut by_record: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for one in &posted {
        *by_record.entry((one.record.unwrap_or_default(), one.to.clone())).or_default() += 1;
    }
    for record in house.world.record().await {
        book.read(&record);
        follows(house, book, &by_record, &record);
    }
    Posted { messages: posted.len(), doubled }
}

/// Whoever must hear of a record has one message that names it.
fn follows(house: &House, book: &Book, posted: &BTreeMap<(i64, String), usize>, record: &Record) {
    if record.outcome != "done" {
        return;
    }
    let told = match record.kind.as_str() {
        "activation.requested" => {
            let life = &book.lives[record.activation.as_ref().unwrap()];
            life.lapses_at.is_some()
        }
        "activation.activated" | "activation.ended" | "activation.denied" => true,
        "activation.canceled" | "activation.timed_out" => true,
        _ => false,
    };
    if !told {
        return;
    }
    let requester = house.by_id()[record.person.as_ref().unwrap()].name.clone();
    let mut people = vec![requester];
    if record.kind == "activation.activated" {
        let all = house.workers.iter().filter(|worker| worker.part == Part::Administrator);
        people.extend(all.map(|worker| worker.name.clone()));
    }
    for name in people {
        let key = (record.seq, format!("{name}@halden.example"));
        assert_eq!(posted.get(&key), Some(&1), "I10: {name} does not hear once of {record:?}");
    }
}

/// The record as it is stored is whole, and every request stands where the record says.
pub async fn compare(world: &World, book: &Book) {
    for life in book.lives.values() {
        let stored = world.activation(domain::Id::parse(&life.id).unwrap()).await;
        let state = match life.stand {
            crate::book::Stand::Waiting => "pending_approval",
            crate::book::Stand::Accepted => "activating",
            crate::book::Stand::Active => "active",
            crate::book::Stand::Over(state) => state,
        };
        assert_eq!(stored.state.as_str(), state, "I7: changed without a record: {life:?}, {stored:?}");
        let times = (life.effective_at, life.ends_at, life.settled_at);
        assert_eq!((stored.effective_at, stored.ends_at, stored.settled_at), times, "I7: {life:?}");
    }
}
