//! Roles as administrators, auditors and everybody else meet them.

use domain::{
    Code, Id, Span,
    assignment::AssignmentKind,
    event::EventKind,
    page::ListQuery,
    person::{PersonId, Principal},
    role::{ChangeRole, ImportRoles, Level, NewRole, RoleId, builtin},
    role_settings::{ChangeSettings, RoleSettings},
};

use crate::{Result, role, role_settings, testing::World};

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().problem().unwrap().code
}

fn new_role(key: &str) -> NewRole {
    NewRole {
        key: key.to_owned(),
        name: "Mail room".to_owned(),
        description: "letters".to_owned(),
        level: Level::Limited,
        link: None,
    }
}

fn words(name: &str, version: i64) -> ChangeRole {
    ChangeRole {
        name: name.to_owned(),
        description: "letters".to_owned(),
        level: Level::High,
        link: Some("https://post.example/".to_owned()),
        version,
    }
}

async fn holder(world: &World, name: &str, role: RoleId) -> PersonId {
    let person = world.person(name).await;
    world.assign(role, Principal::Person(person), AssignmentKind::Active, None).await;
    person
}

crate::on_every_database!(whoever_holds_nothing_learns_nothing_of_roles, world, {
    let exchange = world.role("exchange").await;
    let ada = world.person("Ada").await;
    world.eligible(ada, exchange).await;
    let (engine, ctx) = (&world.engine, world.ctx(ada));
    assert_eq!(code(role::list(engine, &ctx, ListQuery::default()).await), Code::Forbidden);
    assert_eq!(code(role::catalogue(engine, &ctx).await), Code::Forbidden);
    assert_eq!(code(role::create(engine, &ctx, new_role("mail-room")).await), Code::Forbidden);
    let import = ImportRoles { keys: vec!["exchange-administrator".to_owned()] };
    assert_eq!(code(role::import(engine, &ctx, import).await), Code::Forbidden);
    for id in [exchange, Id::new(ada.uuid())] {
        assert_eq!(code(role::get(engine, &ctx, id).await), Code::NotFound);
        assert_eq!(code(role::history(engine, &ctx, id).await), Code::NotFound);
        assert_eq!(code(role::change(engine, &ctx, id, words("x", 1)).await), Code::NotFound);
        assert_eq!(code(role::disable(engine, &ctx, id).await), Code::NotFound);
        assert_eq!(code(role::enable(engine, &ctx, id).await), Code::NotFound);
    }
    let nobody = crate::Ctx::of(crate::Caller::Nobody);
    assert_eq!(code(role::list(engine, &nobody, ListQuery::default()).await), Code::SignedOut);
    assert_eq!(code(role::get(engine, &nobody, exchange).await), Code::SignedOut);
    assert_eq!(code(role::disable(engine, &nobody, exchange).await), Code::SignedOut);
    engine.close().await;
});

crate::on_every_database!(auditors_and_user_administrators_read_roles_and_change_nothing, world, {
    let exchange = world.role("exchange").await;
    for (name, holds) in [("Aud", builtin::AUDITOR), ("Uma", builtin::USER_ADMINISTRATOR)] {
        let (engine, ctx) = (&world.engine, world.ctx(holder(&world, name, holds).await));
        assert_eq!(role::list(engine, &ctx, ListQuery::default()).await.unwrap().items.len(), 4);
        assert_eq!(role::get(engine, &ctx, exchange).await.unwrap().row.role.key, "exchange");
        assert!(role::catalogue(engine, &ctx).await.is_ok());
        assert_eq!(role::history(engine, &ctx, exchange).await.unwrap().len(), 1);
        assert_eq!(code(role::change(engine, &ctx, exchange, words("x", 1)).await), Code::Forbidden);
        assert_eq!(code(role::disable(engine, &ctx, exchange).await), Code::Forbidden);
        assert_eq!(code(role::enable(engine, &ctx, exchange).await), Code::Forbidden);
        assert_eq!(code(role::create(engine, &ctx, new_role("mail-room")).await), Code::Forbidden);
        assert_eq!(code(role::get(engine, &ctx, world.engine.env().id()).await), Code::NotFound);
    }
    assert_eq!(
        world.facts(EventKind::RoleDisabled).await.iter().filter(|fact| fact.outcome == "forbidden").count(),
        2
    );
    world.engine.close().await;
});

