//! Opening the database: SQLite file or PostgreSQL server, alike from here on.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;

use crate::{
    config::Config,
    env::Env,
    error::{Error, Result},
    store::head,
};

/// The connections of one process.
pub(crate) struct Opened {
    /// One connection, for the writing lane alone.
    pub writer: DatabaseConnection,
    /// For reading.
    pub readers: DatabaseConnection,
}

/// How many connections read at once.
const READERS: u32 = 8;

pub(crate) async fn open(config: &Config, env: &Env) -> Result<Opened> {
    let url = config.database_url.expose_secret();
    let writer = connect(url, 1, false).await?;
    if migrations::is_newer(&sea_orm_migration_connection(&writer)).await.unwrap_or(false) {
        return Err(Error::broken(
            "database.open",
            "the database was made by a newer version of Stint; install that version",
        ));
    }
    migrations::up(&writer).await.map_err(Error::of("database.migrate"))?;
    head::ensure(&writer, config, env).await?;
    let readers = connect(url, READERS, true).await?;
    Ok(Opened { writer, readers })
}

fn sea_orm_migration_connection(db: &DatabaseConnection) -> migrations::Connection<'_> {
    db.into()
}

async fn connect(url: &str, most: u32, read_only: bool) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(most)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(10))
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .create_if_missing(!read_only)
            .read_only(read_only)
    });
    options.map_sqlx_postgres_opts(|postgres| {
        postgres.options([
            ("synchronous_commit", "on"),
            ("statement_timeout", "30000"),
            // An instance that hangs or lost its network must not keep the lock on writing from the others.
            ("lock_timeout", "20000"),
            ("idle_in_transaction_session_timeout", "10000"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            ("TimeZone", "UTC"),
        ])
    });
    // A connection whose user went away in a transaction must not carry it to the next one.
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_release(|connection, _| {
            Box::pin(async move {
                sea_orm::sqlx::Executor::execute(&mut *connection, "ROLLBACK").await?;
                Ok(true)
            })
        })
    });
    Database::connect(options).await.map_err(Error::of("database.open"))
}

/// Begins the one kind of transaction that writes.
pub(crate) async fn begin_writing(writer: &DatabaseConnection) -> Result<DatabaseTransaction> {
    writer
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await
        .map_err(Error::of("begin"))
}

/// The moment: on PostgreSQL the database's, so that instances agree; a clock that a test holds still wins.
pub(crate) async fn now(tx: &DatabaseTransaction, env: &Env) -> Result<domain::Instant> {
    if tx.get_database_backend() == DbBackend::Postgres && !env.is_fixed() {
        // Raw, because no builder knows it; SQLite has the process's clock.
        let statement = Statement::from_string(
            DbBackend::Postgres,
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us",
        );
        if let Some(row) = tx.query_one_raw(statement).await.map_err(Error::of("database.now"))? {
            let us: i64 = row.try_get("", "us").map_err(Error::of("database.now"))?;
            env.not_before(super::at(us)?);
        }
    }
    Ok(env.now())
}
