//! Assignments: made, prolonged, shortened, removed, ended by the clock, and the last administrator who stays.

use domain::{
    Code, Instant, Span,
    activation::{Activation, End, State},
    assignment::{AssignmentId, AssignmentKind, AssignmentMade, ChangeAssignment, NewAssignment, Standing},
    event::EventKind,
    person::{PersonId, Principal},
    role::{AssignmentRow, RoleId, builtin},
    role_settings::{ChangeSettings, RoleSettings},
};

use super::guard;
use crate::{Ctx, Result, assignment, role, role_settings, store, testing::World};

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().problem().unwrap().code
}

fn eligible(role: RoleId, person: PersonId) -> NewAssignment {
    NewAssignment {
        role,
        principal: Principal::Person(person),
        kind: AssignmentKind::Eligible,
        scope: None,
        starts_at: None,
        ends_at: None,
        justification: String::new(),
    }
}

fn standing(role: RoleId, person: PersonId) -> NewAssignment {
    NewAssignment {
        kind: AssignmentKind::Active,
        justification: "on duty".to_owned(),
        ..eligible(role, person)
    }
}

fn until(ends_at: Option<Instant>, version: i64) -> ChangeAssignment {
    ChangeAssignment { ends_at, justification: "as agreed".to_owned(), version }
}

async fn make(world: &World, ctx: &Ctx, new: NewAssignment) -> Result<AssignmentMade> {
    assignment::make(&world.engine, ctx, new).await
}

async fn change(world: &World, ctx: &Ctx, id: AssignmentId, input: ChangeAssignment) -> Result<()> {
    assignment::change(&world.engine, ctx, id, input).await
}

async fn remove(world: &World, ctx: &Ctx, id: AssignmentId) -> Result<()> {
    assignment::remove(&world.engine, ctx, id, End { justification: "left".to_owned() }).await
}

async fn get(world: &World, ctx: &Ctx, id: AssignmentId) -> AssignmentRow {
    assignment::get(&world.engine, ctx, id).await.unwrap()
}

async fn due(world: &World) -> usize {
    assignment::due(&world.engine).await.unwrap()
}

crate::on_every_database!(whoever_becomes_eligible_is_shown_as_made_privileged_once, world, {
    let root = world.usable_administrator("Root").await;
    let ctx = world.ctx(root);
    let (exchange, teams) = (world.role("exchange").await, world.role("teams").await);
    let ada = world.person("Ada").await;
    let made = make(&world, &ctx, eligible(exchange, ada)).await.unwrap();
    assert_eq!(made.made_privileged.iter().map(|person| person.id).collect::<Vec<_>>(), [ada]);
    assert!(make(&world, &ctx, eligible(teams, ada)).await.unwrap().made_privileged.is_empty());
    let row = get(&world, &ctx, made.id).await;
    assert_eq!((row.standing, row.kind, row.ends_at), (Standing::Live, AssignmentKind::Eligible, None));
    assert_eq!((row.principal.name.as_str(), row.made_by.unwrap().id), ("Ada", root));
    assert!(row.fits_settings && row.last.is_none() && row.live.is_none());
    let facts = world.facts(EventKind::AssignmentMade).await;
    assert_eq!(
        (facts[0].person.clone(), facts[0].role.clone()),
        (Some(ada.to_string()), Some(exchange.to_string()))
    );
    assert_eq!(facts[0].after.as_ref().unwrap()["kind"], "eligible");
    world.engine.close().await;
});

crate::on_every_database!(a_group_makes_its_members_privileged_but_not_those_who_are_already, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben, cleo) = (world.person("Ada").await, world.person("Ben").await, world.person("Cleo").await);
    let dora = world.person("Dora").await;
    world.eligible(ada, exchange).await;
    let approvers = world.group("Approvers", &[ben]).await;
    let mut settings = RoleSettings::initial();
    settings.approval.stages[0].approvers = vec![Principal::Group(approvers)];
    world.role_with("teams", settings).await;
    let group = world.group("Operators", &[ada, ben, cleo, dora]).await;
    let new = NewAssignment { principal: Principal::Group(group), ..eligible(exchange, ada) };
    let made = make(&world, &ctx, new).await.unwrap();
    assert_eq!(
        made.made_privileged.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(),
        ["Cleo", "Dora"]
    );
    assert_eq!(get(&world, &ctx, made.id).await.principal.name, "Operators");
    assert_eq!(world.facts(EventKind::AssignmentMade).await[0].group, Some(group.to_string()));
    world.engine.close().await;
});

