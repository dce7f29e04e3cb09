//! A clock that goes back, on both databases.

use domain::{
    Code, Span,
    activation::State,
    assignment::AssignmentKind,
    event::{Event, EventKind},
    person::Principal,
    session::SessionKind,
};
use secrecy::SecretString;

use super::{accept, watch};
use crate::{
    Engine, Env, activation, on_every_database, session, sign_in, store,
    testing::{
        Database, Hand, World,
        activation::{ask, code},
        config,
        sign_in::PASSWORD,
    },
    worker::run_due,
};

/// The same world by the machine's clock, after it was ahead by so much.
async fn ahead(mut world: World, by: Span) -> World {
    world.engine.close().await;
    let env = Env::machine().unwrap();
    // Later than everything in the world, whenever this runs.
    let end = by.after(env.now()).max(by.after(world.engine.now()));
    env.not_before(end);
    world.engine = Engine::open(config(world.url().to_owned()), env).await.unwrap();
    world.engine.env().not_before(end);
    world
}

/// The same world, with a machine's clock in the hand of the test.
async fn by_hand(mut world: World) -> (World, Hand) {
    world.engine.close().await;
    let hand = Hand::new(world.engine.now());
    world.engine = Engine::open(config(world.url().to_owned()), Env::by_hand(&hand, 7)).await.unwrap();
    (world, hand)
}

on_every_database!(time_does_not_go_back_behind_what_was_seen_since_a_clock_was_accepted, world, {
    let (world, hand) = by_hand(world).await;
    world.person("Ada").await;
    accept(&world.engine).await.unwrap();
    hand.pass(Span::minutes(10));
    // Nothing was kept at this instant; somebody was told that their role is over.
    let seen = world.engine.now();
    hand.step(-chrono::TimeDelta::minutes(10));
    world.person("Bo").await;
    assert_eq!(world.engine.now(), seen);
    assert!(world.engine.env().is_stepped());
});

on_every_database!(a_step_that_follows_an_accepted_one_at_once_is_told_too, world, {
    world.administrator("Marta").await;
    let (world, hand) = by_hand(world).await;
    for told in [1, 2] {
        hand.pass(Span::hours(1));
        world.person("Ada").await;
        hand.step(-chrono::TimeDelta::hours(1));
        watch(&world.engine).await.unwrap();
        assert_eq!(world.recorded(EventKind::ClockStepped).await.len(), told);
        accept(&world.engine).await.unwrap();
    }
});

on_every_database!(a_step_back_is_recorded_and_alarms_once_also_with_two_instances, world, {
    world.administrator("Marta").await;
    let world = ahead(world, Span::hours(2)).await;
    let other = Engine::open(config(world.url().to_owned()), Env::machine().unwrap()).await.unwrap();
    for engine in [&world.engine, &world.engine, &other] {
        watch(engine).await.unwrap();
    }
    // Noted by the first; the second has seen the same instant.
    assert!(other.env().is_stepped());
    assert_eq!(world.recorded(EventKind::ClockStepped).await.len(), 1);
    assert_eq!(world.mail_to("Marta").await, ["The clock of Stint went back"]);
    // Accepted, it is right; another step is told anew.
    accept(&world.engine).await.unwrap();
    watch(&world.engine).await.unwrap();
    assert!(!world.engine.env().is_stepped());
    world.engine.env().not_before(Span::hours(3).after(world.engine.now()));
    watch(&world.engine).await.unwrap();
    assert_eq!(world.recorded(EventKind::ClockStepped).await.len(), 2);
    other.close().await;
});

on_every_database!(a_step_of_a_few_seconds_is_none, world, {
    let world = ahead(world, Span::ZERO).await;
    accept(&world.engine).await.unwrap();
    world.engine.env().not_before(Span::seconds(4).after(world.engine.now()));
    watch(&world.engine).await.unwrap();
    assert!(world.recorded(EventKind::ClockStepped).await.is_empty());
});

on_every_database!(an_accepted_clock_is_kept_and_on_record, world, {
    world.advance(Span::hours(3));
    accept(&world.engine).await.unwrap();
    let late = store::head::read(world.engine.readers()).await.unwrap();
    world.engine.env().set(Span::hours(2).before(world.engine.now()));
    accept(&world.engine).await.unwrap();
    let head = store::head::read(world.engine.readers()).await.unwrap();
    assert_eq!(head.highest_at, world.engine.now());
    assert_ne!(head.accepted_at, late.accepted_at);
    assert_eq!(world.recorded(EventKind::ClockAccepted).await.len(), 2);
});

on_every_database!(an_instance_notices_that_another_process_accepted_the_clock, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let world = ahead(world, Span::hours(2)).await;
    let refused = activation::request(&world.engine, &world.ctx(ada), ask(exchange)).await;
    assert_eq!(code(refused), Code::ClockStepped);
    let host = Engine::open(config(world.url().to_owned()), Env::machine().unwrap()).await.unwrap();
    accept(&host).await.unwrap();
    host.close().await;
    watch(&world.engine).await.unwrap();
    world.request(ada, exchange).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await.map(|until| until.is_some()), Some(true));
});