crate::on_every_database!(changes_ask_for_a_second_factor_of_the_last_ten_minutes, world, {
    let exchange = world.role("exchange").await;
    let root = world.administrator("Root").await;
    let engine = &world.engine;
    let stale = world.ctx_signed_in(root, Span::minutes(11));
    assert_eq!(code(role::create(engine, &stale, new_role("mail-room")).await), Code::MfaStale);
    assert_eq!(code(role::change(engine, &stale, exchange, words("x", 1)).await), Code::MfaStale);
    assert_eq!(code(role::disable(engine, &stale, exchange).await), Code::MfaStale);
    assert!(role::list(engine, &stale, ListQuery::default()).await.is_ok());
    let fresh = world.ctx_signed_in(root, Span::minutes(10));
    role::create(engine, &fresh, new_role("mail-room")).await.unwrap();
    engine.close().await;
});

crate::on_every_database!(roles_of_the_catalogue_are_imported_once, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let engine = &world.engine;
    let keys = |keys: &[&str]| ImportRoles { keys: keys.iter().map(|key| (*key).to_owned()).collect() };
    world.role("application-developer").await;
    let wanted = ["exchange-administrator", "application-developer", "exchange-administrator"];
    let made = role::import(engine, &ctx, keys(&wanted)).await.unwrap();
    assert_eq!(made.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["Exchange Administrator"]);
    assert!(role::import(engine, &ctx, keys(&wanted)).await.unwrap().is_empty());
    let detail = role::get(engine, &ctx, made[0].id).await.unwrap();
    assert_eq!(detail.template_id.as_deref(), Some("29232cdf-9323-42fd-ade2-1d097af3e4de"));
    assert_eq!((detail.settings, detail.settings_version), (RoleSettings::initial(), 1));
    let there = role::catalogue(engine, &ctx).await.unwrap();
    let there: Vec<_> = there.iter().filter(|role| role.imported).map(|role| role.key.as_str()).collect();
    assert_eq!(there, ["application-developer", "exchange-administrator"]);
    assert_eq!(code(role::import(engine, &ctx, keys(&["stint-auditor"])).await), Code::Malformed);
    assert_eq!(code(role::import(engine, &ctx, keys(&[])).await), Code::Required);
    let facts = world.facts(EventKind::RoleCreated).await;
    assert_eq!(facts.iter().filter(|fact| fact.reason.as_deref() == Some("imported")).count(), 1);
    engine.close().await;
});

crate::on_every_database!(a_custom_role_needs_a_key_of_its_own, world, {
    let root = world.administrator("Root").await;
    let (engine, ctx) = (&world.engine, world.ctx(root));
    let id = role::create(engine, &ctx, new_role("mail-room")).await.unwrap();
    let detail = role::get(engine, &ctx, id).await.unwrap();
    assert_eq!((detail.row.role.key.as_str(), detail.row.built_in, detail.version), ("mail-room", false, 1));
    assert_eq!(code(role::create(engine, &ctx, new_role("mail-room")).await), Code::NameTaken);
    assert_eq!(code(role::create(engine, &ctx, new_role("stint-auditor")).await), Code::KeyReserved);
    assert_eq!(
        code(role::create(engine, &ctx, NewRole { name: String::new(), ..new_role("x") }).await),
        Code::Required
    );
    let script = NewRole { link: Some("javascript:alert(1)".to_owned()), ..new_role("x") };
    assert_eq!(code(role::create(engine, &ctx, script).await), Code::Malformed);
    let history = role::history(engine, &ctx, id).await.unwrap();
    assert_eq!(history[0].by.as_ref().unwrap().id, root);
    assert!(history[0].changes.is_empty());
    engine.close().await;
});