crate::on_every_database!(only_those_who_can_use_it_are_assigned, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, gone) = (world.person("Ada").await, world.person("Gone").await);
    world.disabled(gone).await;
    assert_eq!(code(make(&world, &ctx, eligible(exchange, gone)).await), Code::PersonDisabled);
    let group = world.group("Operators", &[ada]).await;
    world.removed_group(group).await;
    let removed = NewAssignment { principal: Principal::Group(group), ..eligible(exchange, ada) };
    assert_eq!(code(make(&world, &ctx, removed).await), Code::NotFound);
    assert_eq!(code(make(&world, &ctx, eligible(exchange, world.engine.env().id())).await), Code::NotFound);
    assert_eq!(code(make(&world, &ctx, eligible(world.engine.env().id(), ada)).await), Code::NotFound);
    let part = NewAssignment { scope: Some("/finance".parse().unwrap()), ..eligible(builtin::AUDITOR, ada) };
    assert_eq!(code(make(&world, &ctx, part).await), Code::Malformed);
    role::disable(&world.engine, &ctx, exchange).await.unwrap();
    assert_eq!(code(make(&world, &ctx, eligible(exchange, ada)).await), Code::RoleDisabled);
    world.engine.close().await;
});

crate::on_every_database!(the_role_says_how_long_and_why, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    let now = world.engine.now();
    let ends = |span: Span| Some(span.after(now));
    assert_eq!(code(make(&world, &ctx, standing(exchange, ada)).await), Code::PermanentNotAllowed);
    let check = async |new: NewAssignment| code(make(&world, &ctx, new).await);
    let active = |span: Span| NewAssignment { ends_at: ends(span), ..standing(exchange, ada) };
    assert_eq!(check(active(Span::days(181))).await, Code::DurationTooLong);
    assert_eq!(check(active(Span::minutes(4))).await, Code::DurationTooShort);
    assert_eq!(
        check(NewAssignment { justification: " ".to_owned(), ..active(Span::days(1)) }).await,
        Code::JustificationRequired
    );
    let past = NewAssignment { starts_at: Some(Span::hours(1).before(now)), ..eligible(exchange, ada) };
    assert_eq!(check(past).await, Code::StartsInPast);
    let turned = NewAssignment {
        starts_at: ends(Span::days(2)),
        ends_at: ends(Span::days(1)),
        ..eligible(exchange, ada)
    };
    assert_eq!(check(turned).await, Code::EndsBeforeStart);
    make(&world, &ctx, active(Span::days(180))).await.unwrap();
    world.engine.close().await;
});

crate::on_every_database!(the_same_assignment_is_not_made_twice_for_the_same_time, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    let day = |number: i64| Some(Span::days(number).after(world.engine.now()));
    let part = |from, to| NewAssignment { starts_at: from, ends_at: to, ..eligible(exchange, ada) };
    let first = make(&world, &ctx, part(None, day(10))).await.unwrap().id;
    assert_eq!(code(make(&world, &ctx, part(day(9), day(20))).await), Code::AlreadyAssigned);
    assert_eq!(code(make(&world, &ctx, part(None, None)).await), Code::AlreadyAssigned);
    make(&world, &ctx, part(day(10), day(20))).await.unwrap();
    // Elsewhere, of the other kind, for somebody else: something else.
    let there = NewAssignment { scope: Some("/finance".parse().unwrap()), ..eligible(exchange, ada) };
    make(&world, &ctx, there).await.unwrap();
    make(&world, &ctx, NewAssignment { ends_at: day(5), ..standing(exchange, ada) }).await.unwrap();
    let ben = world.person("Ben").await;
    make(&world, &ctx, eligible(exchange, ben)).await.unwrap();
    // Prolonging must not run into the next one either.
    assert_eq!(code(change(&world, &ctx, first, until(day(11), 1)).await), Code::AlreadyAssigned);
    remove(&world, &ctx, first).await.unwrap();
    make(&world, &ctx, part(None, day(10))).await.unwrap();
    world.engine.close().await;
});

