//! Access tokens whose signature was found good: the same bytes under the same key are good again, and checking a signature
//! costs more than all the rest of a short answer. What a token says of time is judged anew each time, and whether its
//! session goes on is asked of the session's row. Only tokens that we signed get in here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest, Sha256};

use super::signing::Claims;

/// A token, without being one.
type Mark = [u8; 32];

/// So many are remembered: a few megabytes.
const MOST: usize = 10_000;

/// What these tokens say, by a hash of each.
#[derive(Default)]
pub(super) struct Verified(Mutex<HashMap<Mark, Arc<Claims>>>);

impl Verified {
    fn inner(&self) -> MutexGuard<'_, HashMap<Mark, Arc<Claims>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a token says that was verified before.
    pub fn get(&self, token: &str) -> Option<Arc<Claims>> {
        self.inner().get(&mark(token)).cloned()
    }

    /// Remembers what a verified token says.
    pub fn keep(&self, token: &str, claims: &Arc<Claims>, now: i64) {
        let mut verified = self.inner();
        if verified.len() >= MOST {
            verified.retain(|_, claims| now < claims.exp);
        }
        if verified.len() >= MOST {
            verified.clear();
        }
        verified.insert(mark(token), claims.clone());
    }

    /// The keys may be others now.
    pub fn forget(&self) {
        self.inner().clear();
    }
}

fn mark(token: &str) -> Mark {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use domain::Id;

    use super::*;

    fn claims(exp: i64) -> Arc<Claims> {
        Arc::new(Claims {
            iss: String::new(),
            aud: String::new(),
            sub: Id::new(uuid::Uuid::from_u128(1)),
            sid: Id::new(uuid::Uuid::from_u128(2)),
            typ: String::new(),
            iat: 0,
            nbf: 0,
            exp,
            auth_time: 0,
            amr: Vec::new(),
        })
    }

    #[test]
    fn what_is_remembered_is_bounded_and_what_is_over_goes_first() {
        let verified = Verified::default();
        verified.keep("lasts", &claims(100), 0);
        for number in 1..MOST {
            verified.keep(&number.to_string(), &claims(10), 0);
        }
        verified.keep("one more", &claims(100), 50);
        assert!(verified.get("lasts").is_some() && verified.get("one more").is_some());
        assert!(verified.get("1").is_none() && verified.inner().len() == 2);
        for number in 0..2 * MOST {
            verified.keep(&number.to_string(), &claims(100), 50);
        }
        assert!(verified.inner().len() <= MOST);
        verified.forget();
        assert!(verified.get("one more").is_none());
    }
}
