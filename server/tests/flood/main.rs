//! Stint under load that means harm: the real program, while half-open connections, slow senders, readers that never read,
//! sign-ins with wrong passwords and forged tokens come all at once; and while it is killed, passwords and codes are guessed.
//! One after another: each wants the machine for itself.
//!
//! The long form is `make hostile`. By its environment: `STINT_BINARY` names the program, `STINT_FLOOD_SECONDS` says how long
//! a flood lasts, `STINT_FLOOD_RECORDS` how long the record is that nobody reads, `STINT_GUESS_SECONDS` how long is guessed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may, and say what they measured"
)]

mod clients;
mod flood;
mod guess;
#[path = "../torture/http.rs"]
mod http;
#[expect(dead_code, reason = "what only those need who kill it")]
#[path = "../torture/program.rs"]
mod program;
mod scene;

use engine::testing::Database;
use tokio::sync::Mutex;

/// Who has the machine.
static MACHINE: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: make hostile PART=flood"]
async fn in_a_flood_roles_end_on_time_and_who_is_signed_in_is_answered_on_a_file() {
    let _machine = MACHINE.lock().await;
    flood::flood("SQLite", scene::Scene::on(Database::Sqlite).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes the whole machine: make hostile PART=flood"]
async fn in_a_flood_roles_end_on_time_and_who_is_signed_in_is_answered_on_a_server() {
    let _machine = MACHINE.lock().await;
    let Some(scene) = scene::Scene::on(Database::Postgres).await else { return };
    flood::flood("PostgreSQL", scene).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_count_to_the_limit_however_often_the_program_is_killed_on_a_file() {
    let _machine = MACHINE.lock().await;
    guess::guess("SQLite", scene::Scene::on(Database::Sqlite).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_count_to_the_limit_however_often_the_program_is_killed_on_a_server() {
    let _machine = MACHINE.lock().await;
    let Some(scene) = scene::Scene::on(Database::Postgres).await else { return };
    guess::guess("PostgreSQL", scene).await;
}