crate::on_every_database!(the_period_changes_over_the_version_that_was_shown, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    let day = |number: i64| Some(Span::days(number).after(world.engine.now()));
    let new = NewAssignment { ends_at: day(365), ..eligible(exchange, ada) };
    let id = make(&world, &ctx, new).await.unwrap().id;
    assert_eq!(code(change(&world, &ctx, id, until(day(366), 1)).await), Code::DurationTooLong);
    // Later it may be prolonged again by the whole period.
    world.advance(Span::days(100));
    let ctx = world.ctx(ctx.signed().unwrap().person);
    let day = |number: i64| Some(Span::days(number).after(world.engine.now()));
    change(&world, &ctx, id, until(day(365), 1)).await.unwrap();
    assert_eq!(code(change(&world, &ctx, id, until(None, 1)).await), Code::Conflict);
    change(&world, &ctx, id, until(None, 2)).await.unwrap();
    change(&world, &ctx, id, until(day(30), 3)).await.unwrap();
    // Nothing to change is no change.
    change(&world, &ctx, id, until(day(30), 4)).await.unwrap();
    let row = get(&world, &ctx, id).await;
    assert_eq!(
        (row.ends_at, row.version, row.justification.as_str(), row.fits_settings),
        (day(30), 4, "as agreed", true)
    );
    let facts = world.facts(EventKind::AssignmentChanged).await;
    let done: Vec<_> = facts.iter().filter(|fact| fact.outcome == "done").collect();
    assert_eq!(done.len(), 3);
    assert_eq!(done[1].after.as_ref().unwrap()["ends_at"], serde_json::Value::Null);
    world.advance(Span::days(30));
    let ctx = world.ctx(ctx.signed().unwrap().person);
    assert_eq!(code(change(&world, &ctx, id, until(None, 4)).await), Code::AlreadyEnded);
    assert_eq!(code(remove(&world, &ctx, id).await), Code::AlreadyEnded);
    world.engine.close().await;
});

crate::on_every_database!(what_is_removed_stays_visible_as_ended, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let id = world.eligible(ada, exchange).await;
    let later =
        NewAssignment { starts_at: Some(Span::days(1).after(world.engine.now())), ..eligible(exchange, ben) };
    let later = make(&world, &ctx, later).await.unwrap().id;
    assert_eq!(get(&world, &ctx, later).await.standing, Standing::Planned);
    let open = assignment::of_role(&world.engine, &ctx, exchange, false).await.unwrap();
    assert_eq!(open.iter().map(|row| row.id).collect::<Vec<_>>(), [id, later]);
    remove(&world, &ctx, id).await.unwrap();
    assert_eq!(code(remove(&world, &ctx, id).await), Code::AlreadyEnded);
    remove(&world, &ctx, later).await.unwrap();
    assert!(assignment::of_role(&world.engine, &ctx, exchange, false).await.unwrap().is_empty());
    let ended = assignment::of_role(&world.engine, &ctx, exchange, true).await.unwrap();
    assert_eq!(ended.len(), 2);
    assert!(
        ended.iter().all(|row| row.standing == Standing::Ended && row.ended_at == Some(world.engine.now()))
    );
    let facts = world.facts(EventKind::AssignmentRemoved).await;
    assert_eq!((facts[0].reason.as_deref(), facts[0].person.clone()), (Some("left"), Some(ada.to_string())));
    world.engine.close().await;
});

