//! `World`: the only fixture. A real engine on a real database, with a clock that stands still.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may")]

use domain::{Instant, Span};
use secrecy::{SecretBox, SecretString};

use crate::{Config, Engine, Env};

/// The kinds of database that every engine test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in a temporary directory.
    Sqlite,
    /// The server named by `STINT_TEST_POSTGRES`.
    Postgres,
}

/// A real engine that a test holds in its hands.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// The file of an SQLite database, removed with the world.
    directory: std::path::PathBuf,
    url: String,
}

/// When every world begins: Tuesday 24 November 2026, 13:18 UTC.
pub fn beginning() -> Instant {
    Instant::from_timestamp_micros(1_795_526_280_000_000).unwrap()
}

static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// A new folder for one test.
pub fn scratch() -> std::path::PathBuf {
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("stint-world-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl World {
    /// A world on this kind of database; none when there is no PostgreSQL to test with.
    pub async fn on(database: Database) -> Option<Self> {
        Self::under(database, |number| Env::fixed(beginning(), u64::from(number) + 1)).await
    }

    /// The same by the machine's clock, for tests that run the real program on its database.
    pub async fn by_the_clock(database: Database) -> Option<Self> {
        Self::under(database, |_| Env::machine().unwrap()).await
    }

    /// The same on this very database, with its files in this folder: the folder goes with the world.
    pub async fn at(url: String, directory: std::path::PathBuf) -> Self {
        let engine = Engine::open(config(url.clone()), Env::machine().unwrap()).await.unwrap();
        Self { engine, directory, url }
    }

    async fn under(database: Database, env: impl FnOnce(u32) -> Env) -> Option<Self> {
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let directory = scratch();
        let url = match database {
            Database::Sqlite => format!("sqlite://{}/stint.db", directory.display()),
            Database::Postgres => postgres(number).await?,
        };
        let engine = Engine::open(config(url.clone()), env(number)).await.unwrap();
        Some(Self { engine, directory, url })
    }

    /// Opens the engine anew under this clock, after it was closed or as good as killed.
    pub async fn reopen(&mut self, env: Env) {
        self.engine = Engine::open(config(self.url.clone()), env).await.unwrap();
    }

    /// The folder that goes with the world.
    pub fn folder(&self) -> &std::path::Path {
        &self.directory
    }

    /// Where its database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Removes what it leaves behind, once its engines are closed: a server keeps databases until they are dropped.
    pub async fn remove(self) {
        let Some((server, name)) = self.url.rsplit_once('/').filter(|_| self.url.starts_with("postgres"))
        else {
            return;
        };
        let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sea_orm::ConnectionTrait::execute_unprepared(&admin, &drop).await.unwrap();
        admin.close().await.unwrap();
    }

    /// Moves the clock.
    pub fn advance(&self, span: Span) {
        let env = self.engine.env();
        env.set(span.after(env.now()));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The configuration of a world.
pub fn config(url: String) -> Config {
    Config {
        database_url: SecretString::from(url),
        key: SecretBox::new(Box::new([7; 32])),
        public_url: "http://127.0.0.1:8080".to_owned(),
        organisation: "Halden Logistics".to_owned(),
        zone: chrono_tz::Europe::Oslo,
        service_desk: None,
        shortest: Span::minutes(5),
        smtp: None,
        anchor_file: None,
        password_workers: 2,
        demo: false,
    }
}

/// A new database on the test server. Without one the test of PostgreSQL is left out, unless in `make test`.
async fn postgres(number: u32) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the test command names its server so")]
    let base = std::env::var("STINT_TEST_POSTGRES").ok()?;
    let name = format!("stint_{}_{number}", std::process::id());
    let (server, _) = base.rsplit_once('/').unwrap_or_else(|| panic!("no database in {base}"));
    let admin = sea_orm::Database::connect(&base).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&admin, &format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    Some(format!("{server}/{name}"))
}

/// A number that the long form of a test is given by its environment, such as how many rounds there are.
///
/// # Panics
/// When it is no number.
pub fn number(name: &str, usual: u64) -> u64 {
    told(name).map_or(usual, |given| given.parse().unwrap_or_else(|_| panic!("{name} is no number: {given}")))
}

/// A text that the environment gives, such as the name of a program.
pub fn told(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the long form of a test is asked for so")]
    let given = std::env::var(name).ok();
    given.filter(|given| !given.is_empty())
}

/// Runs the same test on every kind of database.
#[macro_export]
macro_rules! on_every_database {
    ($name:ident, $world:ident, $body:block) => {
        async fn $name($world: $crate::testing::World) $body

        // Functions and modules have names of their own, so that both can be called alike.
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some(world) = $crate::testing::World::on($crate::testing::Database::Sqlite).await {
                    super::$name(world).await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(world) = $crate::testing::World::on($crate::testing::Database::Postgres).await {
                    super::$name(world).await;
                }
            }
        }
    };
}

pub mod activation;
pub mod bulk;
mod clock;
mod forge;
mod mail;
mod person;
pub mod plain;
mod roles;
mod seed;
pub mod sign_in;
pub mod traces;

#[cfg(test)]
mod tests;

pub use clock::Hand;
pub use forge::Forger;
pub use mail::{Mail, MailServer};
