//! What people do: who may, what it is refused for, and what comes of it.

use std::collections::BTreeSet;

use domain::{
    Code, Instant, Span,
    activation::{ActivationId, Cause, RequestActivation, State},
    assignment::{AssignmentId, AssignmentKind, ChangeAssignment, NewAssignment},
    event::EventKind,
    group::GroupId,
    person::{PersonId, Principal},
    problem::Kind,
    role::{RoleId, builtin},
};
use uuid::Uuid;

use super::{Activation, Assignment, Fact, Membership, Model, Role, SHORTEST, record::Draft};

/// A message that somebody sends, with all that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub by: PersonId,
    /// The key under which it is carried out once.
    pub key: String,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Request(RequestActivation),
    Approve(ActivationId),
    Deny(ActivationId),
    Cancel(ActivationId),
    Deactivate(ActivationId),
    Revoke(ActivationId),
    Assign(NewAssignment),
    Change(AssignmentId, ChangeAssignment),
    Remove(AssignmentId),
    Join(GroupId, PersonId),
    Leave(GroupId, PersonId),
    Disable(PersonId),
    Enable(PersonId),
    SwitchOff(RoleId),
    SwitchOn(RoleId),
}

/// What an act answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// That it was done.
    Done,
    /// What was made.
    Made(Uuid),
    /// What followed, which is not looked at here.
    Told,
}

/// What was answered to what, and when.
#[derive(Clone, Debug)]
pub struct Kept {
    act: Act,
    answer: Answer,
    at: Instant,
}

/// What an act comes to: its answer, and what is to go on record. Nothing on record means that nothing changed.
type Outcome = Result<(Answer, Vec<Draft>), Code>;

/// How long an answer is kept.
const KEPT: Span = Span::hours(24);

impl Model {
    /// What comes of a message, and what goes on record. `made` is the id of what it makes, if it makes something.
    pub fn take(&mut self, sent: &Sent, made: Option<Uuid>) -> (Result<Answer, Code>, Vec<Fact>) {
        match self.once(sent, made) {
            Ok((answer, facts)) => (Ok(answer), facts),
            Err(code) => (Err(code), self.refusal(sent, code)),
        }
    }

    /// A message that was carried out is not carried out again: its answer is, to whoever may still hear it.
    fn once(&mut self, sent: &Sent, made: Option<Uuid>) -> Result<(Answer, Vec<Fact>), Code> {
        let place = (sent.by, sent.key.clone());
        let now = self.now();
        let kept = self.answers.get(&place).filter(|kept| kept.at > KEPT.before(now)).cloned();
        if let Some(Kept { act, answer, .. }) = kept {
            if act != sent.act {
                return Err(Code::IdempotencyMismatch);
            }
            return match self.clone().act(sent, made) {
                Err(code) if !hears_again(code, answer) => Err(code),
                Ok(_) | Err(_) => Ok((answer, Vec::new())),
            };
        }
        // All or nothing.
        let mut next = self.clone();
        let (answer, drafts) = next.act(sent, made)?;
        if drafts.is_empty() {
            return Ok((answer, Vec::new()));
        }
        let facts = next.record(Some(sent.by), drafts);
        next.answers.insert(place, Kept { act: sent.act.clone(), answer, at: now });
        *self = next;
        Ok((answer, facts))
    }

    fn act(&mut self, sent: &Sent, made: Option<Uuid>) -> Outcome {
        let by = sent.by;
        match &sent.act {
            Act::Request(input) => self.request(by, input, made),
            Act::Approve(id) => self.decide(by, *id, true),
            Act::Deny(id) => self.decide(by, *id, false),
            Act::Cancel(id) => self.cancel_by(by, *id),
            Act::Deactivate(id) => self.deactivate(by, *id),
            Act::Revoke(id) => self.revoke(by, *id),
            Act::Assign(new) => self.assign(by, new, made),
            Act::Change(id, input) => self.change(by, *id, input),
            Act::Remove(id) => self.remove(by, *id),
            Act::Join(group, person) => self.join(by, *group, *person),
            Act::Leave(group, person) => self.leave(by, *group, *person),
            Act::Disable(person) => self.disable(by, *person),
            Act::Enable(person) => self.enable(by, *person),
            Act::SwitchOff(role) => self.switch_off(by, *role),
            Act::SwitchOn(role) => self.switch_on(by, *role),
        }
    }