crate::on_every_database!(the_words_of_a_role_change_unless_somebody_was_faster, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let engine = &world.engine;
    let exchange = world.role("exchange").await;
    role::change(engine, &ctx, exchange, words("Post", 1)).await.unwrap();
    assert_eq!(code(role::change(engine, &ctx, exchange, words("Mail", 1)).await), Code::Conflict);
    let detail = role::get(engine, &ctx, exchange).await.unwrap();
    assert_eq!(
        (detail.row.role.name.as_str(), detail.row.role.level, detail.version),
        ("Post", Level::High, 2)
    );
    // The same words again are no change.
    role::change(engine, &ctx, exchange, words("Post", 2)).await.unwrap();
    let facts = world.facts(EventKind::RoleChanged).await;
    assert_eq!(facts.iter().map(|fact| fact.outcome.as_str()).collect::<Vec<_>>(), ["done", "conflict"]);
    assert_eq!(facts[0].before.as_ref().unwrap()["name"], "exchange");
    assert_eq!(facts[0].after.as_ref().unwrap()["name"], "Post");
    engine.close().await;
});

crate::on_every_database!(roles_of_stint_itself_keep_their_names_and_stay_on, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let engine = &world.engine;
    for (id, _, name, description) in builtin::ALL {
        assert_eq!(code(role::disable(engine, &ctx, id).await), Code::BuiltIn);
        let as_it_is = ChangeRole {
            name: name.to_owned(),
            description: description.to_owned(),
            level: Level::Critical,
            link: Some("https://stint.example/".to_owned()),
            version: 1,
        };
        let renamed = ChangeRole { name: "Boss".to_owned(), ..as_it_is.clone() };
        assert_eq!(code(role::change(engine, &ctx, id, renamed).await), Code::BuiltIn);
        let described = ChangeRole { description: "nothing".to_owned(), ..as_it_is.clone() };
        assert_eq!(code(role::change(engine, &ctx, id, described).await), Code::BuiltIn);
        role::change(engine, &ctx, id, as_it_is).await.unwrap();
        assert!(role::get(engine, &ctx, id).await.unwrap().row.built_in);
    }
    engine.close().await;
});

crate::on_every_database!(
    a_role_that_is_switched_off_is_taken_from_everybody_and_stays_for_the_eligible,
    world,
    {
        let ctx = world.ctx(world.administrator("Root").await);
        let engine = &world.engine;
        let exchange = world.role("exchange").await;
        let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
        world.eligible(ada, exchange).await;
        world.assign(exchange, Principal::Person(ben), AssignmentKind::Active, None).await;
        role::disable(engine, &ctx, exchange).await.unwrap();
        let row = role::get(engine, &ctx, exchange).await.unwrap().row;
        assert_eq!((row.disabled_at, row.eligible, row.standing), (Some(engine.now()), 1, 0));
        let facts = world.facts(EventKind::AssignmentRemoved).await;
        assert_eq!(facts.len(), 1);
        assert_eq!(
            (facts[0].person.clone(), facts[0].reason.as_deref()),
            (Some(ben.to_string()), Some("role_disabled"))
        );
        role::disable(engine, &ctx, exchange).await.unwrap();
        assert_eq!(world.facts(EventKind::RoleDisabled).await.len(), 1);
        role::enable(engine, &ctx, exchange).await.unwrap();
        let row = role::get(engine, &ctx, exchange).await.unwrap().row;
        assert_eq!((row.disabled_at, row.eligible, row.standing), (None, 1, 0));
        role::enable(engine, &ctx, exchange).await.unwrap();
        assert_eq!(world.facts(EventKind::RoleEnabled).await.len(), 1);
        engine.close().await;
    }
);

