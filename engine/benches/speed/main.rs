//! How fast Stint is, as a table that anyone can make again: `make bench`. The program itself (`STINT_BINARY`) is started on
//! a database and loaded by `wrk`; beside it, in the same run and on the same machine, stand an axum handler that does
//! nothing, one that reads one row, and the databases committing one row. Only ratios within one run say something.
//!
//! By its environment: `STINT_BENCH_PARTS` names parts (all of them without it), `STINT_BENCH_SECONDS` how long a measurement
//! takes, `STINT_BENCH_ROUNDS` how often each is made, `STINT_BENCH_PEOPLE`, `…_ASSIGNMENTS` and `…_RECORDS` how large the
//! large database is, `STINT_BENCH_TABLE` the file that takes the table, between its marks.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "it is a test of speed, and says what it measured"
)]

mod activations;
mod calls;
mod ends;
mod growth;
mod house;
mod program;
mod rest;
mod sign_ins;
mod slow;
mod table;
mod wrk;
mod yardstick;

use engine::testing::{Database, told};

use table::Table;

/// The parts, in the order in which they are measured.
const PARTS: [&str; 6] = ["calls", "activations", "ends", "sign_ins", "rest", "growth"];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "yardstick", url, person] => runtime.block_on(yardstick::serve(url, person)),
        _ => runtime.block_on(measure()),
    }
}

async fn measure() {
    let wanted = told("STINT_BENCH_PARTS").unwrap_or_else(|| PARTS.join(","));
    let mut table = Table::default();
    for part in PARTS.iter().filter(|part| wanted.split(',').any(|wanted| wanted == **part)) {
        for database in [Database::Sqlite, Database::Postgres] {
            table.part(part, database);
            match *part {
                "calls" => calls::measure(&mut table, database).await,
                "activations" => activations::measure(&mut table, database).await,
                "ends" => ends::measure(&mut table, database).await,
                "sign_ins" => sign_ins::measure(&mut table, database).await,
                "rest" => rest::measure(&mut table, database).await,
                _ => growth::measure(&mut table, database).await,
            }
        }
        // What was measured stays, whatever comes next.
        table.write();
    }
}