    /// What is said on record of an act that was refused.
    pub(super) fn attempt(&self, sent: &Sent) -> Draft {
        let of = |kind, id: &ActivationId| Draft::of_activation(kind, self.activation(*id));
        match &sent.act {
            Act::Request(input) => {
                Draft::new(EventKind::ActivationRequested).person(sent.by).role(input.role)
            }
            Act::Approve(id) => of(EventKind::ActivationApproved, id),
            Act::Deny(id) => of(EventKind::ActivationDenied, id),
            Act::Cancel(id) => of(EventKind::ActivationCanceled, id),
            Act::Deactivate(id) | Act::Revoke(id) => of(EventKind::ActivationEnded, id),
            Act::Assign(new) => Draft::new(EventKind::AssignmentMade).about(new.principal).role(new.role),
            Act::Change(id, _) => Draft::of_some_assignment(EventKind::AssignmentChanged, *id),
            Act::Remove(id) => Draft::of_some_assignment(EventKind::AssignmentRemoved, *id),
            Act::Join(group, person) => Draft::new(EventKind::MemberAdded).group(*group).person(*person),
            Act::Leave(group, person) => Draft::new(EventKind::MemberRemoved).group(*group).person(*person),
            Act::Disable(person) => Draft::new(EventKind::PersonDisabled).person(*person),
            Act::Enable(person) => Draft::new(EventKind::PersonEnabled).person(*person),
            Act::SwitchOff(role) => Draft::new(EventKind::RoleDisabled).role(*role),
            Act::SwitchOn(role) => Draft::new(EventKind::RoleEnabled).role(*role),
        }
    }

    /// Nothing new is granted while the clock is behind.
    fn require_steady_clock(&self) -> Result<(), Code> {
        if self.clock.is_stepped() { Err(Code::ClockStepped) } else { Ok(()) }
    }

    fn require_remaining_administrator(&self) -> Result<(), Code> {
        if self.has_administrator() { Ok(()) } else { Err(Code::LastAdministrator) }
    }

    /// For who does not administer Stint, nothing of the administration is there.
    fn require_administrator(&self, by: PersonId) -> Result<(), Code> {
        if self.is_administrator(by) { Ok(()) } else { Err(Code::NotFound) }
    }
}

/// What may be answered again although it would be refused now: what is refused because it was done already.
fn hears_again(code: Code, answer: Answer) -> bool {
    match code.kind() {
        Kind::Conflict | Kind::Invalid | Kind::StepUp => true,
        Kind::NotFound => answer == Answer::Done,
        _ => false,
    }
}

/// Requests and decisions.
impl Model {
    fn request(&mut self, by: PersonId, input: &RequestActivation, made: Option<Uuid>) -> Outcome {
        let now = self.now();
        if !self.is_enabled(by) {
            return Err(Code::SignedOut);
        }
        if !self.is_administrator(by) && !self.was_ever_concerned(by, input.role) {
            return Err(Code::NotFound);
        }
        self.require_steady_clock()?;
        if !self.role(input.role).on {
            return Err(Code::RoleDisabled);
        }
        if !self.is_eligible(by, input.role, now) {
            return Err(Code::NotEligible);
        }
        let own = self.activations.iter().filter(|one| one.person == by && one.role == input.role);
        for one in own {
            match one.state_at(now) {
                State::Active => return Err(Code::AlreadyActive),
                State::PendingApproval | State::Scheduled => return Err(Code::AlreadyRequested),
                _ => {}
            }
        }
        check_fields(input, now)?;
        let approval = self.role(input.role).approval.clone();
        if approval.as_ref().is_some_and(|rule| self.approvers(input.role, by).len() < rule.needed) {
            return Err(Code::NobodyCouldApprove);
        }
        let id = ActivationId::new(made.unwrap_or_default());
        let start = input.starts_at.filter(|start| *start > now);
        self.activations.push(Activation {
            id,
            number: 20_001 + i64::try_from(self.activations.len()).unwrap(),
            person: by,
            role: input.role,
            asked: now,
            start,
            duration: input.duration,
            state: State::PendingApproval,
            lapses: approval.as_ref().map(|rule| rule.timeout.after(now)),
            accepted: None,
            effective: None,
            ends: None,
            announced: false,
            settled: None,
            cause: None,
            decisions: Vec::new(),
        });
        if !self.is_eligible(by, input.role, start.unwrap_or(now)) {
            return Err(Code::NotEligible);
        }
        let asked = Draft::of_activation(EventKind::ActivationRequested, self.activation(id));
        let mut drafts = vec![asked.reason(&input.justification)];
        if approval.is_none() {
            drafts.push(self.accept(id).unwrap_or_else(|| {
                Draft::of_activation(EventKind::ActivationScheduled, self.activation(id))
            }));
        }
        Ok((Answer::Made(id.uuid()), drafts))
    }

