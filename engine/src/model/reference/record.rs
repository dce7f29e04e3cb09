//! What goes on record, and who is told of it: one record for each thing that happens, in the order in which it does.

use std::collections::BTreeMap;

use domain::{
    activation::{ActivationId, State},
    assignment::AssignmentId,
    event::EventKind,
    group::GroupId,
    person::{PersonId, Principal},
    problem::{Code, Kind},
    role::RoleId,
};

use super::{Activation, Assignment, Model, act::Sent};

/// A record, with the messages that follow from it: which one goes to which address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    pub kind: String,
    pub outcome: String,
    pub actor: Option<PersonId>,
    pub person: Option<PersonId>,
    pub group: Option<GroupId>,
    pub role: Option<RoleId>,
    pub assignment: Option<AssignmentId>,
    pub activation: Option<ActivationId>,
    pub reason: Option<String>,
    pub mails: BTreeMap<String, String>,
}

/// A fact before it is known who hears of it: that depends on how everything stands when all is done.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    kind: EventKind,
    outcome: &'static str,
    person: Option<PersonId>,
    group: Option<GroupId>,
    role: Option<RoleId>,
    assignment: Option<AssignmentId>,
    activation: Option<ActivationId>,
    reason: String,
}

impl Draft {
    pub fn new(kind: EventKind) -> Self {
        Self {
            kind,
            outcome: "done",
            person: None,
            group: None,
            role: None,
            assignment: None,
            activation: None,
            reason: String::new(),
        }
    }

    pub fn of_activation(kind: EventKind, one: &Activation) -> Self {
        Self { activation: Some(one.id), ..Self::new(kind).person(one.person).role(one.role) }
    }

    pub fn of_assignment(kind: EventKind, one: &Assignment) -> Self {
        Self { assignment: Some(one.id), ..Self::new(kind).about(one.principal).role(one.role) }
    }

    /// Nothing but the assignment is known yet.
    pub fn of_some_assignment(kind: EventKind, id: AssignmentId) -> Self {
        Self { assignment: Some(id), ..Self::new(kind) }
    }

    pub fn about(self, principal: Principal) -> Self {
        match principal {
            Principal::Person(person) => self.person(person),
            Principal::Group(group) => self.group(group),
        }
    }

    pub fn person(self, id: PersonId) -> Self {
        Self { person: Some(id), ..self }
    }

    pub fn group(self, id: GroupId) -> Self {
        Self { group: Some(id), ..self }
    }

    pub fn role(self, id: RoleId) -> Self {
        Self { role: Some(id), ..self }
    }

    pub fn reason(self, reason: &str) -> Self {
        Self { reason: reason.to_owned(), ..self }
    }

    /// With more words, if this is the reason.
    pub fn in_words(self, reason: &str, words: &str) -> Self {
        if self.reason == reason { self.reason(&format!("{reason}: {words}")) } else { self }
    }
}

/// How many refusals of one person go on record in a minute.
const A_MINUTE: u32 = 10;

impl Model {
    /// Puts what happened on record.
    pub(super) fn record(&mut self, actor: Option<PersonId>, drafts: Vec<Draft>) -> Vec<Fact> {
        if !drafts.is_empty() {
            self.clock.keep();
        }
        drafts.into_iter().map(|draft| self.fact(actor, draft)).collect()
    }

    fn fact(&self, actor: Option<PersonId>, draft: Draft) -> Fact {
        let mut mails = BTreeMap::new();
        if draft.outcome == "done" {
            for (people, template) in self.told(actor, &draft) {
                for person in self.people.iter().filter(|person| people.contains(&person.id)) {
                    if let Some(address) = &person.address {
                        mails.entry(address.clone()).or_insert_with(|| template.to_owned());
                    }
                }
            }
        }
        Fact {
            kind: draft.kind.as_str().to_owned(),
            outcome: draft.outcome.to_owned(),
            actor,
            person: draft.person,
            group: draft.group,
            role: draft.role,
            assignment: draft.assignment,
            activation: draft.activation,
            reason: Some(draft.reason).filter(|reason| !reason.is_empty()),
            mails,
        }
    }

