//! One kill after another, and what is checked after each.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{Instant, Span, audit::Record};
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::{
    book::Book,
    house::House,
    http::Sent,
    ledger::{Ledger, Line, Sight, until_answered},
    post,
    program::Running,
    work::{self, Day},
};

/// What is due must be done so soon after its time, or after a start (I2, I13).
const PATIENCE: Span = Span::seconds(10);

/// What came of it.
#[derive(Default)]
pub struct Tally {
    pub kills: u64,
    freezes: u64,
    done: usize,
    refused: usize,
    lost: usize,
    sights: usize,
    starts: Vec<Duration>,
    /// When a process was started, or its database came back, by the clock of the world.
    pub spawned: Vec<Instant>,
    acknowledged: BTreeMap<u64, Instant>,
}

/// Tortures a house.
pub async fn torture(name: &str, house: House, rounds: u64) {
    let dice = house.dice.clone();
    let day = Arc::new(Day { house, ledger: Ledger::default(), gate: RwLock::new(()), over: false.into() });
    let (mut book, mut tally) = (Book::new(&day.house), Tally::default());
    let mut running = Vec::new();
    for _ in 0..day.house.instances {
        running.push(start(&day.house, &mut tally).await);
    }
    serve(&day.house, &running);
    day.house.sign_in_all().await;
    let clients = work::begin(&day);
    for _ in 0..rounds {
        tokio::time::sleep(Duration::from_millis(200)).await;
        dice.pause(1_300).await;
        let victim = usize::try_from(dice.below(running.len() as u64)).unwrap();
        if dice.below(4) == 0 {
            running[victim].freeze(Duration::from_millis(1_000 + dice.below(2_000))).await;
            tally.freezes += 1;
            dice.pause(300).await;
        }
        let killed = running.swap_remove(victim);
        kill(&day.house, killed, &mut running, &mut tally).await;
        assert!(clients.iter().all(|client| !client.is_finished()), "a client has seen what must not be");
        let _alone = day.gate.write().await;
        day.house.sign_in_all().await;
        read_books(&day, &mut book, &mut tally).await;
    }
    work::end(&day, clients).await;
    finish(name, day, book, tally, running).await;
}

/// Kills one, and starts another in its place.
async fn kill(house: &House, killed: Running, running: &mut Vec<Running>, tally: &mut Tally) {
    let dice = &house.dice;
    killed.kill();
    tally.kills += 1;
    serve(house, running);
    if running.is_empty() {
        house.program.verify();
    } else {
        dice.pause(1_000).await;
    }
    if dice.below(3) == 0 {
        // Once more, at some moment of its start.
        let started = house.program.spawn();
        dice.pause(600).await;
        started.kill();
        tally.kills += 1;
    }
    running.push(start(house, tally).await);
    serve(house, running);
}

/// Starts one.
pub async fn start(house: &House, tally: &mut Tally) -> Running {
    tally.spawned.push(house.now());
    let (running, took) = house.program.start().await;
    tally.starts.push(took);
    running
}

/// Says where requests may go.
pub fn serve(house: &House, running: &[Running]) {
    house.serve_at(running.iter().map(|running| running.port).collect());
}

/// Reads what was recorded since, and holds it against what was acknowledged and seen.
pub async fn read_books(day: &Day, book: &mut Book, tally: &mut Tally) {
    let auditor = day.house.auditor();
    let wanted = json!({ "format": "json_lines", "from": book.newest_at });
    let sent = Sent::post("records/export", wanted);
    let (answer, _) = until_answered(&day.house, auditor, &day.house.dice, &sent).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let before = book.newest;
    let mut exported = false;
    for line in answer.body.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let record: Record = serde_json::from_value(line["record"].take()).unwrap();
        exported |= record.seq > before && record.kind == "record.exported";
        book.read(&record);
    }
    assert!(exported, "the export is cut short");
    let last_start = tally.spawned.last().copied().unwrap();
    let now = day.house.now();
    if PATIENCE.after(last_start) < now {
        book.close(now, PATIENCE);
    } else {
        book.close(now, Span::days(1));
    }
    let (lines, sights) = day.ledger.take();
    for line in &lines {
        hold(line, book, tally);
    }
    members(&lines, book);
    for sight in &sights {
        seen(sight, book, tally);
    }
    tally.sights += sights.len();
}

/// What was acknowledged is there once; what was refused is not there.
fn hold(line: &Line, book: &Book, tally: &mut Tally) {
    let none = Vec::new();
    let left = book.acts.get(&line.number).unwrap_or(&none);
    assert!(left.len() <= 1, "I5: done {} times: {line:?}", left.len());
    assert!(left.iter().all(|kind| line.leaves.contains(&kind.as_str())), "I7: {left:?} by {line:?}");
    tally.lost += usize::from(line.lost > 0);
    if line.answer.is_done() {
        tally.done += 1;
        tally.acknowledged.insert(line.number, line.answered_at);
        assert!(left.len() == line.leaves.len().min(1), "I9: acknowledged and not there: {line:?}");
    } else {
        tally.refused += 1;
        // Carried out, its answer lost, and its caller has no right to hear it any more.
        let unheard = line.lost > 0 && matches!(line.answer.status, 401 | 403 | 404 | 429);
        assert!(unheard || left.is_empty(), "I9: refused ({}) and there: {line:?}", line.answer.code());
    }
}

