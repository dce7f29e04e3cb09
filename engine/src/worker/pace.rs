//! When to look again: at the next instant that matters, when something was recorded, and at least each second where
//! other instances or a stepping clock may have changed what is next.

use std::time::Duration;

use domain::Instant;
use sea_orm::DbBackend;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{Engine, error::Error};

/// The longest sleep: a clock that steps forward must be seen.
pub(super) const SECOND: Duration = Duration::from_secs(1);
/// Records that come one after another are looked at together.
const TOGETHER: Duration = Duration::from_millis(100);
/// The longest pause between two tries of what fails.
const LONGEST: Duration = Duration::from_secs(60);

/// The rhythm of one loop.
pub(super) struct Pace {
    next: Next,
    /// The instant that was next before: one that stays cannot be dealt with.
    before: Option<Instant>,
    records: watch::Receiver<i64>,
    recorded: bool,
    shared: bool,
    stop: CancellationToken,
}

/// What the loop waits for.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// Nothing that is known.
    Unknown,
    /// The clock.
    At(Instant),
    /// Another try, so much later.
    Again(Duration),
}

impl Pace {
    pub fn new(engine: &Engine, stop: CancellationToken) -> Self {
        let shared = engine.readers().get_database_backend() == DbBackend::Postgres;
        let records = engine.live().listen();
        Self { next: Next::Again(Duration::ZERO), before: None, records, recorded: false, shared, stop }
    }

    /// Whether there is something to do, and not only the next instant to be asked for anew.
    pub fn is_due(&self, now: Instant) -> bool {
        match self.next {
            Next::Unknown => false,
            Next::At(at) => at <= now,
            Next::Again(_) => true,
        }
    }

    /// The next instant that matters, as it is known now.
    pub fn next(&mut self, next: Option<Instant>, now: Instant) {
        self.next = match next {
            None => Next::Unknown,
            Some(at) if at <= now && self.before == next => Next::Again(SECOND),
            Some(at) => Next::At(at),
        };
        self.before = next;
    }

    /// What failed is tried again after this.
    pub fn again(&mut self, wait: Duration) {
        self.next = Next::Again(wait);
    }

    /// Waits until the loop has to look again; false when it is to stop.
    pub async fn wait(&mut self, engine: &Engine) -> bool {
        loop {
            let sleep = match self.next {
                Next::Unknown => SECOND,
                Next::At(at) => until(at, engine.now()),
                Next::Again(wait) => wait,
            };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return false,
                () = tokio::time::sleep(sleep) => {}
                () = gathered(&mut self.records, &mut self.recorded) => {}
            }
            let recorded = std::mem::take(&mut self.recorded);
            if recorded || self.shared || self.is_due(engine.now()) {
                return !self.stop.is_cancelled();
            }
        }
    }
}

/// How long to sleep until an instant.
fn until(at: Instant, now: Instant) -> Duration {
    (at - now).to_std().unwrap_or_default().min(SECOND)
}

/// Waits for records, and a little longer for those that follow.
async fn gathered(records: &mut watch::Receiver<i64>, recorded: &mut bool) {
    if records.changed().await.is_err() {
        // The engine is gone; the stop will come.
        std::future::pending::<()>().await;
    }
    *recorded = true;
    tokio::time::sleep(TOGETHER).await;
    records.mark_unchanged();
}

/// Says what fails, ever more seldom.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    told: Option<std::time::Instant>,
}

impl Backoff {
    /// Logs a failure unless that was done a short while ago, and gives the pause before the next try.
    pub fn tell(&mut self, what: &'static str, error: &Error) -> Duration {
        let pause = SECOND.saturating_mul(1 << self.failures.min(6)).min(LONGEST);
        if self.told.is_none_or(|told| told.elapsed() >= pause) {
            tracing::error!(
                what,
                cause = error.chain(),
                failures = self.failures,
                "failed; it is tried again"
            );
            self.told = Some(std::time::Instant::now());
        }
        self.failures = self.failures.saturating_add(1);
        pause
    }

    /// It works again.
    pub fn over(&mut self, what: &'static str) {
        if self.failures > 0 {
            tracing::info!(what, failures = self.failures, "works again");
        }
        *self = Self::default();
    }
}