    /// Nothing stands in the way any more: held from now on, or scheduled for its start.
    fn accept(&mut self, id: ActivationId) -> Option<Draft> {
        let now = self.now();
        let one = self.activation_mut(id);
        (one.accepted, one.lapses) = (Some(now), None);
        if one.start.is_some_and(|start| start > now) {
            one.state = State::Scheduled;
            return None;
        }
        Some(self.activate(id))
    }

    /// Whether a person ever had an assignment of the role, also through a group while they were in it.
    fn was_ever_concerned(&self, person: PersonId, role: RoleId) -> bool {
        self.assignments.iter().filter(|one| one.role == role).any(|one| match one.principal {
            Principal::Person(of) => of == person,
            Principal::Group(of) => self.memberships.iter().any(|member| {
                (member.group, member.person) == (of, person)
                    && member.until.is_none_or(|until| one.made < until)
                    && one.over.is_none_or(|over| member.from < over)
            }),
        })
    }

    /// What a person who may know of an activation finds; to everybody else there is none.
    fn seen(&self, by: PersonId, id: ActivationId) -> Result<&Activation, Code> {
        if !self.is_enabled(by) {
            return Err(Code::SignedOut);
        }
        let one = self.activation(id);
        let approves = self.role(one.role).approval.is_some() && self.may_decide(by, one);
        let decided = one.decisions.iter().any(|(who, _)| *who == by);
        if one.person == by || self.is_administrator(by) || decided || approves {
            Ok(one)
        } else {
            Err(Code::NotFound)
        }
    }

    fn decide(&mut self, by: PersonId, id: ActivationId, agrees: bool) -> Outcome {
        let now = self.now();
        let one = self.seen(by, id)?;
        if one.person == by {
            return Err(Code::OwnRequest);
        }
        if !self.may_decide(by, one) {
            return Err(Code::NotAnApprover);
        }
        if one.state_at(now) != State::PendingApproval {
            return Err(Code::NoLongerPending);
        }
        if one.decisions.iter().any(|(who, _)| *who == by) {
            return Err(Code::AlreadyDecided);
        }
        self.activation_mut(id).decisions.push((by, agrees));
        if !agrees {
            let denied = self.settle(id, State::Denied, None, EventKind::ActivationDenied);
            return Ok((Answer::Done, vec![denied.reason("No")]));
        }
        // Those count who may still decide; each once.
        let one = self.activation(id);
        let agreed: BTreeSet<_> = one.decisions.iter().map(|(who, _)| *who).collect();
        let counted = agreed.into_iter().filter(|who| self.is_enabled(*who) && self.may_decide(*who, one));
        let needed = self.role(one.role).approval.as_ref().map_or(1, |rule| rule.needed);
        if counted.count() < needed {
            return Ok((Answer::Done, vec![Draft::of_activation(EventKind::ActivationAgreed, one)]));
        }
        self.require_steady_clock()?;
        if !self.is_eligible(one.person, one.role, one.begins(now)) {
            return Err(Code::NoLongerPending);
        }
        let activated = self.accept(id);
        let approved = Draft::of_activation(EventKind::ActivationApproved, self.activation(id));
        Ok((Answer::Done, [approved].into_iter().chain(activated).collect()))
    }

