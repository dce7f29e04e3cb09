//! The same calls where Stint was used for years; how soon it serves there, and how fast the record is verified.

use std::time::Instant;

use engine::{
    Env,
    testing::{Database, bulk::Much, number},
};

use crate::{
    calls::{Found, found, words},
    house::House,
    program::{Program, command},
    table::Table,
    yardstick::Yardstick,
};

fn much() -> Much {
    let size = |name, usual| usize::try_from(number(name, usual)).unwrap();
    Much {
        people: size("STINT_BENCH_PEOPLE", 100_000),
        assignments: size("STINT_BENCH_ASSIGNMENTS", 1_000_000),
        records: size("STINT_BENCH_RECORDS", 5_000_000),
    }
}

pub async fn measure(table: &mut Table, database: Database) {
    let mut house = House::on(database).await;
    let (small, _) = calls(&house).await;
    house.world.reopen(Env::machine().unwrap()).await;
    let (much, began) = (much(), Instant::now());
    house.world.grow(much).await;
    let Much { people, assignments, records } = much;
    let size = house.world.size().await;
    let text = format!("{people} people, {assignments} assignments, {records} records: {size:.1} GB");
    table.found("what is in it", text);
    println!("filled in {} s", began.elapsed().as_secs());
    let (large, start) = calls(&house).await;
    for (what, small, large) in [
        ("`GET /api/v1/check`", small.check, large.check),
        ("`GET /api/v1/me/roles`", small.roles, large.roles),
        ("the page *My roles*", small.page, large.page),
    ] {
        let times = large.p50 / small.p50;
        let text = format!("{}: {times:.2} times", words(large));
        table.aimed(what, "p50 at most twice that of a small one", &text, times <= 2.0);
    }
    table.aimed("from start to first answer", "below 300 ms", &format!("{start} ms"), start < 300);
    verify(table, &house, records);
    house.world.remove().await;
}

/// The calls, and how many milliseconds the start took.
async fn calls(house: &House) -> (Found, u128) {
    let calls = house.requests().await;
    let yardstick = Yardstick::start(house.world.url(), *house.people.first().unwrap());
    let stint = Program::start(&house.world);
    let start = stint.start.as_millis();
    let found = found(&calls, yardstick.port, stint.port).await;
    stint.stop();
    (found, start)
}

fn verify(table: &mut Table, house: &House, records: usize) {
    let began = Instant::now();
    let status = command(&house.world).args(["audit", "verify"]).status().unwrap();
    assert!(status.success(), "the record is not whole");
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let per_second = records as f64 / began.elapsed().as_secs_f64();
    let text = format!("{per_second:.0} records/s");
    table.aimed("`stint audit verify`", "100,000 records/s", &text, per_second >= 100_000.0);
}
