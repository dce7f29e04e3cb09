//! People, as administrators and they themselves meet them.

use domain::{
    Code, Problem, Span,
    assignment::AssignmentKind,
    event::EventKind,
    page::ListQuery,
    person::{ChangePerson, NewPerson, PersonDetail, PersonId, PersonKind, Principal, PrincipalRef},
    role::builtin,
    role_settings::RoleSettings,
};

use crate::{Ctx, Engine, Result, person, store, testing::World};

fn new(name: &str, sign_in_name: &str) -> NewPerson {
    NewPerson {
        kind: PersonKind::Member,
        name: name.to_owned(),
        sign_in_name: sign_in_name.to_owned(),
        addresses: vec![format!("{sign_in_name}@halden.example")],
        zone: Some("Europe/Lisbon".to_owned()),
    }
}

fn change(detail: &PersonDetail) -> ChangePerson {
    ChangePerson {
        kind: detail.row.kind,
        name: detail.row.name.clone(),
        addresses: detail.addresses.clone(),
        version: detail.version,
    }
}

/// Somebody who administers Stint permanently, and can sign in.
async fn marta(world: &World) -> PersonId {
    let person = world.administrator("Marta").await;
    world.enrolled(person, "marta").await;
    person
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Problem {
    result.unwrap_err().problem().expect("a refusal, not a failure").clone()
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    refusal(result).code
}

fn query(search: &str, cursor: Option<String>) -> ListQuery {
    ListQuery { cursor, search: Some(search.to_owned()) }
}

async fn names(engine: &Engine, ctx: &Ctx, search: &str) -> Vec<String> {
    let page = person::list(engine, ctx, query(search, None)).await.unwrap();
    page.items.into_iter().map(|row| row.name).collect()
}

/// The same change of a person by each of these callers.
async fn change_as(world: &World, callers: &[PersonId], id: PersonId) -> Vec<Option<Code>> {
    let detail = person::get(&world.engine, &world.ctx(id), id).await.unwrap();
    let mut codes = Vec::new();
    for caller in callers {
        let result = person::change(&world.engine, &world.ctx(*caller), id, change(&detail)).await;
        codes.push(result.err().map(|error| error.problem().unwrap().code));
    }
    codes
}

crate::on_every_database!(a_user_administrator_creates_a_person_who_gets_an_invitation, world, {
    let helpdesk = world.ctx(world.user_administrator("Uma").await);
    let created = person::create(&world.engine, &helpdesk, new(" Ada Byron ", "ADA")).await.unwrap();
    assert!(created.link.url.starts_with("http://127.0.0.1:8080/link/"));
    let detail = person::get(&world.engine, &helpdesk, created.id).await.unwrap();
    assert_eq!(detail.row.name, "Ada Byron");
    assert_eq!(detail.row.sign_in_names, ["ada"]);
    assert_eq!(detail.addresses, ["ADA@halden.example"]);
    assert_eq!(detail.zone.as_deref(), Some("Europe/Lisbon"));
    assert!(!detail.privileged && !detail.row.has_second_factor && detail.row.last_signed_in_at.is_none());
    let record = world.recorded(EventKind::PersonCreated).await.pop().unwrap();
    assert_eq!(record.person, Some(created.id.to_string()));
    assert_eq!(record.after.unwrap()["sign_in_name"], "ada");
    let invited = world.recorded(EventKind::LinkMade).await;
    assert!(invited.iter().any(|record| record.person == Some(created.id.to_string())));
});

crate::on_every_database!(what_is_wrong_with_a_new_person_is_said_and_nothing_is_created, world, {
    let root = world.ctx(marta(&world).await);
    person::create(&world.engine, &root, new("Ada", "ada")).await.unwrap();
    let taken = refusal(person::create(&world.engine, &root, new("Another Ada", "Ada")).await);
    assert_eq!((taken.code, taken.field.as_deref()), (Code::NameTaken, Some("sign_in_name")));
    let nowhere = NewPerson { zone: Some("Middle/Earth".to_owned()), ..new("Frodo", "frodo") };
    let problem = refusal(person::create(&world.engine, &root, nowhere).await);
    assert_eq!((problem.code, problem.field.as_deref()), (Code::Malformed, Some("zone")));
    let nameless = refusal(person::create(&world.engine, &root, new("", "no name")).await);
    assert!(nameless.of_field("name").is_some() && nameless.of_field("sign_in_name").is_some());
    assert_eq!(names(&world.engine, &root, "").await, ["Ada", "Marta"]);
});

crate::on_every_database!(people_are_listed_page_by_page_each_once, world, {
    let root = world.ctx(marta(&world).await);
    for number in 0..60 {
        world.person(&format!("Same {}", number / 30)).await;
    }
    let first = person::list(&world.engine, &root, query("SAME", None)).await.unwrap();
    assert_eq!(first.items.len(), 50);
    // Who comes in before the cursor meanwhile moves nobody.
    world.person("A same person").await;
    let second = person::list(&world.engine, &root, query("same", first.next)).await.unwrap();
    assert!(second.items.len() == 10 && second.next.is_none());
    let mut seen: Vec<_> = first.items.iter().chain(&second.items).map(|row| row.id).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 60);
    let made_up = person::list(&world.engine, &root, query("", Some("made up".to_owned()))).await;
    assert_eq!(refusal(made_up).field.as_deref(), Some("cursor"));
});

