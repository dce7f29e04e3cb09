//! Asking for a role.

use domain::{
    Code, Span,
    activation::{Cause, RequestActivation, State},
    assignment::AssignmentKind,
    event::EventKind,
    person::Principal,
    role_settings::{RoleSettings, SecondFactor, TicketRule},
    session::{Act, StepUp},
};

use crate::{
    IdempotencyKey, activation, on_every_database, store,
    testing::activation::{approval, ask, code, problem},
};

on_every_database!(what_nobody_has_to_approve_is_held_at_once, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    assert_eq!(world.held(ada, "exchange").await, None);
    let id = world.request(ada, exchange).await.unwrap();
    let end = Span::hours(1).after(world.engine.now());
    assert_eq!(world.held(ada, "exchange").await, Some(Some(end)));
    assert_eq!(world.recorded_of(id).await, [EventKind::ActivationRequested, EventKind::ActivationActivated]);
    // Held until its end and not a moment longer, with nobody there to end it.
    world.advance(Span::seconds(3_599));
    assert!(world.held(ada, "exchange").await.is_some());
    world.advance(Span::seconds(1));
    assert_eq!(world.held(ada, "exchange").await, None);
    assert_eq!(world.activation(id).await.state, State::Active);
    world.record().await;
});

on_every_database!(who_never_had_to_do_with_a_role_does_not_learn_that_it_exists, world, {
    let (ada, bo, exchange) =
        (world.person("Ada").await, world.person("Bo").await, world.role("exchange").await);
    assert_eq!(code(world.request(ada, exchange).await), Code::NotFound);
    assert_eq!(code(world.request(ada, world.nothing()).await), Code::NotFound);
    assert_eq!(
        code(activation::form_by_key(&world.engine, &world.ctx(ada), "exchange").await),
        Code::NotFound
    );
    assert_eq!(
        code(activation::form_by_key(&world.engine, &world.ctx(ada), "nothing").await),
        Code::NotFound
    );
    // Who was eligible once is told so, also when it came through a group.
    let once = world.eligible(ada, exchange).await;
    world.end_assignment(once).await;
    assert_eq!(code(world.request(ada, exchange).await), Code::NotEligible);
    assert_eq!(code(activation::form(&world.engine, &world.ctx(ada), exchange).await), Code::NotEligible);
    let group = world.group("Operators", &[bo]).await;
    world.advance(Span::minutes(1));
    world.assign(exchange, Principal::Group(group), AssignmentKind::Eligible, None).await;
    world.advance(Span::minutes(1));
    world.leave(group, bo).await;
    assert_eq!(code(world.request(bo, exchange).await), Code::NotEligible);
    // A group that became eligible only after one had left it does not count.
    let (cy, teams) = (world.person("Cy").await, world.role("teams").await);
    let other = world.group("Others", &[cy]).await;
    world.leave(other, cy).await;
    world.advance(Span::minutes(1));
    world.assign(teams, Principal::Group(other), AssignmentKind::Eligible, None).await;
    assert_eq!(code(world.request(cy, teams).await), Code::NotFound);
    // Administrators read roles, and are told that they are not eligible.
    let root = world.administrator("Root").await;
    assert_eq!(code(world.request(root, exchange).await), Code::NotEligible);
});

on_every_database!(a_request_is_refused_with_every_field_that_needs_attention, world, {
    let mut settings = RoleSettings::initial();
    settings.activation.ticket =
        Some(TicketRule { system: "Jira".into(), pattern: "OPS-\\d+".into(), example: "OPS-1234".into() });
    let (ada, exchange) = (world.person("Ada").await, world.role_with("exchange", settings).await);
    world.eligible(ada, exchange).await;
    let wrong = RequestActivation {
        duration: Span::hours(9),
        justification: "short".to_owned(),
        ticket: "OPS-12 and more".to_owned(),
        ..ask(exchange)
    };
    let refused = problem(activation::request(&world.engine, &world.ctx(ada), wrong).await);
    let of = |field: &str| refused.of_field(field).unwrap().code;
    assert_eq!(
        [of("duration"), of("justification"), of("ticket")],
        [Code::DurationTooLong, Code::JustificationTooShort, Code::TicketMalformed]
    );
    let right = RequestActivation { ticket: " OPS-12 ".to_owned(), ..ask(exchange) };
    let id = activation::request(&world.engine, &world.ctx(ada), right).await.unwrap();
    assert_eq!(world.activation(id).await.ticket.unwrap().number, "OPS-12");
});

