//! What is to be seen of the real engine after a step: every row that matters, and the answers that rest on them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Id, Instant,
    activation::{Activation, Verdict},
    assignment::{Assignment, AssignmentKind},
    audit::{self, Record},
    group::GroupId,
    person::PersonId,
    role::RoleId,
};
use sea_orm::{EntityTrait, QueryOrder, entity::prelude::*};

use super::{
    engine::Real,
    reference::{self, Fact, Model},
};
use crate::{check, store};

/// The state of things, as the engine shows it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub now: Instant,
    pub activations: Vec<Activation>,
    pub assignments: Vec<Assignment>,
    pub members: BTreeMap<GroupId, BTreeSet<PersonId>>,
    pub enabled: BTreeSet<PersonId>,
    /// Who holds which role, by the engine's answer.
    pub holders: BTreeMap<RoleId, BTreeSet<PersonId>>,
    /// All records of the case so far.
    pub facts: Vec<Fact>,
    /// The number of the newest record.
    pub seq: i64,
}

impl Seen {
    /// Looks; `before` is what was seen last, and `model` says only whom and what to look at.
    pub async fn look(real: &Real, before: &Self, model: &Model) -> Self {
        let (engine, db) = (real.engine(), real.engine().readers());
        let mut seen = Self { now: engine.now(), ..Self::default() };
        seen.activations =
            store::activation::list(db, &store::activation::Wanted::default(), 10_000).await.unwrap();
        seen.activations.sort_by_key(|one| one.number);
        let rows = store::assignment::row::Entity::find().all(db).await.unwrap();
        seen.assignments = rows.into_iter().map(|row| row.try_into().unwrap()).collect();
        for group in &model.groups {
            let members = store::group::members(db, *group).await.unwrap();
            assert_eq!(members.len(), members.iter().collect::<BTreeSet<_>>().len(), "in a group twice");
            seen.members.insert(*group, members.into_iter().collect());
        }
        let people: Vec<_> = model.people.iter().map(|person| person.id).collect();
        seen.enabled = store::person::enabled_among(db, &people).await.unwrap().into_iter().collect();
        for role in &model.roles {
            let holders = store::access::holders(db, role.id, seen.now).await.unwrap();
            seen.holders.insert(role.id, holders.into_iter().collect());
        }
        seen.facts.clone_from(&before.facts);
        seen.facts.extend(new_facts(real, before.seq).await);
        seen.seq = store::head::read(db).await.unwrap().seq;
        seen
    }

    /// What was recorded since.
    pub fn since(&self, before: &Self) -> Vec<Fact> {
        self.facts.get(before.facts.len()..).unwrap_or_default().to_vec()
    }
}

/// Records after this one, each with the messages that were written for it.
async fn new_facts(real: &Real, after: i64) -> Vec<Fact> {
    use store::{audit::row as record, outbox::row as outbox};
    let db = real.engine().readers();
    let records = record::Entity::find()
        .filter(record::Column::Seq.gt(after))
        .order_by_asc(record::Column::Seq)
        .all(db)
        .await
        .unwrap();
    let messages = outbox::Entity::find().filter(outbox::Column::EventSeq.gt(after)).all(db).await.unwrap();
    let mut facts = Vec::new();
    for (row, seq) in records.iter().zip(after + 1..) {
        assert_eq!(row.seq, seq, "a gap in the chain");
        let record: Record = serde_json::from_str(&row.body).unwrap();
        let mut fact = fact(&record);
        for message in messages.iter().filter(|message| message.event_seq == Some(seq)) {
            let twice = fact.mails.insert(message.address.clone(), message.template.clone());
            assert_eq!(twice, None, "told twice of the same");
        }
        facts.push(fact);
    }
    assert_eq!(facts.iter().map(|fact| fact.mails.len()).sum::<usize>(), messages.len(), "a stray message");
    facts
}

fn fact(record: &Record) -> Fact {
    fn id<T>(text: Option<&String>) -> Option<Id<T>> {
        text.map(|text| Id::parse(text).unwrap())
    }
    Fact {
        kind: record.kind.clone(),
        outcome: record.outcome.clone(),
        actor: id(record.actor.as_ref()),
        person: id(record.person.as_ref()),
        group: id(record.group.as_ref()),
        role: id(record.role.as_ref()),
        assignment: id(record.assignment.as_ref()),
        activation: id(record.activation.as_ref()),
        reason: record.reason.clone(),
        mails: BTreeMap::new(),
    }
}