crate::on_every_database!(strangers_auditors_and_old_codes_change_no_assignment, world, {
    let root = world.usable_administrator("Root").await;
    let exchange = world.role("exchange").await;
    let (ada, aud) = (world.person("Ada").await, world.person("Aud").await);
    let id = world.eligible(ada, exchange).await;
    world.assign(builtin::AUDITOR, Principal::Person(aud), AssignmentKind::Active, None).await;
    let unknown = world.engine.env().id();
    let own = world.ctx(ada);
    for id in [id, unknown] {
        assert_eq!(code(assignment::get(&world.engine, &own, id).await), Code::NotFound);
        assert_eq!(code(change(&world, &own, id, until(None, 1)).await), Code::NotFound);
        assert_eq!(code(remove(&world, &own, id).await), Code::NotFound);
    }
    assert_eq!(code(assignment::of_role(&world.engine, &own, exchange, false).await), Code::NotFound);
    assert_eq!(code(make(&world, &own, standing(builtin::ADMINISTRATOR, ada)).await), Code::Forbidden);
    assert_eq!(code(make(&world, &own, eligible(world.engine.env().id(), ada)).await), Code::Forbidden);
    let auditor = world.ctx(aud);
    assert_eq!(assignment::of_role(&world.engine, &auditor, exchange, false).await.unwrap().len(), 1);
    assert_eq!(code(make(&world, &auditor, eligible(exchange, aud)).await), Code::Forbidden);
    assert_eq!(code(change(&world, &auditor, id, until(None, 1)).await), Code::Forbidden);
    assert_eq!(code(remove(&world, &auditor, id).await), Code::Forbidden);
    assert_eq!(code(remove(&world, &auditor, unknown).await), Code::NotFound);
    let stale = world.ctx_signed_in(root, Span::minutes(11));
    assert_eq!(code(make(&world, &stale, eligible(exchange, aud)).await), Code::MfaStale);
    assert_eq!(code(change(&world, &stale, id, until(None, 1)).await), Code::MfaStale);
    assert_eq!(code(remove(&world, &stale, id).await), Code::MfaStale);
    let nobody = Ctx::of(crate::Caller::Nobody);
    assert_eq!(code(make(&world, &nobody, eligible(exchange, aud)).await), Code::SignedOut);
    world.engine.close().await;
});

crate::on_every_database!(the_last_usable_administrator_stays, world, {
    let root = world.person("Root").await;
    world.factor(root).await;
    let first =
        world.assign(builtin::ADMINISTRATOR, Principal::Person(root), AssignmentKind::Active, None).await;
    let ctx = world.ctx(root);
    let day = |number: i64| Some(Span::days(number).after(world.engine.now()));
    assert_eq!(code(remove(&world, &ctx, first).await), Code::LastAdministrator);
    assert_eq!(code(change(&world, &ctx, first, until(day(30), 1)).await), Code::LastAdministrator);
    assert_eq!(get(&world, &ctx, first).await.standing, Standing::Live);
    // Neither somebody without a factor, nor somebody disabled, nor one with an end, nor one who starts later counts.
    world.administrator("No factor").await;
    let disabled = world.usable_administrator("Disabled").await;
    world.disabled(disabled).await;
    let brief = world.person("Brief").await;
    world.factor(brief).await;
    world.assign(builtin::ADMINISTRATOR, Principal::Person(brief), AssignmentKind::Active, day(30)).await;
    let later = world.person("Later").await;
    world.factor(later).await;
    let planned = NewAssignment { starts_at: day(1), ..standing(builtin::ADMINISTRATOR, later) };
    make(&world, &ctx, planned).await.unwrap();
    world.eligible(brief, builtin::ADMINISTRATOR).await;
    assert_eq!(code(remove(&world, &ctx, first).await), Code::LastAdministrator);
    let facts = world.facts(EventKind::AssignmentRemoved).await;
    assert!(facts.iter().all(|fact| fact.outcome == "last_administrator"));
    // One through a group does.
    let ben = world.person("Ben").await;
    world.factor(ben).await;
    let group = world.group("Administrators", &[ben]).await;
    let through =
        world.assign(builtin::ADMINISTRATOR, Principal::Group(group), AssignmentKind::Active, None).await;
    remove(&world, &ctx, first).await.unwrap();
    assert_eq!(code(remove(&world, &world.ctx(ben), through).await), Code::LastAdministrator);
    guard::require_administrator(world.engine.readers(), world.engine.now()).await.unwrap();
    world.engine.close().await;
});

