//! Passwords: argon2id at bounded concurrency.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Hashes passwords, so many at once.
#[derive(Clone, Debug)]
pub struct Hashing(Arc<Semaphore>);

impl Hashing {
    pub(crate) fn new(workers: usize) -> Self {
        Self(Arc::new(Semaphore::new(workers.max(1))))
    }
}