on_every_database!(an_accepted_clock_prolongs_nothing_though_the_false_instant_has_passed, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let right = world.engine.now();
    world.advance(Span::hours(2));
    world.eligible(ada, exchange).await;
    let held = world.request(ada, exchange).await.unwrap();
    let end = Span::days(30).after(world.engine.now());
    let assigned = world.assign(exchange, Principal::Person(ada), AssignmentKind::Eligible, Some(end)).await;
    // It is found a minute after the right time came back.
    let found_at = Span::minutes(1).after(right);
    world
        .engine
        .note(move |tx| {
            Box::pin(async move {
                tx.note_step(Some(found_at));
                Ok(())
            })
        })
        .await
        .unwrap();
    // Accepted so late that the instant at which the assignment began has come and gone.
    world.advance(Span::hours(3));
    world
        .engine
        .record(&crate::Ctx::stint(), Event::new(EventKind::PersonChanged).person(ada))
        .await
        .unwrap();
    world.engine.env().set(Span::hours(3).after(right));
    accept(&world.engine).await.unwrap();
    assert_eq!(world.activation(held).await.state, State::Ended);
    let kept = store::assignment::get(world.engine.readers(), assigned).await.unwrap();
    assert_eq!(Span::between(kept.starts_at, kept.ends_at.unwrap()), Span::days(30));
    assert!(kept.ends_at.unwrap() <= Span::days(30).after(found_at), "{:?}", kept.ends_at);
    // Each that was moved has its record.
    let moved = world.recorded(EventKind::AssignmentChanged).await;
    assert_eq!(moved.iter().filter(|record| record.assignment == Some(assigned.to_string())).count(), 1);
});

on_every_database!(an_accepted_clock_is_noticed_by_an_instance_that_had_written_nothing_yet, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let world = ahead(world, Span::hours(2)).await;
    world
        .engine
        .record(&crate::Ctx::stint(), Event::new(EventKind::PersonChanged).person(ada))
        .await
        .unwrap();
    // Opened with the wrong clock, but the other one is accepted before its first change.
    let idle = Engine::open(config(world.url().to_owned()), Env::machine().unwrap()).await.unwrap();
    assert!(idle.env().is_stepped());
    accept(&world.engine).await.unwrap();
    watch(&idle).await.unwrap();
    assert!(!idle.env().is_stepped());
    let head = store::head::read(idle.readers()).await.unwrap();
    assert!(head.highest_at < Span::hours(1).after(idle.now()));
    idle.close().await;
});

on_every_database!(a_sign_in_that_began_in_a_time_to_come_does_not_go_on, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let right = world.engine.now();
    world.advance(Span::hours(1));
    let (stranger, password) = (world.stranger(), SecretString::from(PASSWORD));
    let step = sign_in::password_step(&world.engine, &stranger, "ada", &password, None).await.unwrap();
    world.engine.env().set(right);
    accept(&world.engine).await.unwrap();
    let kind = SessionKind::Browser;
    let done = sign_in::code_step(&world.engine, &stranger, &step.sealed, &world.code("ada"), kind).await;
    assert_eq!(code(done), Code::StepExpired);
});

on_every_database!(what_happened_in_a_time_to_come_locks_nobody_out_and_gives_nothing, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.with_credentials(ada, "ada").await;
    // The clock was ahead by a day: somebody signed in, was throttled, got roles.
    let right = world.engine.now();
    world.advance(Span::days(1));
    let signed = world.signed_in("ada").await;
    let password = SecretString::from("not the right one");
    for _ in 0..6 {
        let _ = sign_in::password_step(&world.engine, &world.stranger(), "ada", &password, None).await;
    }
    let root = world.administrator("Root").await;
    world.eligible(ada, exchange).await;
    let held = world.request(ada, exchange).await.unwrap();
    world.advance(Span::minutes(1));
    // It is set right, and accepted.
    world.engine.env().set(right);
    accept(&world.engine).await.unwrap();

    let db = world.engine.readers();
    assert!(store::access::of(db, root, right).await.unwrap().holds.administrator);
    assert_eq!(world.activation(held).await.state, State::Ended);
    assert!(world.recorded_of(held).await.contains(&EventKind::ActivationEnded));
    let stored = store::session::live_of(db, ada, right).await.unwrap();
    assert!(stored[0].session.ends_at() <= Span::hours(8).after(right));
    let refreshed = session::refresh(
        &world.engine,
        secrecy::ExposeSecret::expose_secret(&signed.tokens.refresh),
        &world.stranger().client,
    )
    .await
    .unwrap();
    let ctx = world.ctx_of(&refreshed).await;
    // What was proved then is no fresh second factor.
    assert_eq!(code(activation::request(&world.engine, &ctx, ask(exchange)).await), Code::MfaStale);
    // No code of this step: the next one works, and no password waits.
    world.advance(Span::seconds(30));
    let (stranger, password) = (world.stranger(), SecretString::from(PASSWORD));
    let step = sign_in::password_step(&world.engine, &stranger, "ada", &password, None).await.unwrap();
    sign_in::code_step(&world.engine, &stranger, &step.sealed, &world.code("ada"), SessionKind::Browser)
        .await
        .unwrap();
    run_due(&world.engine).await.unwrap();
});

/// The machine of this instance is two hours ahead of the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_the_moment_of_an_act_is_the_databases() {
    let Some(mut world) = World::on(Database::Postgres).await else { return };
    world.engine.close().await;
    let env = Env::wrong_by(chrono::TimeDelta::hours(2)).unwrap();
    let wrong = env.now();
    world.engine = Engine::open(config(world.url().to_owned()), env).await.unwrap();
    // The world may have begun later than today.
    accept(&world.engine).await.unwrap();
    let ada = world.person("Ada").await;
    world
        .engine
        .record(&crate::Ctx::stint(), Event::new(EventKind::PersonChanged).person(ada))
        .await
        .unwrap();
    let right = Span::hours(2).before(wrong);
    let at = store::at(world.recorded(EventKind::PersonChanged).await[0].at).unwrap();
    assert!(at >= right && at < Span::hours(1).after(right), "{at} is not near {right}");
    assert!(world.engine.now() < Span::hours(1).after(right));
    assert!(!world.engine.env().is_stepped());
}
