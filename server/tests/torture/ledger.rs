//! The ledger: what was asked for, under which number, and what was answered. A lost answer is asked for again under the
//! same key until it comes, from whichever instance, so that every line ends with an answer.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{Instant, person::PersonId};

use crate::{
    dice::Dice,
    house::{House, Worker},
    http::{Answer, Sent},
};

/// An act that was answered.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number: in its key and in the reason that goes on record.
    pub number: u64,
    pub sent: Sent,
    /// The kinds of record that it may leave.
    pub leaves: &'static [&'static str],
    pub answer: Answer,
    pub answered_at: Instant,
    /// How often its answer was lost.
    pub lost: u32,
}

/// Whether somebody held a role, as they were told.
#[derive(Clone, Debug)]
pub struct Sight {
    pub person: PersonId,
    pub role: &'static str,
    pub asked_at: Instant,
    pub answered_at: Instant,
    /// The moment that the answer is about.
    pub at: Instant,
    pub held: bool,
}

/// What all clients wrote down.
#[derive(Default)]
pub struct Ledger {
    next: AtomicU64,
    lines: Mutex<Vec<Line>>,
    sights: Mutex<Vec<Sight>>,
}

/// What stands before the number of an act in its reason.
pub const MARK: &str = "act-";

/// The number of the act whose reason this is.
pub fn number_in(reason: &str) -> Option<u64> {
    let (_, rest) = reason.split_once(MARK)?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

impl Ledger {
    /// A number for an act.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Carries an act out: sends it until it is answered, and writes that down.
    pub async fn carry_out(
        &self,
        (house, worker, dice): (&House, &Worker, &Dice),
        number: u64,
        mut sent: Sent,
        leaves: &'static [&'static str],
    ) -> Answer {
        if sent.method == "POST" {
            sent.key = Some(format!("{MARK}{number}"));
        }
        let (answer, lost) = until_answered(house, worker, dice, &sent).await;
        assert_ne!(answer.status, 500, "{sent:?}: {}\n{}", answer.body, house.program.said());
        let line = Line { number, sent, leaves, answer: answer.clone(), answered_at: house.now(), lost };
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        answer
    }

    pub fn saw(&self, sight: Sight) {
        self.sights.lock().unwrap_or_else(PoisonError::into_inner).push(sight);
    }

    /// Everything since the last time.
    pub fn take(&self) -> (Vec<Line>, Vec<Sight>) {
        let lines = std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner));
        (lines, std::mem::take(&mut *self.sights.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Sends a request again and again until it is answered; gives also how often the answer was lost.
pub async fn until_answered(house: &House, worker: &Worker, dice: &Dice, sent: &Sent) -> (Answer, u32) {
    let began = std::time::Instant::now();
    let mut lost = 0;
    loop {
        match house.send(dice, worker, sent).await {
            // Done or not: asked again under the same key, it says which.
            Ok(answer) if answer.code() == "in_doubt" => {}
            Ok(answer) => return (answer, lost),
            Err(_) => {}
        }
        lost += 1;
        assert!(began.elapsed() < Duration::from_secs(60), "nobody answers:\n{}", house.program.said());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