on_every_database!(the_second_factor_is_asked_for_as_the_role_says, world, {
    let mut settings = RoleSettings::initial();
    let (ada, fresh) = (world.person("Ada").await, world.role("fresh").await);
    settings.activation.second_factor = SecondFactor::Fresh { minutes: 0 };
    let every_time = world.role_with("every-time", settings).await;
    world.eligible(ada, fresh).await;
    world.eligible(ada, every_time).await;
    let old = world.ctx_signed_in(ada, Span::minutes(11));
    assert_eq!(code(activation::request(&world.engine, &old, ask(fresh)).await), Code::MfaStale);
    assert_eq!(code(world.request(ada, every_time).await), Code::MfaRequired);
    let ctx = world.ctx(ada);
    let session = ctx.signed().unwrap().session;
    let code_for =
        |object| ctx.with_step_up(StepUp::used_up(session, Act::Activate, object, world.engine.now()));
    let other = code_for(fresh.uuid());
    assert_eq!(code(activation::request(&world.engine, &other, ask(every_time)).await), Code::MfaRequired);
    activation::request(&world.engine, &code_for(every_time.uuid()), ask(every_time)).await.unwrap();
    // The refusals are on record.
    let refused = world.record().await.into_iter().filter(|record| record.outcome != "done").count();
    assert_eq!(refused, 3);
});

on_every_database!(a_second_request_for_the_same_is_refused_until_the_first_is_over, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let exchange = world.role("exchange").await;
    let teams = world.role_with("teams", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, exchange).await;
    world.eligible(ada, teams).await;
    world.request(ada, exchange).await.unwrap();
    world.request(ada, teams).await.unwrap();
    assert_eq!(code(world.request(ada, exchange).await), Code::AlreadyActive);
    assert_eq!(code(world.request(ada, teams).await), Code::AlreadyRequested);
    // By the clock, with the worker off.
    world.advance(Span::hours(1));
    world.request(ada, exchange).await.unwrap();
    world.advance(Span::hours(23));
    world.request(ada, teams).await.unwrap();
});

on_every_database!(of_simultaneous_requests_one_is_carried_out, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (engine, ctx) = (world.engine.clone(), world.ctx(ada));
            tokio::spawn(async move { activation::request(&engine, &ctx, ask(exchange)).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            refused => assert_eq!(code(refused), Code::AlreadyActive),
        }
    }
    assert_eq!(won, 1);
    world.record().await;
});

on_every_database!(a_request_that_is_sent_again_under_its_key_is_carried_out_once, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let mut ctx = world.ctx(ada);
    ctx.idempotency = Some(IdempotencyKey { key: "k1".to_owned(), request_hash: "h".to_owned() });
    let first = activation::request(&world.engine, &ctx, ask(exchange)).await.unwrap();
    let again = activation::request(&world.engine, &ctx, ask(exchange)).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(store::activation::unsettled_of(world.engine.readers(), ada, None).await.unwrap().len(), 1);
    ctx.idempotency = Some(IdempotencyKey { key: "k1".to_owned(), request_hash: "other".to_owned() });
    assert_eq!(
        code(activation::request(&world.engine, &ctx, ask(exchange)).await),
        Code::IdempotencyMismatch
    );
});

on_every_database!(no_more_people_than_may_hold_a_role_and_planned_ones_count, world, {
    let mut settings = RoleSettings::initial();
    settings.activation.holders = Some(2);
    let exchange = world.role_with("exchange", settings).await;
    let mut people = Vec::new();
    for name in ["Ada", "Bo", "Cy"] {
        let person = world.person(name).await;
        world.eligible(person, exchange).await;
        people.push(person);
    }
    world.request(people[0], exchange).await.unwrap();
    let planned = world.request_later(people[1], exchange, Span::hours(5)).await.unwrap();
    let full = problem(world.request(people[2], exchange).await);
    assert_eq!((full.code, full.limit.as_deref()), (Code::TooManyHolders, Some("2")));
    world.cancel(people[1], planned).await.unwrap();
    world.request(people[2], exchange).await.unwrap();
    // Whoever holds it by assignment counts too.
    let (dee, teams) = (world.person("Dee").await, world.role("teams").await);
    let mut one = RoleSettings::initial();
    one.activation.holders = Some(1);
    world.change_settings(teams, one).await;
    world.assign(teams, Principal::Person(dee), AssignmentKind::Active, None).await;
    world.eligible(people[0], teams).await;
    assert_eq!(code(world.request(people[0], teams).await), Code::TooManyHolders);
});

