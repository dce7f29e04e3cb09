//! Approving and denying.

use domain::{
    Code, Span,
    activation::{Decide, State},
    assignment::AssignmentKind,
    event::EventKind,
    person::{PersonId, Principal},
    role::builtin,
    role_settings::SecondFactor,
};

use crate::{
    Engine, Env, activation, on_every_database,
    testing::{
        World,
        activation::{approval, code, problem},
        config,
    },
};

/// Ada, eligible for a role that Bo approves.
async fn ada_and_bo(world: &World) -> (PersonId, PersonId, domain::role::RoleId) {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let role = world.role_with("exchange", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, role).await;
    (ada, bo, role)
}

on_every_database!(an_approved_request_is_held_from_the_approval_on_with_its_full_time, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let id = world.request(ada, role).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, None);
    assert_eq!(activation::to_decide(&world.engine, &world.ctx(bo)).await.unwrap()[0].id, id);
    world.advance(Span::hours(3));
    world.approve(bo, id).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, Some(Some(Span::hours(1).after(world.engine.now()))));
    let kinds =
        [EventKind::ActivationRequested, EventKind::ActivationApproved, EventKind::ActivationActivated];
    assert_eq!(world.recorded_of(id).await, kinds);
    assert!(activation::to_decide(&world.engine, &world.ctx(bo)).await.unwrap().is_empty());
    assert_eq!(activation::decided(&world.engine, &world.ctx(bo)).await.unwrap()[0].id, id);
    world.record().await;
});

on_every_database!(one_denial_settles_a_request_and_says_why, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let id = world.request(ada, role).await.unwrap();
    assert_eq!(code(world.deny(bo, id, " ").await), Code::JustificationRequired);
    world.deny(bo, id, "Not today").await.unwrap();
    assert_eq!(world.activation(id).await.state, State::Denied);
    assert_eq!(problem(world.approve(bo, id).await).limit.as_deref(), Some("denied"));
    assert_eq!(world.recorded_of(id).await, [EventKind::ActivationRequested, EventKind::ActivationDenied]);
});