    fn cancel_by(&mut self, by: PersonId, id: ActivationId) -> Outcome {
        let now = self.now();
        let one = self.seen(by, id)?;
        if one.person != by && !self.is_administrator(by) {
            return Err(Code::Forbidden);
        }
        if !matches!(one.state_at(now), State::PendingApproval | State::Scheduled) {
            return Err(Code::NoLongerPending);
        }
        let cause = if one.person == by { Cause::Withdrawn } else { Cause::Revoked };
        Ok((Answer::Done, vec![self.cancel(id, cause)]))
    }

    fn deactivate(&mut self, by: PersonId, id: ActivationId) -> Outcome {
        let one = self.seen(by, id)?;
        if one.person != by {
            return Err(Code::Forbidden);
        }
        self.require_active(one)?;
        Ok((Answer::Done, vec![self.end(id, Cause::Deactivated)]))
    }

    fn revoke(&mut self, by: PersonId, id: ActivationId) -> Outcome {
        let one = self.seen(by, id)?;
        if !self.is_administrator(by) {
            return Err(Code::Forbidden);
        }
        self.require_active(one)?;
        Ok((Answer::Done, vec![self.end(id, Cause::Revoked)]))
    }

    fn require_active(&self, one: &Activation) -> Result<(), Code> {
        match one.state_at(self.now()) {
            State::Active => Ok(()),
            State::PendingApproval | State::Scheduled => Err(Code::Conflict),
            _ => Err(Code::AlreadyEnded),
        }
    }
}

/// What may be asked for.
fn check_fields(input: &RequestActivation, now: Instant) -> Result<(), Code> {
    if input.duration > Span::hours(8) {
        return Err(Code::DurationTooLong);
    }
    if input.duration < SHORTEST {
        return Err(Code::DurationTooShort);
    }
    match input.starts_at {
        Some(start) if start < Span::minutes(1).before(now) => Err(Code::StartsInPast),
        Some(start) if start > Span::days(14).after(now) => Err(Code::StartsTooLate),
        _ => Ok(()),
    }
}

/// Assignments.
impl Model {
    fn assign(&mut self, by: PersonId, new: &NewAssignment, made: Option<Uuid>) -> Outcome {
        let now = self.now();
        if !self.is_administrator(by) {
            return Err(Code::Forbidden);
        }
        self.require_enabled(new.principal)?;
        if !self.role(new.role).on {
            return Err(Code::RoleDisabled);
        }
        self.require_steady_clock()?;
        let starts = new.starts_at.unwrap_or(now);
        if starts < Span::minutes(1).before(now) {
            return Err(Code::StartsInPast);
        }
        let mut one = Assignment {
            id: AssignmentId::new(made.unwrap_or_default()),
            role: new.role,
            principal: new.principal,
            eligible: new.kind == AssignmentKind::Eligible,
            starts: starts.max(now),
            ends: new.ends_at,
            why: new.justification.clone(),
            made: now,
            over: None,
            to_announce: false,
            version: 1,
        };
        one.to_announce = one.is_to_announce(now);
        check_period(&one, self.role(new.role), now)?;
        self.require_new(&one)?;
        self.assignments.push(one.clone());
        let made = Draft::of_assignment(EventKind::AssignmentMade, &one).reason(&one.why);
        let followed = self.follow_assignment(&one);
        Ok((Answer::Made(one.id.uuid()), [made].into_iter().chain(followed).collect()))
    }

    pub(super) fn follow_assignment(&mut self, one: &Assignment) -> Vec<Draft> {
        if !one.eligible {
            return Vec::new();
        }
        let people = self.behind(one.principal);
        self.follow(&people, Some(one.role))
    }

    fn require_enabled(&self, principal: Principal) -> Result<(), Code> {
        match principal {
            Principal::Person(person) if !self.is_enabled(person) => Err(Code::PersonDisabled),
            Principal::Person(_) | Principal::Group(_) => Ok(()),
        }
    }

