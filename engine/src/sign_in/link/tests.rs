//! What one-time links promise: used once, for one purpose, in time; opening one changes nothing.

use domain::{
    Code, Span,
    assignment::AssignmentKind,
    person::{PersonId, Principal},
    role::builtin,
    sign_in::{Enrolment, LinkPurpose, MadeLink},
};
use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::{
    session,
    sign_in::{
        create_for, password_step,
        tests::{code_of, facts, wrong_code},
        totp::Secret,
    },
    store::sign_in::NewCredentials,
    testing::{World, sign_in::PASSWORD},
};

const NEW: &str = "two teal tractors toil";

fn token(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

/// The app that scanned what was shown.
pub(in crate::sign_in) fn app(enrolment: &Enrolment) -> Secret {
    let key: String = enrolment.key.chars().filter(|c| !c.is_whitespace()).collect();
    let bits: String =
        key.chars().map(|c| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap())).collect();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    Secret::from_bytes(&bytes).unwrap()
}

fn set_up_form(name: &str, password: &str) -> BeginLink {
    BeginLink {
        name: Some(name.to_owned()),
        sign_in_name: Some(name.to_lowercase()),
        password: Some(SecretString::from(password)),
        ..BeginLink::default()
    }
}

fn new_password(password: &str) -> BeginLink {
    BeginLink { password: Some(SecretString::from(password)), ..BeginLink::default() }
}

async fn begun(world: &World, url: &str, given: BeginLink) -> Result<LinkStep> {
    begin(&world.engine, &world.stranger(), token(url), given).await
}

async fn finished(world: &World, url: &str, step: &LinkStep) -> Result<Vec<String>> {
    let code = app(step.enrolment.as_ref().unwrap()).code_at(world.engine.now());
    finish(&world.engine, &world.stranger(), token(url), &step.sealed, &code).await
}

async fn link_for(world: &World, by: &Ctx, person: PersonId, purpose: LinkPurpose) -> MadeLink {
    make(&world.engine, by, person, purpose).await.unwrap()
}

async fn invalid(world: &World, url: &str) {
    assert_eq!(code_of(view(&world.engine, &world.stranger(), token(url)).await), Code::LinkInvalid);
    assert_eq!(code_of(begun(world, url, new_password(NEW)).await), Code::LinkInvalid);
}

pub(in crate::sign_in) async fn gets_in(world: &World, name: &str, password: &str) -> bool {
    let password = SecretString::from(password);
    password_step(&world.engine, &world.stranger(), name, &password, None).await.is_ok()
}

crate::on_every_database!(the_first_person_is_set_up_in_one_act, world, {
    let url = set_up_link(&world.engine).await.unwrap().unwrap();
    assert!(url.starts_with("http://127.0.0.1:8080/set-up/"));
    let shown = view(&world.engine, &world.stranger(), token(&url)).await.unwrap();
    assert_eq!((shown.purpose, shown.person_name), (LinkPurpose::SetUp, None));
    let step = begun(&world, &url, set_up_form("Ada", PASSWORD)).await.unwrap();
    assert!(step.enrolment.as_ref().unwrap().otpauth.contains("Stint%20Halden%20Logistics:ada?secret="));
    assert!(store::sign_in::nobody_exists(world.engine.readers()).await.unwrap());
    let codes = finished(&world, &url, &step).await.unwrap();
    assert_eq!(codes.len(), 10);
    let holders = store::access::holders(world.engine.readers(), builtin::ADMINISTRATOR, world.engine.now());
    let [ada] = holders.await.unwrap()[..] else { panic!("one person") };
    let assignments =
        store::assignment::open_of(world.engine.readers(), &[Principal::Person(ada)], None).await.unwrap();
    assert_eq!(
        (assignments.len(), assignments[0].kind, assignments[0].ends_at),
        (1, AssignmentKind::Active, None)
    );
    invalid(&world, &url).await;
    assert!(set_up_link(&world.engine).await.unwrap().is_none());
    assert!(gets_in(&world, "ada", PASSWORD).await);
    let kinds: Vec<_> = facts(&world).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            "link.made",
            "set_up.completed",
            "person.created",
            "assignment.made",
            "link.used",
            "credential.password_set",
            "credential.factor_enrolled",
            "credential.recovery_codes_made",
        ]
    );
});

