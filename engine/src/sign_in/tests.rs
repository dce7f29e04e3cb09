//! What signing in promises: two steps, no session before the second, every attempt counted, every code good once.

mod forged;
mod guess;

use domain::{
    Code, Problem, Span,
    session::{SessionKind, SessionRow},
};
use sea_orm::{EntityTrait, QueryOrder};
use secrecy::SecretString;

use super::*;
use crate::{
    Client, session, store,
    testing::{World, sign_in::PASSWORD},
};

/// What stands in the record: kind and outcome, oldest first, without what the first start left.
pub(crate) async fn facts(world: &World) -> Vec<(String, String)> {
    let rows = store::audit::row::Entity::find()
        .order_by_asc(store::audit::row::Column::Seq)
        .all(world.engine.readers())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.kind, row.outcome)).filter(|(kind, _)| kind != "role.created").collect()
}

pub(crate) fn code_of<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().problem().unwrap().code
}

async fn password(world: &World, ctx: &Ctx, name: &str, password: &str) -> Result<PasswordStep> {
    password_step(&world.engine, ctx, name, &SecretString::from(password), None).await
}

async fn sealed(world: &World, name: &str) -> String {
    password(world, &world.stranger(), name, PASSWORD).await.unwrap().sealed
}

async fn enter(world: &World, sealed: &str, code: &str) -> Result<SignedIn> {
    code_step(&world.engine, &world.stranger(), sealed, code, SessionKind::Browser).await
}

/// A code that is wrong now and was wrong a step ago.
pub(crate) fn wrong_code(world: &World, name: &str) -> String {
    let number: u32 = world.code(name).parse().unwrap();
    format!("{:06}", (number + 500_001) % 1_000_000)
}

fn from(address: &str) -> Ctx {
    Ctx {
        client: Client { address: address.to_owned(), agent: String::new() },
        ..Ctx::of(crate::Caller::Nobody)
    }
}

crate::on_every_database!(password_and_code_begin_a_session, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let step = password(&world, &world.stranger(), " ADA ", PASSWORD).await.unwrap();
    assert_eq!((step.person_name.as_str(), step.sign_in_name.as_str()), ("Ada", "ada"));
    assert!(session::list(&world.engine, &world.ctx(ada)).await.unwrap().is_empty());
    let signed_in = enter(&world, &step.sealed, &world.code("ada")).await.unwrap();
    let ctx = world.ctx_of(&signed_in.tokens).await;
    assert_eq!(ctx.signed().unwrap().person, ada);
    assert_eq!(ctx.signed().unwrap().mfa_at, world.engine.now());
    let rows = session::list(&world.engine, &ctx).await.unwrap();
    let [SessionRow { id, this: true, address, client, .. }] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((*id, address.as_str(), client.as_str()), (signed_in.tokens.session, "192.0.2.7", "a test"));
    assert_eq!(facts(&world).await, [("session.started".to_owned(), "done".to_owned())]);
});

crate::on_every_database!(wrong_passwords_unknown_names_and_disabled_people_look_alike, world, {
    let (ada, bo, eve) = (world.person("Ada").await, world.person("Bo").await, world.person("Eve").await);
    world.with_credentials(ada, "ada").await;
    world.with_credentials(bo, "bo").await;
    let mut person = store::person::get(world.engine.readers(), bo).await.unwrap();
    person.disabled_at = Some(world.engine.now());
    let engine = world.engine.clone();
    world
        .engine
        .note(move |tx| {
            Box::pin(async move {
                create_for(&engine, tx, eve, "eve").await?;
                store::person::save(tx.conn(), &person).await
            })
        })
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (name, given) in [
        ("ada", "wrong wrong wrong"),
        ("bo", PASSWORD),
        ("eve", PASSWORD),
        ("nobody", PASSWORD),
        ("no\0body", PASSWORD),
    ] {
        let refusal = password(&world, &from(name), name, given).await.unwrap_err();
        answers.push(refusal.problem().unwrap().clone());
    }
    assert!(answers.iter().all(|problem| *problem == Problem::new(Code::WrongPassword)), "{answers:?}");
    assert!(
        facts(&world)
            .await
            .iter()
            .all(|fact| *fact == ("sign_in.failed".to_owned(), "wrong_password".to_owned()))
    );
    assert_eq!(facts(&world).await.len(), 5);
});

crate::on_every_database!(a_code_works_once, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let (first, second) = (sealed(&world, "ada").await, sealed(&world, "ada").await);
    let code = world.code("ada");
    enter(&world, &first, &code).await.unwrap();
    assert_eq!(code_of(enter(&world, &second, &code).await), Code::MfaReused);
    let blank = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(code_of(enter(&world, &second, &blank).await), Code::MfaReused);
    world.advance(Span::seconds(30));
    assert_eq!(code_of(enter(&world, &second, &code).await), Code::MfaReused);
    enter(&world, &second, &world.code("ada")).await.unwrap();
});

