//! Copies of the database: making one of an SQLite file, looking whether one is whole, and knowing a database that was brought
//! here from elsewhere.

use std::{path::Path, time::Duration};

use domain::Instant;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
    sqlx::sqlite::SqliteJournalMode,
};
use secrecy::{ExposeSecret, SecretString};

use super::head::{self, Head};
use crate::error::{Error, Result};

/// What an operator does with a database that may be an older state.
pub(crate) const HOW: &str =
    "it may still give what was taken back since; `stint restore --in-place` makes it safe to use";

/// Writes a copy of an SQLite database to a file that is not there yet, or empty. Others may write meanwhile: the copy is of
/// one moment.
pub(crate) async fn copy(db: &DatabaseConnection, to: &Path) -> Result<()> {
    let to = to.to_str().ok_or_else(|| Error::broken("backup.copy", "the name of the file is no text"))?;
    // Raw, because only SQLite has it.
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.into()]);
    db.execute_raw(statement).await.map_err(Error::of("backup.copy"))?;
    Ok(())
}

/// Opens an SQLite file that is there, by itself: without a journal beside it once it is closed.
async fn alone(file: &Path) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new("sqlite:");
    options.max_connections(1).min_connections(1).sqlx_logging(false).acquire_timeout(Duration::from_secs(5));
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&file)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Delete)
            .busy_timeout(Duration::from_secs(1))
    });
    Database::connect(options).await.map_err(Error::of("backup.open"))
}

/// Looks whether an SQLite file is whole, and marks it as a backup of this moment. Gives where its record stands.
pub(crate) async fn mark(file: &Path, at: Instant) -> Result<Head> {
    let db = alone(file).await?;
    let marked = async {
        require_whole(&db).await?;
        head::mark_copy(&db, at).await?;
        head::read(&db).await
    };
    let marked = marked.await;
    db.close().await.map_err(Error::of("backup.close"))?;
    marked
}

/// Refuses an SQLite file that is damaged or no database of Stint.
pub(crate) async fn check(file: &Path) -> Result<()> {
    let db = alone(file).await?;
    let whole = async {
        require_whole(&db).await?;
        head::read(&db)
            .await
            .map(drop)
            .map_err(|_| Error::broken("backup.check", "it is no database of Stint"))
    };
    let whole = whole.await;
    db.close().await.map_err(Error::of("backup.close"))?;
    whole
}

async fn require_whole(db: &DatabaseConnection) -> Result<()> {
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(1)"))
        .await
        .map_err(Error::of("backup.check"))?;
    let found: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()
        .map_err(Error::of("backup.check"))?;
    if found == ["ok"] {
        return Ok(());
    }
    Err(Error::broken("backup.check", format!("the file is damaged: {}", found.join("; "))))
}

/// Makes an SQLite file stand by itself, with everything that was written to the journal beside it. False when another
/// process has it open.
pub(crate) async fn stand_alone(file: &Path) -> Result<bool> {
    match alone(file).await {
        Ok(db) => {
            db.close().await.map_err(Error::of("backup.close"))?;
            Ok(true)
        }
        // Leaving the journal needs the file for oneself.
        Err(error) if error.chain().contains("database is locked") => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether nobody else uses a database at present.
pub(crate) async fn is_alone(url: &SecretString) -> Result<bool> {
    match super::db::sqlite_file(url) {
        Some(file) if file.exists() => stand_alone(&file).await,
        Some(file) => Err(Error::broken("restore", format!("{} is not there", file.display()))),
        None => Ok(others(url).await? == 0),
    }
}

/// How many others use a PostgreSQL database at present.
async fn others(url: &SecretString) -> Result<i64> {
    let mut options = ConnectOptions::new(url.expose_secret());
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.map_err(Error::of("restore.open"))?;
    // Raw, because no builder knows it.
    let statement = Statement::from_string(
        DbBackend::Postgres,
        "SELECT count(*) AS others FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    );
    let row = db.query_one_raw(statement).await.map_err(Error::of("restore.others"))?;
    let others = row.map_or(Ok(0), |row| row.try_get("", "others")).map_err(Error::of("restore.others"))?;
    db.close().await.map_err(Error::of("restore.open"))?;
    Ok(others)
}

/// Which PostgreSQL server and which of its tables hold the installation's row: a table that was restored from a dump is
/// another one. Nothing on SQLite.
pub(crate) async fn home(db: &DatabaseConnection) -> Result<Option<String>> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let ask = async |sql: &str| {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        row.map(|row| row.try_get::<String>("", "it")).transpose()
    };
    let table =
        ask("SELECT 'installation'::regclass::oid::text AS it").await.map_err(Error::of("database.home"))?;
    // Not everybody may ask, everywhere.
    let server = match ask("SELECT system_identifier::text AS it FROM pg_control_system()").await {
        Err(error) if error.to_string().contains("permission denied") => None,
        server => server.map_err(Error::of("database.home"))?,
    };
    Ok(table.map(|table| format!("{}/{table}", server.unwrap_or_default())))
}
