//! Places ahead of the rest, of which each person has few.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::person::PersonId;

/// So much that one person takes back may wait ahead of everything else; more waits with the rest, so that nobody fills the
/// queue with what is refused in the end.
const AHEAD: u32 = 4;

/// How much of each person waits ahead.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(Arc<Mutex<HashMap<PersonId, u32>>>);

/// A place of a person ahead of the rest; given back when dropped.
pub(super) struct Seat(Seats, PersonId);

impl Seats {
    pub(super) fn take(&self, person: PersonId) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(person).or_default();
        if *count >= AHEAD {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Seat(self.clone(), person))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.1) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}