on_every_database!(of_simultaneous_approvals_exactly_one_gives_the_role, world, {
    let ada = world.person("Ada").await;
    let mut approvers = Vec::new();
    for number in 0..16 {
        approvers.push(world.person(&format!("Approver {number}")).await);
    }
    let group = world.group("Approvers", &approvers).await;
    let role = world.role_with("exchange", approval(&[Principal::Group(group)], 1)).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    let digest = world.activation(id).await.digest();
    // Through two instances on one database.
    let other =
        Engine::open(config(world.url().to_owned()), Env::fixed(world.engine.now(), 99)).await.unwrap();
    let tasks: Vec<_> = approvers
        .into_iter()
        .enumerate()
        .map(|(number, approver)| {
            let engine = if number % 2 == 0 { world.engine.clone() } else { other.clone() };
            let ctx = world.ctx(approver);
            let input = Decide { digest: digest.clone(), justification: String::new() };
            tokio::spawn(async move { activation::approve(&engine, &ctx, id, input).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => won += 1,
            refused => assert_eq!(code(refused), Code::NoLongerPending),
        }
    }
    assert_eq!(won, 1);
    let kinds =
        [EventKind::ActivationRequested, EventKind::ActivationApproved, EventKind::ActivationActivated];
    assert_eq!(world.recorded_of(id).await, kinds);
    world.record().await;
    other.close().await;
});

on_every_database!(an_approval_against_a_cancellation_has_one_winner, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    for _ in 0..8 {
        let id = world.request(ada, role).await.unwrap();
        let (approved, canceled) = tokio::join!(world.approve(bo, id), world.cancel(ada, id));
        match world.activation(id).await.state {
            State::Active => {
                approved.unwrap();
                assert_eq!(code(canceled), Code::NoLongerPending);
                world.deactivate(ada, id).await.unwrap();
            }
            State::Canceled => {
                canceled.unwrap();
                assert_eq!(code(approved), Code::NoLongerPending);
            }
            other => panic!("{other:?}"),
        }
    }
    world.record().await;
});

on_every_database!(nobody_decides_their_own_request_by_group_or_by_office, world, {
    let (root, other) = (world.administrator("Root").await, world.administrator("Other").await);
    let group = world.group("Approvers", &[root, other]).await;
    let named = [Principal::Person(root), Principal::Group(group)];
    for (key, settings) in [("named", approval(&named, 1)), ("fallback", approval(&[], 1))] {
        let role = world.role_with(key, settings).await;
        world.eligible(root, role).await;
        let id = world.request(root, role).await.unwrap();
        assert_eq!(code(world.approve(root, id).await), Code::OwnRequest);
        assert_eq!(code(world.deny(root, id, "No").await), Code::OwnRequest);
        assert!(activation::to_decide(&world.engine, &world.ctx(root)).await.unwrap().is_empty());
        world.approve(other, id).await.unwrap();
    }
});

on_every_database!(who_is_no_approver_does_not_see_a_request_unless_they_read_requests, world, {
    let (ada, _, role) = ada_and_bo(&world).await;
    let (cy, root, auditor) =
        (world.person("Cy").await, world.administrator("Root").await, world.person("Auditor").await);
    world.assign(builtin::AUDITOR, Principal::Person(auditor), AssignmentKind::Active, None).await;
    let id = world.request(ada, role).await.unwrap();
    assert_eq!(code(world.approve(cy, id).await), Code::NotFound);
    assert_eq!(code(world.cancel(cy, id).await), Code::NotFound);
    assert_eq!(code(activation::get(&world.engine, &world.ctx(cy), id).await), Code::NotFound);
    let unknown = Decide { digest: String::new(), justification: String::new() };
    let absent = activation::approve(&world.engine, &world.ctx(cy), world.nothing(), unknown).await;
    assert_eq!(code(absent), Code::NotFound);
    for reader in [root, auditor] {
        assert_eq!(code(world.approve(reader, id).await), Code::NotAnApprover);
        assert_eq!(activation::get(&world.engine, &world.ctx(reader), id).await.unwrap().row.id, id);
    }
    assert_eq!(code(world.cancel(auditor, id).await), Code::Forbidden);
});

on_every_database!(a_decision_counts_for_what_was_shown, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let id = world.request(ada, role).await.unwrap();
    let input = Decide { digest: "of something else".to_owned(), justification: String::new() };
    let refused = activation::approve(&world.engine, &world.ctx(bo), id, input).await;
    assert_eq!(code(refused), Code::Conflict);
    assert_eq!(world.activation(id).await.state, State::PendingApproval);
});

on_every_database!(the_approvers_second_factor_is_asked_for_as_the_settings_say, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let mut settings = approval(&[Principal::Person(bo)], 1);
    settings.approval.stages[0].second_factor = SecondFactor::Fresh { minutes: 0 };
    world.change_settings(role, settings).await;
    let id = world.request(ada, role).await.unwrap();
    assert_eq!(code(world.approve(bo, id).await), Code::MfaRequired);
    assert_eq!(code(world.deny(bo, id, "No").await), Code::MfaRequired);
});

on_every_database!(a_request_that_lapsed_is_not_approved_even_if_nobody_recorded_it, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let id = world.request(ada, role).await.unwrap();
    world.advance(Span::hours(24));
    assert_eq!(problem(world.approve(bo, id).await).limit.as_deref(), Some("lapsed"));
    assert_eq!(code(world.cancel(ada, id).await), Code::NoLongerPending);
});

on_every_database!(an_approver_who_was_removed_since_no_longer_decides, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let cy = world.person("Cy").await;
    let id = world.request(ada, role).await.unwrap();
    world.change_settings(role, approval(&[Principal::Person(cy)], 1)).await;
    // Bo lost it, Cy never had it for this request; and to be named again does not bring it back.
    assert_eq!(code(world.approve(bo, id).await), Code::NotFound);
    assert_eq!(code(world.approve(cy, id).await), Code::NotFound);
    world.change_settings(role, approval(&[Principal::Person(bo)], 1)).await;
    assert_eq!(code(world.approve(bo, id).await), Code::NotFound);
    assert!(activation::to_decide(&world.engine, &world.ctx(bo)).await.unwrap().is_empty());
});