crate::on_every_database!(a_search_finds_names_and_sign_in_names_and_takes_every_sign_literally, world, {
    let root = world.ctx(marta(&world).await);
    person::create(&world.engine, &root, new("Åse Ødegård", "ops_1")).await.unwrap();
    person::create(&world.engine, &root, new("Bo 100% Berg", "opsx1")).await.unwrap();
    let found = async |search| names(&world.engine, &root, search).await;
    assert_eq!(found("ødeGÅRD").await, ["Åse Ødegård"]);
    assert_eq!(found("100%").await, ["Bo 100% Berg"]);
    assert_eq!(found("1%b").await, Vec::<String>::new());
    assert_eq!(found("ops_1").await, ["Åse Ødegård"]);
    assert_eq!(found("OPS").await, ["Bo 100% Berg", "Åse Ødegård"]);
    assert_eq!(found("!").await, Vec::<String>::new());
    let long = person::list(&world.engine, &root, query(&"x".repeat(101), None)).await;
    assert_eq!(code(long), Code::TooLong);
});

crate::on_every_database!(
    a_line_says_whether_somebody_has_a_second_factor_and_when_they_last_signed_in,
    world,
    {
        let root = world.ctx(marta(&world).await);
        let ada = person::create(&world.engine, &root, new("Ada", "ada")).await.unwrap().id;
        world.enrolled(ada, "ada2").await;
        let now = world.engine.now();
        world.was_signed_in(ada, now).await;
        world.was_signed_in(ada, Span::hours(2).before(now)).await;
        let row = person::get(&world.engine, &root, ada).await.unwrap().row;
        assert_eq!(row.sign_in_names, ["ada", "ada2"]);
        assert!(row.has_second_factor);
        assert_eq!(row.last_signed_in_at, Some(now));
    }
);

crate::on_every_database!(names_for_pickers_are_of_enabled_people_and_groups_that_exist, world, {
    let root_id = marta(&world).await;
    let root = world.ctx(root_id);
    let ada = world.person("Exchange Ada").await;
    let gone = world.person("Exchange Gone").await;
    let operators = world.group("Exchange Operators", &[]).await;
    let removed = world.group("Exchange Removed", &[]).await;
    person::disable(&world.engine, &root, gone).await.unwrap();
    crate::group::remove(&world.engine, &root, removed).await.unwrap();
    let found = person::find_names(&world.engine, &root, "exchange").await.unwrap();
    assert_eq!(
        found,
        [
            PrincipalRef { principal: Principal::Person(ada), name: "Exchange Ada".to_owned() },
            PrincipalRef { principal: Principal::Group(operators), name: "Exchange Operators".to_owned() },
        ]
    );
    assert_eq!(code(person::find_names(&world.engine, &world.ctx(ada), "exchange").await), Code::Forbidden);
});

