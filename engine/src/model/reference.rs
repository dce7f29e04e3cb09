//! The reference: what Stint is, said a second time, as plainly as can be. No database, no transaction, no lane; lists
//! that are searched from front to back. It shares types and words with `domain`, and no rule.

mod act;
mod follow;
mod record;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Instant, Span,
    activation::{ActivationId, Cause, State},
    assignment::AssignmentId,
    group::GroupId,
    person::{PersonId, Principal},
    role::{RoleId, builtin},
};

pub use act::{Act, Answer, Sent};
pub use record::Fact;
pub use time::Clock;

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct Model {
    pub clock: Clock,
    pub people: Vec<Person>,
    pub groups: Vec<GroupId>,
    pub roles: Vec<Role>,
    pub memberships: Vec<Membership>,
    pub assignments: Vec<Assignment>,
    pub activations: Vec<Activation>,
    /// What was answered under whose key, for a day.
    pub(super) answers: BTreeMap<(PersonId, String), act::Kept>,
    /// How many refusals of whom went on record since when.
    pub(super) refusals: BTreeMap<PersonId, (Instant, u32)>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: PersonId,
    pub enabled: bool,
    /// Whether they have a second factor.
    pub factor: bool,
    pub address: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: RoleId,
    pub key: String,
    pub on: bool,
    /// Whether it may be held without an end.
    pub standing: bool,
    pub approval: Option<Approval>,
}

/// Who must agree: so many of these, or of the administrators when nobody is named.
#[derive(Clone, Debug)]
pub struct Approval {
    pub approvers: Vec<Principal>,
    pub needed: usize,
    pub timeout: Span,
}

#[derive(Clone, Debug)]
pub struct Membership {
    pub group: GroupId,
    pub person: PersonId,
    pub from: Instant,
    pub until: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub id: AssignmentId,
    pub role: RoleId,
    pub principal: Principal,
    /// Eligible, or else active.
    pub eligible: bool,
    pub starts: Instant,
    pub ends: Option<Instant>,
    pub why: String,
    pub made: Instant,
    /// When it was removed, or its end recorded.
    pub over: Option<Instant>,
    /// Whether its coming end is still to be announced, a day before.
    pub to_announce: bool,
    /// Counts changes.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    pub id: ActivationId,
    pub number: i64,
    pub person: PersonId,
    pub role: RoleId,
    pub asked: Instant,
    pub start: Option<Instant>,
    pub duration: Span,
    pub state: State,
    pub lapses: Option<Instant>,
    pub accepted: Option<Instant>,
    pub effective: Option<Instant>,
    pub ends: Option<Instant>,
    pub announced: bool,
    pub settled: Option<Instant>,
    pub cause: Option<Cause>,
    /// Who decided, and whether they agreed.
    pub decisions: Vec<(PersonId, bool)>,
}

/// A day before its end an assignment that lasts longer is announced.
const DAY: Span = Span::days(1);
/// How long before its end an activation that lasts longer is announced.
const NOTICE: Span = Span::minutes(15);
/// No period is shorter.
const SHORTEST: Span = Span::minutes(5);

impl Assignment {
    pub fn is_over(&self, now: Instant) -> bool {
        self.over.is_some() || self.ends.is_some_and(|end| end <= now)
    }

    pub fn is_live(&self, now: Instant) -> bool {
        self.starts <= now && !self.is_over(now)
    }

    /// A coming end is announced to those who knew of it more than a day before, and had more than a day.
    fn is_to_announce(&self, now: Instant) -> bool {
        self.ends.is_some_and(|end| self.is_longer_than_a_day() && DAY.before(end) > now)
    }

    fn is_longer_than_a_day(&self) -> bool {
        self.ends.is_some_and(|end| end > DAY.after(self.starts))
    }
}

impl Activation {
    /// What it is by the clock, whether or not that is recorded.
    pub fn state_at(&self, now: Instant) -> State {
        match self.state {
            State::Active if self.ends.is_some_and(|end| end <= now) => State::Ended,
            State::PendingApproval if self.lapses.is_some_and(|lapse| lapse <= now) => State::TimedOut,
            state => state,
        }
    }

    pub fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// Held from the moment it became effective, and before its end.
    pub fn is_held(&self, now: Instant) -> bool {
        self.state == State::Active
            && self.effective.is_some_and(|from| from <= now)
            && self.ends.is_some_and(|end| now < end)
    }

    /// When it begins, if that were judged now.
    fn begins(&self, now: Instant) -> Instant {
        self.start.map_or(now, |start| start.max(now))
    }

    /// Whose time was cut short by the end of the eligibility, and whose was up.
    fn natural_cause(&self) -> Cause {
        let full = self.effective.map(|from| self.duration.after(from));
        if self.ends < full { Cause::EligibilityEnded } else { Cause::TimeUp }
    }
}

