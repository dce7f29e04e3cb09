//! A password and a code are guessed by 64 hands from as many addresses, while the program is killed and started again: what
//! was counted stays counted, what is right does not help as long as one must wait, and others do not wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{Span, sign_in::delay_after};
use engine::testing::{number, sign_in::PASSWORD};
use serde_json::json;

use crate::{
    http::{self, Sent},
    scene::Scene,
};

/// Somebody whose password, or code, is guessed.
#[derive(Default)]
struct Guessed {
    /// Compared and wrong, as far as an answer came.
    tried: AtomicU64,
    told_to_wait: AtomicU64,
    lost: AtomicU64,
}

/// What the hands share.
struct Siege {
    port: AtomicU16,
    over: AtomicBool,
    /// Of a name whose password nobody knows.
    passwords: Guessed,
    /// Of a name whose password somebody has.
    codes: Guessed,
}

/// How many tries can count within this time: six at once, then each after its delay.
fn limit(time: Duration) -> u64 {
    let mut failures = 6;
    let mut waited = 0;
    loop {
        waited += u64::try_from(delay_after(failures).as_seconds()).unwrap();
        if Duration::from_secs(waited) > time {
            return u64::from(failures);
        }
        failures += 1;
    }
}

async fn hand(siege: Arc<Siege>, number: u64) {
    let mut round = 0;
    while !siege.over.load(Ordering::Relaxed) {
        round += 1;
        let at_code = (number + round).is_multiple_of(4);
        let (name, password, guessed) = if at_code {
            ("ravi", PASSWORD.to_owned(), &siege.codes)
        } else {
            ("rosa", format!("guess {number} {round}"), &siege.passwords)
        };
        // No code at all is like this one for a whole minute: it is wrong, or the machine is lucky once in a million.
        let code = format!("{:06}", (number * 7_919 + round * 104_729) % 1_000_000);
        let given = json!({ "name": name, "password": password, "code": code });
        let from = format!("10.{number}.{}.{}", round / 250 % 250, round % 250);
        let sent = Sent { from: Some(from), ..Sent::post("session", given) };
        match http::send(siege.port.load(Ordering::Relaxed), "", &sent).await {
            Ok(answer) => match answer.code().as_str() {
                "wrong_password" if !at_code => guessed.tried.fetch_add(1, Ordering::Relaxed),
                "mfa_invalid" | "mfa_reused" | "step_expired" if at_code => {
                    guessed.tried.fetch_add(1, Ordering::Relaxed)
                }
                "rate_limited" | "unavailable" => guessed.told_to_wait.fetch_add(1, Ordering::Relaxed),
                _ => panic!("{name} with {code}: {} {}", answer.status, answer.body),
            },
            Err(_) => guessed.lost.fetch_add(1, Ordering::Relaxed),
        };
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How long somebody is told to wait.
fn wait_of(answer: &http::Answer) -> Duration {
    let limit = answer.json()["limit"].as_str().unwrap_or_default().to_owned();
    let span: Span = limit.parse().unwrap_or_else(|_| panic!("no time to wait: {}", answer.body));
    Duration::from_secs(u64::try_from(span.as_seconds()).unwrap())
}

/// What is right does not help this person as long as they must wait, and then it does.
async fn must_wait(scene: &Scene, port: u16, name: &str, guessed: &str) {
    // Until the next one has to wait, or it would be their turn by chance.
    let from = format!("192.0.2.{}", name.len() * 10 + usize::from(name == "ravi"));
    while scene.sign_in_with(port, name, guessed, "000000", &from).await.code() != "rate_limited" {}
    let right = scene.sign_in(port, name, &from).await;
    assert_eq!(
        right.code(),
        "rate_limited",
        "what is right does not help while {name} must wait: {}",
        right.body
    );
    tokio::time::sleep(wait_of(&right) + Duration::from_millis(100)).await;
    let again = scene.sign_in(port, name, &from).await;
    assert_eq!(again.status, 201, "nobody is locked out: {}", again.body);
}

/// Guesses at a scene.
pub async fn guess(name: &str, scene: Scene) {
    let time = Duration::from_secs(number("STINT_GUESS_SECONDS", 3));
    let (mut running, _) = scene.program.start().await;
    let siege = Arc::new(Siege {
        port: running.port.into(),
        over: false.into(),
        passwords: Guessed::default(),
        codes: Guessed::default(),
    });
    let began = Instant::now();
    let hands: Vec<_> = (0..64).map(|number| tokio::spawn(hand(Arc::clone(&siege), number))).collect();
    let mut kills = 0;
    while began.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        running.kill();
        kills += 1;
        (running, _) = scene.program.start().await;
        siege.port.store(running.port, Ordering::Relaxed);
    }
    // Once more after the last start.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    siege.over.store(true, Ordering::Relaxed);
    for hand in hands {
        hand.await.unwrap();
    }
    let lasted = began.elapsed();
    let port = running.port;
    let other = scene.sign_in(port, "rune", "192.0.2.3").await;
    assert_eq!(other.status, 201, "others do not wait: {}", other.body);
    for (what, guessed) in [("passwords", &siege.passwords), ("codes", &siege.codes)] {
        let [tried, told, lost] =
            [&guessed.tried, &guessed.told_to_wait, &guessed.lost].map(|one| one.load(Ordering::Relaxed));
        let most = limit(lasted);
        println!(
            "{name}: {what} guessed by 64 hands for {} ms with {kills} kills: {tried} compared, at most {most} may; {told} told to \
             wait, {lost} without an answer",
            lasted.as_millis()
        );
        assert!(tried <= most, "{tried} {what} were compared in {lasted:?}, {most} at most may be");
        assert!(tried >= 3 && told > 50, "the guesses arrived at all: {tried} {told}");
    }
    tokio::join!(must_wait(&scene, port, "rosa", "a wrong one"), must_wait(&scene, port, "ravi", PASSWORD));
    running.stop().await;
    let said = scene.program.said();
    assert!(!said.contains("panicked") && !said.contains("ERROR"), "{said}");
    scene.world.remove().await;
}
