//! The sample organisation shows what it promises.

use domain::{Span, activation::State};
use secrecy::SecretString;

use super::{PASSWORD, build, code};
use crate::{
    Ctx, Engine, Env, sign_in, store,
    testing::{config, scratch},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sample_organisation_has_a_history_something_of_every_kind_and_people_who_can_sign_in() {
    let folder = scratch();
    let demo = || crate::Config { demo: true, ..config(format!("sqlite://{}/demo.db", folder.display())) };
    build(demo()).await.unwrap();
    let engine = Engine::open(demo(), Env::machine().unwrap()).await.unwrap();
    let wanted = store::activation::Wanted::default();
    let all = store::activation::list(engine.readers(), &wanted, 100).await.unwrap();
    for state in [
        State::PendingApproval,
        State::Scheduled,
        State::Active,
        State::Ended,
        State::Denied,
        State::Canceled,
        State::TimedOut,
    ] {
        assert!(all.iter().any(|activation| activation.state == state), "nothing is {state:?}");
    }
    let soon = Span::minutes(3).after(engine.now());
    assert!(all.iter().any(|activation| activation.is_held(engine.now()) && activation.ends_at < Some(soon)));
    let (nobody, password) = (Ctx::of(crate::Caller::Nobody), SecretString::from(PASSWORD));
    let step = sign_in::password_step(&engine, &nobody, "marta", &password, None).await.unwrap();
    assert_eq!(step.person_name, "Marta Lindqvist");
    assert_eq!(code(&engine, "Marta").await.unwrap().len(), 6);
    assert!(code(&engine, "nobody").await.is_err());
    engine.close().await;
    // `serve` does not take it.
    let real = config(format!("sqlite://{}/demo.db", folder.display()));
    assert!(Engine::open(real, Env::machine().unwrap()).await.is_err());
}