crate::on_every_database!(a_page_of_a_person_shows_groups_and_assignments_also_through_groups, world, {
    let root = world.ctx(marta(&world).await);
    let ada = world.person("Ada").await;
    let (exchange, sharepoint) = (world.role("exchange").await, world.role("sharepoint").await);
    let operators = world.group("Exchange Operators", &[ada]).await;
    world.assign(exchange, Principal::Group(operators), AssignmentKind::Eligible, None).await;
    let until = Span::hours(1).after(world.engine.now());
    world.assign(sharepoint, Principal::Person(ada), AssignmentKind::Eligible, Some(until)).await;
    let detail = person::get(&world.engine, &root, ada).await.unwrap();
    assert_eq!(
        detail.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(),
        ["Exchange Operators"]
    );
    let mut roles: Vec<_> = detail.assignments.iter().map(|row| row.role.key.as_str()).collect();
    roles.sort_unstable();
    assert_eq!(roles, ["exchange", "sharepoint"]);
    assert!(detail.privileged);
    // What has ended is over, whether or not that is on record yet.
    world.advance(Span::hours(1));
    let detail = person::get(&world.engine, &world.ctx(ada), ada).await.unwrap();
    assert_eq!(detail.assignments.len(), 1);
});

crate::on_every_database!(strangers_learn_nothing_of_people, world, {
    let ada = world.person("Ada").await;
    let stranger = world.ctx(world.person("Stan").await);
    let nobody: PersonId = world.engine.env().id();
    assert_eq!(code(person::list(&world.engine, &stranger, ListQuery::default()).await), Code::Forbidden);
    assert_eq!(code(person::create(&world.engine, &stranger, new("", "")).await), Code::Forbidden);
    for id in [ada, nobody] {
        let input =
            ChangePerson { kind: PersonKind::Guest, name: String::new(), addresses: vec![], version: 1 };
        assert_eq!(code(person::get(&world.engine, &stranger, id).await), Code::NotFound);
        assert_eq!(code(person::change(&world.engine, &stranger, id, input).await), Code::NotFound);
        assert_eq!(code(person::disable(&world.engine, &stranger, id).await), Code::NotFound);
        assert_eq!(code(person::enable(&world.engine, &stranger, id).await), Code::NotFound);
    }
    // Everybody may see what Stint knows of themselves.
    assert_eq!(person::get(&world.engine, &world.ctx(ada), ada).await.unwrap().row.name, "Ada");
    let signed_out = Ctx::of(crate::Caller::Nobody);
    assert_eq!(code(person::me(&world.engine, &signed_out).await), Code::SignedOut);
    assert_eq!(code(person::get(&world.engine, &signed_out, ada).await), Code::SignedOut);
    assert_eq!(code(person::disable(&world.engine, &signed_out, ada).await), Code::SignedOut);
});

crate::on_every_database!(an_auditor_reads_people_and_changes_none, world, {
    let ada = world.person("Ada").await;
    let auditor = world.ctx(world.auditor("Ines").await);
    assert_eq!(names(&world.engine, &auditor, "ada").await, ["Ada"]);
    let detail = person::get(&world.engine, &auditor, ada).await.unwrap();
    assert_eq!(code(person::change(&world.engine, &auditor, ada, change(&detail)).await), Code::Forbidden);
    assert_eq!(code(person::disable(&world.engine, &auditor, ada).await), Code::Forbidden);
    assert_eq!(code(person::create(&world.engine, &auditor, new("Bo", "bo")).await), Code::Forbidden);
    let refused = world.recorded(EventKind::PersonDisabled).await;
    assert_eq!(refused.iter().map(|record| record.outcome.as_str()).collect::<Vec<_>>(), ["forbidden"]);
});

crate::on_every_database!(who_has_to_do_with_a_role_is_for_the_privileged_role_administrator_alone, world, {
    let root = marta(&world).await;
    let helpdesk = world.user_administrator("Uma").await;
    let (eligible, member, approver, other) = (
        world.person("Eli").await,
        world.person("Mem").await,
        world.person("App").await,
        world.person("Otto").await,
    );
    let exchange = world.role("exchange").await;
    world.eligible(eligible, exchange).await;
    let operators = world.group("Operators", &[member]).await;
    world.assign(exchange, Principal::Group(operators), AssignmentKind::Eligible, None).await;
    let mut settings = RoleSettings::initial();
    settings.approval.required = true;
    settings.approval.stages[0].approvers = vec![Principal::Person(approver)];
    world.role_with("global", settings).await;
    for privileged in [eligible, member, approver, helpdesk, root] {
        let outcomes = change_as(&world, &[helpdesk, root], privileged).await;
        assert_eq!(outcomes, [Some(Code::Forbidden), None], "{privileged}");
        let ctx = world.ctx(helpdesk);
        assert_eq!(code(person::disable(&world.engine, &ctx, privileged).await), Code::Forbidden);
        assert_eq!(code(person::enable(&world.engine, &ctx, privileged).await), Code::Forbidden);
    }
    assert_eq!(change_as(&world, &[helpdesk, root], other).await, [None, None]);
});

