//! A machine's clock in the hand of a test: it is set both ways, while time itself only goes on.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use domain::{Instant, Span};

/// What a machine's clock says, and how much time has gone by.
#[derive(Clone, Debug)]
pub struct Hand(Arc<Mutex<Times>>);

#[derive(Clone, Copy, Debug)]
struct Times {
    says: Instant,
    mark: std::time::Instant,
}

impl Hand {
    /// A clock that says this.
    pub fn new(says: Instant) -> Self {
        Self(Arc::new(Mutex::new(Times { says, mark: std::time::Instant::now() })))
    }

    /// Time goes by, and the clock shows it.
    pub fn pass(&self, span: Span) {
        let mut times = self.lock();
        times.says = span.after(times.says);
        times.mark += span.duration().to_std().unwrap_or_default();
    }

    /// The clock is set, forwards or backwards; no time goes by.
    pub fn step(&self, delta: TimeDelta) {
        let mut times = self.lock();
        times.says += delta;
    }

    /// What the clock says.
    pub fn says(&self) -> Instant {
        self.lock().says
    }

    /// A mark in the time that only goes on.
    pub fn mark(&self) -> std::time::Instant {
        self.lock().mark
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