    /// That somebody was refused what they may not do is a fact too; not that they mistyped, and not without end.
    pub(super) fn refusal(&mut self, sent: &Sent, code: Code) -> Vec<Fact> {
        if !matches!(code.kind(), Kind::Forbidden | Kind::StepUp | Kind::Conflict) {
            return Vec::new();
        }
        let now = self.now();
        let count = self.refusals.entry(sent.by).or_insert((now, 0));
        if !(count.0 <= now && now < domain::Span::minutes(1).after(count.0)) {
            *count = (now, 0);
        }
        count.1 += 1;
        if count.1 > A_MINUTE {
            return Vec::new();
        }
        let draft = Draft { outcome: code.as_str(), ..self.attempt(sent) };
        self.record(Some(sent.by), vec![draft])
    }

    /// Who is told what, the person concerned first: an address hears of a fact once.
    fn told(&self, actor: Option<PersonId>, draft: &Draft) -> Vec<(Vec<PersonId>, &'static str)> {
        if let Some(one) = draft.activation.map(|id| self.activation(id)) {
            return self.told_of_activation(actor, draft.kind, one);
        }
        let administrators: Vec<_> = self.administrators().into_iter().collect();
        if let Some(one) = draft.assignment.map(|id| self.assignment(id)) {
            let people = self.behind(one.principal).into_iter().filter(|person| self.is_enabled(*person));
            return vec![(people.collect(), "assignment"), (administrators, "assignment")];
        }
        match (draft.kind, draft.person, draft.group) {
            (EventKind::MemberAdded | EventKind::MemberRemoved, Some(person), Some(group)) => {
                if self.stands_for_something(group) {
                    vec![(vec![person], "membership"), (administrators, "membership")]
                } else {
                    Vec::new()
                }
            }
            (EventKind::ClockStepped | EventKind::ClockAccepted, ..) => vec![(administrators, "clock")],
            _ => Vec::new(),
        }
    }

    /// Whether a group has an assignment whose end is not recorded.
    pub(super) fn stands_for_something(&self, group: GroupId) -> bool {
        self.assignments.iter().any(|one| one.over.is_none() && one.principal == Principal::Group(group))
    }

    fn told_of_activation(
        &self,
        actor: Option<PersonId>,
        kind: EventKind,
        one: &Activation,
    ) -> Vec<(Vec<PersonId>, &'static str)> {
        let requester = vec![one.person];
        let approvers: Vec<_> = self.approvers(one.role, one.person).into_iter().collect();
        let deciders = one.decisions.iter().map(|(by, _)| *by);
        let settled: Vec<_> =
            approvers.iter().copied().chain(deciders).filter(|person| Some(*person) != actor).collect();
        let settled = (settled, "activation_settled");
        match kind {
            EventKind::ActivationRequested if one.state == State::PendingApproval => {
                vec![(requester, "activation_receipt"), (approvers, "activation_asked")]
            }
            EventKind::ActivationAgreed => vec![(requester, "activation_agreed")],
            EventKind::ActivationApproved if one.state == State::Scheduled => {
                vec![(requester, "activation_accepted"), settled]
            }
            EventKind::ActivationApproved => vec![settled],
            EventKind::ActivationScheduled => vec![(requester, "activation_accepted")],
            EventKind::ActivationActivated => {
                let administrators = self.administrators().into_iter().collect();
                vec![(requester, "activation_active"), (administrators, "activation_active")]
            }
            EventKind::ActivationDenied
            | EventKind::ActivationCanceled
            | EventKind::ActivationTimedOut
            | EventKind::ActivationFailed => {
                let undecided = one.accepted.is_none();
                let told = vec![(requester, "activation_refused")];
                told.into_iter().chain(undecided.then_some(settled)).collect()
            }
            EventKind::ActivationEndAnnounced => vec![(requester, "activation_ends_soon")],
            EventKind::ActivationEnded => vec![(requester, "activation_ended")],
            _ => Vec::new(),
        }
    }
}