crate::on_every_database!(a_change_of_addresses_keeps_the_old_ones_on_record, world, {
    let root = world.ctx(marta(&world).await);
    let ada = world.person("Ada").await;
    let detail = person::get(&world.engine, &root, ada).await.unwrap();
    let addresses = vec!["ada@new.example".to_owned(), "ada@halden.example".to_owned()];
    let input = ChangePerson { addresses, ..change(&detail) };
    person::change(&world.engine, &root, ada, input).await.unwrap();
    let record = world.recorded(EventKind::PersonChanged).await.pop().unwrap();
    assert_eq!(record.before.unwrap(), serde_json::json!({ "addresses": ["ada@halden.example"] }));
    assert_eq!(
        record.after.unwrap(),
        serde_json::json!({ "addresses": ["ada@halden.example", "ada@new.example"] })
    );
    let detail = person::get(&world.engine, &root, ada).await.unwrap();
    assert_eq!(detail.addresses, ["ada@halden.example", "ada@new.example"]);
    // The same again is no change, and leaves no record.
    let mut same = change(&detail);
    same.addresses.reverse();
    person::change(&world.engine, &root, ada, same).await.unwrap();
    assert_eq!(world.recorded(EventKind::PersonChanged).await.len(), 1);
    assert_eq!(person::get(&world.engine, &root, ada).await.unwrap().version, detail.version);
});

crate::on_every_database!(of_two_changes_at_the_same_moment_one_wins, world, {
    let root = world.ctx(marta(&world).await);
    let ada = world.person("Ada").await;
    let detail = person::get(&world.engine, &root, ada).await.unwrap();
    let renamed = |name: &str| ChangePerson { name: name.to_owned(), ..change(&detail) };
    let (one, other) = tokio::join!(
        person::change(&world.engine, &root, ada, renamed("Ada King")),
        person::change(&world.engine, &root, ada, renamed("Ada Lovelace")),
    );
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|won| **won).count(), 1);
    let lost = if one.is_ok() { other } else { one };
    assert_eq!(code(lost), Code::Conflict);
});

crate::on_every_database!(administrators_need_a_fresh_second_factor_to_change_people, world, {
    let marta = marta(&world).await;
    let ada = world.person("Ada").await;
    let stale = world.ctx_signed_in(marta, Span::minutes(11));
    let detail = person::get(&world.engine, &stale, ada).await.unwrap();
    assert_eq!(code(person::create(&world.engine, &stale, new("Bo", "bo")).await), Code::MfaStale);
    assert_eq!(code(person::change(&world.engine, &stale, ada, change(&detail)).await), Code::MfaStale);
    assert_eq!(code(person::disable(&world.engine, &stale, ada).await), Code::MfaStale);
    assert_eq!(code(person::enable(&world.engine, &stale, ada).await), Code::MfaStale);
    assert!(person::disable(&world.engine, &world.ctx_signed_in(marta, Span::minutes(9)), ada).await.is_ok());
});

crate::on_every_database!(a_disabled_person_holds_nothing_until_they_are_enabled_again, world, {
    let root = world.ctx(marta(&world).await);
    let uma = world.user_administrator("Uma").await;
    person::disable(&world.engine, &root, uma).await.unwrap();
    assert_eq!(
        code(person::list(&world.engine, &world.ctx(uma), ListQuery::default()).await),
        Code::Forbidden
    );
    let row = person::get(&world.engine, &root, uma).await.unwrap().row;
    assert_eq!(row.disabled_at, Some(world.engine.now()));
    // Once more is no second act.
    person::disable(&world.engine, &root, uma).await.unwrap();
    assert_eq!(world.recorded(EventKind::PersonDisabled).await.len(), 1);
    person::enable(&world.engine, &root, uma).await.unwrap();
    person::enable(&world.engine, &root, uma).await.unwrap();
    assert_eq!(world.recorded(EventKind::PersonEnabled).await.len(), 1);
    assert!(person::list(&world.engine, &world.ctx(uma), ListQuery::default()).await.is_ok());
});

