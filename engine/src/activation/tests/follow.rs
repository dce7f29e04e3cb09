//! What follows when eligibility, membership, people or roles change.

use domain::{
    Span,
    activation::{Cause, State},
    assignment::AssignmentKind,
    event::EventKind,
    person::Principal,
};

use crate::{on_every_database, testing::activation::approval};

on_every_database!(when_the_eligibility_is_removed_what_waits_is_canceled_and_what_is_held_ends, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let pending_role = world.role_with("pending", approval(&[Principal::Person(bo)], 1)).await;
    let (active_role, planned_role) = (world.role("active").await, world.role("planned").await);
    let mut assignments = Vec::new();
    for role in [pending_role, active_role, planned_role] {
        assignments.push(world.eligible(ada, role).await);
    }
    let pending = world.request(ada, pending_role).await.unwrap();
    let active = world.request(ada, active_role).await.unwrap();
    let planned = world.request_later(ada, planned_role, Span::hours(3)).await.unwrap();
    for assignment in assignments {
        world.end_assignment(assignment).await;
    }
    for (id, state) in [(pending, State::Canceled), (active, State::Ended), (planned, State::Canceled)] {
        let settled = world.activation(id).await;
        assert_eq!((settled.state, settled.cause), (state, Some(Cause::EligibilityEnded)));
    }
    assert_eq!(world.held(ada, "active").await, None);
    assert_eq!(world.recorded_of(active).await.last(), Some(&EventKind::ActivationEnded));
    assert_eq!(world.recorded_of(pending).await.len(), 2);
    world.record().await;
});

on_every_database!(another_eligibility_that_covers_the_same_keeps_it, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let first = world.eligible(ada, exchange).await;
    let group = world.group("Operators", &[ada]).await;
    let end = Span::minutes(40).after(world.engine.now());
    world.assign(exchange, Principal::Group(group), AssignmentKind::Eligible, Some(end)).await;
    let id = world.request(ada, exchange).await.unwrap();
    world.end_assignment(first).await;
    // Held on, but no longer than what still covers it.
    assert_eq!(world.held(ada, "exchange").await, Some(Some(end)));
    world.advance(Span::minutes(10));
    world.leave(group, ada).await;
    assert_eq!(world.held(ada, "exchange").await, None);
    assert_eq!(world.activation(id).await.state, State::Ended);
});

on_every_database!(a_longer_eligibility_gives_back_the_time_that_was_asked_for, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let start = world.engine.now();
    let soon = Span::minutes(20).after(start);
    let assignment =
        world.assign(exchange, Principal::Person(ada), AssignmentKind::Eligible, Some(soon)).await;
    world.request(ada, exchange).await.unwrap();
    world.prolong(assignment, None).await;
    assert_eq!(world.held(ada, "exchange").await, Some(Some(Span::hours(1).after(start))));
});

on_every_database!(what_ended_by_the_clock_is_not_brought_back_by_a_longer_eligibility, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let soon = Span::minutes(20).after(world.engine.now());
    let assignment =
        world.assign(exchange, Principal::Person(ada), AssignmentKind::Eligible, Some(soon)).await;
    let id = world.request(ada, exchange).await.unwrap();
    // The worker is off, and the end passes unrecorded.
    world.advance(Span::minutes(30));
    world.prolong(assignment, None).await;
    assert_eq!(world.held(ada, "exchange").await, None);
    let ended = world.activation(id).await;
    assert_eq!((ended.state, ended.cause), (State::Ended, Some(Cause::EligibilityEnded)));
    assert_eq!(ended.ends_at, Some(soon));
});

on_every_database!(disabling_a_person_ends_all_that_they_hold_or_wait_for, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let waits = world.role_with("waits", approval(&[Principal::Person(bo)], 1)).await;
    let holds = world.role("holds").await;
    world.eligible(ada, waits).await;
    world.eligible(ada, holds).await;
    let (pending, active) =
        (world.request(ada, waits).await.unwrap(), world.request(ada, holds).await.unwrap());
    world.disable(ada).await;
    let (pending, active) = (world.activation(pending).await, world.activation(active).await);
    assert_eq!((pending.state, pending.cause), (State::Canceled, Some(Cause::PersonDisabled)));
    assert_eq!((active.state, active.cause), (State::Ended, Some(Cause::PersonDisabled)));
});

on_every_database!(switching_a_role_off_ends_all_that_is_held_or_waits_in_it, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let exchange = world.role("exchange").await;
    world.eligible(ada, exchange).await;
    world.eligible(bo, exchange).await;
    let active = world.request(ada, exchange).await.unwrap();
    let planned = world.request_later(bo, exchange, Span::hours(1)).await.unwrap();
    world.switch_off(exchange).await;
    assert_eq!(world.activation(active).await.cause, Some(Cause::RoleDisabled));
    assert_eq!(world.activation(planned).await.state, State::Canceled);
    assert_eq!(world.held(ada, "exchange").await, None);
    world.record().await;
});
