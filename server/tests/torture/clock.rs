//! The clock of the machine is set both ways while Stint runs, and Stint itself is held still: nobody keeps what is over,
//! and nothing that ended comes back (I1, I2, I12).

use std::{path::PathBuf, time::Duration};

use engine::testing::Database;

use crate::house::House;

/// How long Stint may need to see that the clock changed.
const SEEN: Duration = Duration::from_secs(5);

/// The clock of the program, set from outside: libfaketime reads this file each time it is asked for the time.
struct Hand(PathBuf);

impl Hand {
    /// Puts a program's clock into a hand.
    fn of(house: &mut House) -> Self {
        let library = std::fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok);
        let mut library = library.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"));
        let library = library
            .find(|path| path.exists())
            .unwrap_or_else(|| panic!("libfaketime is not installed: run scripts/install.sh test"));
        let file = house.world.folder().join("clock");
        for (name, value) in [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ] {
            house.program.with(name, &value);
        }
        let hand = Self(file);
        hand.set(0);
        hand
    }

    /// The clock is so many seconds ahead of the machine's from now on. Renamed into place, so that nobody reads half of it.
    fn set(&self, seconds: i64) {
        let new = self.0.with_extension("new");
        std::fs::write(&new, format!("{seconds:+}s\n")).unwrap();
        std::fs::rename(&new, &self.0).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_both_ways_prolongs_nothing_and_brings_nothing_back() {
    let mut house = House::on(Database::Sqlite, 1).await.unwrap();
    let hand = Hand::of(&mut house);
    let running = house.start().await;
    house.sign_in_all().await;

    // Set back: what is held ends at its time, what is given back is taken back, nothing new is granted.
    let kept = house.granted("rosa", "quick", 90).await;
    let short = house.granted("ravi", "quick", 3).await;
    hand.set(-3_600);
    house.refused_within("rune", "quick", "clock_stepped", SEEN).await;
    assert!(house.holds("rosa", "quick").await);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!house.holds("ravi", "quick").await, "I12: prolonged by an hour");
    house.is_ended_soon(&short).await;
    let given_back = house.give_back("rosa", &kept).await;
    assert!(given_back.is_done(), "{}", given_back.body);

    // Right again: grants go on.
    hand.set(0);
    let later = house.granted_within("rune", "quick", 60, SEEN).await;

    // Set forwards: what is over by that clock is over at once.
    hand.set(120);
    assert!(!house.holds("rune", "quick").await, "I1: held after its end");
    house.is_ended_soon(&later).await;

    // Back to the right time, which is behind what was seen: also after a restart nothing comes back.
    hand.set(0);
    house.refused_within("rita", "quick", "clock_stepped", SEEN).await;
    assert!(!house.holds("rune", "quick").await, "I12: brought back");
    running.kill();
    let running = house.start().await;
    assert!(!house.holds("rune", "quick").await, "I12: brought back by a restart");
    house.refused_within("rita", "quick", "clock_stepped", SEEN).await;

    // The operator accepts it.
    house.program.run(&["clock", "accept"]);
    house.granted_within("rita", "quick", 60, SEEN).await;
    assert!(!house.holds("rune", "quick").await, "I12: brought back by accepting the clock");
    assert_eq!(house.seen(&later).await["state"], "ended");
    running.stop().await;
    house.program.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_clock_of_the_database_counts_that_of_the_machine_changes_nothing() {
    let Some(mut house) = House::on(Database::Postgres, 1).await else { return };
    let hand = Hand::of(&mut house);
    let running = house.start().await;
    house.sign_in_all().await;
    let long = house.granted("rosa", "quick", 60).await;
    for (name, offset) in [("ravi", 3_600), ("rune", -3_600)] {
        hand.set(offset);
        let short = house.granted(name, "quick", 2).await;
        assert!(house.holds(name, "quick").await);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(!house.holds(name, "quick").await, "I1: held after its end");
        house.is_ended_soon(&short).await;
        assert!(house.holds("rosa", "quick").await, "ended before its time");
    }
    assert_eq!(house.seen(&long).await["state"], "active");
    running.stop().await;
    house.program.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_while_a_process_is_held_still_is_over_at_its_first_answer() {
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(house) = House::on(database, 1).await else { continue };
        let running = house.start().await;
        house.sign_in_all().await;
        let short = house.granted("rosa", "quick", 2).await;
        running.freeze(Duration::from_secs(4)).await;
        assert!(!house.holds("rosa", "quick").await, "I1: held after its end");
        house.is_ended_soon(&short).await;
        running.stop().await;
        house.program.verify();
    }
}