crate::on_every_database!(of_two_who_enter_the_same_code_at_once_one_gets_in, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let (first, second) = (sealed(&world, "ada").await, sealed(&world, "ada").await);
    let code = world.code("ada");
    let (one, other) = tokio::join!(enter(&world, &first, &code), enter(&world, &second, &code));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
});

crate::on_every_database!(a_code_of_the_step_before_counts_and_one_to_come_does_not, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let step = sealed(&world, "ada").await;
    let code = world.code("ada");
    world.advance(Span::seconds(60));
    let to_come = world.code("ada");
    world.engine.env().set(Span::seconds(60).before(world.engine.now()));
    assert_eq!(code_of(enter(&world, &step, &to_come).await), Code::MfaInvalid);
    world.advance(Span::seconds(30));
    enter(&world, &step, &code).await.unwrap();
});

crate::on_every_database!(the_password_counts_for_five_minutes, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let step = sealed(&world, "ada").await;
    world.advance(Span::seconds(299));
    enter(&world, &step, &world.code("ada")).await.unwrap();
    let step = sealed(&world, "ada").await;
    world.advance(Span::minutes(5));
    assert_eq!(code_of(enter(&world, &step, &world.code("ada")).await), Code::StepExpired);
});

crate::on_every_database!(what_is_sealed_for_one_step_opens_no_other, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let signed_in = world.signed_in("ada").await;
    let ctx = world.ctx_of(&signed_in.tokens).await;
    let factor = credential::begin_factor(&world.engine, &ctx).await.unwrap();
    world.advance(Span::seconds(30));
    for sealed in [factor.sealed.as_str(), &signed_in.device, "", "AAAA", "%%%", &"A".repeat(10_000)] {
        assert_eq!(code_of(enter(&world, sealed, &world.code("ada")).await), Code::StepExpired);
    }
});

crate::on_every_database!(a_password_that_was_changed_meanwhile_voids_the_step, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let step = sealed(&world, "ada").await;
    let ctx = world.ctx_of(&world.signed_in("ada").await.tokens).await;
    let new = SecretString::from("two teal tractors toil");
    credential::change_password(&world.engine, &ctx, &SecretString::from(PASSWORD), &new).await.unwrap();
    world.advance(Span::seconds(30));
    assert_eq!(code_of(enter(&world, &step, &world.code("ada")).await), Code::StepExpired);
});

crate::on_every_database!(six_wrong_passwords_make_the_next_attempt_wait_and_success_starts_anew, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    for number in 0..6 {
        let refused = password(&world, &from(&format!("192.0.2.{number}")), "ada", "wrong wrong wrong").await;
        assert_eq!(code_of(refused), Code::WrongPassword);
    }
    let refused = password(&world, &from("192.0.2.99"), "ada", PASSWORD).await.unwrap_err();
    assert_eq!(refused.problem().unwrap(), &Problem::new(Code::RateLimited).limit("PT1S"));
    world.advance(Span::seconds(1));
    assert_eq!(
        code_of(password(&world, &from("192.0.2.9"), "ada", "wrong wrong wrong").await),
        Code::WrongPassword
    );
    let refused = password(&world, &from("192.0.2.99"), "ada", PASSWORD).await.unwrap_err();
    assert_eq!(refused.problem().unwrap().limit.as_deref(), Some("PT2S"));
    world.advance(Span::seconds(2));
    password(&world, &from("192.0.2.99"), "ada", PASSWORD).await.unwrap();
    for _ in 0..5 {
        assert_eq!(code_of(password(&world, &from("192.0.2.9"), "ada", "wrong").await), Code::WrongPassword);
    }
});

crate::on_every_database!(attempts_that_arrive_together_are_counted_one_by_one, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let ctx = world.stranger();
    let tries = (0..20).map(|_| password(&world, &ctx, "ada", "wrong wrong wrong"));
    let codes: Vec<Code> = futures::future::join_all(tries).await.into_iter().map(code_of).collect();
    assert_eq!(codes.iter().filter(|code| **code == Code::WrongPassword).count(), 6);
    assert_eq!(codes.iter().filter(|code| **code == Code::RateLimited).count(), 14);
});

crate::on_every_database!(an_address_that_tries_many_names_has_to_wait, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    for number in 0..6 {
        let refused = password(&world, &from("192.0.2.1"), &format!("name{number}"), PASSWORD).await;
        assert_eq!(code_of(refused), Code::WrongPassword);
    }
    assert_eq!(code_of(password(&world, &from("192.0.2.1"), "ada", PASSWORD).await), Code::RateLimited);
    password(&world, &from("192.0.2.2"), "ada", PASSWORD).await.unwrap();
    // A success of one's own does not buy attempts at the names of others.
    world.advance(Span::seconds(1));
    password(&world, &from("192.0.2.1"), "ada", PASSWORD).await.unwrap();
    assert_eq!(code_of(password(&world, &from("192.0.2.1"), "other", PASSWORD).await), Code::RateLimited);
});

