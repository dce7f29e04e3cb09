//! The acts of Stint: use cases, store, notifications and the worker. Knows no transport and no page.
//!
//! A use case takes `&Engine` and `&Ctx`, and everything that writes goes through [`Engine::act`]: one transaction,
//! read, check, conditional update, record and messages. Nothing else can commit.

mod act;
mod ctx;
mod env;
mod error;
#[cfg(any(test, feature = "testing"))]
pub mod failpoint;
#[cfg(not(any(test, feature = "testing")))]
mod failpoint;
mod keys;
mod lane;

pub mod activation;
pub mod assignment;
pub mod audit;
pub mod backup;
pub mod check;
pub mod clock;
pub mod config;
pub mod demo;
pub mod group;
pub mod live;
mod measure;
#[cfg(test)]
mod model;
pub mod notification;
pub mod person;
mod reserve;
pub mod role;
pub mod role_settings;
pub mod session;
pub mod sign_in;
mod store;
pub mod worker;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

use std::sync::Arc;

use domain::Instant;
use sea_orm::DatabaseConnection;

pub use config::Config;
pub use ctx::{Caller, Client, Ctx, IdempotencyKey, Signed};
pub use env::{Clock, Env};
pub use error::{Error, Result};
pub use keys::Keys;
pub use measure::Measures;
pub(crate) use store::db::Opening;
pub use store::tx::{Committed, Tx};

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    env: Env,
    config: Config,
    keys: Keys,
    readers: DatabaseConnection,
    lane: lane::Lane,
    reserve: reserve::Reserve,
    passwords: sign_in::password::Hashing,
    sign_in_failures: sign_in::failed::Limiter,
    keyring: session::signing::Keyring,
    refusals: audit::refusals::Limiter,
    live: live::Live,
    watched: clock::Watched,
    verification: audit::verify::Last,
    post: notification::Post,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl Engine {
    /// Opens the database, brings its schema up to date and starts the writing lane. The worker is started
    /// separately ([`worker::start`]), so that tests can drive it by hand.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, belongs to something else, or is an older state that
    /// was not made safe ([`backup::restore`]).
    pub async fn open(config: Config, env: Env) -> Result<Self> {
        let engine = Self::open_for(Opening::Working, config, env).await?;
        audit::require_newest(&engine).await?;
        engine.first_start().await?;
        Ok(engine)
    }

    /// The same to look at whatever is there, also at a backup or a record that was cut.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, or belongs to something else.
    pub async fn open_to_look(config: Config, env: Env) -> Result<Self> {
        Self::open_for(Opening::Looking, config, env).await
    }

    pub(crate) async fn open_for(opening: Opening, config: Config, env: Env) -> Result<Self> {
        notification::check_templates()?;
        let post = notification::Post::new(&config)?;
        let keys = Keys::new(&config.key);
        let live = live::Live::new();
        let (url, demo, clock) = (config.database_url.clone(), config.demo, env.clone());
        let reserve = reserve::Reserve::beside(&config.database_url);
        let kept = reserve.clone();
        let open = async move || match store::db::open_writer(&url, demo, opening, &clock).await {
            // Opening takes room too, and what is due is due on a full disk as well.
            Err(error) if error.is_out_of_room() => {
                kept.free();
                store::db::open_writer(&url, demo, opening, &clock).await
            }
            opened => opened,
        };
        let lane = lane::Lane::start(env.clone(), live.clone(), reserve.clone(), open).await?;
        let readers = store::db::open_readers(&config.database_url, &env).await?;
        let passwords = sign_in::password::Hashing::new(config.password_workers);
        Ok(Self(Arc::new(Inner {
            env,
            keys,
            readers,
            lane,
            reserve,
            passwords,
            sign_in_failures: sign_in::failed::Limiter::default(),
            keyring: session::signing::Keyring::default(),
            refusals: audit::refusals::Limiter::default(),
            live,
            watched: clock::Watched::default(),
            verification: audit::verify::Last::default(),
            post,
            config,
        })))
    }

    /// The moment, for reads. Acts use the moment of their transaction.
    pub fn now(&self) -> Instant {
        self.0.env.now()
    }

    /// Clock, randomness and ids.
    pub fn env(&self) -> &Env {
        &self.0.env
    }

    /// What an operator configured.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The keys that seal secrets.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// What changed, for live pages.
    pub fn live(&self) -> &live::Live {
        &self.0.live
    }

    /// Waits until nothing can be written any more: after [`Engine::close`], or when the thread that writes has died. A
    /// process that can take nothing back must end, so that another one is started.
    pub async fn ended(&self) {
        self.0.lane.ended().await;
    }

    /// Waits until all writing is done, then closes the database.
    pub async fn close(&self) {
        self.0.lane.close().await;
        let _ = self.0.readers.clone().close().await;
    }

    /// Whether the database answers: for readiness.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<()> {
        self.0.readers.ping().await.map_err(Error::of("database.ping"))
    }

    pub(crate) fn readers(&self) -> &DatabaseConnection {
        &self.0.readers
    }

    pub(crate) fn reserve(&self) -> &reserve::Reserve {
        &self.0.reserve
    }

    pub(crate) fn passwords(&self) -> &sign_in::password::Hashing {
        &self.0.passwords
    }

    pub(crate) fn sign_in_failures(&self) -> &sign_in::failed::Limiter {
        &self.0.sign_in_failures
    }

    pub(crate) fn keyring(&self) -> &session::signing::Keyring {
        &self.0.keyring
    }

    pub(crate) fn refusals(&self) -> &audit::refusals::Limiter {
        &self.0.refusals
    }

    /// What has to be there before anything else: Stint's own roles.
    async fn first_start(&self) -> Result<()> {
        role::built_in::ensure(self).await
    }
}