on_every_database!(the_pause_begins_when_the_activation_was_over_by_the_clock, world, {
    let mut settings = RoleSettings::initial();
    settings.activation.pause = Some(Span::hours(2));
    let (ada, exchange) = (world.person("Ada").await, world.role_with("exchange", settings).await);
    world.eligible(ada, exchange).await;
    world.request(ada, exchange).await.unwrap();
    world.advance(Span::hours(2));
    assert_eq!(code(world.request(ada, exchange).await), Code::TooSoon);
    // Recorded late, it still was over an hour after it began.
    crate::worker::run_due(&world.engine).await.unwrap();
    assert_eq!(code(world.request(ada, exchange).await), Code::TooSoon);
    world.advance(Span::hours(1));
    let id = world.request(ada, exchange).await.unwrap();
    world.advance(Span::minutes(1));
    world.deactivate(ada, id).await.unwrap();
    assert_eq!(code(world.request(ada, exchange).await), Code::TooSoon);
});

on_every_database!(what_nobody_could_approve_is_refused, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let group = world.group("Approvers", &[ada, bo]).await;
    let own = [Principal::Person(ada), Principal::Group(group)];
    let two = world.role_with("two", approval(&own, 2)).await;
    world.eligible(ada, two).await;
    // One other person, counted once; two are needed.
    assert_eq!(code(world.request(ada, two).await), Code::NobodyCouldApprove);
    // Nobody named means the administrators, and never the requester alone.
    let root = world.administrator("Root").await;
    let fallback = world.role_with("fallback", approval(&[], 1)).await;
    world.eligible(root, fallback).await;
    assert_eq!(code(world.request(root, fallback).await), Code::NobodyCouldApprove);
    world.eligible(ada, fallback).await;
    world.request(ada, fallback).await.unwrap();
    world.disable(bo).await;
    let one = world.role_with("one", approval(&own, 1)).await;
    world.eligible(ada, one).await;
    assert_eq!(code(world.request(ada, one).await), Code::NobodyCouldApprove);
});

on_every_database!(a_role_is_held_no_longer_than_what_makes_one_eligible, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let soon = Span::minutes(20).after(world.engine.now());
    world.assign(exchange, Principal::Person(ada), AssignmentKind::Eligible, Some(soon)).await;
    let id = world.request(ada, exchange).await.unwrap();
    assert_eq!(world.activation(id).await.ends_at, Some(soon));
    // A start when nothing covers it any more could only fail.
    world.deactivate(ada, id).await.unwrap();
    let later = problem(world.request_later(ada, exchange, Span::minutes(30)).await);
    assert_eq!((later.code, later.field.as_deref()), (Code::NotEligible, Some("starts_at")));
    world.request(ada, exchange).await.unwrap();
    world.advance(Span::minutes(20));
    crate::worker::run_due(&world.engine).await.unwrap();
    let ended = store::activation::list(world.engine.readers(), &store::activation::Wanted::default(), 1)
        .await
        .unwrap();
    assert_eq!(ended[0].cause, Some(Cause::EligibilityEnded));
});

on_every_database!(a_narrower_part_can_be_asked_for_and_a_wider_one_not, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let part = |scope: &str| RequestActivation { scope: Some(scope.parse().unwrap()), ..ask(exchange) };
    activation::request(&world.engine, &world.ctx(ada), part("/finance")).await.unwrap();
    let held = |scope: &str| {
        let scope = scope.parse().unwrap();
        let (engine, ctx) = (world.engine.clone(), world.ctx(ada));
        async move { crate::check::check(&engine, &ctx, None, "exchange", Some(scope)).await.unwrap().held }
    };
    assert!(held("/finance/payroll").await && held("/finance").await);
    assert!(!held("/").await && !held("/financial").await);
    // Another part at the same time is another activation.
    activation::request(&world.engine, &world.ctx(ada), part("/sales")).await.unwrap();
    let again = activation::request(&world.engine, &world.ctx(ada), part("/sales/north")).await;
    assert_eq!(code(again), Code::AlreadyActive);
});

on_every_database!(who_was_disabled_meanwhile_asks_for_nothing, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    world.disable(ada).await;
    assert_eq!(code(world.request(ada, exchange).await), Code::SignedOut);
    assert_eq!(
        code(activation::request(&world.engine, &crate::Ctx::stint(), ask(exchange)).await),
        Code::SignedOut
    );
    let bo = world.person("Bo").await;
    world.eligible(bo, exchange).await;
    world.switch_off(exchange).await;
    assert_eq!(code(world.request(bo, exchange).await), Code::RoleDisabled);
});
