//! One flood, and what it must not hold up: ends by themselves, giving back, and pages of those who are signed in.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use domain::activation::{ActivationId, State};
use engine::{Env, testing::number};
use serde_json::json;

use crate::{
    clients::{Flood, Tally},
    http::{self, Sent},
    scene::{Scene, Signed},
};

/// In a flood, 99 of 100 ends, acts and answers take no longer.
const BOUND: Duration = Duration::from_secs(2);
/// Nobody who signs in after it waits longer.
const AFTER: Duration = Duration::from_secs(5);

/// How long things took.
#[derive(Default)]
struct Times(Vec<Duration>);

/// What somebody who is signed in saw: how long it took, and what was no answer.
#[derive(Default)]
struct Seen {
    times: Times,
    failed: Vec<String>,
}

impl Times {
    fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(index).copied().unwrap_or_default()
    }

    fn words(&self) -> String {
        format!(
            "{} of them, median {} ms, p99 {} ms, longest {} ms",
            self.0.len(),
            self.at(50).as_millis(),
            self.at(99).as_millis(),
            self.at(100).as_millis()
        )
    }
}

/// Somebody who is signed in looks at a page and asks the API, again and again.
async fn looks(port: u16, signed: Signed, until: Instant) -> Seen {
    let mut seen = Seen::default();
    let mut page = false;
    while Instant::now() < until {
        page = !page;
        let cookie = page.then(|| signed.access.clone());
        let sent = Sent { cookie, ..Sent::get(if page { "/" } else { "me/roles" }) };
        let token = if page { "" } else { signed.access.as_str() };
        let began = Instant::now();
        let answer = http::send(port, token, &sent).await.unwrap();
        seen.times.0.push(began.elapsed());
        if answer.status != 200 {
            seen.failed.push(format!("{}: {} {}", sent.path, answer.status, answer.body));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    seen
}

/// Rosa gives back what she holds, one after another.
async fn gives_back(port: u16, signed: Signed, kept: Vec<ActivationId>, every: Duration) -> Times {
    let mut times = Times::default();
    for id in kept {
        tokio::time::sleep(every).await;
        let began = Instant::now();
        let sent = Sent::post(format!("activations/{id}/deactivate"), json!({}));
        let answer = http::send(port, &signed.access, &sent).await.unwrap();
        times.0.push(began.elapsed());
        assert_eq!(answer.status, 204, "{}", answer.body);
    }
    times
}

/// How late each of these ended, after its end.
async fn lateness(scene: &mut Scene, ending: &[ActivationId]) -> Times {
    scene.world.reopen(Env::machine().unwrap()).await;
    let mut times = Times::default();
    for id in ending {
        let ended = scene.world.activation(*id).await;
        assert_eq!(ended.state, State::Ended, "I2: {ended:?}");
        let late = ended.settled_at.unwrap() - ended.ends_at.unwrap();
        times.0.push(late.to_std().unwrap_or_default());
    }
    scene.world.engine.close().await;
    times
}

/// How much memory a process had at most, in MiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()).unwrap() / 1024
}

/// Floods the program of a scene.
pub async fn flood(name: &str, mut scene: Scene) {
    let seconds = Duration::from_secs(number("STINT_FLOOD_SECONDS", 8));
    // Those who work sign in before it, and the first roles end when it has begun.
    let lead = Duration::from_secs(5);
    let (ending, kept) = scene.prepare(lead, lead + seconds.saturating_sub(Duration::from_secs(3))).await;
    let prepared = Instant::now();
    let (running, _) = scene.program.start().await;
    let port = running.port;
    let mut signed = Vec::new();
    for (number, name) in ["rosa", "otto", "anna"].into_iter().enumerate() {
        signed.push(Signed::of(&scene.sign_in(port, name, &format!("192.0.2.{number}")).await));
    }
    let quiet = looks(port, signed[0].clone(), Instant::now() + Duration::from_secs(1)).await;
    tokio::time::sleep((prepared + lead).saturating_duration_since(Instant::now() + Duration::from_secs(1)))
        .await;

    let until = Instant::now() + seconds;
    let flood = Flood { port, until, tally: Arc::<Tally>::default(), reader: signed[1].access.clone() };
    let clients = flood.begin();
    let every = (seconds - Duration::from_secs(2)) / u32::try_from(kept.len()).unwrap();
    let looking =
        [signed[0].clone(), signed[2].clone()].map(|signed| tokio::spawn(looks(port, signed, until)));
    let back = gives_back(port, signed[0].clone(), kept, every).await;
    let mut seen = Seen::default();
    for looks in looking {
        let one = looks.await.unwrap();
        seen.times.0.extend(one.times.0);
        seen.failed.extend(one.failed);
    }
    for client in clients {
        client.await.unwrap();
    }

    let began = Instant::now();
    let after = scene.sign_in(port, "rune", "192.0.2.9").await;
    assert_eq!(after.status, 201, "who comes after it signs in: {}", after.body);
    let waited = began.elapsed();
    let memory = memory(running.id());
    running.stop().await;
    let late = lateness(&mut scene, &ending).await;
    let tally = flood.tally;
    println!("{name}, {} s: {tally:?}", seconds.as_secs());
    println!("{name}: pages and reads before it: {}", quiet.times.words());
    println!("{name}: pages and reads in it: {}", seen.times.words());
    println!("{name}: roles given back in it: {}", back.words());
    println!("{name}: ends in it: {}", late.words());
    println!("{name}: sign-in after it: {} ms; at most {memory} MiB", waited.as_millis());
    let said = scene.program.said();
    let wrong: Vec<_> =
        said.lines().filter(|line| line.contains("panicked") || line.contains("ERROR")).take(20).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(quiet.failed.is_empty() && seen.failed.is_empty(), "{:#?}", seen.failed);
    assert_eq!(tally.failures.load(Ordering::Relaxed), 0);
    for counter in [&tally.half_open, &tally.slow, &tally.unread, &tally.wrong_passwords, &tally.forged] {
        assert!(counter.load(Ordering::Relaxed) >= 30, "each had its part in it: {tally:?}");
    }
    if seconds > Duration::from_secs(20) {
        assert!(tally.closed.load(Ordering::Relaxed) > 0, "who says half a request is let go: {tally:?}");
    }
    assert!(late.at(99) < BOUND, "I2, I18: ends are late: {}", late.words());
    assert!(back.at(99) < BOUND, "I18: giving back waits: {}", back.words());
    assert!(seen.times.at(99) < BOUND, "who is signed in waits: {}", seen.times.words());
    assert!(waited < AFTER, "the flood is over and still there after {waited:?}");
    assert!(!scene.mail.taken().is_empty(), "mail goes out in it");
    scene.world.remove().await;
}
