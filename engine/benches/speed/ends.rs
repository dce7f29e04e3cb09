//! Many activations that end at the same instant: how long until each end is on record.

use std::time::{Duration, Instant};

use domain::Span;
use engine::{Env, testing::Database, testing::World};

use crate::{house::plain_settings, program::Program, table::Table};

pub async fn measure(table: &mut Table, database: Database) {
    for (number, aim) in [(1_000, 1.0), (10_000, 5.0)] {
        let took = ends(database, number).await;
        let (p50, p99, most) = (of(&took, 50), of(&took, 99), of(&took, 100));
        let text = format!("p50 {p50:.2} s, p99 {p99:.2} s, the last {most:.2} s");
        table.aimed(&format!("{number} ends"), &format!("p99 below {aim:.0} s"), &text, p99 < aim);
    }
}

/// How long after its instant each end was durable, in seconds, in the order in which they were.
async fn ends(database: Database, number: usize) -> Vec<f64> {
    let world = World::by_the_clock(database).await.expect("a PostgreSQL: use make bench");
    world.administrator("Root").await;
    let people = world.people(number).await;
    let role = world.role_with("role", plain_settings()).await;
    let ends_at = Span::seconds(8).after(world.engine.now());
    for people in people.chunks(2_000) {
        world.hold_until(people, role, ends_at).await;
    }
    let before = usize::try_from(engine::live::newest(&world.engine).await.unwrap()).unwrap();
    world.engine.close().await;
    let stint = Program::start(&world);
    let url = world.url().to_owned();
    let watch = engine::testing::plain::Readers::open(&url).await.unwrap();
    let clock = Env::machine().unwrap();
    assert!(clock.now() < ends_at, "they ended before Stint was there");
    let (mut took, patience) = (Vec::new(), Instant::now());
    while took.len() < number {
        assert!(patience.elapsed() < Duration::from_secs(120), "{} of {number} have ended", took.len());
        tokio::time::sleep(Duration::from_millis(5)).await;
        let recorded = usize::try_from(watch.newest().await.unwrap()).unwrap() - before;
        let late = (clock.now() - ends_at).as_seconds_f64();
        took.resize(recorded.min(number).max(took.len()), late);
    }
    stint.stop();
    world.remove().await;
    took
}

/// So many of a hundred were not later.
fn of(took: &[f64], percent: usize) -> f64 {
    *took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).unwrap()
}