on_every_database!(membership_of_a_group_that_approves_counts_at_the_moment_of_deciding, world, {
    let (ada, bo, cy) = (world.person("Ada").await, world.person("Bo").await, world.person("Cy").await);
    let group = world.group("Approvers", &[bo, cy]).await;
    let role = world.role_with("exchange", approval(&[Principal::Group(group)], 1)).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    world.leave(group, bo).await;
    assert_eq!(code(world.approve(bo, id).await), Code::NotFound);
    world.approve(cy, id).await.unwrap();
});

on_every_database!(an_approval_of_somebody_disabled_or_removed_meanwhile_no_longer_counts, world, {
    let mut people = Vec::new();
    for name in ["Ada", "Bo", "Cy", "Dee", "Eve"] {
        people.push(world.person(name).await);
    }
    let [ada, bo, cy, dee, eve] = people[..] else { panic!() };
    let group = world.group("Approvers", &[bo, cy, dee, eve]).await;
    let role = world.role_with("exchange", approval(&[Principal::Group(group)], 2)).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    world.approve(bo, id).await.unwrap();
    assert_eq!(code(world.approve(bo, id).await), Code::AlreadyDecided);
    world.disable(bo).await;
    world.approve(cy, id).await.unwrap();
    assert_eq!(world.activation(id).await.state, State::PendingApproval);
    world.leave(group, cy).await;
    world.approve(dee, id).await.unwrap();
    assert_eq!(world.activation(id).await.state, State::PendingApproval);
    world.approve(eve, id).await.unwrap();
    assert_eq!(world.activation(id).await.state, State::Active);
    let agreed = EventKind::ActivationAgreed;
    let requested = EventKind::ActivationRequested;
    let (approved, activated) = (EventKind::ActivationApproved, EventKind::ActivationActivated);
    assert_eq!(world.recorded_of(id).await, [requested, agreed, agreed, agreed, approved, activated]);
});

on_every_database!(an_approval_gives_nothing_when_the_place_is_taken_or_the_eligibility_is_over, world, {
    let (ada, bo, cy) = (world.person("Ada").await, world.person("Bo").await, world.person("Cy").await);
    let mut settings = approval(&[Principal::Person(bo)], 1);
    settings.activation.holders = Some(1);
    let role = world.role_with("exchange", settings).await;
    world.eligible(ada, role).await;
    let soon = Span::hours(2).after(world.engine.now());
    world.assign(role, Principal::Person(cy), AssignmentKind::Eligible, Some(soon)).await;
    let (first, second) = (world.request(ada, role).await.unwrap(), world.request(cy, role).await.unwrap());
    world.approve(bo, first).await.unwrap();
    assert_eq!(code(world.approve(bo, second).await), Code::TooManyHolders);
    assert_eq!(world.activation(second).await.state, State::PendingApproval);
    world.advance(Span::hours(2));
    let over = problem(world.approve(bo, second).await);
    assert_eq!((over.code, over.limit.as_deref()), (Code::NoLongerPending, Some("the eligibility ended")));
});

on_every_database!(an_approval_before_the_start_sets_it_for_its_start, world, {
    let (ada, bo, role) = ada_and_bo(&world).await;
    let id = world.request_later(ada, role, Span::hours(2)).await.unwrap();
    world.approve(bo, id).await.unwrap();
    assert_eq!(world.activation(id).await.state, State::Scheduled);
    assert_eq!(world.held(ada, "exchange").await, None);
    assert_eq!(world.recorded_of(id).await, [EventKind::ActivationRequested, EventKind::ActivationApproved]);
    // A start that passed while waiting means now, with the full time.
    world.cancel(ada, id).await.unwrap();
    let late = world.request_later(ada, role, Span::hours(2)).await.unwrap();
    world.advance(Span::hours(3));
    world.approve(bo, late).await.unwrap();
    assert_eq!(world.held(ada, "exchange").await, Some(Some(Span::hours(1).after(world.engine.now()))));
});
