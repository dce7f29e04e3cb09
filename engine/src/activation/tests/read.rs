//! What people see of requests and roles.

use domain::{
    Code, Span,
    activation::{ActivationId, Move, State},
    assignment::AssignmentKind,
    page::{ListQuery, PAGE_SIZE},
    person::{PersonId, Principal},
};

use crate::{
    activation, check, on_every_database, store,
    testing::{
        World,
        activation::{approval, code},
    },
};

async fn may_see(world: &World, person: PersonId, id: ActivationId) -> bool {
    let access = store::access::of(world.engine.readers(), person, world.engine.now()).await.unwrap();
    activation::may_see(&world.engine, &access, id).await.unwrap()
}

on_every_database!(my_roles_shows_what_is_held_planned_waiting_and_possible, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let (held, planned, idle) =
        (world.role("held").await, world.role("planned").await, world.role("idle").await);
    let waits = world.role_with("waits", approval(&[Principal::Person(bo)], 1)).await;
    let group = world.group("Operators", &[ada]).await;
    for role in [held, planned, waits] {
        world.eligible(ada, role).await;
    }
    world.assign(idle, Principal::Group(group), AssignmentKind::Eligible, None).await;
    // The same through a group counts once.
    world.assign(held, Principal::Group(group), AssignmentKind::Eligible, None).await;
    let standing = world.role("standing").await;
    world.assign(standing, Principal::Group(group), AssignmentKind::Active, None).await;
    let off = world.role("off").await;
    world.eligible(ada, off).await;
    world.switch_off(off).await;
    world.request(ada, held).await.unwrap();
    world.request_later(ada, planned, Span::hours(2)).await.unwrap();
    world.request(ada, waits).await.unwrap();
    let mine = activation::my_roles(&world.engine, &world.ctx(ada)).await.unwrap();
    let keys: Vec<_> =
        mine.active.iter().map(|held| (held.role.key.as_str(), held.through.as_deref())).collect();
    assert_eq!(keys, [("held", None), ("standing", Some("Operators"))]);
    assert_eq!(mine.planned.iter().map(|row| row.state).collect::<Vec<_>>(), [State::Scheduled]);
    assert_eq!(mine.waiting[0].approvers[0].name, "Bo");
    let keys: Vec<_> = mine.eligible.iter().map(|role| role.role.key.as_str()).collect();
    assert_eq!(keys, ["held", "idle", "planned", "waits"]);
    assert_eq!(mine.eligible[0].live.as_ref().unwrap().state, State::Active);
    assert_eq!(mine.eligible[0].last.as_ref().unwrap().justification, "Rotate the certificate");
    assert_eq!(mine.eligible[1].through.as_deref(), Some("Operators"));
    // What is over by the clock is not shown as held, with the worker off.
    world.advance(Span::hours(24));
    let mine = activation::my_roles(&world.engine, &world.ctx(ada)).await.unwrap();
    assert_eq!(mine.active.len(), 1);
    assert!(mine.waiting.is_empty() && mine.eligible[0].live.is_none());
    let empty = activation::my_roles(&world.engine, &world.ctx(bo)).await.unwrap();
    assert!(empty.active.is_empty() && empty.eligible.is_empty());
});

on_every_database!(the_form_says_who_would_decide_and_who_holds_the_role, world, {
    let (ada, bo, cy) = (world.person("Ada").await, world.person("Bo").await, world.person("Cy").await);
    let group = world.group("Approvers", &[bo]).await;
    let role = world.role_with("exchange", approval(&[Principal::Group(group)], 1)).await;
    world.eligible(ada, role).await;
    let end = Span::days(1).after(world.engine.now());
    world.assign(role, Principal::Person(cy), AssignmentKind::Active, Some(end)).await;
    let form = activation::form_by_key(&world.engine, &world.ctx(ada), "exchange").await.unwrap();
    assert_eq!(form.approvers[0].name, "Approvers");
    assert_eq!((form.holders[0].0.name.as_str(), form.holders[0].1), ("Cy", Some(end)));
    assert!(form.stage.is_some() && !form.asks_code && form.eligible.len() == 1);
    let old = world.ctx_signed_in(ada, Span::minutes(11));
    assert!(activation::form(&world.engine, &old, role).await.unwrap().asks_code);
});

on_every_database!(a_request_shows_each_reader_what_they_may_do, world, {
    let (ada, bo, root) =
        (world.person("Ada").await, world.person("Bo").await, world.administrator("Root").await);
    let role = world.role_with("exchange", approval(&[Principal::Person(bo)], 1)).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    let may = async |person| activation::get(&world.engine, &world.ctx(person), id).await.unwrap().may;
    assert_eq!(may(ada).await, [Move::Cancel]);
    assert_eq!(may(bo).await, [Move::Decide]);
    assert_eq!(may(root).await, [Move::Cancel]);
    world.approve(bo, id).await.unwrap();
    assert_eq!(may(ada).await, [Move::Deactivate]);
    assert!(may(bo).await.is_empty());
    assert_eq!(may(root).await, [Move::Revoke]);
    let shown = activation::get(&world.engine, &world.ctx(ada), id).await.unwrap();
    assert_eq!(shown.decisions[0].by.name, "Bo");
    assert_eq!(shown.steps.len(), 3);
    // A link from yesterday does not say that it is still held.
    world.advance(Span::hours(1));
    let shown = activation::get(&world.engine, &world.ctx(ada), id).await.unwrap();
    assert_eq!((shown.row.state, shown.may.len()), (State::Ended, 0));
    assert_eq!(shown.row.settled_at, shown.row.ends_at);
    for (person, sees) in [(ada, true), (bo, true), (root, true), (world.person("Cy").await, false)] {
        assert_eq!(may_see(&world, person, id).await, sees);
    }
});

