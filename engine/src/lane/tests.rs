//! What the lane promises to every command.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    person::PersonId,
};
use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::{
    Ctx,
    error::Error,
    lane::Priority,
    on_every_database, store,
    testing::{Database, World},
};

/// Renames a person and puts it on record; then fails if it is told to.
async fn rename(world: &World, ctx: &Ctx, id: PersonId, name: String, fail: bool) -> crate::Result<()> {
    let engine = world.engine.clone();
    world
        .engine
        .act(ctx, Event::new(EventKind::PersonChanged).person(id), move |tx| {
            Box::pin(async move {
                let mut person = store::person::get(tx.conn(), id).await?;
                person.name = name;
                store::person::save(tx.conn(), &person).await?;
                if fail {
                    return Err(Problem::new(Code::Forbidden).into());
                }
                tx.commit(&engine, (), vec![Event::new(EventKind::PersonChanged).person(id)]).await
            })
        })
        .await
}

async fn head(world: &World) -> i64 {
    store::head::read(world.engine.readers()).await.unwrap().seq
}

on_every_database!(a_command_that_fails_leaves_nothing_but_the_record_of_its_refusal, world, {
    let ada = world.person("Ada").await;
    let before = head(&world).await;
    let refused = rename(&world, &world.ctx(ada), ada, "Eve".to_owned(), true).await.unwrap_err();
    assert_eq!(refused.problem().unwrap().code, Code::Forbidden);
    assert_eq!(store::person::get(world.engine.readers(), ada).await.unwrap().name, "Ada");
    assert_eq!(head(&world).await, before + 1);
});

on_every_database!(commands_that_arrive_together_are_all_kept_and_numbered_without_a_gap, world, {
    let mut people = Vec::new();
    for number in 0..40 {
        people.push(world.person(&format!("Person {number}")).await);
    }
    let before = head(&world).await;
    let ctx = Ctx::stint();
    let renames = people.iter().map(|id| rename(&world, &ctx, *id, format!("New {id}"), false));
    for result in futures::future::join_all(renames).await {
        result.unwrap();
    }
    assert_eq!(head(&world).await, before + 40);
    for id in people {
        let person = store::person::get(world.engine.readers(), id).await.unwrap();
        assert_eq!(person.name, format!("New {id}"));
    }
});

on_every_database!(of_changes_to_one_version_exactly_one_wins, world, {
    let ada = world.person("Ada").await;
    let version = store::person::get(world.engine.readers(), ada).await.unwrap();
    let ctx = Ctx::stint();
    let attempts = (0..16).map(|number| {
        let (engine, mut person) = (world.engine.clone(), version.clone());
        person.name = format!("Ada {number}");
        let act = engine.clone();
        let ctx = ctx.clone();
        async move {
            act.act(&ctx, Event::new(EventKind::PersonChanged).person(ada), move |tx| {
                Box::pin(async move {
                    store::person::save(tx.conn(), &person).await?;
                    tx.commit(&engine, (), vec![Event::new(EventKind::PersonChanged).person(ada)]).await
                })
            })
            .await
        }
    });
    let results = futures::future::join_all(attempts).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.into_iter().filter_map(Result::err) {
        assert_eq!(error.problem().map(|problem| problem.code), Some(Code::Conflict));
    }
});

on_every_database!(a_command_goes_on_when_its_caller_goes_away, world, {
    let ada = world.person("Ada").await;
    let ctx = Ctx::stint();
    {
        let change = rename(&world, &ctx, ada, "Ada Lovelace".to_owned(), false);
        // Polled once, so that it stands in the queue; then dropped.
        assert!(futures::FutureExt::now_or_never(change).is_none());
    }
    // The lane is a queue: when a later command is answered, the earlier one is done.
    rename(&world, &ctx, world.person("Bo").await, "Bob".to_owned(), false).await.unwrap();
    assert_eq!(store::person::get(world.engine.readers(), ada).await.unwrap().name, "Ada Lovelace");
});

on_every_database!(a_command_that_panics_is_undone_and_the_lane_goes_on, world, {
    let ada = world.person("Ada").await;
    let broken: crate::Result<()> = world
        .engine
        .act(&Ctx::stint(), Event::new(EventKind::PersonChanged), move |tx| {
            Box::pin(async move {
                let mut person = store::person::get(tx.conn(), ada).await?;
                person.name = "Eve".to_owned();
                store::person::save(tx.conn(), &person).await?;
                panic!("on purpose")
            })
        })
        .await;
    assert!(broken.is_err());
    assert_eq!(store::person::get(world.engine.readers(), ada).await.unwrap().name, "Ada");
    rename(&world, &Ctx::stint(), ada, "Ada Lovelace".to_owned(), false).await.unwrap();
});

on_every_database!(a_change_without_a_fact_is_not_kept, world, {
    let ada = world.person("Ada").await;
    let engine = world.engine.clone();
    let silent: crate::Result<()> = world
        .engine
        .act(&Ctx::stint(), Event::new(EventKind::PersonChanged), move |tx| {
            Box::pin(async move {
                let mut person = store::person::get(tx.conn(), ada).await?;
                person.name = "Eve".to_owned();
                store::person::save(tx.conn(), &person).await?;
                tx.commit(&engine, (), Vec::new()).await
            })
        })
        .await;
    assert!(matches!(silent, Err(Error::Cause { .. })));
    assert_eq!(store::person::get(world.engine.readers(), ada).await.unwrap().name, "Ada");
});

