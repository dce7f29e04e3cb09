//! What must always hold, said of what is seen alone: the reference may be wrong as well.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    activation::{Activation, State, Verdict},
    assignment::AssignmentKind,
    event::EventKind,
    person::{PersonId, Principal},
    role::builtin,
};

use super::{
    reference::{Fact, Model},
    seen::Seen,
};

/// Looks at everything; `model` is asked for what never changes only: who has a second factor, and what roles ask for.
pub fn check(before: &Seen, seen: &Seen, model: &Model) {
    for one in &seen.activations {
        never_held_outside_its_time(one, seen);
        nobody_decides_their_own(one);
        what_was_refused_never_was_active(one);
        as_many_agreed_as_are_needed(one, model);
        one_record_for_each_move(one, &seen.facts);
    }
    what_is_settled_stays(before, seen);
    who_holds_is_who_is_given(seen);
    one_administrator_remains(seen, model);
}

fn never_held_outside_its_time(one: &Activation, seen: &Seen) {
    let within = one.effective_at.is_some_and(|from| from <= seen.now)
        && one.ends_at.is_some_and(|end| seen.now < end)
        && one.state == State::Active;
    assert_eq!(one.is_held(seen.now), within, "held outside of its time: {one:?}");
    if let (Some(from), Some(end)) = (one.effective_at, one.ends_at) {
        let full = one.duration.after(from);
        let settled = one.settled_at.unwrap_or(end);
        assert!(end <= full || settled <= end, "longer than was asked for: {one:?}");
    }
}

fn nobody_decides_their_own(one: &Activation) {
    assert!(one.decisions.iter().all(|decision| decision.by != one.person), "decided their own: {one:?}");
    let people: BTreeSet<_> = one.decisions.iter().map(|decision| decision.by).collect();
    assert_eq!(people.len(), one.decisions.len(), "decided twice: {one:?}");
}

fn what_was_refused_never_was_active(one: &Activation) {
    let refused = matches!(one.state, State::Denied | State::Canceled | State::TimedOut | State::Failed);
    let denied = one.decisions.iter().any(|decision| decision.verdict == Verdict::Denied);
    if refused || denied || one.state == State::PendingApproval {
        assert_eq!((one.effective_at, one.ends_at), (None, None), "refused, and active once: {one:?}");
    }
    assert_eq!(denied, one.state == State::Denied, "denied, and not settled: {one:?}");
    assert_eq!(one.state.is_settled(), one.settled_at.is_some());
}

fn as_many_agreed_as_are_needed(one: &Activation, model: &Model) {
    let needed = model.role(one.role).approval.as_ref().map_or(0, |rule| rule.needed);
    let agreed = one.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved);
    let agreed: BTreeSet<_> = agreed.map(|decision| decision.by).collect();
    if one.effective_at.is_some() || one.accepted_at.is_some() {
        assert!(agreed.len() >= needed, "fewer agreed than must: {one:?}");
    }
}

/// The records of a request tell its whole life: each move once, and no move without its record.
fn one_record_for_each_move(one: &Activation, facts: &[Fact]) {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.activation == Some(one.id) && fact.outcome == "done") {
        *told.entry(&fact.kind).or_default() += 1;
    }
    let approvals = one.decisions.iter().filter(|decision| decision.verdict == Verdict::Approved).count();
    let accepted = approvals > 0 && one.accepted_at.is_some();
    let started = one.effective_at.is_some();
    let was_accepted_for_later = one.accepted_at.is_some() && approvals == 0 && one.requested_start.is_some();
    let expected = [
        (EventKind::ActivationRequested, 1),
        (EventKind::ActivationAgreed, approvals - usize::from(accepted)),
        (EventKind::ActivationApproved, usize::from(accepted)),
        (EventKind::ActivationScheduled, usize::from(was_accepted_for_later)),
        (EventKind::ActivationActivated, usize::from(started)),
        (EventKind::ActivationEndAnnounced, usize::from(one.end_announced)),
        (EventKind::ActivationDenied, usize::from(one.state == State::Denied)),
        (EventKind::ActivationCanceled, usize::from(one.state == State::Canceled)),
        (EventKind::ActivationTimedOut, usize::from(one.state == State::TimedOut)),
        (EventKind::ActivationFailed, usize::from(one.state == State::Failed)),
        (EventKind::ActivationEnded, usize::from(one.state == State::Ended)),
    ];
    let expected: BTreeMap<_, _> = expected
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| (kind.as_str(), *count))
        .collect();
    assert_eq!(told, expected, "records of {one:?}");
}

/// One terminal state, for ever.
fn what_is_settled_stays(before: &Seen, seen: &Seen) {
    for old in before.activations.iter().filter(|one| one.state.is_settled()) {
        let now = seen.activations.iter().find(|one| one.id == old.id);
        assert_eq!(now, Some(old), "something happened to what was settled");
    }
    for old in before.assignments.iter().filter(|one| one.ended_at.is_some()) {
        let now = seen.assignments.iter().find(|one| one.id == old.id);
        assert_eq!(now, Some(old), "something happened to what was ended");
    }
}

/// Union of grants: whoever is given a role by anything holds it, and nobody else.
fn who_holds_is_who_is_given(seen: &Seen) {
    for (role, holders) in &seen.holders {
        let mut given: BTreeSet<PersonId> = BTreeSet::new();
        for one in seen.assignments.iter().filter(|one| one.role == *role) {
            let live = one.ended_at.is_none()
                && one.starts_at <= seen.now
                && one.ends_at.is_none_or(|end| seen.now < end);
            if live && one.kind == AssignmentKind::Active {
                given.extend(behind(one.principal, seen));
            }
        }
        let activated = seen.activations.iter().filter(|one| one.role == *role && one.is_held(seen.now));
        given.extend(activated.map(|one| one.person));
        given.retain(|person| seen.enabled.contains(person));
        assert_eq!(*holders, given, "who holds and who is given {role}");
    }
}

fn behind(principal: Principal, seen: &Seen) -> BTreeSet<PersonId> {
    match principal {
        Principal::Person(person) => BTreeSet::from([person]),
        Principal::Group(group) => seen.members.get(&group).cloned().unwrap_or_default(),
    }
}

fn one_administrator_remains(seen: &Seen, model: &Model) {
    let standing = seen.assignments.iter().filter(|one| {
        one.role == builtin::ADMINISTRATOR
            && one.kind == AssignmentKind::Active
            && one.ended_at.is_none()
            && one.starts_at <= seen.now
            && one.ends_at.is_none()
    });
    let people: BTreeSet<_> = standing.flat_map(|one| behind(one.principal, seen)).collect();
    let usable = model
        .people
        .iter()
        .any(|person| person.factor && people.contains(&person.id) && seen.enabled.contains(&person.id));
    assert!(usable, "nobody is left to administer Stint");
}

/// After a round of the worker nothing is left that is due: no end is refused, whoever is the last, whatever the clock.
pub fn nothing_is_due(seen: &Seen) {
    for one in &seen.activations {
        assert_eq!(one.state_at(seen.now), one.state, "due and not recorded: {one:?}");
    }
    for one in seen.assignments.iter().filter(|one| one.ended_at.is_none()) {
        assert!(one.ends_at.is_none_or(|end| end > seen.now), "due and not recorded: {one:?}");
    }
}