crate::on_every_database!(an_end_that_is_due_is_never_held_back, world, {
    let root = world.usable_administrator("Root").await;
    let last = world.person("Last").await;
    world.factor(last).await;
    let ends_at = Span::hours(1).after(world.engine.now());
    let id = world
        .assign(builtin::ADMINISTRATOR, Principal::Person(last), AssignmentKind::Active, Some(ends_at))
        .await;
    world.disabled(root).await;
    assert_eq!(due(&world).await, 0);
    world.advance(Span::hours(1));
    assert_eq!(due(&world).await, 1);
    assert_eq!(due(&world).await, 0);
    let facts = world.facts(EventKind::AssignmentEnded).await;
    assert_eq!(facts.len(), 1);
    assert_eq!((facts[0].assignment.clone(), facts[0].actor_kind.as_str()), (Some(id.to_string()), "stint"));
    assert_eq!(
        code(guard::require_administrator(world.engine.readers(), world.engine.now()).await),
        Code::LastAdministrator
    );
    world.engine.close().await;
});

crate::on_every_database!(a_coming_end_is_announced_fourteen_days_and_one_day_before, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    let ends_at = Some(Span::days(30).after(world.engine.now()));
    let id = make(&world, &ctx, NewAssignment { ends_at, ..eligible(exchange, ada) }).await.unwrap().id;
    let told = async || -> Vec<String> {
        let facts = world.facts(EventKind::AssignmentEndAnnounced).await;
        facts.into_iter().map(|fact| fact.reason.unwrap()).collect()
    };
    world.advance(Span::days(16));
    assert_eq!((due(&world).await, due(&world).await), (1, 0));
    assert_eq!(told().await, ["14 days"]);
    world.advance(Span::days(13));
    assert_eq!((due(&world).await, due(&world).await), (1, 0));
    assert_eq!(told().await, ["14 days", "1 day"]);
    let ctx = world.ctx(ctx.signed().unwrap().person);
    assert_eq!(get(&world, &ctx, id).await.version, 1, "an announcement is no change");
    // Prolonged: announced anew, as far as there is time for it.
    let ends_at = Some(Span::days(10).after(world.engine.now()));
    change(&world, &ctx, id, until(ends_at, 1)).await.unwrap();
    assert_eq!(due(&world).await, 0);
    world.advance(Span::days(9));
    assert_eq!((due(&world).await, due(&world).await), (1, 0));
    assert_eq!(told().await, ["14 days", "1 day", "1 day"]);
    world.advance(Span::days(1));
    assert_eq!((due(&world).await, due(&world).await), (1, 0));
    assert_eq!(world.facts(EventKind::AssignmentEnded).await.len(), 1);
    world.engine.close().await;
});

crate::on_every_database!(short_assignments_and_pauses_of_the_server_are_not_announced_in_vain, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben, cleo) = (world.person("Ada").await, world.person("Ben").await, world.person("Cleo").await);
    let ends = |span: Span| Some(span.after(world.engine.now()));
    for (person, span) in [(ada, Span::days(1)), (ben, Span::days(14)), (cleo, Span::days(20))] {
        make(&world, &ctx, NewAssignment { ends_at: ends(span), ..eligible(exchange, person) })
            .await
            .unwrap();
    }
    // The server slept until half a day before the end of the longest one.
    world.advance(Span::hours(24 * 19 + 12));
    assert_eq!((due(&world).await, due(&world).await), (3, 0));
    let told = world.facts(EventKind::AssignmentEndAnnounced).await;
    assert_eq!(
        told.iter()
            .map(|fact| (fact.person.clone().unwrap(), fact.reason.clone().unwrap()))
            .collect::<Vec<_>>(),
        [(cleo.to_string(), "1 day".to_owned())]
    );
    assert_eq!(world.facts(EventKind::AssignmentEnded).await.len(), 2);
    world.engine.close().await;
});

