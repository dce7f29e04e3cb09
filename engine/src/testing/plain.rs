//! The databases themselves, without anything of Stint: what its speed is measured against.

use std::time::{Duration, Instant};

use domain::person::PersonId;
use sea_orm::{
    DatabaseConnection, EntityTrait, QuerySelect,
    sqlx::{
        self, Connection, Executor, PgConnection, SqliteConnection,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use secrecy::SecretString;

use crate::{Env, Result, store};

/// The kind of pool that answers read by.
#[derive(Clone, Debug)]
pub struct Readers(DatabaseConnection);

impl Readers {
    /// Opens it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(Self(store::db::open_readers(&SecretString::from(url), &Env::machine().unwrap()).await?))
    }

    /// One row by its primary key: the name of a person.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn name(&self, person: PersonId) -> Result<Option<String>> {
        use store::person::row::{Column, Entity};
        let found = Entity::find_by_id(person.uuid()).select_only().column(Column::Name);
        Ok(found.into_tuple().one(&self.0).await?)
    }

    /// The number of the newest record.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn newest(&self) -> Result<i64> {
        Ok(store::head::read(&self.0).await?.seq)
    }
}

const ROW: &str = "one row as long as a short reason that somebody gave";

/// How often in a second one connection commits one row durably, one after another, on a file of its own.
///
/// # Panics
/// When the file cannot be written.
pub async fn sqlite_commits(folder: &std::path::Path, time: Duration) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("plain.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut db = SqliteConnection::connect_with(&options).await.unwrap();
    db.execute("CREATE TABLE IF NOT EXISTS plain (id INTEGER PRIMARY KEY, words TEXT)").await.unwrap();
    let (began, mut done) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        sqlx::query("INSERT INTO plain (words) VALUES (?)").bind(ROW).execute(&mut db).await.unwrap();
        done += 1;
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}

/// The same on a PostgreSQL server.
///
/// # Panics
/// When the server does not answer, or answers before a commit is durable.
pub async fn postgres_commits(url: &str, time: Duration) -> f64 {
    let mut db = PgConnection::connect(url).await.unwrap();
    for name in ["fsync", "synchronous_commit"] {
        let setting: String =
            sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut db).await.unwrap();
        assert_eq!(setting, "on", "{name}: this is no durable server");
    }
    db.execute("CREATE TABLE IF NOT EXISTS plain (id BIGSERIAL PRIMARY KEY, words TEXT)").await.unwrap();
    let (began, mut done) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        sqlx::query("INSERT INTO plain (words) VALUES ($1)").bind(ROW).execute(&mut db).await.unwrap();
        done += 1;
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}