/// A future of `begin` that is dropped hands its connection back inside an open transaction; what the next user writes
/// must still be durable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_a_dropped_begin_does_not_swallow_the_next_write() {
    let Some(world) = World::on(Database::Postgres).await else { return };
    let db = world.engine.readers();
    db.execute_unprepared("CREATE TABLE probe (n INT)").await.unwrap();
    for round in 0..60_u64 {
        let _ = tokio::time::timeout(std::time::Duration::from_micros(round * 15), db.begin()).await;
    }
    let mut written = 0;
    for _ in 0..30 {
        db.execute_unprepared("INSERT INTO probe VALUES (1)").await.unwrap();
        written += 1;
    }
    // Whatever transaction were still open would end with its connection.
    let url = world.url().to_owned();
    world.engine.close().await;
    let later = sea_orm::Database::connect(url).await.unwrap();
    let statement =
        sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT count(*)::int AS n FROM probe");
    let row = later.query_one_raw(statement).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i32>("", "n").unwrap(), written);
}

/// In which order these are carried out when they wait behind one that takes a while.
async fn order(world: &World, commands: Vec<(Priority, Ctx, &'static str)>) -> Vec<&'static str> {
    let (sent, mut order) = tokio::sync::mpsc::unbounded_channel();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let engine = world.engine.clone();
    let busy = tokio::spawn(async move {
        let held: crate::Result<()> = engine
            .note(move |_| {
                Box::pin(async move {
                    begin.send(()).unwrap();
                    gone.await.unwrap();
                    Ok(())
                })
            })
            .await;
        held.unwrap();
    });
    begun.await.unwrap();
    let mut waiting = Vec::new();
    for (priority, ctx, word) in commands {
        let (engine, sent) = (world.engine.clone(), sent.clone());
        let mut run = Box::pin(async move {
            let run = engine.0.lane.run(priority, ctx, move |tx| {
                Box::pin(async move {
                    sent.send(word).unwrap();
                    Ok(tx.unchanged(()))
                })
            });
            run.await.unwrap();
        });
        // Polled once, so that it stands in its queue.
        assert!(futures::FutureExt::now_or_never(&mut run).is_none());
        waiting.push(run);
    }
    go.send(()).unwrap();
    busy.await.unwrap();
    futures::future::join_all(waiting).await;
    drop(sent);
    let mut words = Vec::new();
    while let Some(word) = order.recv().await {
        words.push(word);
    }
    words
}

on_every_database!(what_is_due_goes_first_and_what_people_take_back_next, world, {
    let commands = [(Priority::Usual, "usual"), (Priority::TakingBack, "taken back"), (Priority::Due, "due")];
    let commands = commands.map(|(priority, word)| (priority, Ctx::stint(), word));
    assert_eq!(order(&world, commands.to_vec()).await, ["due", "taken back", "usual"]);
});

on_every_database!(nobody_fills_the_queue_of_what_is_taken_back, world, {
    let (ada, bo) = (world.ctx(world.person("Ada").await), world.ctx(world.person("Bo").await));
    let taking_back = |ctx: &Ctx, word| (Priority::TakingBack, ctx.clone(), word);
    let mut commands = vec![(Priority::Usual, bo.clone(), "usual")];
    commands.extend(["1", "2", "3", "4", "5"].map(|word| taking_back(&ada, word)));
    commands.push(taking_back(&bo, "of another"));
    let order_of_all = ["1", "2", "3", "4", "of another", "usual", "5"];
    assert_eq!(order(&world, commands.clone()).await, order_of_all);
    // What was carried out gave its place back.
    assert_eq!(order(&world, commands).await, order_of_all);
});

/// An engine that was opened on a runtime that does nothing any more still takes back.
fn goes_on_without_the_runtime_that_opened_it(database: Database) {
    let idle = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Some(world) = idle.block_on(World::on(database)) else { return };
    let busy = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ctx = Ctx::stint();
    let record = world.engine.record(&ctx, Event::new(EventKind::PersonChanged));
    let recorded =
        busy.block_on(async { tokio::time::timeout(std::time::Duration::from_secs(20), record).await });
    recorded.expect("the lane waits for no other runtime").unwrap();
}

#[test]
fn the_lane_does_not_need_the_runtime_that_opened_it_on_sqlite() {
    goes_on_without_the_runtime_that_opened_it(Database::Sqlite);
}

#[test]
fn the_lane_does_not_need_the_runtime_that_opened_it_on_postgresql() {
    goes_on_without_the_runtime_that_opened_it(Database::Postgres);
}

/// How many connections there are to the database of a world.
async fn connections(url: &str) -> i64 {
    let (server, name) = url.rsplit_once('/').unwrap();
    let db = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    let statement = sea_orm::Statement::from_sql_and_values(
        sea_orm::DbBackend::Postgres,
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = $1",
        [name.into()],
    );
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    db.close().await.unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_an_engine_that_is_dropped_leaves_no_connection_behind() {
    let Some(world) = World::on(Database::Postgres).await else { return };
    let url = world.url().to_owned();
    assert!(connections(&url).await > 0);
    drop(world);
    let none_left = async {
        while connections(&url).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), none_left).await.expect("they are closed");
}