crate::on_every_database!(a_start_with_nobody_voids_the_older_links, world, {
    let older = set_up_link(&world.engine).await.unwrap().unwrap();
    let newer = set_up_link(&world.engine).await.unwrap().unwrap();
    invalid(&world, &older).await;
    world.advance(Span::seconds(3_599));
    assert!(view(&world.engine, &world.stranger(), token(&newer)).await.is_ok());
    world.advance(Span::seconds(1));
    invalid(&world, &newer).await;
});

crate::on_every_database!(set_up_refuses_when_somebody_exists_meanwhile, world, {
    let url = set_up_link(&world.engine).await.unwrap().unwrap();
    let (one, other) = (
        begun(&world, &url, set_up_form("Ada", PASSWORD)).await.unwrap(),
        begun(&world, &url, set_up_form("Eve", PASSWORD)).await.unwrap(),
    );
    let (one, other) = tokio::join!(finished(&world, &url, &one), finished(&world, &url, &other));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let holders = store::access::holders(world.engine.readers(), builtin::ADMINISTRATOR, world.engine.now());
    assert_eq!(holders.await.unwrap().len(), 1);
});

crate::on_every_database!(set_up_tells_all_that_is_wrong_at_once, world, {
    let url = set_up_link(&world.engine).await.unwrap().unwrap();
    let given = BeginLink { sign_in_name: Some("a da".to_owned()), ..new_password("password2026") };
    let refused = begun(&world, &url, given).await.unwrap_err();
    let problem = refused.problem().unwrap();
    assert_eq!(problem.of_field("name").unwrap().code, Code::Required);
    assert_eq!(problem.of_field("sign_in_name").unwrap().code, Code::Malformed);
    assert_eq!(problem.of_field("password").unwrap().code, Code::PasswordCommon);
});

crate::on_every_database!(an_enrolment_asks_for_a_code_and_for_its_own_step, world, {
    let url = set_up_link(&world.engine).await.unwrap().unwrap();
    let step = begun(&world, &url, set_up_form("Ada", PASSWORD)).await.unwrap();
    let try_code = async |sealed: &str, code: &str| {
        code_of(finish(&world.engine, &world.stranger(), token(&url), sealed, code).await)
    };
    let right = app(step.enrolment.as_ref().unwrap()).code_at(world.engine.now());
    let wrong = format!("{:06}", (right.parse::<u32>().unwrap() + 500_001) % 1_000_000);
    assert_eq!(try_code(&step.sealed, &wrong).await, Code::MfaInvalid);
    assert_eq!(try_code("AAAA", &right).await, Code::StepExpired);
    assert_eq!(try_code("", &right).await, Code::StepExpired);
    world.advance(Span::minutes(5));
    assert_eq!(
        try_code(&step.sealed, &app(step.enrolment.as_ref().unwrap()).code_at(world.engine.now())).await,
        Code::StepExpired
    );
    assert!(store::sign_in::nobody_exists(world.engine.readers()).await.unwrap());
});