/// Who is a member is what the last act on that membership said.
fn members(lines: &[Line], book: &Book) {
    let mut last: BTreeMap<(String, String), bool> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.sent.path.starts_with("groups/") && line.answer.is_done()) {
        let parts: Vec<_> = line.sent.path.split('/').collect();
        let (person, is_member) = match &line.sent.body {
            Some(body) => (body["person"].as_str().unwrap().to_owned(), true),
            None => (parts[3].to_owned(), false),
        };
        last.insert((parts[1].to_owned(), person), is_member);
    }
    for (membership, is_member) in last {
        assert_eq!(book.members.contains(&membership), is_member, "I9: membership {membership:?}");
    }
}

/// Nobody was told that somebody holds what they did not hold at that moment, nor the contrary.
fn seen(sight: &Sight, book: &Book, tally: &Tally) {
    let person = sight.person.to_string();
    let lives = book.lives.values().filter(|life| life.person == person && life.role == sight.role);
    let mut covering = lives.filter(|life| {
        life.effective_at.is_some_and(|from| from <= sight.at)
            && life.ends_at.is_some_and(|end| sight.at < end)
    });
    let acknowledged = |number: Option<u64>| number.and_then(|number| tally.acknowledged.get(&number));
    if sight.held {
        let held = covering.any(|life| match (life.settled_at, acknowledged(life.settled_by)) {
            (None, _) => true,
            (Some(settled_at), None) => sight.asked_at < Span::seconds(5).after(settled_at),
            (Some(_), Some(over_at)) => sight.asked_at < *over_at,
        });
        assert!(held, "I1: told that it is held: {sight:?}");
    } else {
        let missed = covering.find(|life| {
            acknowledged(life.granted_by).is_some_and(|granted_at| *granted_at < sight.asked_at)
                && life.settled_at.is_none_or(|settled_at| sight.answered_at < settled_at)
        });
        assert!(missed.is_none(), "I9: told that it is not held: {sight:?}, {missed:?}");
    }
}

/// Everything comes to its end; then all is read once more with nothing running.
pub async fn finish(name: &str, day: Arc<Day>, mut book: Book, mut tally: Tally, running: Vec<Running>) {
    // What was given is over by now, and was to be recorded a second ago.
    tokio::time::sleep(Duration::from_secs(6)).await;
    read_books(&day, &mut book, &mut tally).await;
    book.close(day.house.now(), Span::seconds(1));
    for one in running {
        one.stop().await;
    }
    day.house.program.verify();
    let Ok(day) = Arc::try_unwrap(day) else { panic!("somebody still works") };
    let mut house = day.house;
    let posted = post::count(&mut house, &mut book, tally.kills).await;
    post::compare(&house.world, &book).await;
    house.world.engine.close().await;

    let mut late: Vec<_> = book.ends.iter().map(|end| (end.at - end.due_at).num_milliseconds()).collect();
    let mut caught_up: Vec<_> = book.ends.iter().map(|end| late_after_start(end, &tally)).collect();
    late.sort_unstable();
    caught_up.sort_unstable();
    tally.starts.sort_unstable();
    println!("{name}: {}", house.program.binary());
    println!(
        "  {} kills, {} held still; {} acts acknowledged, {} refused, {} whose answer was lost; {} answers about who holds what; {} records",
        tally.kills, tally.freezes, tally.done, tally.refused, tally.lost, tally.sights, book.newest
    );
    println!(
        "  start to first answer: median {:?}, longest {:?}",
        tally.starts[tally.starts.len() / 2],
        tally.starts.last().unwrap()
    );
    println!("  {} messages, {} of them doubled", posted.messages, posted.doubled);
    println!(
        "  {} ends by time; recorded late by (ms): median {}, p99 {}, most {}; after time or start: p99 {}, most {}",
        late.len(),
        part(&late, 50),
        part(&late, 99),
        part(&late, 100),
        part(&caught_up, 99),
        part(&caught_up, 100)
    );
    let bound = PATIENCE.as_seconds() * 1_000;
    assert!(part(&caught_up, 100) <= bound, "I13: an end was recorded later than {PATIENCE:?} after a start");
    if house.instances > 1 {
        assert!(part(&late, 100) <= 5_000, "I2: an end was late although an instance was up");
    }
}

/// How long after its time an end was recorded, or after the last start before that.
fn late_after_start(end: &crate::book::Ended, tally: &Tally) -> i64 {
    let start = tally.spawned.iter().copied().filter(|spawned| *spawned <= end.at).max();
    (end.at - start.unwrap_or(end.due_at).max(end.due_at)).num_milliseconds()
}

fn part(sorted: &[i64], percent: usize) -> i64 {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}
