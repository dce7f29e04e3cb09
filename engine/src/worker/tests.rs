//! What happens by itself, on both databases.

use domain::{
    Code, Span,
    activation::{ActivationId, Cause, State},
    event::EventKind,
    person::Principal,
    role_settings::RoleSettings,
};

use super::{run_due, start};
use crate::{
    Ctx, Engine, Env, activation, on_every_database,
    testing::{
        World,
        activation::{approval, ask, code},
        config,
    },
};

on_every_database!(an_end_is_announced_once_and_then_recorded_once, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let id = world.request(ada, exchange).await.unwrap();
    assert_eq!(run_due(&world.engine).await.unwrap(), 0);
    world.advance(Span::minutes(45));
    assert_eq!(run_due(&world.engine).await.unwrap(), 1);
    assert_eq!(run_due(&world.engine).await.unwrap(), 0);
    world.advance(Span::minutes(15));
    assert_eq!(run_due(&world.engine).await.unwrap(), 1);
    assert_eq!(run_due(&world.engine).await.unwrap(), 0);
    let ended = world.activation(id).await;
    assert_eq!((ended.state, ended.cause), (State::Ended, Some(Cause::TimeUp)));
    let kinds = [
        EventKind::ActivationRequested,
        EventKind::ActivationActivated,
        EventKind::ActivationEndAnnounced,
        EventKind::ActivationEnded,
    ];
    assert_eq!(world.recorded_of(id).await, kinds);
    world.record().await;
});

on_every_database!(a_request_that_nobody_decides_lapses, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let role = world.role_with("exchange", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    world.advance(Span::hours(24));
    run_due(&world.engine).await.unwrap();
    assert_eq!(world.activation(id).await.state, State::TimedOut);
    assert_eq!(world.recorded_of(id).await, [EventKind::ActivationRequested, EventKind::ActivationTimedOut]);
});

on_every_database!(a_planned_activation_begins_at_its_start_with_its_full_time, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let id = world.request_later(ada, exchange, Span::hours(2)).await.unwrap();
    world.advance(Span::hours(2));
    // Not by the clock alone: it is held once everything was checked again.
    assert_eq!(world.held(ada, "exchange").await, None);
    run_due(&world.engine).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, Some(Some(Span::hours(1).after(world.engine.now()))));
    let kinds =
        [EventKind::ActivationRequested, EventKind::ActivationScheduled, EventKind::ActivationActivated];
    assert_eq!(world.recorded_of(id).await, kinds);
    world.record().await;
});

on_every_database!(a_planned_activation_fails_with_the_reason_when_it_cannot_begin, world, {
    let mut settings = RoleSettings::initial();
    settings.activation.holders = Some(1);
    let full = world.role_with("full", settings).await;
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    world.eligible(ada, full).await;
    let taken = world.request_later(ada, full, Span::hours(2)).await.unwrap();
    let role = world.role("over").await;
    let end = Span::hours(3).after(world.engine.now());
    world.assign(role, Principal::Person(ada), domain::assignment::AssignmentKind::Eligible, Some(end)).await;
    let over = world.request_later(ada, role, Span::hours(2)).await.unwrap();
    // An administrator gave the only place away, and the eligibility ends before the worker is back.
    world.assign(full, Principal::Person(bo), domain::assignment::AssignmentKind::Active, None).await;
    world.advance(Span::hours(4));
    run_due(&world.engine).await.unwrap();
    for (id, cause) in [(taken, Cause::TooManyHolders), (over, Cause::EligibilityEnded)] {
        let failed = world.activation(id).await;
        assert_eq!((failed.state, failed.cause), (State::Failed, Some(cause)));
        assert_eq!(
            world.recorded_of(id).await,
            [EventKind::ActivationRequested, EventKind::ActivationScheduled, EventKind::ActivationFailed]
        );
    }
    assert_eq!(world.held(ada, "full").await, None);
});

on_every_database!(after_a_long_pause_everything_is_caught_up, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let mut held = Vec::new();
    let exchange = world.role("exchange").await;
    for number in 0..230 {
        let person = world.person(&format!("Person {number}")).await;
        world.eligible(person, exchange).await;
        held.push(world.request(person, exchange).await.unwrap());
    }
    let waits = world.role_with("waits", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, waits).await;
    world.eligible(ada, exchange).await;
    let lapsed = world.request(ada, waits).await.unwrap();
    let planned = world.request_later(ada, exchange, Span::hours(2)).await.unwrap();
    world.advance(Span::days(2));
    assert_eq!(run_due(&world.engine).await.unwrap(), 232);
    for id in held {
        assert_eq!(world.activation(id).await.state, State::Ended);
    }
    assert_eq!(world.activation(lapsed).await.state, State::TimedOut);
    assert_eq!(world.activation(planned).await.state, State::Active);
    // First of all what had ended.
    let kinds: Vec<_> = world.record().await.into_iter().rev().take(232).map(|record| record.kind).collect();
    assert_eq!(kinds.iter().rev().take(230).filter(|kind| *kind == "activation.ended").count(), 230);
});

