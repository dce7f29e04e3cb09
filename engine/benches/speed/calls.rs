//! Reading calls beside the two yardsticks: how many a second, and how long one takes.

use engine::testing::{Database, number};

use crate::{
    house::{Calls, House},
    program::Program,
    table::Table,
    wrk::{Load, Requests, Seen, load},
    yardstick::Yardstick,
};

/// How many connections ask at once.
pub const CONNECTIONS: usize = 16;

pub fn seconds() -> u64 {
    number("STINT_BENCH_SECONDS", 5)
}

pub fn rounds() -> u64 {
    number("STINT_BENCH_ROUNDS", 3)
}

/// Everything that is called, as it was found.
pub struct Found {
    pub empty: Seen,
    pub read: Seen,
    pub check: Seen,
    pub roles: Seen,
    pub page: Seen,
}

/// Calls them in turn, several times over; each counts by its middle round.
pub async fn found(calls: &Calls, yardstick: u16, stint: u16) -> Found {
    let of = |port, requests| async move {
        load(Load { port, connections: CONNECTIONS, seconds: seconds(), requests, from: None }).await
    };
    let all: [(u16, &Requests); 5] = [
        (yardstick, &calls.empty),
        (yardstick, &calls.read),
        (stint, &calls.check),
        (stint, &calls.roles),
        (stint, &calls.page),
    ];
    let mut seen: [Vec<Seen>; 5] = Default::default();
    for _ in 0..rounds() {
        for ((port, requests), seen) in all.iter().zip(&mut seen) {
            let one = of(*port, *requests).await;
            println!("{}", words(one));
            seen.push(one);
        }
    }
    let [empty, read, check, roles, page] = seen.map(middle);
    Found { empty, read, check, roles, page }
}

/// The one in the middle, by how many were answered.
pub fn middle(mut seen: Vec<Seen>) -> Seen {
    seen.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    *seen.get(seen.len() / 2).unwrap()
}

/// One call in words.
pub fn words(seen: Seen) -> String {
    format!("{:.0}/s, p50 {:.2} ms, p99 {:.2} ms", seen.per_second, seen.p50, seen.p99)
}

pub async fn measure(table: &mut Table, database: Database) {
    let house = House::on(database).await;
    let calls = house.requests().await;
    let yardstick = Yardstick::start(house.world.url(), *house.people.first().unwrap());
    let stint = Program::start(&house.world);
    let found = found(&calls, yardstick.port, stint.port).await;
    table.found("an empty handler", words(found.empty));
    table.found("a handler that reads one row", words(found.read));
    for (what, seen, percent) in [
        ("`GET /api/v1/check`", found.check, 50.0),
        ("`GET /api/v1/me/roles`", found.roles, 25.0),
        ("the page *My roles*", found.page, 5.0),
    ] {
        let of_read = 100.0 * seen.per_second / found.read.per_second;
        let text = format!("{}: {of_read:.0} %", words(seen));
        table.aimed(what, &format!("{percent:.0} % of one read"), &text, of_read >= percent);
    }
    stint.stop();
    house.world.remove().await;
}