/// Compares what is seen with what the reference says.
pub fn compare(seen: &Seen, model: &Model) {
    assert_eq!(seen.now, model.now(), "the time");
    let activations: Vec<_> = seen.activations.iter().map(activation).collect();
    assert_eq!(activations, model.activations, "activations");
    let mut assignments: Vec<_> =
        seen.assignments.iter().filter(|one| is_of(one, model)).map(assignment).collect();
    let mut expected = model.assignments.clone();
    for one in &mut expected {
        // Kept in another form; and nothing rests on the version of what has ended.
        one.to_announce = false;
        one.version = if one.over.is_some() { 0 } else { one.version };
    }
    assignments.sort_by_key(|one| one.id);
    expected.sort_by_key(|one| one.id);
    assert_eq!(assignments, expected, "assignments");
    for group in &model.groups {
        assert_eq!(seen.members.get(group), Some(&model.members(*group)), "members");
    }
    let enabled = model.people.iter().filter(|person| person.enabled).map(|person| person.id);
    assert_eq!(seen.enabled, enabled.collect(), "who is enabled");
    for role in &model.roles {
        assert_eq!(seen.holders.get(&role.id), Some(&model.holders(role.id)), "who holds {}", role.key);
    }
}

/// Asks whether a role is held and until when, as another tool would: for everybody and every role, or only where
/// several things give it.
pub async fn compare_checks(real: &Real, model: &Model, auditor: PersonId, all: bool) {
    let ctx = real.ctx(auditor);
    for (person, role) in
        model.people.iter().flat_map(|person| model.roles.iter().map(move |role| (person, role)))
    {
        let ends = model.sources(person.id, role.id);
        if !all && ends.len() < 2 {
            continue;
        }
        let answer = check::check(real.engine(), &ctx, Some(person.id), &role.key, None).await.unwrap();
        // Union of grants: without an end if one of them has none, or else to the last of their ends.
        let until = if ends.contains(&None) { None } else { ends.iter().flatten().max().copied() };
        assert_eq!((answer.held, answer.until), (!ends.is_empty(), until), "whether {} is held", role.key);
    }
}

/// The chain holds: each record stands on the one before.
pub async fn verify_chain(real: &Real) {
    let db = real.engine().readers();
    let rows =
        store::audit::row::Entity::find().order_by_asc(store::audit::row::Column::Seq).all(db).await.unwrap();
    let mut hash = audit::GENESIS;
    for (row, seq) in rows.iter().zip(1..) {
        hash = audit::link(&hash, &row.body);
        assert_eq!((row.seq, &row.hash), (seq, &audit::hex(&hash)), "the chain is broken");
    }
    assert_eq!(store::head::read(db).await.unwrap().hash, hash, "the head of the chain");
}

/// Assignments of roles that nothing happens to are not looked at.
fn is_of(one: &Assignment, model: &Model) -> bool {
    model.roles.iter().any(|role| role.id == one.role)
}

fn activation(one: &Activation) -> reference::Activation {
    reference::Activation {
        id: one.id,
        number: one.number,
        person: one.person,
        role: one.role,
        asked: one.requested_at,
        start: one.requested_start,
        duration: one.duration,
        state: one.state,
        lapses: one.lapses_at,
        accepted: one.accepted_at,
        effective: one.effective_at,
        ends: one.ends_at,
        announced: one.end_announced,
        settled: one.settled_at,
        cause: one.cause,
        decisions: one.decisions.iter().map(|d| (d.by, d.verdict == Verdict::Approved)).collect(),
    }
}

fn assignment(one: &Assignment) -> reference::Assignment {
    reference::Assignment {
        id: one.id,
        role: one.role,
        principal: one.principal,
        eligible: one.kind == AssignmentKind::Eligible,
        starts: one.starts_at,
        ends: one.ends_at,
        why: one.justification.clone(),
        made: one.made_at,
        over: one.ended_at,
        to_announce: false,
        version: if one.ended_at.is_some() { 0 } else { one.version },
    }
}