    /// Nobody is given the same thing twice for the same time.
    fn require_new(&self, wanted: &Assignment) -> Result<(), Code> {
        let now = self.now();
        let same = |one: &Assignment| {
            (one.role, one.principal, one.eligible) == (wanted.role, wanted.principal, wanted.eligible)
        };
        let meets = |one: &Assignment| {
            one.ends.is_none_or(|end| wanted.starts < end) && wanted.ends.is_none_or(|end| one.starts < end)
        };
        let repeated = self
            .assignments
            .iter()
            .any(|one| one.id != wanted.id && !one.is_over(now) && same(one) && meets(one));
        if repeated { Err(Code::AlreadyAssigned) } else { Ok(()) }
    }

    fn change(&mut self, by: PersonId, id: AssignmentId, input: &ChangeAssignment) -> Outcome {
        let now = self.now();
        self.require_administrator(by)?;
        let before = self.assignment(id).clone();
        if before.is_over(now) {
            return Err(Code::AlreadyEnded);
        }
        if before.version != input.version {
            return Err(Code::Conflict);
        }
        if before.ends == input.ends_at && before.why == input.justification {
            return Ok((Answer::Done, Vec::new()));
        }
        let longer = before.ends.is_some_and(|end| input.ends_at.is_none_or(|new| new > end));
        if longer && !self.role(before.role).on {
            return Err(Code::RoleDisabled);
        }
        let mut after =
            Assignment { ends: input.ends_at, why: input.justification.clone(), ..before.clone() };
        after.version += 1;
        after.to_announce = after.is_to_announce(now);
        let rest = Assignment { starts: before.starts.max(now), ..after.clone() };
        check_period(&rest, self.role(before.role), now)?;
        if longer {
            self.require_steady_clock()?;
            self.require_enabled(before.principal)?;
            self.require_new(&after)?;
        }
        *self.assignment_mut(id) = after.clone();
        if !longer && after.role == builtin::ADMINISTRATOR && !after.eligible {
            self.require_remaining_administrator()?;
        }
        let changed = Draft::of_assignment(EventKind::AssignmentChanged, &after).reason(&after.why);
        let followed = self.follow_assignment(&after);
        Ok((Answer::Done, [changed].into_iter().chain(followed).collect()))
    }

    fn remove(&mut self, by: PersonId, id: AssignmentId) -> Outcome {
        let now = self.now();
        self.require_administrator(by)?;
        let before = self.assignment(id).clone();
        if before.is_over(now) {
            return Err(Code::AlreadyEnded);
        }
        self.assignment_mut(id).over = Some(now);
        if before.role == builtin::ADMINISTRATOR && !before.eligible {
            self.require_remaining_administrator()?;
        }
        let removed = Draft::of_assignment(EventKind::AssignmentRemoved, &before);
        let followed = self.follow_assignment(&before);
        Ok((Answer::Done, [removed].into_iter().chain(followed).collect()))
    }
}

/// What a role allows of a period.
fn check_period(one: &Assignment, role: &Role, now: Instant) -> Result<(), Code> {
    match one.ends {
        None if !one.eligible && !role.standing => Err(Code::PermanentNotAllowed),
        None => Ok(()),
        Some(end) if end <= now || end <= one.starts => Err(Code::EndsBeforeStart),
        Some(end) if end < SHORTEST.after(one.starts) => Err(Code::DurationTooShort),
        Some(_) => Ok(()),
    }
}

/// People, groups, roles.
impl Model {
    /// A group that has an assignment or approves something gives and takes rights.
    fn is_privileged(&self, group: GroupId) -> bool {
        let approves = self.roles.iter().filter_map(|role| role.approval.as_ref());
        self.stands_for_something(group)
            || approves.flat_map(|rule| &rule.approvers).any(|one| *one == Principal::Group(group))
    }

    fn join(&mut self, by: PersonId, group: GroupId, person: PersonId) -> Outcome {
        let now = self.now();
        self.require_administrator(by)?;
        if self.members(group).contains(&person) {
            return Ok((Answer::Told, Vec::new()));
        }
        self.require_enabled(Principal::Person(person))?;
        let privileged = self.is_privileged(group);
        self.memberships.push(Membership { group, person, from: now, until: None });
        let mut drafts = vec![Draft::new(EventKind::MemberAdded).group(group).person(person)];
        if privileged {
            self.require_steady_clock()?;
            drafts.extend(self.follow(&BTreeSet::from([person]), None));
        }
        Ok((Answer::Told, drafts))
    }