crate::on_every_database!(a_day_before_the_end_of_two_weeks_is_announced, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    let ends_at = Some(Span::days(14).after(world.engine.now()));
    make(&world, &ctx, NewAssignment { ends_at, ..eligible(exchange, ada) }).await.unwrap();
    assert_eq!(due(&world).await, 0);
    world.advance(Span::days(13));
    assert_eq!(due(&world).await, 1);
    assert_eq!(world.facts(EventKind::AssignmentEndAnnounced).await[0].reason.as_deref(), Some("1 day"));
    world.engine.close().await;
});

crate::on_every_database!(what_no_longer_fits_the_settings_is_listed_and_goes_on, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let exchange = world.role("exchange").await;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let permanent = world.eligible(ada, exchange).await;
    let ends_at = Some(Span::days(200).after(world.engine.now()));
    let long = make(&world, &ctx, NewAssignment { ends_at, ..eligible(exchange, ben) }).await.unwrap().id;
    assert!(get(&world, &ctx, permanent).await.fits_settings && get(&world, &ctx, long).await.fits_settings);
    let mut settings = RoleSettings::initial();
    settings.eligible.permanent = false;
    let input = ChangeSettings { settings: settings.clone(), version: 1 };
    role_settings::change(&world.engine, &ctx, exchange, input).await.unwrap();
    let row = get(&world, &ctx, permanent).await;
    assert_eq!((row.fits_settings, row.standing), (false, Standing::Live));
    assert!(get(&world, &ctx, long).await.fits_settings);
    settings.eligible.longest = Span::days(100);
    role_settings::change(&world.engine, &ctx, exchange, ChangeSettings { settings, version: 2 })
        .await
        .unwrap();
    assert!(!get(&world, &ctx, long).await.fits_settings);
    remove(&world, &ctx, long).await.unwrap();
    assert!(get(&world, &ctx, long).await.fits_settings, "what has ended needs no attention");
    world.engine.close().await;
});

/// An activation past the use case: of this number and scope, effective since so long for an hour.
async fn activation(
    world: &World,
    (person, role): (PersonId, RoleId),
    number: i64,
    scope: &str,
    state: State,
    ago: Span,
) {
    let effective_at = ago.before(world.engine.now());
    let held = matches!(state, State::Active | State::Ended).then_some(effective_at);
    let activation = Activation {
        id: world.engine.env().id(),
        number,
        person,
        role,
        scope: scope.parse().unwrap(),
        settings_version: 1,
        requested_at: effective_at,
        requested_start: None,
        duration: Span::hours(1),
        justification: format!("reason {number}"),
        ticket: None,
        state,
        lapses_at: (state == State::PendingApproval).then(|| Span::hours(1).after(effective_at)),
        accepted_at: held,
        effective_at: held,
        ends_at: held.map(|from| Span::hours(1).after(from)),
        end_announced: false,
        settled_at: state.is_settled().then(|| world.engine.now()),
        cause: None,
        decisions: Vec::new(),
        version: 1,
    };
    world
        .engine
        .note(move |tx| Box::pin(async move { store::activation::insert(tx.conn(), &activation).await }))
        .await
        .unwrap();
}