crate::on_every_database!(an_invitation_sets_password_and_factor, world, {
    let bo = world.person("Bo").await;
    let engine = world.engine.clone();
    let url = world
        .engine
        .note(move |tx| {
            Box::pin(async move {
                create_for(&engine, tx, bo, "bo").await?;
                Ok(invite(&engine, tx, bo).await?.0.url)
            })
        })
        .await
        .unwrap();
    assert!(url.starts_with("http://127.0.0.1:8080/link/"));
    let shown = view(&world.engine, &world.stranger(), token(&url)).await.unwrap();
    assert_eq!((shown.person_name.as_deref(), shown.sign_in_name.as_deref()), (Some("Bo"), Some("bo")));
    assert_eq!(shown.expires_at, Span::hours(72).after(world.engine.now()));
    let short = begun(&world, &url, new_password("short")).await;
    assert_eq!(code_of(short), Code::TooShort);
    let step = begun(&world, &url, new_password(NEW)).await.unwrap();
    assert!(!gets_in(&world, "bo", NEW).await);
    finished(&world, &url, &step).await.unwrap();
    assert!(gets_in(&world, "bo", NEW).await);
    invalid(&world, &url).await;
    assert_eq!(code_of(finished(&world, &url, &step).await), Code::LinkInvalid);
});

crate::on_every_database!(a_link_is_too_old_after_its_time_and_a_newer_one_voids_it, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let older = link_for(&world, &admin, bo, LinkPurpose::Invitation).await;
    let newer = link_for(&world, &admin, bo, LinkPurpose::LostFactor).await;
    invalid(&world, &older.url).await;
    assert!(facts(&world).await.contains(&("link.voided".to_owned(), "done".to_owned())));
    world.advance(Span::hours(72));
    invalid(&world, &newer.url).await;
});

crate::on_every_database!(a_lost_password_needs_link_and_code, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let session = world.signed_in("bo").await.tokens;
    let link = link_for(&world, &admin, bo, LinkPurpose::LostPassword).await;
    assert_eq!(link.mailed_to, Vec::<String>::new());
    world.advance(Span::seconds(30));
    let with = |code: String| BeginLink { code: Some(code), ..new_password(NEW) };
    assert_eq!(code_of(begun(&world, &link.url, new_password(NEW)).await), Code::MfaRequired);
    assert_eq!(code_of(begun(&world, &link.url, with(wrong_code(&world, "bo"))).await), Code::MfaInvalid);
    assert!(!gets_in(&world, "bo", NEW).await);
    let step = begun(&world, &link.url, with(world.code("bo"))).await.unwrap();
    assert!(step.done && step.sealed.is_empty() && step.enrolment.is_none());
    assert!(gets_in(&world, "bo", NEW).await && !gets_in(&world, "bo", PASSWORD).await);
    invalid(&world, &link.url).await;
    let client = crate::Client::default();
    let ended = session::authenticate(&world.engine, session.access.expose_secret(), &client).await;
    assert_eq!(code_of(ended), Code::SignedOut);
});

crate::on_every_database!(a_lost_factor_needs_link_and_password, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let session = world.signed_in("bo").await.tokens;
    let link = link_for(&world, &admin, bo, LinkPurpose::LostFactor).await;
    let with = |password: &str| BeginLink {
        current_password: Some(SecretString::from(password)),
        ..BeginLink::default()
    };
    assert_eq!(code_of(begun(&world, &link.url, BeginLink::default()).await), Code::WrongPassword);
    assert_eq!(code_of(begun(&world, &link.url, with(NEW)).await), Code::WrongPassword);
    let step = begun(&world, &link.url, with(PASSWORD)).await.unwrap();
    world.advance(Span::seconds(30));
    finished(&world, &link.url, &step).await.unwrap();
    let client = crate::Client::default();
    let ended = session::authenticate(&world.engine, session.access.expose_secret(), &client).await;
    assert_eq!(code_of(ended), Code::SignedOut);
    // The old app is out, the new one is in; the code that proved it is used up.
    let password = SecretString::from(PASSWORD);
    let stranger = world.stranger();
    let proved = password_step(&world.engine, &stranger, "bo", &password, None).await.unwrap();
    let enter = async |code: &str| {
        let kind = domain::session::SessionKind::Browser;
        crate::sign_in::code_step(&world.engine, &stranger, &proved.sealed, code, kind).await
    };
    assert_eq!(code_of(enter(&world.code("bo")).await), Code::MfaInvalid);
    assert_eq!(
        code_of(enter(&app(step.enrolment.as_ref().unwrap()).code_at(world.engine.now())).await),
        Code::MfaReused
    );
    world.advance(Span::seconds(30));
    enter(&app(step.enrolment.as_ref().unwrap()).code_at(world.engine.now())).await.unwrap();
});