impl Model {
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    pub fn role(&self, id: RoleId) -> &Role {
        self.roles.iter().find(|role| role.id == id).unwrap()
    }

    pub fn is_enabled(&self, id: PersonId) -> bool {
        self.people.iter().any(|person| person.id == id && person.enabled)
    }

    pub fn members(&self, group: GroupId) -> BTreeSet<PersonId> {
        let now = self.memberships.iter().filter(|one| one.group == group && one.until.is_none());
        now.map(|one| one.person).collect()
    }

    /// The people behind a principal now, disabled ones too.
    pub fn behind(&self, principal: Principal) -> BTreeSet<PersonId> {
        match principal {
            Principal::Person(person) => BTreeSet::from([person]),
            Principal::Group(group) => self.members(group),
        }
    }

    fn concerns(&self, assignment: &Assignment, person: PersonId) -> bool {
        self.behind(assignment.principal).contains(&person)
    }

    /// The end of everything that gives a person the role now: they hold it while there is any.
    pub fn sources(&self, person: PersonId, role: RoleId) -> Vec<Option<Instant>> {
        if !self.is_enabled(person) || !self.role(role).on {
            return Vec::new();
        }
        let now = self.now();
        let assigned = self.assignments.iter().filter(|one| {
            one.role == role && !one.eligible && one.is_live(now) && self.concerns(one, person)
        });
        let activated = self
            .activations
            .iter()
            .filter(|one| one.role == role && one.person == person && one.is_held(now));
        assigned.map(|one| one.ends).chain(activated.map(|one| one.ends)).collect()
    }

    pub fn holders(&self, role: RoleId) -> BTreeSet<PersonId> {
        let everybody = self.people.iter().map(|person| person.id);
        everybody.filter(|person| !self.sources(*person, role).is_empty()).collect()
    }

    pub fn administrators(&self) -> BTreeSet<PersonId> {
        self.holders(builtin::ADMINISTRATOR)
    }

    pub fn is_administrator(&self, person: PersonId) -> bool {
        self.administrators().contains(&person)
    }

    /// Whether somebody remains who can sign in and administers Stint without an end.
    pub fn has_administrator(&self) -> bool {
        let now = self.now();
        let standing = self.assignments.iter().filter(|one| {
            one.role == builtin::ADMINISTRATOR && !one.eligible && one.is_live(now) && one.ends.is_none()
        });
        let people: BTreeSet<_> = standing.flat_map(|one| self.behind(one.principal)).collect();
        self.people.iter().any(|person| person.enabled && person.factor && people.contains(&person.id))
    }

    /// Whether something makes a person eligible at an instant, as far as is known now.
    pub fn is_eligible(&self, person: PersonId, role: RoleId, at: Instant) -> bool {
        self.assignments
            .iter()
            .any(|one| one.role == role && one.eligible && one.is_live(at) && self.concerns(one, person))
    }

    /// The first instant from `from` on at which nothing makes the person eligible; none when there is none.
    fn uncovered(&self, person: PersonId, role: RoleId, from: Instant) -> Option<Instant> {
        let mut instants: Vec<_> = self
            .assignments
            .iter()
            .filter_map(|one| one.ends)
            .filter(|end| *end > from)
            .chain([from])
            .collect();
        instants.sort_unstable();
        instants.into_iter().find(|at| !self.is_eligible(person, role, *at))
    }

    /// Whether a person may decide an activation as things are: never their own.
    pub fn may_decide(&self, person: PersonId, activation: &Activation) -> bool {
        let approval = self.role(activation.role).approval.as_ref();
        let named = approval.map(|approval| approval.approvers.as_slice()).unwrap_or_default();
        person != activation.person
            && if named.is_empty() {
                self.is_administrator(person)
            } else {
                named.iter().any(|principal| self.behind(*principal).contains(&person))
            }
    }

    /// The enabled people who could decide a request of this person.
    pub fn approvers(&self, role: RoleId, requester: PersonId) -> BTreeSet<PersonId> {
        let Some(approval) = &self.role(role).approval else { return BTreeSet::new() };
        let mut people: BTreeSet<_> = if approval.approvers.is_empty() {
            self.administrators()
        } else {
            approval.approvers.iter().flat_map(|principal| self.behind(*principal)).collect()
        };
        people.retain(|person| *person != requester && self.is_enabled(*person));
        people
    }

    pub fn activation(&self, id: ActivationId) -> &Activation {
        self.activations.iter().find(|one| one.id == id).unwrap()
    }

    fn activation_mut(&mut self, id: ActivationId) -> &mut Activation {
        self.activations.iter_mut().find(|one| one.id == id).unwrap()
    }

    pub fn assignment(&self, id: AssignmentId) -> &Assignment {
        self.assignments.iter().find(|one| one.id == id).unwrap()
    }

    fn assignment_mut(&mut self, id: AssignmentId) -> &mut Assignment {
        self.assignments.iter_mut().find(|one| one.id == id).unwrap()
    }
}
