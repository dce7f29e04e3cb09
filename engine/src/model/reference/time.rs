//! The clock, and what it makes happen: ends, lapses, starts, announcements; steps, acceptance, crashes.

use chrono::TimeDelta;
use domain::{
    Instant, Span,
    activation::{Cause, State},
    event::EventKind,
};

use super::{Activation, DAY, Model, NOTICE, record::Draft};
use crate::model::reference::Fact;

/// What a machine's clock says, what Stint takes the time to be, and what it remembers of it.
#[derive(Clone, Debug)]
pub struct Clock {
    /// What the machine's clock says.
    pub says: Instant,
    /// What the time is taken to be: never earlier than it was.
    told: Instant,
    /// The highest instant at which something was kept: all that a crash leaves of `told`.
    highest: Instant,
    /// When it was put on record that the clock went back, by the clock as it was then.
    noted: Option<Instant>,
}

/// Why things end or move when a clock is accepted.
const WHY: &str = "the clock was corrected";

/// How far the clock may be behind before it counts as stepped.
const STEP: TimeDelta = TimeDelta::seconds(5);

impl Clock {
    pub const fn new(says: Instant) -> Self {
        Self { says, told: says, highest: says, noted: None }
    }

    pub const fn now(&self) -> Instant {
        self.told
    }

    /// Whether the clock is behind what was seen: nothing new is granted then.
    pub fn is_stepped(&self) -> bool {
        self.says < self.told - STEP
    }

    /// Time goes by.
    pub fn pass(&mut self, span: Span) {
        self.says = span.after(self.says);
        self.told = span.after(self.told).max(self.says);
    }

    /// The clock is set.
    pub fn step(&mut self, delta: TimeDelta) {
        self.says += delta;
        self.told = self.told.max(self.says);
    }

    /// Something was kept.
    pub fn keep(&mut self) {
        self.highest = self.highest.max(self.told);
    }
}

impl Model {
    /// The engine is gone, and another one starts on the same database.
    pub fn crash(&mut self) {
        self.clock.told = self.clock.says.max(self.clock.highest);
        self.refusals.clear();
    }

    /// The next instant at which something ends, lapses or starts.
    pub fn next_due(&self) -> Option<Instant> {
        let now = self.now();
        let assigned = self
            .assignments
            .iter()
            .filter(|one| one.over.is_none())
            .flat_map(|one| [one.ends, Some(one.starts)]);
        let activated = self.activations.iter().filter(|one| !one.is_settled());
        let activated = activated.flat_map(|one| [one.ends, one.lapses, one.start]);
        assigned.chain(activated).flatten().filter(|due| *due > now).min()
    }

    /// A round of the worker: what is due happens, ends first.
    pub fn work(&mut self) -> Vec<Fact> {
        let mut facts = self.each(|model, id| model.end_if_due(id));
        facts.extend(self.each(|model, id| model.lapse_if_due(id)));
        facts.extend(self.each(|model, id| model.start_if_due(id)));
        facts.extend(self.each(|model, id| model.announce_if_due(id)));
        facts.extend(self.assignments_due());
        facts.extend(self.watch_clock());
        facts
    }

    /// Moves every activation that is due for something, and records it.
    fn each(
        &mut self,
        act: impl Fn(&mut Self, domain::activation::ActivationId) -> Option<Draft>,
    ) -> Vec<Fact> {
        let ids: Vec<_> = self.activations.iter().map(|one| one.id).collect();
        let drafts = ids.into_iter().filter_map(|id| act(self, id)).collect();
        self.record(None, drafts)
    }

    fn end_if_due(&mut self, id: domain::activation::ActivationId) -> Option<Draft> {
        let now = self.now();
        let one = self.activation(id);
        let due = one.state == State::Active && one.ends.is_some_and(|end| end <= now);
        due.then(|| self.end(id, self.activation(id).natural_cause()))
    }

    fn lapse_if_due(&mut self, id: domain::activation::ActivationId) -> Option<Draft> {
        let now = self.now();
        let one = self.activation(id);
        let due = one.state == State::PendingApproval && one.lapses.is_some_and(|lapse| lapse <= now);
        due.then(|| self.settle(id, State::TimedOut, None, EventKind::ActivationTimedOut))
    }