crate::on_every_database!(a_password_that_changed_meanwhile_proves_nothing_for_a_lost_factor, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let link = link_for(&world, &admin, bo, LinkPurpose::LostFactor).await;
    let given = BeginLink { current_password: Some(SecretString::from(PASSWORD)), ..BeginLink::default() };
    let step = begun(&world, &link.url, given).await.unwrap();
    let changed = NewCredentials { password_hash: Some("changed".to_owned()), factor: None };
    world
        .engine
        .note(move |tx| {
            Box::pin(async move {
                let sign_in = store::sign_in::find_by_name(tx.conn(), "bo").await?.unwrap();
                store::sign_in::set_credentials(tx.conn(), &sign_in, changed, tx.now).await
            })
        })
        .await
        .unwrap();
    assert_eq!(code_of(finished(&world, &link.url, &step).await), Code::StepExpired);
});

crate::on_every_database!(guesses_at_a_link_are_counted, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let link = link_for(&world, &admin, bo, LinkPurpose::LostFactor).await;
    let wrong = BeginLink { current_password: Some(SecretString::from(NEW)), ..BeginLink::default() };
    for _ in 0..6 {
        assert_eq!(code_of(begun(&world, &link.url, wrong.clone()).await), Code::WrongPassword);
    }
    assert_eq!(code_of(begun(&world, &link.url, wrong).await), Code::RateLimited);
});

crate::on_every_database!(who_may_make_links, world, {
    let admin = world.administrator("Ada").await;
    let keeper = world.person("Kim").await;
    world.assign(builtin::USER_ADMINISTRATOR, Principal::Person(keeper), AssignmentKind::Active, None).await;
    let auditor = world.person("Uri").await;
    world.assign(builtin::AUDITOR, Principal::Person(auditor), AssignmentKind::Active, None).await;
    let (bo, eve) = (world.person("Bo").await, world.person("Eve").await);
    let role = world.role("exchange-administrator").await;
    world.eligible(eve, role).await;
    for (person, name) in [(admin, "ada"), (keeper, "kim"), (auditor, "uri"), (bo, "bo"), (eve, "eve")] {
        world.with_credentials(person, name).await;
    }
    let purpose = LinkPurpose::Invitation;
    let tried =
        async |by: PersonId, person: PersonId| make(&world.engine, &world.ctx(by), person, purpose).await;
    assert!(tried(admin, bo).await.is_ok());
    assert!(tried(admin, eve).await.is_ok());
    // Whoever has credentials gets new ones from the Privileged Role Administrator only.
    assert_eq!(code_of(tried(keeper, bo).await), Code::Forbidden);
    for lost in [LinkPurpose::LostPassword, LinkPurpose::LostFactor] {
        assert_eq!(code_of(make(&world.engine, &world.ctx(keeper), bo, lost).await), Code::Forbidden);
    }
    let new = world.person("Nia").await;
    let act = world.engine.clone();
    world
        .engine
        .note(move |tx| Box::pin(async move { create_for(&act, tx, new, "nia").await.map(drop) }))
        .await
        .unwrap();
    assert!(tried(keeper, new).await.is_ok());
    assert_eq!(
        code_of(make(&world.engine, &world.ctx(keeper), new, LinkPurpose::LostFactor).await),
        Code::Forbidden
    );
    assert_eq!(code_of(tried(keeper, eve).await), Code::Forbidden);
    assert_eq!(code_of(tried(keeper, admin).await), Code::Forbidden);
    assert_eq!(code_of(tried(auditor, bo).await), Code::Forbidden);
    assert_eq!(code_of(tried(bo, eve).await), Code::NotFound);
    assert_eq!(code_of(tried(bo, bo).await), Code::NotFound);
    assert_eq!(code_of(tried(admin, admin).await), Code::Forbidden);
    assert_eq!(code_of(tried(admin, domain::Id::new(uuid::Uuid::nil())).await), Code::NotFound);
    let stale = world.ctx_signed_in(admin, Span::seconds(601));
    assert_eq!(code_of(make(&world.engine, &stale, bo, purpose).await), Code::MfaStale);
    assert_eq!(code_of(make(&world.engine, &world.stranger(), bo, purpose).await), Code::SignedOut);
    let fresh = world.ctx(admin);
    assert_eq!(code_of(make(&world.engine, &fresh, bo, LinkPurpose::SetUp).await), Code::Malformed);
    assert_eq!(code_of(make(&world.engine, &fresh, bo, LinkPurpose::Recover).await), Code::Malformed);
});

