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
    /// The machine's, or that of the database that several machines share.
    Machine(Arc<Machine>),
    /// One that stands still until it is moved.
    Fixed(Arc<Mutex<Instant>>),
}

/// A clock that never goes back: while the one that it follows is far behind what was told already, time goes on from
/// there by the monotonic clock.
pub struct Machine(Mutex<Reading>);

/// What was told last, and what is followed.
struct Reading {
    source: Source,
    told: Instant,
    /// When that was, by the monotonic clock.
    mark: std::time::Instant,
    followed: Followed,
}

/// Where a machine takes its two times from: what its clock says, and the time that goes on evenly.
#[derive(Clone)]
enum Source {
    /// The operating system.
    System,
    /// A test, which sets the clock both ways.
    #[cfg(any(test, feature = "testing"))]
    Hand(crate::testing::Hand),
}

/// Which clock is right.
#[derive(Clone, Copy)]
enum Followed {
    /// This machine's; in tests it may be wrong by so much.
    System(chrono::TimeDelta),
    /// The database's: what it said last, and when.
    Database(Instant, std::time::Instant),
}

/// How far the clock may be behind before it counts as stepped.
pub(crate) const STEP: chrono::TimeDelta = chrono::TimeDelta::seconds(5);

impl Env {
    /// The machine's clock and randomness.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn machine() -> std::io::Result<Self> {
        Self::wrong_by(chrono::TimeDelta::zero())
    }

    /// The machine's, where its clock is wrong by so much.
    pub(crate) fn wrong_by(delta: chrono::TimeDelta) -> std::io::Result<Self> {
        let clock = Clock::machine(Source::System, Followed::System(delta));
        Ok(Self { clock, rng: machine_randomness()? })
    }

    /// A machine whose clock is in the hand of a test, and randomness from a seed.
    #[cfg(any(test, feature = "testing"))]
    pub fn by_hand(hand: &crate::testing::Hand, seed: u64) -> Self {
        let clock = Clock::machine(Source::Hand(hand.clone()), Followed::System(chrono::TimeDelta::zero()));
        Self { clock, rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))) }
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
            Clock::Machine(machine) => machine.reading().now(),
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
            machine.reading().not_before(instant);
        }
    }

    /// The database's clock says `instant`: from the first time on, it is the one that counts.
    pub(crate) fn follow(&self, instant: Instant) {
        if let Clock::Machine(machine) = &self.clock {
            machine.reading().follow(instant);
        }
    }

    /// Accepts the clock as it is, also when it was set back.
    pub fn accept(&self) {
        if let Clock::Machine(machine) = &self.clock {
            machine.reading().accept();
        }
    }

    /// What the clock that is followed says, also while it is behind what was told already.
    pub(crate) fn corrected(&self) -> Instant {
        match &self.clock {
            Clock::Machine(machine) => machine.reading().followed(),
            Clock::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Whether the clock is behind what was seen already.
    pub fn is_stepped(&self) -> bool {
        match &self.clock {
            Clock::Machine(machine) => machine.reading().is_stepped(),
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

impl Clock {
    fn machine(source: Source, followed: Followed) -> Self {
        let mark = source.mark();
        let mut reading = Reading { source, told: Instant::MIN_UTC, mark, followed };
        reading.accept();
        Self::Machine(Arc::new(Machine(Mutex::new(reading))))
    }
}

impl Source {
    /// What the clock says.
    fn now(&self) -> Instant {
        match self {
            Self::System => system_now(),
            #[cfg(any(test, feature = "testing"))]
            Self::Hand(hand) => hand.says(),
        }
    }

    /// A mark in the time that goes on evenly.
    fn mark(&self) -> std::time::Instant {
        match self {
            Self::System => std::time::Instant::now(),
            #[cfg(any(test, feature = "testing"))]
            Self::Hand(hand) => hand.mark(),
        }
    }
}

impl Machine {
    fn reading(&self) -> std::sync::MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// What the clock that is followed says now.
    fn followed(&self) -> Instant {
        match self.followed {
            Followed::System(wrong) => self.source.now() + wrong,
            Followed::Database(at, mark) => micros(at + self.since(mark)),
        }
    }

    fn now(&mut self) -> Instant {
        let (followed, mark) = (self.followed(), self.source.mark());
        let on = micros(self.told + self.since(self.mark));
        self.told = match self.followed {
            Followed::System(_) => followed.max(on),
            // Where the monotonic clock ran a little faster, time waits for the database.
            Followed::Database(..) if followed >= self.told - STEP => followed.max(self.told),
            Followed::Database(..) => on,
        };
        self.mark = mark;
        self.told
    }

    fn not_before(&mut self, instant: Instant) {
        if instant > self.now() {
            self.told = instant;
        }
    }

    fn follow(&mut self, instant: Instant) {
        let first = matches!(self.followed, Followed::System(_));
        self.followed = Followed::Database(instant, self.source.mark());
        if first {
            // Nothing was written by this machine's own clock.
            self.accept();
        }
    }

    fn accept(&mut self) {
        (self.told, self.mark) = (self.followed(), self.source.mark());
    }

    fn is_stepped(&mut self) -> bool {
        self.followed() < self.now() - STEP
    }

    /// How long ago that was.
    fn since(&self, mark: std::time::Instant) -> chrono::TimeDelta {
        chrono::TimeDelta::from_std(self.source.mark().duration_since(mark)).unwrap_or_default()
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
    /// Whether a test holds the clock.
    pub fn is_fixed(&self) -> bool {
        match &self.clock {
            Clock::Fixed(_) => true,
            Clock::Machine(machine) => !matches!(machine.reading().source, Source::System),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock of a database, which said `at` this moment.
    fn reading(told: Instant, at: Instant) -> Reading {
        let mark = std::time::Instant::now();
        Reading { source: Source::System, told, mark, followed: Followed::Database(at, mark) }
    }

    fn second(second: i64) -> Instant {
        Instant::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn the_databases_clock_counts_and_not_the_machines() {
        let env = Env::wrong_by(chrono::TimeDelta::hours(2)).unwrap();
        let right = system_now();
        assert!(env.now() > right + chrono::TimeDelta::hours(1));
        env.follow(right);
        assert!(env.now() >= right && env.now() < right + chrono::TimeDelta::minutes(5));
        assert!(!env.is_stepped());
    }

    #[test]
    fn a_clock_that_is_a_little_behind_is_waited_for_and_one_that_is_far_behind_has_stepped() {
        let mut little = reading(second(4), second(0));
        assert_eq!((little.now(), little.is_stepped()), (second(4), false));
        let mut far = reading(second(60), second(0));
        assert!(far.now() >= second(60) && far.is_stepped());
        far.accept();
        assert!(far.now() < second(60) && !far.is_stepped());
    }

    #[test]
    fn time_does_not_fall_behind_what_another_instance_has_seen() {
        let mut ahead = reading(second(0), second(0));
        ahead.not_before(second(3600));
        assert!(ahead.now() >= second(3600) && ahead.is_stepped());
    }
}