    /// Planned starts wait while the clock is behind. What nothing covers any more fails.
    fn start_if_due(&mut self, id: domain::activation::ActivationId) -> Option<Draft> {
        let now = self.now();
        let one = self.activation(id);
        let due = one.state == State::Scheduled && one.start.is_some_and(|start| start <= now);
        if !due || self.clock.is_stepped() {
            return None;
        }
        if self.is_eligible(one.person, one.role, now) {
            Some(self.activate(id))
        } else {
            let cause = Some(Cause::EligibilityEnded);
            Some(self.settle(id, State::Failed, cause, EventKind::ActivationFailed))
        }
    }

    fn announce_if_due(&mut self, id: domain::activation::ActivationId) -> Option<Draft> {
        let now = self.now();
        let one = self.activation_mut(id);
        let (Some(from), Some(end)) = (one.effective, one.ends) else { return None };
        let long_enough = end > NOTICE.after(from);
        let due = NOTICE.before(end) <= now && now < end;
        if one.state != State::Active || one.announced || !long_enough || !due {
            return None;
        }
        one.announced = true;
        Some(Draft::of_activation(EventKind::ActivationEndAnnounced, self.activation(id)))
    }

    fn assignments_due(&mut self) -> Vec<Fact> {
        let now = self.now();
        let mut drafts = Vec::new();
        for one in self.assignments.clone().into_iter().filter(|one| one.over.is_none()) {
            let Some(end) = one.ends else { continue };
            if end <= now {
                self.clock.keep();
                self.assignment_mut(one.id).over = Some(now);
                drafts.push(Draft::of_assignment(EventKind::AssignmentEnded, &one).reason("time_up"));
                if one.eligible {
                    let people = self.behind(one.principal);
                    drafts.extend(self.follow(&people, Some(one.role)));
                }
            } else if one.to_announce && DAY.before(end) <= now {
                self.clock.keep();
                self.assignment_mut(one.id).to_announce = false;
                if one.is_longer_than_a_day() {
                    let draft = Draft::of_assignment(EventKind::AssignmentEndAnnounced, &one);
                    drafts.push(draft.reason("1 day"));
                }
            }
        }
        self.record(None, drafts)
    }

    /// A step back goes on record once, until the clock is right again or accepted.
    fn watch_clock(&mut self) -> Vec<Fact> {
        match (self.clock.is_stepped(), self.clock.noted.is_some()) {
            (true, false) => {
                self.clock.noted = Some(self.clock.says);
                self.record(None, vec![Draft::new(EventKind::ClockStepped)])
            }
            (false, true) => {
                self.clock.noted = None;
                self.clock.keep();
                Vec::new()
            }
            (true, true) | (false, false) => Vec::new(),
        }
    }

    /// An operator says that the clock is right. Unless it was a matter of seconds, whatever is active ends, what was asked
    /// for in the time that never was is void, and what was made in it is moved back.
    pub fn accept_clock(&mut self) -> Vec<Fact> {
        let highest = self.clock.highest.max(self.clock.told);
        let now = self.clock.says;
        let since = self.clock.noted.map_or(now, |noted| noted.min(now));
        self.clock = Clock::new(now);
        let ahead = highest - now;
        let mut drafts = vec![Draft::new(EventKind::ClockAccepted)];
        if ahead > STEP {
            let doubtful = |one: &Activation| one.state == State::Active || one.asked > since;
            let moot = self.moot_all(doubtful, Cause::Revoked).into_iter();
            drafts.extend(moot.map(|draft| draft.in_words(Cause::Revoked.as_str(), WHY)));
            drafts.extend(self.move_back(since, ahead));
        }
        self.record(None, drafts)
    }

    fn move_back(&mut self, since: Instant, ahead: TimeDelta) -> Vec<Draft> {
        let now = self.now();
        let mut moved: Vec<_> =
            self.assignments.iter().filter(|one| one.over.is_none() && one.made > since).cloned().collect();
        let mut drafts = Vec::new();
        for one in &mut moved {
            if one.starts <= one.made {
                one.starts -= ahead;
                one.ends = one.ends.map(|end| end - ahead);
            }
            one.made -= ahead;
            one.version += 1;
            one.to_announce = one.is_to_announce(now);
            drafts.push(Draft::of_assignment(EventKind::AssignmentChanged, one).reason(WHY));
            *self.assignment_mut(one.id) = one.clone();
        }
        for one in &moved {
            drafts.extend(self.follow_assignment(one));
        }
        drafts
    }
}
