//! How soon it serves, and how little it holds while nothing happens.

use std::time::Duration;

use engine::testing::Database;

use crate::{calls::found, house::House, program::Program, table::Table, yardstick::Yardstick};

pub async fn measure(table: &mut Table, database: Database) {
    let house = House::on(database).await;
    let calls = house.requests().await;
    let mut starts = Vec::new();
    for _ in 0..5 {
        let stint = Program::start(&house.world);
        starts.push(stint.start);
        stint.stop();
    }
    starts.sort_unstable();
    table.found("from start to first answer", format!("{} ms", starts.get(2).unwrap().as_millis()));
    let stint = Program::start(&house.world);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let resident = stint.resident();
    table.aimed("memory at rest", "below 40 MiB", &format!("{resident:.0} MiB"), resident < 40.0);
    let yardstick = Yardstick::start(house.world.url(), *house.people.first().unwrap());
    found(&calls, yardstick.port, stint.port).await;
    table.found("memory after the calls above", format!("{:.0} MiB", stint.resident()));
    stint.stop();
    house.world.remove().await;
}