crate::on_every_database!(everybody_sees_who_they_are_and_chooses_their_zone, world, {
    let marta = marta(&world).await;
    let ada = world.ctx(world.person("Ada").await);
    let me = person::me(&world.engine, &ada).await.unwrap();
    assert_eq!((me.name.as_str(), me.zone.as_str(), me.to_decide), ("Ada", "Europe/Oslo", 0));
    assert!(!me.holds.any());
    person::set_zone(&world.engine, &ada, Some("Asia/Tokyo".to_owned())).await.unwrap();
    assert_eq!(person::me(&world.engine, &ada).await.unwrap().zone, "Asia/Tokyo");
    let problem = refusal(person::set_zone(&world.engine, &ada, Some("Tokio".to_owned())).await);
    assert_eq!((problem.code, problem.field.as_deref()), (Code::Malformed, Some("zone")));
    let record = world.recorded(EventKind::PersonChanged).await.pop().unwrap();
    assert_eq!(record.after.unwrap(), serde_json::json!({ "zone": "Asia/Tokyo" }));
    person::set_zone(&world.engine, &ada, None).await.unwrap();
    assert_eq!(person::me(&world.engine, &ada).await.unwrap().zone, "Europe/Oslo");
    assert!(person::me(&world.engine, &world.ctx(marta)).await.unwrap().holds.administrator);
});

crate::on_every_database!(a_role_of_ones_own_that_has_ended_gives_nothing_more, world, {
    let uma = world.person("Uma").await;
    let until = Span::hours(1).after(world.engine.now());
    world
        .assign(builtin::USER_ADMINISTRATOR, Principal::Person(uma), AssignmentKind::Active, Some(until))
        .await;
    assert!(person::list(&world.engine, &world.ctx(uma), ListQuery::default()).await.is_ok());
    world.advance(Span::hours(1));
    assert_eq!(
        code(person::list(&world.engine, &world.ctx(uma), ListQuery::default()).await),
        Code::Forbidden
    );
});

crate::on_every_database!(the_last_administrator_cannot_be_disabled, world, {
    let marta = marta(&world).await;
    let root = world.ctx(marta);
    assert_eq!(code(person::disable(&world.engine, &root, marta).await), Code::LastAdministrator);
    // One without a second factor could not take over.
    let unready = world.administrator("Unready").await;
    assert_eq!(code(person::disable(&world.engine, &root, marta).await), Code::LastAdministrator);
    assert!(person::get(&world.engine, &root, marta).await.unwrap().row.disabled_at.is_none());
    world.enrolled(unready, "ready").await;
    person::disable(&world.engine, &root, marta).await.unwrap();
});

crate::on_every_database!(disabling_somebody_ends_their_sessions, world, {
    let root = world.ctx(marta(&world).await);
    let ada = world.person("Ada").await;
    world.enrolled(ada, "ada").await;
    world.was_signed_in(ada, world.engine.now()).await;
    let live = async || {
        crate::store::session::live_of(world.engine.readers(), ada, world.engine.now()).await.unwrap().len()
    };
    assert_eq!(live().await, 1);
    person::disable(&world.engine, &root, ada).await.unwrap();
    assert_eq!(live().await, 0);
});

crate::on_every_database!(those_who_are_enabled_are_found_among_thousands, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    world.disabled(bo).await;
    let strangers = (0..3_000).map(|_| world.engine.env().id());
    let people: Vec<PersonId> = std::iter::once(bo).chain(strangers).chain([ada]).collect();
    let readers = world.engine.readers();
    assert_eq!(store::person::enabled_among(readers, &people).await.unwrap(), [ada]);
    assert!(store::sign_in::with_second_factor(readers, &people).await.unwrap().is_empty());
});
