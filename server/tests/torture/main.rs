//! Stint is killed without a word, again and again, while people work with it: the real program, its real database, a
//! real mail server. After each kill it is started anew on the same database, and what it promised is held against
//! what it kept. Says what is wrong with the promises of durability, not what an act means: that is tested elsewhere.
//!
//! The long form is `make torture`. By its environment: `STINT_BINARY` names the program (the debug build without it),
//! `STINT_TORTURE_ROUNDS` how many rounds the tests share, `STINT_TORTURE_SEED` where chance begins.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may, and say what they measured"
)]

mod book;
mod clock;
mod dice;
mod disk;
mod house;
mod http;
mod ledger;
mod outage;
mod people;
mod post;
mod program;
mod round;
mod server;
mod work;

use engine::testing::{Database, number};

use house::House;

/// How many rounds each test has of those that they share; the database goes away half as often.
fn rounds() -> u64 {
    number("STINT_TORTURE_ROUNDS", 30).div_ceil(3)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_kills_on_a_file() {
    let house = House::on(Database::Sqlite, 1).await.unwrap();
    round::torture("SQLite", house, rounds()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_kills_on_a_server() {
    let Some(house) = House::on(Database::Postgres, 1).await else { return };
    round::torture("PostgreSQL", house, rounds()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_instances_either_may_be_killed_and_every_end_is_carried_out_once_and_on_time() {
    let Some(house) = House::on(Database::Postgres, 2).await else { return };
    round::torture("PostgreSQL, two instances", house, rounds()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_a_database_that_goes_away() {
    outage::outages(rounds().div_ceil(2)).await;
}