crate::on_every_database!(an_assignment_shows_what_its_person_made_of_it, world, {
    let ctx = world.ctx(world.usable_administrator("Root").await);
    let (exchange, teams) = (world.role("exchange").await, world.role("teams").await);
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let part = NewAssignment { scope: Some("/finance".parse().unwrap()), ..eligible(exchange, ada) };
    let part = make(&world, &ctx, part).await.unwrap().id;
    let whole = world.eligible(ada, exchange).await;
    let other = world.eligible(ben, exchange).await;
    let elsewhere = world.eligible(ada, teams).await;
    activation(&world, (ada, exchange), 1, "/finance/payroll", State::Ended, Span::hours(9)).await;
    activation(&world, (ada, exchange), 2, "/finance/payroll", State::Ended, Span::hours(6)).await;
    activation(&world, (ada, exchange), 3, "/", State::Active, Span::minutes(30)).await;
    activation(&world, (ben, exchange), 4, "/", State::PendingApproval, Span::minutes(30)).await;
    let seen = async |id: AssignmentId| {
        let row = get(&world, &ctx, id).await;
        (row.last.map(|last| last.justification), row.live.map(|live| (live.number, live.state)))
    };
    assert_eq!(seen(part).await, (Some("reason 2".to_owned()), None));
    assert_eq!(seen(whole).await, (Some("reason 3".to_owned()), Some((3, State::Active))));
    assert_eq!(seen(other).await, (None, Some((4, State::PendingApproval))));
    assert_eq!(seen(elsewhere).await, (None, None));
    let row = role::get(&world.engine, &ctx, exchange).await.unwrap().row;
    assert_eq!((row.eligible, row.active, row.waiting), (3, 1, 1));
    // Over by the clock, though nobody recorded it.
    world.advance(Span::minutes(30));
    let ctx = world.ctx(ctx.signed().unwrap().person);
    assert_eq!(get(&world, &ctx, whole).await.live, None);
    assert_eq!(get(&world, &ctx, other).await.live, None);
    let row = role::get(&world.engine, &ctx, exchange).await.unwrap().row;
    assert_eq!((row.active, row.waiting), (0, 0));
    world.engine.close().await;
});

crate::on_every_database!(two_administrators_who_remove_each_other_leave_one, world, {
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let mut assignments = Vec::new();
    for person in [ada, ben] {
        world.factor(person).await;
        let to = Principal::Person(person);
        assignments.push(world.assign(builtin::ADMINISTRATOR, to, AssignmentKind::Active, None).await);
    }
    let (one, other) = (world.ctx(ada), world.ctx(ben));
    let (first, second) =
        futures::join!(remove(&world, &one, assignments[1]), remove(&world, &other, assignments[0]));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    // The one who came second had lost the right before the guard was asked.
    let refused = if first.is_err() { code(first) } else { code(second) };
    assert_eq!(refused, Code::NotFound);
    guard::require_administrator(world.engine.readers(), world.engine.now()).await.unwrap();
    world.engine.close().await;
});

crate::on_every_database!(what_an_assignment_would_mean_is_said_before_it_is_made, world, {
    let root = world.usable_administrator("Root").await;
    let ctx = world.ctx(root);
    let exchange = world.role("exchange").await;
    let (ada, ben, gone) = (world.person("Ada").await, world.person("Ben").await, world.person("Gone").await);
    world.eligible(ada, exchange).await;
    world.disabled(gone).await;
    let group = world.group("Operators", &[ada, ben, gone, root]).await;
    let of = |principal| assignment::preview(&world.engine, &ctx, exchange, principal);
    let preview = of(Principal::Group(group)).await.unwrap();
    let names = |people: &[domain::person::PersonRef]| -> Vec<String> {
        people.iter().map(|person| person.name.clone()).collect()
    };
    assert_eq!((preview.principal.name.as_str(), preview.people), ("Operators", 3));
    assert_eq!(names(&preview.made_privileged), ["Ben"]);
    assert_eq!(names(&preview.without_second_factor), ["Ada", "Ben"]);
    assert!(preview.there.is_empty());
    let preview = of(Principal::Person(ada)).await.unwrap();
    assert_eq!((preview.people, preview.there.len(), preview.made_privileged.len()), (1, 1, 0));
    assert_eq!(code(of(Principal::Person(world.engine.env().id())).await), Code::NotFound);
    let here = &world;
    let asked_by = |person| async move {
        assignment::preview(&here.engine, &here.ctx(person), exchange, Principal::Person(ada)).await
    };
    assert_eq!(code(asked_by(ben).await), Code::NotFound);
    assert_eq!(code(asked_by(world.auditor("Aud").await).await), Code::Forbidden);
    world.engine.close().await;
});
