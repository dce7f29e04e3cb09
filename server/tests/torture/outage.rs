//! The database goes away while people work, and comes back: nobody hears that something was done that was not, nor the
//! contrary, and what is due is done soon after.

use std::{sync::Arc, time::Duration};

use engine::testing::World;
use tokio::sync::RwLock;

use crate::{
    book::Book,
    house::House,
    ledger::Ledger,
    round::{self, Tally},
    server::Server,
    work::{self, Day},
};

/// Lets the database go away so many times.
pub async fn outages(rounds: u64) {
    let Some(mut server) = Server::new() else { return };
    let world = World::at(server.url(), server.folder().join("house")).await;
    std::fs::create_dir_all(world.folder()).unwrap();
    let house = House::in_world(world, 1).await;
    let dice = house.dice.clone();
    let day = Arc::new(Day { house, ledger: Ledger::default(), gate: RwLock::new(()), over: false.into() });
    let (mut book, mut tally) = (Book::new(&day.house), Tally::default());
    let running = vec![round::start(&day.house, &mut tally).await];
    round::serve(&day.house, &running);
    day.house.sign_in_all().await;
    let clients = work::begin(&day);
    for _ in 0..rounds {
        tokio::time::sleep(Duration::from_millis(500)).await;
        dice.pause(1_500).await;
        server.stop();
        tally.kills += 1;
        dice.pause(3_000).await;
        server.start();
        tally.spawned.push(day.house.now());
        assert!(clients.iter().all(|client| !client.is_finished()), "a client has seen what must not be");
        let _alone = day.gate.write().await;
        day.house.sign_in_all().await;
        round::read_books(&day, &mut book, &mut tally).await;
    }
    work::end(&day, clients).await;
    round::finish("PostgreSQL that goes away", day, book, tally, running).await;
}
