//! Passwords and codes are guessed by 64 hands at the same moment, through two instances where there are two, and again
//! after each restart: no more tries count than the limit allows, what is right does not work while it must wait, and nobody
//! else waits for it.

use domain::{Code, Span, session::Act, sign_in::delay_after};
use futures::future::join_all;
use secrecy::SecretString;
use uuid::Uuid;

use super::{code_of, enter, from, sealed, wrong_code};
use crate::{
    Ctx, Engine, Result, on_every_database, session,
    sign_in::{SignedIn, code_step, password_step},
    testing::{World, config, sign_in::PASSWORD},
};

/// How many guess at once.
const HANDS: usize = 64;
/// Tries that count before anybody has to wait.
const AT_ONCE: usize = 6;

/// How guesses were answered.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Compared, and wrong.
    tried: usize,
    /// Told to wait, without being compared.
    told_to_wait: usize,
    /// Compared, and led back to the first step.
    led_back: usize,
    right: usize,
}

impl Tally {
    fn of<T>(answers: impl IntoIterator<Item = Result<T>>) -> Self {
        let mut tally = Self::default();
        for answer in answers {
            match answer.map_err(|error| error.problem().unwrap_or_else(|| panic!("{error:?}")).code) {
                Ok(_) => tally.right += 1,
                Err(Code::WrongPassword | Code::MfaInvalid) => tally.tried += 1,
                Err(Code::RateLimited) => tally.told_to_wait += 1,
                Err(Code::StepExpired | Code::SignedOut | Code::MfaReused) => tally.led_back += 1,
                Err(code) => panic!("{code:?}"),
            }
        }
        tally
    }

    const fn counted(tried: usize) -> Self {
        Self { tried, told_to_wait: HANDS - tried, led_back: 0, right: 0 }
    }
}

/// The instances that serve: two on PostgreSQL, one on SQLite.
async fn instances(world: &World) -> Vec<Engine> {
    let mut all = vec![world.engine.clone()];
    if world.url().starts_with("postgres") {
        let config = config(world.url().to_owned());
        all.push(Engine::open(config, world.engine.env().clone()).await.unwrap());
    }
    all
}

/// Ends all instances and starts them anew on what they left.
async fn restart(world: &mut World, instances: Vec<Engine>) -> Vec<Engine> {
    let env = world.engine.env().clone();
    for engine in instances {
        engine.close().await;
    }
    world.reopen(env).await;
    self::instances(world).await
}

/// Somebody from an address that nobody else has.
fn somewhere(number: usize) -> Ctx {
    from(&format!("198.51.{}.{}", number / 256, number % 256))
}

/// Every hand tries the password of `ada` once: the wrong one, or this one.
async fn guess(instances: &[Engine], given: &str) -> Tally {
    let tries = (0..HANDS).map(|number| {
        let (engine, given) = (instances[number % instances.len()].clone(), SecretString::from(given));
        async move { password_step(&engine, &somewhere(number), "ada", &given, None).await }
    });
    Tally::of(join_all(tries).await)
}

on_every_database!(passwords_that_are_guessed_by_many_at_once_count_to_the_limit_across_restarts, world, {
    let mut world = world;
    for name in ["Ada", "Bo"] {
        let person = world.person(name).await;
        world.with_credentials(person, &name.to_lowercase()).await;
    }
    let mut instances = instances(&world).await;
    assert_eq!(guess(&instances, "wrong wrong wrong").await, Tally::counted(AT_ONCE));
    let mut failures = u32::try_from(AT_ONCE).unwrap();
    for round in 0..9 {
        instances = restart(&mut world, instances).await;
        // One second before its time, the right password is told to wait as all others are.
        world.advance(Span::seconds(delay_after(failures).as_seconds() - 1));
        assert_eq!(guess(&instances, PASSWORD).await, Tally::counted(0), "round {round}");
        let (elsewhere, password) = (from("203.0.113.9"), SecretString::from(PASSWORD));
        let bo = password_step(&world.engine, &elsewhere, "bo", &password, None).await;
        assert!(bo.is_ok(), "nobody else waits for it");
        world.advance(Span::seconds(1));
        assert_eq!(guess(&instances, "wrong wrong wrong").await, Tally::counted(1), "round {round}");
        failures += 1;
    }
    assert_eq!(delay_after(failures), Span::minutes(1), "the longest delay was among them");
    world.advance(Span::minutes(1));
    let right = guess(&instances, PASSWORD).await;
    assert!(right.right > 0 && right.tried == 0, "nobody is locked out: {right:?}");
    for engine in instances {
        engine.close().await;
    }
});

/// Steps behind the password: so many, or none where it must wait.
async fn steps(world: &World, count: usize) -> Vec<String> {
    let mut steps = Vec::new();
    for _ in 0..count {
        steps.push(sealed(world, "ada").await);
    }
    steps
}

async fn enter_at(engine: &Engine, number: usize, sealed: &str, code: &str) -> Result<SignedIn> {
    code_step(engine, &somewhere(number), sealed, code, domain::session::SessionKind::Browser).await
}

