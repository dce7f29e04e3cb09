//! Opening the database: SQLite file or PostgreSQL server, alike from here on.

use std::{path::PathBuf, time::Duration};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    env::Env,
    error::{Error, Result},
    store::head,
};

/// What a database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Everything: refuses what was brought here from elsewhere and may be an older state.
    Working,
    /// Looking at it, whatever it is.
    Looking,
    /// Making an older state safe.
    Restoring,
}

/// What connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// Making the database and bringing it up to date. May take as long as it takes.
    SettingUp,
    /// The lane. Bounded when time goes on: an instance that hangs must not keep the others from writing.
    Writing { bounded: bool },
    /// Answers.
    Reading { bounded: bool },
}

impl For {
    /// How many at once.
    const fn most(self) -> u32 {
        match self {
            Self::SettingUp | Self::Writing { .. } => 1,
            Self::Reading { .. } => 8,
        }
    }

    /// The bounds of PostgreSQL, in milliseconds.
    const fn bounds(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Writing { bounded: true } | Self::Reading { bounded: true } => &[
                ("statement_timeout", "30000"),
                ("lock_timeout", "20000"),
                // An instance that hangs or lost its network must not keep the lock on writing from the others, so that
                // what is due ends within five seconds all the same.
                ("idle_in_transaction_session_timeout", "3000"),
            ],
            Self::SettingUp | Self::Writing { bounded: false } | Self::Reading { bounded: false } => &[],
        }
    }
}

/// The one connection that writes, for the lane alone.
#[derive(Debug)]
pub(crate) struct Writer {
    pub connection: DatabaseConnection,
    /// When an operator last accepted a corrected clock.
    pub accepted_at: Option<domain::Instant>,
    url: SecretString,
    bounded: bool,
}

impl Writer {
    /// A new connection, after something failed on this one: nobody knows whether it is still inside a transaction, and
    /// what is committed inside another one is not durable.
    ///
    /// # Errors
    /// When the database cannot be reached; then nothing can be written before this succeeds.
    pub(crate) async fn renew(&mut self) -> Result<()> {
        let _ = self.connection.clone().close().await;
        self.connection = connect(&self.url, For::Writing { bounded: self.bounded }).await?;
        Ok(())
    }
}

/// Opens it; the database is made and brought up to date first.
pub(crate) async fn open_writer(
    url: &SecretString,
    demo: bool,
    opening: Opening,
    env: &Env,
) -> Result<Writer> {
    let set_up = connect(url, For::SettingUp).await?;
    if migrations::is_newer(&sea_orm_migration_connection(&set_up)).await.unwrap_or(false) {
        return Err(Error::broken(
            "database.open",
            "the database was made by a newer version of Stint; install that version",
        ));
    }
    migrations::up(&set_up).await.map_err(Error::of("database.migrate"))?;
    now(&set_up, env).await?;
    let accepted_at = head::ensure(&set_up, demo, opening, env).await?;
    set_up.close().await.map_err(Error::of("database.open"))?;
    let bounded = is_bounded(env);
    let connection = connect(url, For::Writing { bounded }).await?;
    Ok(Writer { connection, accepted_at, url: url.clone(), bounded })
}

/// The connections that read.
pub(crate) async fn open_readers(url: &SecretString, env: &Env) -> Result<DatabaseConnection> {
    connect(url, For::Reading { bounded: is_bounded(env) }).await
}

/// The file of an SQLite address.
pub(crate) fn sqlite_file(url: &SecretString) -> Option<PathBuf> {
    let rest = url.expose_secret().strip_prefix("sqlite:")?;
    rest.strip_prefix("//").unwrap_or(rest).split('?').next().map(PathBuf::from)
}

/// While a test holds the clock still nothing is too late, however long its machine makes it wait.
fn is_bounded(env: &Env) -> bool {
    !env.is_fixed()
}

fn sea_orm_migration_connection(db: &DatabaseConnection) -> migrations::Connection<'_> {
    db.into()
}

async fn connect(url: &SecretString, use_: For) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url.expose_secret());
    options
        .max_connections(use_.most())
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(10))
        // A connection is asked whether it lives when it is given back, and again when it has rested since: one in use is not
        // asked twice for each question.
        .test_before_acquire_if_idle_for(Duration::from_secs(1))
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false);
    let read_only = matches!(use_, For::Reading { .. });
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
    options.map_sqlx_postgres_opts(move |postgres| {
        let always = [
            ("synchronous_commit", "on"),
            // The ROLLBACK below mostly finds nothing to roll back, which is no news.
            ("client_min_messages", "error"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            ("TimeZone", "UTC"),
        ];
        postgres.options(always).options(use_.bounds().iter().copied())
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
pub(crate) async fn now<C: ConnectionTrait>(db: &C, env: &Env) -> Result<domain::Instant> {
    if db.get_database_backend() == DbBackend::Postgres && !env.is_fixed() {
        // Raw, because no builder knows it; SQLite has the process's clock.
        let statement = Statement::from_string(
            DbBackend::Postgres,
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us",
        );
        if let Some(row) = db.query_one_raw(statement).await.map_err(Error::of("database.now"))? {
            let us: i64 = row.try_get("", "us").map_err(Error::of("database.now"))?;
            env.follow(super::at(us)?);
        }
    }
    Ok(env.now())
}
