//! The engine against a reference: random commands of several people, a clock that is set both ways, crashes between
//! transactions and repeated messages are carried out by the real engine on each database and by a small model, and
//! after each step both must say the same: who holds what, which states, which records, which messages.
//!
//! Plain proptest and not its state machine: every command means something in every state (what does not fit is refused,
//! and the refusal is compared), so there are no preconditions to keep while a failing case is made smaller.

mod always;
mod case;
mod command;
mod engine;
mod reference;
mod seen;

use std::sync::Mutex;

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestRunner};

use crate::testing::Database;
use case::Case;

/// What one run of the tests takes, unless `STINT_MODEL_CASES` says more.
const CASES: u32 = 10;
/// How many commands a case has at most.
const STEPS: usize = 80;

#[test]
fn the_engine_does_what_the_reference_says_on_sqlite() {
    run(Database::Sqlite);
}

#[test]
fn the_engine_does_what_the_reference_says_on_postgres() {
    run(Database::Postgres);
}

/// The same cases each time, so that a change is judged by what it changes; other ones when more are asked for.
fn config() -> Config {
    #[expect(clippy::disallowed_methods, reason = "`make model` asks for more cases so")]
    let asked = std::env::var("STINT_MODEL_CASES").ok().and_then(|cases| cases.parse().ok());
    let defaults = Config::default();
    let seed = match (defaults.rng_seed, asked) {
        (RngSeed::Fixed(seed), _) => seed,
        (RngSeed::Random, None) => 1,
        (RngSeed::Random, Some(_)) => u64::from_le_bytes(crate::Env::machine().unwrap().bytes()),
    };
    Config {
        cases: asked.unwrap_or(CASES),
        rng_seed: RngSeed::Fixed(seed),
        source_file: Some(file!()),
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("proptest-regressions"))),
        max_shrink_iters: 500,
        max_shrink_time: 120_000,
        ..defaults
    }
}

fn run(database: Database) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = config();
    let (seed, story) = (config.rng_seed, Mutex::new(Vec::new()));
    let counts = Mutex::new((0, 0));
    let commands = proptest::collection::vec(command::command(), STEPS / 2..=STEPS);
    let mut runner = TestRunner::new(config);
    let result = runner.run(&commands, |commands| {
        story.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
        runtime.block_on(async {
            // Without a PostgreSQL to test with there is nothing to do, unless in `make test`.
            let Some(mut case) = Case::begin(database).await else { return };
            for command in &commands {
                let told = case.step(command).await;
                story.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(told.clone());
                case.look().await;
            }
            case.look_at_all().await;
            let mut counts = counts.lock().unwrap();
            *counts = (counts.0 + 1, counts.1 + commands.len());
            case.end().await;
        });
        Ok(())
    });
    let (cases, steps) = *counts.lock().unwrap();
    println!("{cases} cases, {steps} steps, {seed:?}, {database:?}");
    if let Err(failure) = result {
        for told in story.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter() {
            println!("{told}");
        }
        panic!("{failure}\n{seed:?}, {database:?}");
    }
}
