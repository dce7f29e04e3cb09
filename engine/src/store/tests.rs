//! What the database does with the queries that are asked all the time: it must not look through whole tables, which grow
//! for ever.

use std::sync::{Mutex, PoisonError};

use domain::{Span, activation::State, audit::RecordFilter, person::Principal, role::builtin};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionTrait,
};

use super::activation::Work;
use crate::{
    Engine, Env, on_every_database,
    testing::{Database, World, config},
};

/// A connection that keeps what it is asked.
struct Listening<'c> {
    db: &'c DatabaseConnection,
    asked: Mutex<Vec<Statement>>,
}

impl Listening<'_> {
    fn keep(&self, statement: &Statement) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(statement.clone());
    }
}

#[sea_orm::prelude::async_trait::async_trait]
impl ConnectionTrait for Listening<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.keep(&statement);
        self.db.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.keep(&statement);
        self.db.query_all_raw(statement).await
    }
}

/// How the database answers this, in its own words. PostgreSQL would look through a small table anyway, so that is made
/// dear.
async fn plan(db: &DatabaseConnection, statement: Statement) -> String {
    let (explain, column) = match db.get_database_backend() {
        DbBackend::Postgres => ("EXPLAIN", "QUERY PLAN"),
        _ => ("EXPLAIN QUERY PLAN", "detail"),
    };
    let tx = db.begin().await.unwrap();
    if explain == "EXPLAIN" {
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let asked = Statement { sql: format!("{explain} {}", statement.sql), ..statement };
    let rows = tx.query_all_raw(asked).await.unwrap();
    tx.rollback().await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// Whether a plan looks through a whole table or index. PostgreSQL says below each step what it looks for in the index. One of
/// what is not over it may read whole where, as here, next to nothing is.
fn looks_through(plan: &str) -> bool {
    let is_small = |step: &str| ["_unsettled_", "_open_"].iter().any(|part| step.contains(part));
    let whole_index = |step: &str| {
        step.contains("Index") && step.contains("Scan") && !step.contains("Index Cond") && !is_small(step)
    };
    plan.lines().any(|line| line.starts_with("SCAN ") || line.contains("Seq Scan"))
        || plan.split("->").any(whole_index)
}

on_every_database!(what_is_asked_all_the_time_is_found_by_indexes, world, {
    let (ada, root) = (world.person("Ada").await, world.administrator("Root").await);
    let group = world.group("Operators", &[ada]).await;
    let exchange = world.role("exchange").await;
    let eligible = world.eligible(ada, exchange).await;
    let held = world.request(ada, exchange).await.unwrap();
    let (engine, now) = (&world.engine, world.engine.now());
    let db = Listening { db: engine.readers(), asked: Mutex::default() };

    // Who asks, and what they may.
    super::access::of(&db, root, now).await.unwrap();
    super::access::holders(&db, builtin::ADMINISTRATOR, now).await.unwrap();
    super::group::members(&db, group).await.unwrap();
    super::session::find(&db, world.nothing()).await.unwrap();
    super::session::find_of_enabled(&db, world.nothing()).await.unwrap();
    super::session::live_of(&db, ada, now).await.unwrap();
    super::person::find(&db, ada).await.unwrap();
    super::sign_in::names_of(&db, &[ada]).await.unwrap();
    super::sign_in::find_by_name(&db, "ada").await.unwrap();
    super::role_settings::approved_by(&db, &[Principal::Person(ada), Principal::Group(group)]).await.unwrap();
    super::sign_in::attempt::read(&db, "key", now).await.unwrap();
    super::idempotency::find(&db, "caller", "key", now).await.unwrap();
    // What is due.
    for work in [Work::Ends, Work::Lapses, Work::Starts, Work::Announcements] {
        super::activation::due_for(&db, work, now, 200).await.unwrap();
    }
    super::activation::next_end(&db).await.unwrap();
    super::activation::next_other(&db).await.unwrap();
    super::assignment::next_due(&db).await.unwrap();
    // Requests and what they rest on.
    super::activation::find(&db, held).await.unwrap();
    super::activation::unsettled_of(&db, ada, Some(exchange)).await.unwrap();
    super::activation::unsettled_in(&db, exchange).await.unwrap();
    super::activation::pending(&db, None).await.unwrap();
    super::activation::own_of(&db, ada).await.unwrap();
    super::activation::told(&db, &[held]).await.unwrap();
    super::assignment::own::open_of(&db, ada, None).await.unwrap();
    super::assignment::own::in_role(&db, ada, exchange).await.unwrap();
    super::check::between(&db, ada, "exchange").await.unwrap();
    super::activation::last_over_at(&db, ada, exchange, now).await.unwrap();
    super::activation::records(&db, held).await.unwrap();
    super::assignment::get(&db, eligible).await.unwrap();
    // The record and the outbox.
    let mine = RecordFilter { person: Some(ada), ..RecordFilter::default() };
    super::audit::newest(&db, &mine, (0, i64::MAX), 51).await.unwrap();
    super::audit::newest(&db, &RecordFilter::default(), (0, i64::MAX), 51).await.unwrap();
    super::audit::heard(&db, 0, 10, 500).await.unwrap();
    super::outbox::reached(&db, &[ada, root]).await.unwrap();
    super::outbox::waiting(&db).await.unwrap();
    super::outbox::to_erase(&db, Span::days(90).before(now), 100).await.unwrap();

    let asked = db.asked.into_inner().unwrap();
    assert!(asked.len() > 30, "{}", asked.len());
    let mut wrong = Vec::new();
    for statement in asked {
        let plan = plan(engine.readers(), statement.clone()).await;
        if looks_through(&plan) {
            wrong.push(format!("{}\n{plan}", statement.sql));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(world.activation(held).await.state, State::Active);
});

/// What PostgreSQL bounds a connection by.
async fn bounds<C: ConnectionTrait>(db: &C) -> Vec<String> {
    let mut bounds = Vec::new();
    for name in
        ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "synchronous_commit"]
    {
        let show = Statement::from_string(DbBackend::Postgres, format!("SHOW {name}"));
        let row = db.query_one_raw(show).await.unwrap().unwrap();
        bounds.push(row.try_get("", name).unwrap());
    }
    bounds
}

async fn bounds_of(engine: &Engine) -> [Vec<String>; 2] {
    let writing = engine.note(|tx| Box::pin(async move { Ok(bounds(tx.conn()).await) })).await.unwrap();
    [writing, bounds(engine.readers()).await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_an_instance_that_hangs_does_not_keep_the_lock_on_writing() {
    let Some(world) = World::on(Database::Postgres).await else { return };
    // While the clock stands still there is no hurry.
    assert_eq!(bounds_of(&world.engine).await, [["0", "0", "0", "on"]; 2]);
    let engine = Engine::open(config(world.url().to_owned()), Env::machine().unwrap()).await.unwrap();
    assert_eq!(bounds_of(&engine).await, [["30s", "20s", "3s", "on"]; 2]);
    engine.close().await;
}

/// How many connections to the database of this one rest inside a transaction.
async fn in_transaction(db: &DatabaseConnection) -> i64 {
    let statement = Statement::from_string(
        DbBackend::Postgres,
        "SELECT count(*) AS n FROM pg_stat_activity \
         WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    );
    db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

/// This is how a connection comes back whose user went away between the beginning of a transaction and the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_a_connection_that_comes_back_in_a_transaction_leaves_it() {
    let Some(world) = World::on(Database::Postgres).await else { return };
    // Looked at from outside: what asks is in no transaction itself.
    let outside = sea_orm::Database::connect(world.url()).await.unwrap();
    world.engine.readers().execute_unprepared("BEGIN").await.unwrap();
    let left = async {
        while in_transaction(&outside).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), left).await.expect("the transaction is over");
    outside.close().await.unwrap();
}