crate::on_every_database!(strangers_cannot_delay_a_browser_that_signed_in_before, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let device = world.signed_in("ada").await.device;
    for _ in 0..6 {
        let _ = password(&world, &world.stranger(), "ada", "wrong wrong wrong").await;
    }
    let secret = SecretString::from(PASSWORD);
    let stranger = world.stranger();
    assert_eq!(code_of(password(&world, &stranger, "ada", PASSWORD).await), Code::RateLimited);
    let step = password_step(&world.engine, &stranger, "ada", &secret, Some(&device)).await.unwrap();
    world.advance(Span::seconds(30));
    enter(&world, &step.sealed, &world.code("ada")).await.unwrap();
    // It is counted too, and known for its own sign-in only.
    let wrong = SecretString::from("wrong wrong wrong");
    for _ in 0..6 {
        let refused = password_step(&world.engine, &stranger, "ada", &wrong, Some(&device)).await;
        assert_eq!(code_of(refused.map(|_| ())), Code::WrongPassword);
    }
    let refused = password_step(&world.engine, &stranger, "ada", &secret, Some(&device)).await;
    assert_eq!(code_of(refused.map(|_| ())), Code::RateLimited);
});

crate::on_every_database!(ten_wrong_codes_lead_back_to_the_password_and_nobody_is_locked_out, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let step = sealed(&world, "ada").await;
    for wait in [0, 0, 0, 0, 0, 0, 1, 2, 4] {
        world.advance(Span::seconds(wait));
        assert_eq!(code_of(enter(&world, &step, &wrong_code(&world, "ada")).await), Code::MfaInvalid);
    }
    let refused = enter(&world, &step, &world.code("ada")).await.unwrap_err();
    assert_eq!(refused.problem().unwrap(), &Problem::new(Code::RateLimited).limit("PT8S"));
    world.advance(Span::seconds(8));
    assert_eq!(code_of(enter(&world, &step, &wrong_code(&world, "ada")).await), Code::StepExpired);
    world.advance(Span::seconds(60));
    assert_eq!(code_of(enter(&world, &step, &world.code("ada")).await), Code::StepExpired);
    let step = sealed(&world, "ada").await;
    enter(&world, &step, &world.code("ada")).await.unwrap();
    let failed = facts(&world).await.into_iter().filter(|(kind, _)| kind == "sign_in.failed").count();
    assert_eq!(failed, 10);
});

crate::on_every_database!(a_flood_of_failures_does_not_fill_the_record, world, {
    for number in 0..30 {
        let _ = password(&world, &from(&format!("192.0.2.{number}")), &format!("name{number}"), "x").await;
    }
    assert_eq!(facts(&world).await.len(), 10);
});

crate::on_every_database!(what_is_typed_as_a_name_is_kept_nowhere, world, {
    let _ = password(&world, &world.stranger(), "hunter2hunter2", "ada").await;
    let rows = store::audit::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert!(rows.iter().all(|row| !row.body.contains("hunter2")));
    let rows = store::sign_in::attempt::row::Entity::find().all(world.engine.readers()).await.unwrap();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| !row.key.contains("hunter2") && !row.key.contains("192"))
    );
});

crate::on_every_database!(a_recovery_code_signs_in_once_and_is_no_step_up, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let ctx = world.ctx_of(&world.signed_in("ada").await.tokens).await;
    let codes = credential::new_recovery_codes(&world.engine, &ctx).await.unwrap();
    assert_eq!(codes.len(), 10);
    let step = sealed(&world, "ada").await;
    let signed_in = enter(&world, &step, &codes[0].to_lowercase()).await.unwrap();
    let recovered = world.ctx_of(&signed_in.tokens).await;
    assert_eq!(code_of(enter(&world, &sealed(&world, "ada").await, &codes[0]).await), Code::MfaInvalid);
    // Whatever asks for a fresh factor still asks for a code.
    assert_eq!(code_of(credential::new_recovery_codes(&world.engine, &recovered).await), Code::MfaStale);
    let act = domain::session::Act::Credentials;
    let stepped = session::step_up(&world.engine, &recovered, &codes[1], act, uuid::Uuid::nil()).await;
    assert_eq!(code_of(stepped.map(|_| ())), Code::MfaInvalid);
    let security = credential::security(&world.engine, &recovered).await.unwrap();
    assert_eq!(security.recovery_codes_left, 9);
    assert!(facts(&world).await.contains(&("credential.recovery_code_used".to_owned(), "done".to_owned())));
});

crate::on_every_database!(a_name_belongs_to_one_sign_in, world, {
    let (ada, bo) = (world.person("Ada").await, world.person("Bo").await);
    world.with_credentials(ada, "ada").await;
    let engine = world.engine.clone();
    let taken = world
        .engine
        .note(move |tx| Box::pin(async move { create_for(&engine, tx, bo, "ada").await }))
        .await
        .unwrap_err();
    assert_eq!(taken.problem().unwrap(), &Problem::new(Code::NameTaken).field("sign_in_name"));
    let names = store::sign_in::names_of(world.engine.readers(), &[ada, bo]).await.unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(names[&ada][0].name, "ada");
    assert!(names[&ada][0].has_factor && names[&ada][0].has_password);
});
