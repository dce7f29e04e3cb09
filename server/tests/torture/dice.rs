//! Chance that can be repeated: what is done when follows from one number, as far as the machine allows.

use engine::{Env, testing::beginning};

/// A source of chance.
#[derive(Clone)]
pub struct Dice(Env);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Env::fixed(beginning(), seed))
    }

    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        u64::from_le_bytes(self.0.bytes()) % bound.max(1)
    }

    /// One of several.
    pub fn one_of<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(all.len()).unwrap());
        all.get(usize::try_from(index).unwrap())
    }

    /// Waits less than so many milliseconds.
    pub async fn pause(&self, below: u64) {
        tokio::time::sleep(std::time::Duration::from_millis(self.below(below))).await;
    }
}
