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

use std::sync::{Mutex, MutexGuard, PoisonError};

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestRunner};

use crate::testing::Database;
use case::{Case, Tally};

/// What one run of the tests takes, unless `STINT_MODEL_CASES` says more. PostgreSQL needs more time for the same.
const fn cases(database: Database) -> u32 {
    match database {
        Database::Sqlite => 24,
        Database::Postgres => 6,
    }
}

/// How many commands a case has at most.
const STEPS: usize = 120;

#[test]
fn the_engine_does_what_the_reference_says_on_sqlite() {
    run(Database::Sqlite);
}

#[test]
fn the_engine_does_what_the_reference_says_on_postgres() {
    run(Database::Postgres);
}

/// The same cases each time, so that a change is judged by what it changes; other ones when more are asked for.
fn config(database: Database) -> Config {
    #[expect(clippy::disallowed_methods, reason = "`make model` asks for more cases so")]
    let asked = std::env::var("STINT_MODEL_CASES").ok().and_then(|cases| cases.parse().ok());
    let defaults = Config::default();
    let seed = match (defaults.rng_seed, asked) {
        (RngSeed::Fixed(seed), _) => seed,
        (RngSeed::Random, None) => 2,
        (RngSeed::Random, Some(_)) => u64::from_le_bytes(crate::Env::machine().unwrap().bytes()),
    };
    Config {
        cases: asked.unwrap_or(cases(database)),
        rng_seed: RngSeed::Fixed(seed),
        source_file: Some(file!()),
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("proptest-regressions"))),
        max_shrink_iters: 500,
        max_shrink_time: 120_000,
        ..defaults
    }
}

/// What must have happened in a run, or it says little.
const HAPPENS: [&str; 18] = [
    "activation.activated",
    "activation.agreed",
    "activation.approved",
    "activation.canceled",
    "activation.denied",
    "activation.ended",
    "activation.scheduled",
    "activation.timed_out",
    "assignment.changed",
    "assignment.ended",
    "assignment.removed",
    "group.member_removed",
    "host.clock_accepted",
    "host.clock_stepped",
    "person.disabled",
    "refused: clock_stepped",
    "refused: last_administrator",
    "refused: no_longer_pending",
];

/// What a run has come to so far.
#[derive(Default)]
struct Progress {
    cases: usize,
    steps: usize,
    tally: Tally,
    /// The case at hand, in words.
    story: Vec<String>,
}

fn run(database: Database) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config = config(database);
    let seed = config.rng_seed;
    let progress = Mutex::new(Progress::default());
    let commands = command::commands(1..=STEPS);
    let result = TestRunner::new(config).run(&commands, |commands| {
        runtime.block_on(carry_out(database, &commands, &progress));
        Ok(())
    });
    let Progress { cases, steps, tally, story } = std::mem::take(&mut *lock(&progress));
    println!("{database:?}: {cases} cases, {steps} steps, {seed:?}\n{tally:#?}");
    if let Err(failure) = result {
        panic!("{}\n{failure}\n{seed:?}, {database:?}", story.join("\n"));
    }
    let missing: Vec<_> = HAPPENS.iter().filter(|what| !tally.contains_key(**what)).collect();
    assert!(cases == 0 || missing.is_empty(), "never happened: {missing:?}");
}

/// One case. Without a PostgreSQL to test with there is nothing to do, unless in `make test`.
async fn carry_out(database: Database, commands: &[command::Command], progress: &Mutex<Progress>) {
    lock(progress).story.clear();
    let Some(mut case) = Case::begin(database).await else { return };
    for command in commands {
        let told = case.step(command).await;
        lock(progress).story.push(told);
        case.look().await;
    }
    case.look_at_all().await;
    let tally = case.end().await;
    let mut progress = lock(progress);
    progress.cases += 1;
    progress.steps += commands.len();
    for (what, often) in tally {
        *progress.tally.entry(what).or_default() += often;
    }
}

fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}