crate::on_every_database!(links_of_people_who_become_privileged_are_void, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let (bo, eve) = (world.person("Bo").await, world.person("Eve").await);
    world.with_credentials(bo, "bo").await;
    world.with_credentials(eve, "eve").await;
    let link = link_for(&world, &admin, bo, LinkPurpose::Invitation).await;
    let other = link_for(&world, &admin, eve, LinkPurpose::Invitation).await;
    let events =
        world.engine.note(move |tx| Box::pin(async move { void_open(tx, &[bo]).await })).await.unwrap();
    assert_eq!(events, [Event::new(EventKind::LinkVoided).person(bo).reason("privileged")]);
    invalid(&world, &link.url).await;
    assert!(view(&world.engine, &world.stranger(), token(&other.url)).await.is_ok());
});

crate::on_every_database!(the_host_recovers_one_person_on_record, world, {
    let ada = world.administrator("Ada").await;
    world.with_credentials(ada, "ada").await;
    assert_eq!(code_of(recover(&world.engine, "nobody").await), Code::NotFound);
    let link = recover(&world.engine, "Ada").await.unwrap();
    assert_eq!(link.expires_at, Span::hours(1).after(world.engine.now()));
    let step = begun(&world, &link.url, new_password(NEW)).await.unwrap();
    finished(&world, &link.url, &step).await.unwrap();
    assert!(gets_in(&world, "ada", NEW).await);
    assert!(facts(&world).await.contains(&("host.recovered".to_owned(), "done".to_owned())));
});

crate::on_every_database!(a_disabled_person_cannot_use_a_link, world, {
    let admin = world.ctx(world.administrator("Ada").await);
    let bo = world.person("Bo").await;
    world.with_credentials(bo, "bo").await;
    let link = link_for(&world, &admin, bo, LinkPurpose::Invitation).await;
    let mut person = store::person::get(world.engine.readers(), bo).await.unwrap();
    person.disabled_at = Some(world.engine.now());
    world
        .engine
        .note(move |tx| Box::pin(async move { store::person::save(tx.conn(), &person).await }))
        .await
        .unwrap();
    invalid(&world, &link.url).await;
    assert_eq!(code_of(make(&world.engine, &admin, bo, LinkPurpose::Invitation).await), Code::PersonDisabled);
    assert_eq!(code_of(recover(&world.engine, "bo").await), Code::PersonDisabled);
});

crate::on_every_database!(tokens_are_kept_nowhere, world, {
    use sea_orm::EntityTrait;
    let url = set_up_link(&world.engine).await.unwrap().unwrap();
    let rows = store::sign_in::link::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert!(!format!("{rows:?}").contains(token(&url)));
    let record = store::audit::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert!(record.iter().all(|row| !row.body.contains(token(&url))));
    for wrong in ["", "AAAA", &token(&url)[1..], &"A".repeat(43)] {
        assert_eq!(code_of(view(&world.engine, &world.stranger(), wrong).await), Code::LinkInvalid);
    }
});
