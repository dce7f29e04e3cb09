//! The moves of an activation, and what follows for them when something changes that they rest on.

use std::collections::BTreeSet;

use domain::{
    activation::{ActivationId, Cause, State},
    event::EventKind,
    person::PersonId,
    role::RoleId,
};

use super::{Model, record::Draft};

impl Model {
    /// Held from now on: for as long as was asked, or until nothing covers it.
    pub(super) fn activate(&mut self, id: ActivationId) -> Draft {
        let now = self.now();
        let one = self.activation(id);
        let full = one.duration.after(now);
        let end = self.uncovered(one.person, one.role, now).map_or(full, |uncovered| uncovered.min(full));
        let one = self.activation_mut(id);
        (one.state, one.effective, one.ends) = (State::Active, Some(now), Some(end));
        Draft::of_activation(EventKind::ActivationActivated, self.activation(id))
    }

    pub(super) fn settle(
        &mut self,
        id: ActivationId,
        state: State,
        cause: Option<Cause>,
        kind: EventKind,
    ) -> Draft {
        let now = self.now();
        let one = self.activation_mut(id);
        (one.state, one.settled, one.cause, one.lapses) = (state, Some(now), cause, None);
        let draft = Draft::of_activation(kind, self.activation(id));
        draft.reason(cause.map(Cause::as_str).unwrap_or_default())
    }

    pub(super) fn end(&mut self, id: ActivationId, cause: Cause) -> Draft {
        self.settle(id, State::Ended, Some(cause), EventKind::ActivationEnded)
    }

    pub(super) fn cancel(&mut self, id: ActivationId, cause: Cause) -> Draft {
        self.settle(id, State::Canceled, Some(cause), EventKind::ActivationCanceled)
    }

    /// Whatever it waits for is over. What was over by the clock already keeps its own cause.
    fn moot(&mut self, id: ActivationId, cause: Cause) -> Draft {
        let now = self.now();
        let one = self.activation(id);
        match (one.state, one.state_at(now)) {
            (State::Active, State::Ended) => self.end(id, self.activation(id).natural_cause()),
            (State::Active, _) => self.end(id, cause),
            (_, State::TimedOut) => self.settle(id, State::TimedOut, None, EventKind::ActivationTimedOut),
            _ => self.cancel(id, cause),
        }
    }

    pub(super) fn moot_all(&mut self, of: impl Fn(&super::Activation) -> bool, cause: Cause) -> Vec<Draft> {
        let ids: Vec<_> =
            self.activations.iter().filter(|one| !one.is_settled() && of(one)).map(|one| one.id).collect();
        ids.into_iter().map(|id| self.moot(id, cause)).collect()
    }

    /// What covers the activations of these people is looked at anew: ends move, and what nothing covers is over.
    pub(super) fn follow(&mut self, people: &BTreeSet<PersonId>, role: Option<RoleId>) -> Vec<Draft> {
        let now = self.now();
        let concerned: Vec<_> = self
            .activations
            .iter()
            .filter(|one| {
                !one.is_settled() && people.contains(&one.person) && role.is_none_or(|role| one.role == role)
            })
            .cloned()
            .collect();
        let mut drafts = Vec::new();
        for one in concerned {
            let from = if one.state == State::Active { now } else { one.begins(now) };
            let uncovered = self.uncovered(one.person, one.role, from);
            if one.state_at(now) != one.state || uncovered == Some(from) {
                drafts.push(self.moot(one.id, Cause::EligibilityEnded));
            } else if let (State::Active, Some(effective)) = (one.state, one.effective) {
                let full = one.duration.after(effective);
                let end = uncovered.map_or(full, |uncovered| uncovered.min(full)).max(now);
                self.activation_mut(one.id).ends = Some(end);
            }
        }
        drafts
    }
}