on_every_database!(lists_come_in_parts_and_can_be_searched, world, {
    let (ada, bo, root) =
        (world.person("Ada").await, world.person("Bo").await, world.administrator("Root").await);
    let (exchange, teams) = (world.role("exchange").await, world.role("teams_100%").await);
    for (person, role) in [(ada, exchange), (bo, teams)] {
        world.eligible(person, role).await;
    }
    for _ in 0..=PAGE_SIZE {
        let id = world.request(ada, exchange).await.unwrap();
        world.deactivate(ada, id).await.unwrap();
    }
    let last = world.request(bo, teams).await.unwrap();
    let number = world.activation(last).await.number;
    let (engine, ctx) = (&world.engine, world.ctx(root));
    let first = activation::list(engine, &ctx, ListQuery::default()).await.unwrap();
    assert_eq!((first.items.len() as u64, first.items[0].id), (PAGE_SIZE, last));
    let second =
        activation::list(engine, &ctx, ListQuery { cursor: first.next, search: None }).await.unwrap();
    assert_eq!((second.items.len(), second.next), (2, None));
    for (search, found) in [
        ("TEAMS_", 1),
        ("100%", 1),
        ("bo", 1),
        (&format!("R-{number}"), 1),
        ("%", 1),
        ("nothing", 0),
        ("certificate", 50),
    ] {
        let query = ListQuery { cursor: None, search: Some(search.to_owned()) };
        assert_eq!(activation::list(engine, &ctx, query).await.unwrap().items.len(), found, "{search}");
    }
    assert_eq!(activation::mine(engine, &world.ctx(bo), ListQuery::default()).await.unwrap().items.len(), 1);
    assert_eq!(code(activation::list(engine, &world.ctx(bo), ListQuery::default()).await), Code::Forbidden);
    let broken = ListQuery { cursor: Some("x".to_owned()), search: None };
    assert_eq!(code(activation::mine(engine, &world.ctx(bo), broken).await), Code::Malformed);
});

on_every_database!(whether_others_hold_a_role_is_answered_to_those_who_may_ask, world, {
    let (ada, bo, root) =
        (world.person("Ada").await, world.person("Bo").await, world.administrator("Root").await);
    let exchange = world.role("exchange").await;
    world.eligible(ada, exchange).await;
    world.request(ada, exchange).await.unwrap();
    let asks =
        async |who, whom, key: &str| check::check(&world.engine, &world.ctx(who), whom, key, None).await;
    assert!(asks(root, Some(ada), "exchange").await.unwrap().held);
    assert!(!asks(root, Some(bo), "exchange").await.unwrap().held);
    assert!(asks(ada, Some(ada), "exchange").await.unwrap().held);
    assert_eq!(code(asks(bo, Some(ada), "exchange").await), Code::NotFound);
    assert_eq!(code(asks(bo, None, "exchange").await), Code::NotFound);
    assert_eq!(code(asks(root, Some(world.nothing()), "exchange").await), Code::NotFound);
    for key in ["nothing", "", "exchange\0", "Exchange", "%"] {
        assert_eq!(code(asks(root, Some(ada), key).await), Code::NotFound, "{key:?}");
        let form = activation::form_by_key(&world.engine, &world.ctx(ada), key).await;
        assert_eq!(code(form.map(drop)), Code::NotFound, "{key:?}");
    }
    world.disable(ada).await;
    assert!(!asks(root, Some(ada), "exchange").await.unwrap().held);
});

on_every_database!(the_count_of_what_waits_for_a_decision_is_that_of_the_list, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    for key in ["one", "two"] {
        let role = world.role_with(key, approval(&[Principal::Person(bo)], 1)).await;
        world.eligible(ada, role).await;
        world.request(ada, role).await.unwrap();
    }
    let (db, now) = (world.engine.readers(), world.engine.now());
    let access = store::access::of(db, bo, now).await.unwrap();
    assert_eq!(activation::count_to_decide(db, &access, now).await.unwrap(), 2);
    let later = Span::hours(24).after(now);
    assert_eq!(activation::count_to_decide(db, &access, later).await.unwrap(), 0);
});

on_every_database!(an_approver_of_a_role_that_asks_for_no_approval_sees_no_requests, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    let mut settings = approval(&[Principal::Person(bo)], 1);
    settings.approval.required = false;
    let role = world.role_with("exchange", settings).await;
    world.eligible(ada, role).await;
    let id = world.request(ada, role).await.unwrap();
    assert_eq!(code(activation::get(&world.engine, &world.ctx(bo), id).await), Code::NotFound);
    assert_eq!(code(world.approve(bo, id).await), Code::NotFound);
    assert!(!may_see(&world, bo, id).await);
});