/// Every hand tries a code once, in one of these steps.
async fn guess_codes(instances: &[Engine], steps: &[String], code: &str) -> Tally {
    let tries = (0..HANDS).map(|number| {
        let engine = instances[number % instances.len()].clone();
        let step = &steps[number % steps.len()];
        async move { enter_at(&engine, number, step, code).await }
    });
    Tally::of(join_all(tries).await)
}

on_every_database!(codes_that_are_guessed_by_many_at_once_count_to_the_limit_across_restarts, world, {
    let mut world = world;
    for name in ["Ada", "Bo"] {
        let person = world.person(name).await;
        world.with_credentials(person, &name.to_lowercase()).await;
    }
    let mut instances = instances(&world).await;
    let steps = steps(&world, HANDS).await;
    let wrong = wrong_code(&world, "ada");
    // As many steps as hands: whoever knows the password gets no more tries by beginning anew.
    assert_eq!(guess_codes(&instances, &steps, &wrong).await, Tally::counted(AT_ONCE));
    let first = u32::try_from(AT_ONCE).unwrap();
    for (round, failures) in (first..first + 4).enumerate() {
        instances = restart(&mut world, instances).await;
        world.advance(Span::seconds(delay_after(failures).as_seconds() - 1));
        let code = world.code("ada");
        assert_eq!(guess_codes(&instances, &steps, &code).await, Tally::counted(0), "round {round}");
        let bo = sealed(&world, "bo").await;
        if round == 0 {
            enter(&world, &bo, &world.code("bo")).await.unwrap();
        }
        world.advance(Span::seconds(1));
        let wrong = wrong_code(&world, "ada");
        assert_eq!(guess_codes(&instances, &steps, &wrong).await, Tally::counted(1), "round {round}");
    }
    // Recovery codes are guessed at the same cost.
    assert_eq!(guess_codes(&instances, &steps, "7K2M-9QXT-04HN").await, Tally::counted(0));
    world.advance(Span::minutes(1));
    let code = world.code("ada");
    let right = guess_codes(&instances, &steps, &code).await;
    assert_eq!(right.right, 1, "it works when its time has come, and once: {right:?}");
    for engine in instances {
        engine.close().await;
    }
});

on_every_database!(in_one_step_ten_wrong_codes_are_all_however_many_guess, world, {
    let mut world = world;
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let mut instances = instances(&world).await;
    let step = steps(&world, 1).await;
    let mut all = Tally::default();
    for _ in 0..8 {
        let wrong = wrong_code(&world, "ada");
        let tally = guess_codes(&instances, &step, &wrong).await;
        all.tried += tally.tried;
        all.led_back += tally.led_back;
        instances = restart(&mut world, instances).await;
        world.advance(Span::seconds(8));
    }
    assert_eq!(all.tried, 9, "the tenth leads back to the password: {all:?}");
    world.advance(Span::minutes(1));
    let code = world.code("ada");
    let late = guess_codes(&instances, &step, &code).await;
    assert_eq!(
        (late.right, late.led_back),
        (0, HANDS),
        "and the right code does not help that step any more"
    );
    for engine in instances {
        engine.close().await;
    }
});

on_every_database!(codes_guessed_in_a_session_end_it_and_no_other, world, {
    let ada = world.person("Ada").await;
    world.with_credentials(ada, "ada").await;
    let stolen = world.signed_in("ada").await.tokens;
    world.advance(Span::seconds(30));
    let own = world.signed_in("ada").await.tokens;
    let instances = instances(&world).await;
    let mut all = Tally::default();
    for _ in 0..8 {
        world.advance(Span::seconds(8));
        let wrong = wrong_code(&world, "ada");
        let Ok(signed) = session::authenticate(
            &world.engine,
            secrecy::ExposeSecret::expose_secret(&stolen.access),
            &crate::Client::default(),
        )
        .await
        else {
            break;
        };
        let ctx = Ctx::of(crate::Caller::Person(signed));
        let tries = (0..HANDS).map(|number| {
            let (engine, ctx, wrong) =
                (instances[number % instances.len()].clone(), ctx.clone(), wrong.clone());
            async move { session::step_up(&engine, &ctx, &wrong, Act::Activate, Uuid::nil()).await }
        });
        let tally = Tally::of(join_all(tries).await);
        assert_eq!(tally.right, 0);
        all.tried += tally.tried;
    }
    assert_eq!(all.tried, 9, "the tenth ends the session");
    let access = secrecy::ExposeSecret::expose_secret(&stolen.access).to_owned();
    let refused = session::authenticate(&world.engine, &access, &crate::Client::default()).await;
    assert_eq!(code_of(refused), Code::SignedOut);
    let ctx = world.ctx_of(&own).await;
    world.advance(Span::seconds(30));
    session::step_up(&world.engine, &ctx, &world.code("ada"), Act::Activate, Uuid::nil()).await.unwrap();
    for engine in instances {
        engine.close().await;
    }
});