crate::on_every_database!(the_list_counts_pages_and_searches, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let engine = &world.engine;
    for number in 0..55 {
        world.role(&format!("a-{number:02}")).await;
    }
    let odd = world.role("50%_off!").await;
    let ada = world.person("Ada").await;
    world.eligible(ada, odd).await;
    world
        .assign(odd, Principal::Person(ada), AssignmentKind::Active, Some(Span::hours(1).after(engine.now())))
        .await;
    let first = role::list(engine, &ctx, ListQuery::default()).await.unwrap();
    assert_eq!(first.items.len(), 50);
    let query = ListQuery { cursor: first.next, search: None };
    let second = role::list(engine, &ctx, query).await.unwrap();
    assert_eq!((second.items.len(), second.next), (55 + 1 + 3 - 50, None));
    let mut keys: Vec<_> = first.items.iter().chain(&second.items).map(|row| row.role.key.clone()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 59);
    let find = async |text: &str| {
        let query = ListQuery { cursor: None, search: Some(text.to_owned()) };
        role::list(engine, &ctx, query).await.unwrap().items
    };
    for text in ["%", "_", "!", "50%_OFF"] {
        let found = find(text).await;
        assert_eq!(found.iter().map(|row| row.role.id).collect::<Vec<_>>(), [odd], "{text}");
        assert_eq!((found[0].eligible, found[0].standing, found[0].active, found[0].waiting), (1, 1, 0, 0));
    }
    assert_eq!(find("stint-").await.len(), 3);
    assert_eq!(find("a-0").await.len(), 10);
    let long = ListQuery { cursor: None, search: Some("x".repeat(101)) };
    assert_eq!(code(role::list(engine, &ctx, long).await), Code::TooLong);
    for cursor in ["x".to_owned(), ada.to_string()] {
        let query = ListQuery { cursor: Some(cursor), search: None };
        assert_eq!(code(role::list(engine, &ctx, query).await), Code::Malformed);
    }
    // What is over by the clock is not counted, though nobody recorded it.
    world.advance(Span::hours(1));
    assert_eq!(find("%").await[0].standing, 0);
    engine.close().await;
});

crate::on_every_database!(approvers_whom_no_mail_reaches_are_pointed_out, world, {
    let ctx = world.ctx(world.administrator("Root").await);
    let engine = &world.engine;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let (many, none) = (world.group("Operators", &[ben]).await, world.group("Empty", &[]).await);
    world.without_address(ben).await;
    let mut settings = RoleSettings::initial();
    settings.approval.stages[0].approvers =
        vec![Principal::Group(many), Principal::Person(ada), Principal::Group(none)];
    let exchange = world.role_with("exchange", settings.clone()).await;
    let detail = role::get(engine, &ctx, exchange).await.unwrap();
    let names: Vec<_> = detail.approvers.iter().map(|approver| approver.name.as_str()).collect();
    assert_eq!(names, ["Operators", "Ada", "Empty"]);
    assert!(detail.approvers_without_address.is_empty(), "nobody has to agree");
    settings.approval.required = true;
    let sharepoint = world.role_with("sharepoint", settings.clone()).await;
    assert_eq!(
        role::get(engine, &ctx, sharepoint).await.unwrap().approvers_without_address,
        ["Ben", "Empty"]
    );
    settings.approval.stages[0].approvers.clear();
    let teams = world.role_with("teams", settings).await;
    assert!(role::get(engine, &ctx, teams).await.unwrap().approvers_without_address.is_empty());
    engine.close().await;
});

crate::on_every_database!(history_says_who_changed_what_with_names, world, {
    let root = world.administrator("Root").await;
    let (engine, ctx) = (&world.engine, world.ctx(root));
    let exchange = world.role("exchange").await;
    let (ada, ben) = (world.person("Ada").await, world.person("Ben").await);
    let mut settings = RoleSettings::initial();
    settings.activation.longest = Span::hours(4);
    settings.approval.required = true;
    settings.approval.stages[0].approvers = vec![Principal::Person(ben), Principal::Person(ada)];
    world.advance(Span::minutes(5));
    let change = ChangeSettings { settings, version: 1 };
    assert_eq!(role_settings::change(engine, &ctx, exchange, change).await.unwrap(), 2);
    let history = role::history(engine, &ctx, exchange).await.unwrap();
    assert_eq!(history.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((history[0].at, history[0].by.as_ref().unwrap().name.as_str()), (engine.now(), "Root"));
    assert_eq!(history[1].by, None);
    let changes: Vec<_> = history[0]
        .changes
        .iter()
        .map(|(what, from, to)| (what.as_str(), from.as_str(), to.as_str()))
        .collect();
    assert_eq!(
        changes,
        [
            ("Longest activation", "8 h", "4 h"),
            ("Approval", "no", "yes"),
            ("Approvers", "the administrators", "Ada, Ben"),
        ]
    );
    engine.close().await;
});