on_every_database!(one_row_that_cannot_be_read_holds_up_no_other_end, world, {
    let exchange = world.role("exchange").await;
    let mut held = Vec::new();
    for name in ["Ada", "Bo", "Cy"] {
        let person = world.person(name).await;
        world.eligible(person, exchange).await;
        held.push(world.request(person, exchange).await.unwrap());
    }
    world.spoil(held[0]).await;
    world.advance(Span::hours(1));
    assert_eq!(run_due(&world.engine).await.unwrap(), 2);
    for id in &held[1..] {
        assert_eq!(world.activation(*id).await.state, State::Ended);
    }
    assert!(run_due(&world.engine).await.is_err());
});

on_every_database!(several_instances_record_each_end_once, world, {
    let other =
        Engine::open(config(world.url().to_owned()), Env::fixed(world.engine.now(), 99)).await.unwrap();
    let exchange = world.role("exchange").await;
    let mut held = Vec::new();
    for number in 0..10 {
        let person = world.person(&format!("Person {number}")).await;
        world.eligible(person, exchange).await;
        held.push(world.request(person, exchange).await.unwrap());
    }
    world.advance(Span::hours(1));
    other.env().set(world.engine.now());
    let (here, there) = tokio::join!(run_due(&world.engine), run_due(&other));
    assert_eq!(here.unwrap() + there.unwrap(), 10);
    for id in held {
        assert_eq!(
            world.recorded_of(id).await.iter().filter(|kind| **kind == EventKind::ActivationEnded).count(),
            1
        );
    }
    world.record().await;
    other.close().await;
});

on_every_database!(with_a_clock_that_went_back_nothing_new_begins_and_ends_go_on, world, {
    let (ada, exchange, teams) =
        (world.person("Ada").await, world.role("exchange").await, world.role("teams").await);
    world.eligible(ada, exchange).await;
    world.eligible(ada, teams).await;
    let held = world.request(ada, exchange).await.unwrap();
    let planned = world.request_later(ada, teams, Span::minutes(30)).await.unwrap();
    let ctx = world.ctx(ada);
    world.engine.close().await;
    let env = Env::machine().unwrap();
    let seen = Span::days(400).after(env.now()).max(Span::hours(2).after(world.engine.now()));
    let engine = Engine::open(config(world.url().to_owned()), env).await.unwrap();
    engine.env().not_before(seen);
    let again =
        activation::request(&engine, &Ctx { request_id: "1".to_owned(), ..ctx.clone() }, ask(exchange)).await;
    assert_eq!(code(again), Code::ClockStepped);
    run_due(&engine).await.unwrap();
    let db = engine.readers();
    let state = async |id| crate::store::activation::find(db, id).await.unwrap().unwrap().state;
    assert_eq!(state(held).await, State::Ended);
    assert_eq!(state(planned).await, State::Scheduled);
    engine.close().await;
});

on_every_database!(the_worker_ends_by_itself_what_is_due, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let missed = world.request(ada, exchange).await.unwrap();
    world.advance(Span::hours(2));
    let worker = start(&world.engine);
    settled(&world, missed).await;
    let next = world.request(ada, exchange).await.unwrap();
    world.advance(Span::hours(1));
    settled(&world, next).await;
    worker.stop().await;
});

on_every_database!(one_row_that_cannot_be_read_keeps_the_worker_from_nothing_else, world, {
    let (ada, bo, exchange) =
        (world.person("Ada").await, world.person("Bo").await, world.role("exchange").await);
    let waits = world.role_with("waits", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, exchange).await;
    world.eligible(ada, waits).await;
    let (stuck, lapses) =
        (world.request(ada, exchange).await.unwrap(), world.request(ada, waits).await.unwrap());
    world.spoil(stuck).await;
    world.advance(Span::hours(24));
    let worker = start(&world.engine);
    settled(&world, lapses).await;
    worker.stop().await;
});

on_every_database!(a_lapse_that_is_stuck_does_not_hold_up_a_start, world, {
    let (ada, bo, exchange) =
        (world.person("Ada").await, world.person("Bo").await, world.role("exchange").await);
    let waits = world.role_with("waits", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, exchange).await;
    world.eligible(ada, waits).await;
    let starts = world.request_later(ada, exchange, Span::hours(24)).await.unwrap();
    let stuck = world.request(ada, waits).await.unwrap();
    world.spoil(stuck).await;
    world.advance(Span::hours(24));
    assert!(run_due(&world.engine).await.is_err());
    assert_eq!(world.activation(starts).await.state, State::Active);
});

/// Waits until an activation is settled.
async fn settled(world: &World, id: ActivationId) {
    let mut records = world.engine.live().listen();
    let settled = async {
        while world.activation(id).await.settled_at.is_none() {
            records.changed().await.unwrap();
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), settled).await.expect("it is ended in time");
}
