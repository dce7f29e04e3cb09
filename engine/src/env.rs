//! Clock, randomness and identifiers: the only place that takes them from the machine. Tests fix all three.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{Id, Instant};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// Where time, randomness and ids come from. Cheap to clone.
#[derive(Clone)]
pub struct Env {
    clock: Clock,
    rng: Arc<Mutex<StdRng>>,
}

/// A clock.
#[derive(Clone)]
pub enum Clock {
    /// The machine's.
    Machine(Arc<Machine>),
    /// One that stands still until it is moved.
    Fixed(Arc<Mutex<Instant>>),
}

/// The machine's clock, made so that it never goes back: while the system clock is behind what was seen already, time
/// goes on from there by the monotonic clock.
pub struct Machine {
    seen: Mutex<(Instant, std::time::Instant)>,
}

/// How far the system clock may be behind before it counts as stepped.
const STEP: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

impl Env {
    /// The machine's clock and randomness.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn machine() -> std::io::Result<Self> {
        let machine = Machine { seen: Mutex::new((system_now(), std::time::Instant::now())) };
        Ok(Self { clock: Clock::Machine(Arc::new(machine)), rng: machine_randomness()? })
    }

    /// A clock that begins at `start` and is moved by hand, with the machine's randomness: for the sample organisation,
    /// whose secrets are as good as any.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn moving(start: Instant) -> std::io::Result<Self> {
        Ok(Self { clock: Clock::Fixed(Arc::new(Mutex::new(start))), rng: machine_randomness()? })
    }

    /// A clock that stands at `start` and randomness from a seed.
    pub fn fixed(start: Instant, seed: u64) -> Self {
        Self {
            clock: Clock::Fixed(Arc::new(Mutex::new(start))),
            rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
        }
    }

    /// The moment, cut to microseconds.
    pub fn now(&self) -> Instant {
        match &self.clock {
            Clock::Machine(machine) => machine.now(),
            Clock::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the machine's clock cannot be moved.
    pub fn set(&self, to: Instant) {
        if let Clock::Fixed(at) = &self.clock {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// Makes sure that time never falls behind `instant`: the highest one that the database has seen.
    pub fn not_before(&self, instant: Instant) {
        if let Clock::Machine(machine) = &self.clock {
            machine.not_before(instant);
        }
    }

    /// Accepts the system clock as it is, also when it was set back.
    pub fn accept(&self) {
        if let Clock::Machine(machine) = &self.clock {
            machine.reset();
        }
    }

    /// Whether the system clock is behind what was seen already.
    pub fn is_stepped(&self) -> bool {
        match &self.clock {
            Clock::Machine(machine) => machine.is_stepped(),
            Clock::Fixed(_) => false,
        }
    }

    /// A new identifier, ordered by time.
    pub fn id<T>(&self) -> Id<T> {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        let random: [u8; 10] = self.bytes();
        Id::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

impl Machine {
    fn now(&self) -> Instant {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = std::time::Instant::now();
        let elapsed = chrono::TimeDelta::from_std(mark.duration_since(seen.1)).unwrap_or_default();
        let now = system_now().max(micros(seen.0 + elapsed));
        *seen = (now, mark);
        now
    }

    fn not_before(&self, instant: Instant) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if instant > seen.0 {
            *seen = (instant, std::time::Instant::now());
        }
    }

    fn reset(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = (system_now(), std::time::Instant::now());
    }

    fn is_stepped(&self) -> bool {
        system_now() < self.now() - STEP
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_now() -> Instant {
    micros(Utc::now())
}

/// A generator seeded by the operating system.
fn machine_randomness() -> std::io::Result<Arc<Mutex<StdRng>>> {
    let mut seed = [0_u8; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut seed)?;
    Ok(Arc::new(Mutex::new(StdRng::from_seed(seed))))
}

/// SQLite would keep nanoseconds where PostgreSQL does not.
fn micros(instant: Instant) -> Instant {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

impl Env {
    /// Whether a test holds the clock still.
    pub fn is_fixed(&self) -> bool {
        matches!(self.clock, Clock::Fixed(_))
    }
}
