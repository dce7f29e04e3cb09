//! Taking back: by the person, by an administrator.

use domain::{
    Code, Span,
    activation::{Cause, End, State},
    assignment::AssignmentKind,
    event::EventKind,
    person::Principal,
};

use crate::{
    activation, on_every_database,
    testing::activation::{code, problem},
};

on_every_database!(a_role_is_given_back_at_once, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let id = world.request(ada, exchange).await.unwrap();
    world.deactivate(ada, id).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, None);
    let ended = world.activation(id).await;
    assert_eq!((ended.state, ended.cause), (State::Ended, Some(Cause::Deactivated)));
    assert_eq!(code(world.deactivate(ada, id).await), Code::AlreadyEnded);
    let shown = activation::get(&world.engine, &world.ctx(ada), id).await.unwrap();
    assert_eq!(shown.given_back, Some(Span::hours(1)));
    assert_eq!(world.recorded_of(id).await.last(), Some(&EventKind::ActivationEnded));
    world.record().await;
});

on_every_database!(what_is_over_by_the_clock_cannot_be_given_back_any_more, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let root = world.administrator("Root").await;
    world.eligible(ada, exchange).await;
    let id = world.request(ada, exchange).await.unwrap();
    world.advance(Span::hours(1));
    assert_eq!(code(world.deactivate(ada, id).await), Code::AlreadyEnded);
    let revoked = activation::revoke(&world.engine, &world.ctx(root), id, End::default()).await;
    assert_eq!(code(revoked), Code::AlreadyEnded);
});

on_every_database!(an_administrator_revokes_with_a_fresh_code_and_a_reason, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let root = world.administrator("Root").await;
    world.eligible(ada, exchange).await;
    let id = world.request(ada, exchange).await.unwrap();
    let stale = world.ctx_signed_in(root, Span::minutes(11));
    assert_eq!(code(activation::revoke(&world.engine, &stale, id, End::default()).await), Code::MfaStale);
    assert_eq!(
        code(activation::revoke(&world.engine, &world.ctx(ada), id, End::default()).await),
        Code::Forbidden
    );
    assert_eq!(code(world.deactivate(root, id).await), Code::Forbidden);
    let long = End { justification: "x".repeat(501) };
    assert_eq!(
        problem(activation::revoke(&world.engine, &world.ctx(root), id, long).await).code,
        Code::TooLong
    );
    let why = End { justification: "Left the building".to_owned() };
    activation::revoke(&world.engine, &world.ctx(root), id, why).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, None);
    let shown = activation::get(&world.engine, &world.ctx(ada), id).await.unwrap();
    assert_eq!(shown.row.cause, Some(Cause::Revoked));
    let last = shown.steps.last().unwrap();
    assert_eq!(last.reason.as_deref(), Some("revoked: Left the building"));
    assert_eq!(last.by.as_ref().unwrap().id, root);
});

on_every_database!(a_request_is_taken_back_by_its_person_or_an_administrator, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    let root = world.administrator("Root").await;
    world.eligible(ada, exchange).await;
    let own = world.request_later(ada, exchange, Span::hours(2)).await.unwrap();
    assert_eq!(code(world.deactivate(ada, own).await), Code::Conflict);
    world.cancel(ada, own).await.unwrap();
    assert_eq!(world.activation(own).await.cause, Some(Cause::Withdrawn));
    assert_eq!(code(world.cancel(ada, own).await), Code::NoLongerPending);
    let other = world.request_later(ada, exchange, Span::hours(2)).await.unwrap();
    world.cancel(root, other).await.unwrap();
    assert_eq!(world.activation(other).await.cause, Some(Cause::Revoked));
    let kinds =
        [EventKind::ActivationRequested, EventKind::ActivationScheduled, EventKind::ActivationCanceled];
    assert_eq!(world.recorded_of(other).await, kinds);
});

on_every_database!(one_end_never_takes_away_what_another_still_gives, world, {
    let (ada, exchange) = (world.person("Ada").await, world.role("exchange").await);
    world.eligible(ada, exchange).await;
    let id = world.request(ada, exchange).await.unwrap();
    let group = world.group("Night shift", &[ada]).await;
    let end = Span::hours(12).after(world.engine.now());
    world.assign(exchange, Principal::Group(group), AssignmentKind::Active, Some(end)).await;
    assert_eq!(world.held(ada, "exchange").await, Some(Some(end)));
    world.deactivate(ada, id).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, Some(Some(end)));
    world.leave(group, ada).await;
    assert_eq!(world.held(ada, "exchange").await, None);
});