    fn leave(&mut self, by: PersonId, group: GroupId, person: PersonId) -> Outcome {
        let now = self.now();
        self.require_administrator(by)?;
        if !self.members(group).contains(&person) {
            return Ok((Answer::Done, Vec::new()));
        }
        for one in &mut self.memberships {
            if (one.group, one.person, one.until) == (group, person, None) {
                one.until = Some(now);
            }
        }
        let mut drafts = vec![Draft::new(EventKind::MemberRemoved).group(group).person(person)];
        if self.is_privileged(group) {
            self.require_remaining_administrator()?;
            drafts.extend(self.follow(&BTreeSet::from([person]), None));
        }
        Ok((Answer::Done, drafts))
    }

    fn person_mut(&mut self, id: PersonId) -> &mut super::Person {
        self.people.iter_mut().find(|person| person.id == id).unwrap()
    }

    fn disable(&mut self, by: PersonId, person: PersonId) -> Outcome {
        self.require_administrator(by)?;
        if !self.is_enabled(person) {
            return Ok((Answer::Done, Vec::new()));
        }
        self.person_mut(person).enabled = false;
        self.require_remaining_administrator()?;
        let disabled = Draft::new(EventKind::PersonDisabled).person(person);
        let followed = self.moot_all(|one| one.person == person, Cause::PersonDisabled);
        Ok((Answer::Done, [disabled].into_iter().chain(followed).collect()))
    }

    fn enable(&mut self, by: PersonId, person: PersonId) -> Outcome {
        self.require_administrator(by)?;
        if self.is_enabled(person) {
            return Ok((Answer::Done, Vec::new()));
        }
        if self.has_to_do_with_a_role(person) {
            self.require_steady_clock()?;
        }
        self.person_mut(person).enabled = true;
        Ok((Answer::Done, vec![Draft::new(EventKind::PersonEnabled).person(person)]))
    }

    /// Whether a person has an assignment whose end is not recorded, or approves something, also through a group.
    fn has_to_do_with_a_role(&self, person: PersonId) -> bool {
        let assigned = self.assignments.iter().filter(|one| one.over.is_none()).map(|one| one.principal);
        let approving = self.roles.iter().filter_map(|role| role.approval.as_ref());
        let approving = approving.flat_map(|rule| rule.approvers.iter().copied());
        assigned.chain(approving).any(|principal| self.behind(principal).contains(&person))
    }

    fn role_mut(&mut self, id: RoleId) -> &mut Role {
        self.roles.iter_mut().find(|role| role.id == id).unwrap()
    }

    fn switch_off(&mut self, by: PersonId, id: RoleId) -> Outcome {
        let now = self.now();
        self.require_administrator(by)?;
        if builtin::is(id) {
            return Err(Code::BuiltIn);
        }
        if !self.role(id).on {
            return Ok((Answer::Done, Vec::new()));
        }
        self.role_mut(id).on = false;
        let mut drafts = vec![Draft::new(EventKind::RoleDisabled).role(id)];
        for one in &mut self.assignments {
            if one.role == id && !one.eligible && !one.is_over(now) {
                one.over = Some(now);
                let draft = Draft::of_assignment(EventKind::AssignmentRemoved, one);
                drafts.push(draft.reason("role_disabled"));
            }
        }
        drafts.extend(self.moot_all(|one| one.role == id, Cause::RoleDisabled));
        Ok((Answer::Done, drafts))
    }

    fn switch_on(&mut self, by: PersonId, id: RoleId) -> Outcome {
        self.require_administrator(by)?;
        if self.role(id).on {
            return Ok((Answer::Done, Vec::new()));
        }
        self.role_mut(id).on = true;
        Ok((Answer::Done, vec![Draft::new(EventKind::RoleEnabled).role(id)]))
    }
}
