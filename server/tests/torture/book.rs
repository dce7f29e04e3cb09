//! The record, read again from its beginning as a story that must make sense: each move of each request follows from
//! the one before, was allowed when it stands there, and stands there once. So it knows who was a member and who was
//! eligible at each line.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Instant, Span, audit::Record, person::Principal};

use crate::{house::House, ledger::number_in};

/// Where a request stands by the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Waiting,
    /// Agreed to, or nobody had to: the next line must say what became of it.
    Accepted,
    Active,
    /// In this state for good.
    Over(&'static str),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Life {
    pub id: String,
    pub person: String,
    /// The key of the role.
    pub role: &'static str,
    role_id: String,
    pub lapses_at: Option<Instant>,
    pub stand: Stand,
    agreed: Vec<String>,
    pub effective_at: Option<Instant>,
    pub ends_at: Option<Instant>,
    pub settled_at: Option<Instant>,
    /// The act that gave it, and the act that took it back.
    pub granted_by: Option<u64>,
    pub settled_by: Option<u64>,
}

/// An end that came by itself: when it was due and when it was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub due_at: Instant,
    pub at: Instant,
}

struct Rules {
    key: &'static str,
    needed: usize,
    timeout: Span,
    approvers: Vec<Principal>,
}

/// What the record says so far.
pub struct Book {
    rules: BTreeMap<String, Rules>,
    pub members: BTreeSet<(String, String)>,
    /// Role, and person or group.
    eligible: BTreeSet<(String, String)>,
    pub lives: BTreeMap<String, Life>,
    /// The records that carry the number of an act, by their kind.
    pub acts: BTreeMap<u64, Vec<String>>,
    pub ends: Vec<Ended>,
    pub newest: i64,
    pub newest_at: Option<Instant>,
}

fn at(us: i64) -> Instant {
    Instant::from_timestamp_micros(us).unwrap()
}

fn principal(principal: Principal) -> String {
    match principal {
        Principal::Person(person) => person.to_string(),
        Principal::Group(group) => group.to_string(),
    }
}

impl Book {
    /// Before anybody works.
    pub fn new(house: &House) -> Self {
        let rules = house.roles.iter().map(|role| {
            let approvers = role.approvers.clone();
            let rules = Rules { key: role.key, needed: role.needed, timeout: role.timeout, approvers };
            (role.id.to_string(), rules)
        });
        let members = house.members.iter().map(|(group, person)| (group.to_string(), person.to_string()));
        let eligible = house.eligible.iter().map(|(role, to)| (role.to_string(), principal(*to)));
        Self {
            rules: rules.collect(),
            members: members.collect(),
            eligible: eligible.collect(),
            lives: BTreeMap::new(),
            acts: BTreeMap::new(),
            ends: Vec::new(),
            newest: 0,
            newest_at: None,
        }
    }

    /// Reads on. What was read already is skipped.
    pub fn read(&mut self, record: &Record) {
        if record.seq <= self.newest {
            return;
        }
        assert_eq!(record.seq, self.newest + 1, "I7: the record has a gap");
        let now = at(record.at);
        assert!(self.newest_at.is_none_or(|newest| newest <= now), "I12: time went back at {record:?}");
        (self.newest, self.newest_at) = (record.seq, Some(now));
        if record.outcome != "done" {
            return;
        }
        if let Some(number) = record.reason.as_deref().and_then(number_in) {
            self.acts.entry(number).or_default().push(record.kind.clone());
        }
        match record.kind.as_str() {
            "group.member_added" | "group.member_removed" | "assignment.made" | "assignment.removed" => {
                self.read_right(record);
            }
            "activation.requested" => self.read_request(record, now),
            kind if kind.starts_with("activation.") => self.read_move(record, now),
            _ => {}
        }
    }

    fn read_right(&mut self, record: &Record) {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let membership = (text(&record.group), text(&record.person));
        let to = record.person.clone().or_else(|| record.group.clone()).unwrap_or_default();
        let assigned = (text(&record.role), to);
        let changed = match record.kind.as_str() {
            "group.member_added" => self.members.insert(membership),
            "group.member_removed" => self.members.remove(&membership),
            "assignment.made" => self.eligible.insert(assigned),
            _ => self.eligible.remove(&assigned),
        };
        assert!(changed, "I7: a change that changes nothing is on record: {record:?}");
    }

