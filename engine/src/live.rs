//! What changed, for live pages: the number of the newest record, told to whoever waits.

use tokio::sync::watch;

/// Tells waiting pages that there are new records.
#[derive(Clone, Debug)]
pub struct Live(watch::Sender<i64>);

impl Live {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// There are records up to `seq`.
    pub(crate) fn tell(&self, seq: i64) {
        self.0.send_if_modified(|newest| {
            let newer = seq > *newest;
            if newer {
                *newest = seq;
            }
            newer
        });
    }

    /// Waits for records; each receiver sees the newest number only.
    pub fn listen(&self) -> watch::Receiver<i64> {
        self.0.subscribe()
    }
}
