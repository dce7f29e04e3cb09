//! What changing one's own credentials promises: the present password or factor is asked for, other sessions end.

use domain::Span;
use secrecy::ExposeSecret;

use super::*;
use crate::{
    sign_in::{
        link::tests::{app, gets_in},
        tests::{code_of, wrong_code},
    },
    testing::sign_in::PASSWORD,
};

const NEW: &str = "two teal tractors toil";

crate::on_every_database!(an_app_is_replaced_with_the_existing_one_or_a_recovery_code, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let ctx = world.ctx_of(&world.signed_in("ada").await.tokens).await;
    let codes = new_recovery_codes(&world.engine, &ctx).await.unwrap();
    world.advance(Span::seconds(30));
    let other = world.signed_in("ada").await.tokens;
    let begin = async || begin_factor(&world.engine, &ctx).await.unwrap();
    let step = begin().await;
    let finish = async |step: &FactorStep, code: &str, proof: &str| {
        finish_factor(&world.engine, &ctx, &step.sealed, code, proof).await
    };
    world.advance(Span::seconds(30));
    let now = world.engine.now();
    let new = app(&step.enrolment).code_at(now);
    for (code, proof, refused) in [
        (new.as_str(), wrong_code(&world, "ada"), (Code::MfaInvalid, "proof")),
        (&new, String::new(), (Code::MfaRequired, "proof")),
        (&new, new.clone(), (Code::MfaInvalid, "proof")),
        (&wrong_code(&world, "ada"), world.code("ada"), (Code::MfaInvalid, "code")),
    ] {
        let refusal = finish(&step, code, &proof).await.unwrap_err();
        let problem = refusal.problem().unwrap();
        assert_eq!((problem.code, problem.field.as_deref().unwrap()), refused);
    }
    finish(&step, &new, &world.code("ada")).await.unwrap();
    let client = crate::Client::default();
    let ended = session::authenticate(&world.engine, other.access.expose_secret(), &client).await;
    assert_eq!(code_of(ended), Code::SignedOut);
    let second = begin().await;
    finish(&second, &app(&second.enrolment).code_at(now), &codes[0]).await.unwrap();
    let third = begin().await;
    assert_eq!(
        code_of(finish(&third, &app(&third.enrolment).code_at(now), &codes[0]).await),
        Code::MfaInvalid
    );
    let security = security(&world.engine, &ctx).await.unwrap();
    assert_eq!((security.recovery_codes_left, security.sessions.len()), (9, 1));
});

crate::on_every_database!(a_password_is_changed_with_the_present_one, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let other = world.signed_in("ada").await.tokens;
    world.advance(Span::seconds(30));
    let ctx = world.ctx_of(&world.signed_in("ada").await.tokens).await;
    let change = async |current: &str, new: &str| {
        let (current, new) = (SecretString::from(current), SecretString::from(new));
        change_password(&world.engine, &ctx, &current, &new).await
    };
    let refused = change("wrong wrong wrong", NEW).await.unwrap_err();
    assert_eq!(refused.problem().unwrap(), &Problem::new(Code::WrongPassword).field("current_password"));
    assert_eq!(code_of(change(PASSWORD, "password1234").await), Code::PasswordCommon);
    assert_eq!(code_of(change(PASSWORD, "HaldenLogistics!").await), Code::PasswordCommon);
    change(PASSWORD, NEW).await.unwrap();
    assert!(gets_in(&world, "ada", NEW).await && !gets_in(&world, "ada", PASSWORD).await);
    let client = crate::Client::default();
    let ended = session::authenticate(&world.engine, other.access.expose_secret(), &client).await;
    assert_eq!(code_of(ended), Code::SignedOut);
    assert_eq!(session::list(&world.engine, &ctx).await.unwrap().len(), 1);
    let anonymous = SecretString::from(NEW);
    let refused = change_password(&world.engine, &world.stranger(), &anonymous, &anonymous).await;
    assert_eq!(code_of(refused), Code::SignedOut);
});
