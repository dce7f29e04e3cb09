//! Passwords: argon2id at bounded concurrency. What takes memory and time has a queue of bounded length in front, so that
//! a flood of sign-ins slows down nothing but sign-ins.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::{Code, Problem};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::common;
use crate::{
    Env,
    error::{Error, Result},
};

/// How many may wait for their turn.
const QUEUE: usize = 64;

/// A hash of nothing in particular, for names that nobody has: it costs what a real one costs.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3RpbnQtbm9ib2R5cy1zYWx0$wKv4vZsGmXgQCTb4h4M4oZ3G0m1QkQd1v4pSx1Zb1yE";

/// Hashes passwords, so many at once.
#[derive(Clone, Debug)]
pub struct Hashing {
    waiting: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place in the queue, to be taken before an attempt is counted: who finds it full has made no attempt.
#[derive(Debug)]
pub(crate) struct Ticket {
    place: OwnedSemaphorePermit,
    running: Arc<Semaphore>,
}

impl Hashing {
    pub(crate) fn new(workers: usize) -> Self {
        let workers = workers.max(1);
        Self {
            waiting: Arc::new(Semaphore::new(workers + QUEUE)),
            running: Arc::new(Semaphore::new(workers)),
        }
    }

    /// A place in the queue.
    ///
    /// # Errors
    /// `unavailable` when the queue is full.
    pub(crate) fn ticket(&self) -> Result<Ticket> {
        let place =
            Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Error::from(Code::Unavailable))?;
        Ok(Ticket { place, running: Arc::clone(&self.running) })
    }
}

impl Ticket {
    /// Whether the password belongs to the hash. Takes alike when there is no hash to belong to.
    pub(crate) async fn verify(self, password: &SecretString, hash: Option<&str>) -> Result<bool> {
        // No such password was ever accepted, and how long it is, its sender knows.
        if password.expose_secret().len() > domain::sign_in::PASSWORD_MOST {
            return Ok(false);
        }
        let password = password.clone();
        let known = hash.is_some();
        let hash = hash.unwrap_or(NOBODYS).to_owned();
        self.run(move || {
            let fits = Argon2::default().verify_password(password.expose_secret().as_bytes(), hash.as_str());
            match fits {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(Error::of("password.verify")(error)),
            }
        })
        .await
    }

    /// A PHC string for a password that was checked.
    pub(crate) async fn hash(self, env: &Env, password: &SecretString) -> Result<String> {
        let password = password.clone();
        let salt: [u8; 16] = env.bytes();
        self.run(move || {
            let hash = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
            Ok(hash.map_err(Error::of("password.hash"))?.to_string())
        })
        .await
    }

    /// Runs when it is its turn. A caller who goes away gives back their turn only when the work is done.
    async fn run<T: Send + 'static>(self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = self.running.acquire_owned().await.map_err(Error::of("password.turn"))?;
        let place = self.place;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((turn, place));
            result
        });
        done.await.map_err(Error::of("password.work"))?
    }
}

/// Checks a password that somebody chooses: its bounds, and that it is not one that everybody tries first. `about` are
/// words about this person and place.
///
/// # Errors
/// `too_short`, `too_long` or `password_common`.
pub(crate) fn check_chosen(password: &SecretString, about: &[&str]) -> Result<(), Problem> {
    domain::sign_in::password(password.expose_secret())?;
    if common::is_common(password.expose_secret(), about) {
        return Err(Problem::new(Code::PasswordCommon).field("password"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        let real = Argon2::default()
            .hash_password_with_salt(b"correct horse", b"0123456789abcdef")
            .unwrap()
            .to_string();
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(NOBODYS), cost(&real));
        assert_eq!(NOBODYS.len(), real.len() + 2, "a salt of 18 bytes instead of 16");
        let tried = Argon2::default().verify_password(b"correct horse", NOBODYS);
        assert_eq!(tried, Err(argon2::password_hash::Error::PasswordInvalid));
    }

    #[tokio::test]
    async fn a_password_belongs_to_its_hash_only() {
        let env = Env::fixed(chrono::DateTime::UNIX_EPOCH, 1);
        let hashing = Hashing::new(1);
        let password = SecretString::from("correct horse battery staple");
        let hash = hashing.ticket().unwrap().hash(&env, &password).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let verify = async |given: &str, hash: Option<&str>| {
            hashing.ticket().unwrap().verify(&SecretString::from(given), hash).await.unwrap()
        };
        assert!(verify("correct horse battery staple", Some(&hash)).await);
        assert!(!verify("correct horse battery stable", Some(&hash)).await);
        assert!(!verify("correct horse battery staple", None).await);
        assert!(!verify(&"x".repeat(1025), Some(&hash)).await);
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_to_come_back() {
        let hashing = Hashing::new(1);
        let places: Vec<_> = (0..=QUEUE).map(|_| hashing.ticket().unwrap()).collect();
        assert_eq!(hashing.ticket().unwrap_err().problem().unwrap().code, Code::Unavailable);
        drop(places);
        assert!(hashing.ticket().is_ok());
    }
}