    fn read_request(&mut self, record: &Record, now: Instant) {
        let role_id = record.role.clone().unwrap();
        let rules = &self.rules[&role_id];
        let waits = rules.needed > 0;
        let number = record.reason.as_deref().and_then(number_in);
        let life = Life {
            id: record.activation.clone().unwrap(),
            person: record.person.clone().unwrap(),
            role: rules.key,
            role_id,
            lapses_at: waits.then(|| rules.timeout.after(now)),
            stand: if waits { Stand::Waiting } else { Stand::Accepted },
            agreed: Vec::new(),
            effective_at: None,
            ends_at: None,
            settled_at: None,
            granted_by: number.filter(|_| !waits),
            settled_by: None,
        };
        assert!(self.is_eligible(&life), "I6: who is not eligible was given a request: {record:?}");
        let live = self.lives.values().filter(|other| other.person == life.person && other.role == life.role);
        let live = live.filter(|other| match other.stand {
            Stand::Over(_) => false,
            Stand::Active => other.ends_at.is_none_or(|end| now < end),
            Stand::Waiting | Stand::Accepted => other.lapses_at.is_none_or(|lapse| now < lapse),
        });
        assert_eq!(live.count(), 0, "I5: a second live request: {record:?}");
        assert!(self.lives.insert(life.id.clone(), life).is_none(), "I5: requested twice: {record:?}");
    }

    fn is_eligible(&self, life: &Life) -> bool {
        let groups = self.members.iter().filter(|(_, person)| *person == life.person).map(|(group, _)| group);
        let mut principals = groups.chain(std::iter::once(&life.person));
        principals.any(|principal| self.eligible.contains(&(life.role_id.clone(), principal.clone())))
    }

    fn may_approve(&self, life: &Life, person: &str) -> bool {
        let named = self.rules[&life.role_id].approvers.iter();
        person != life.person
            && named.copied().any(|named| match named {
                Principal::Person(one) => one.to_string() == person,
                Principal::Group(group) => self.members.contains(&(group.to_string(), person.to_owned())),
            })
    }

    fn read_move(&mut self, record: &Record, now: Instant) {
        let id = record.activation.clone().unwrap();
        let mut life = self.lives.remove(&id).unwrap_or_else(|| panic!("I7: a move of nothing: {record:?}"));
        let actor = record.actor.clone().unwrap_or_default();
        let reason = record.reason.clone().unwrap_or_default();
        let in_time = life.lapses_at.is_none_or(|lapse| now < lapse);
        let before = life.stand;
        let allowed = match (record.kind.as_str(), life.stand) {
            ("activation.agreed" | "activation.approved", Stand::Waiting) => {
                let fine = in_time && self.may_approve(&life, &actor) && !life.agreed.contains(&actor);
                life.agreed.push(actor);
                let counted = life.agreed.iter().filter(|person| self.may_approve(&life, person)).count();
                let accepted = record.kind == "activation.approved";
                if accepted {
                    life.stand = Stand::Accepted;
                    life.granted_by = number_in(&reason);
                }
                fine && accepted == (counted >= self.rules[&life.role_id].needed)
            }
            ("activation.activated", Stand::Accepted) => {
                life.stand = Stand::Active;
                life.effective_at = Some(now);
                let ends_at = record.after.as_ref().and_then(|after| after.get("ends_at")).cloned();
                life.ends_at = serde_json::from_value(ends_at.unwrap()).unwrap();
                self.is_eligible(&life) && life.ends_at.is_some_and(|end| now < end)
            }
            ("activation.denied", Stand::Waiting) => {
                life.stand = Stand::Over("denied");
                in_time && self.may_approve(&life, &actor)
            }
            ("activation.canceled", Stand::Waiting) => {
                life.stand = Stand::Over("canceled");
                in_time && (reason != "eligibility_ended" || !self.is_eligible(&life))
            }
            ("activation.timed_out", Stand::Waiting) => {
                life.stand = Stand::Over("timed_out");
                !in_time
            }
            ("activation.ended", Stand::Active) => {
                life.stand = Stand::Over("ended");
                let due_at = life.ends_at.unwrap();
                if reason == "time_up" {
                    self.ends.push(Ended { due_at, at: now });
                }
                (reason == "time_up") == (due_at <= now)
                    && (reason != "eligibility_ended" || !self.is_eligible(&life))
            }
            _ => false,
        };
        assert!(allowed, "I5, I6, I7: {record:?} does not follow from {life:?}, which was {before:?}");
        if matches!(life.stand, Stand::Over(_)) {
            life.settled_at = Some(now);
            life.settled_by = number_in(&reason);
        }
        self.lives.insert(id, life);
    }

    /// What must be true whenever nothing is under way: nothing half done, nothing held that nothing covers, nothing
    /// that was over long ago still open.
    pub fn close(&self, now: Instant, patience: Span) {
        for life in self.lives.values() {
            let over_at = match life.stand {
                Stand::Over(_) => continue,
                Stand::Accepted => panic!("I13: half done: {life:?}"),
                Stand::Active => life.ends_at,
                Stand::Waiting => life.lapses_at,
            };
            let overdue = over_at.is_some_and(|over_at| patience.after(over_at) < now);
            assert!(!overdue, "I1, I3: over and not ended by {now}: {life:?}");
            assert!(
                over_at.is_some_and(|at| at <= now) || self.is_eligible(life),
                "I6: not covered: {life:?}"
            );
        }
    }
}
