//! What happens by itself: due ends, lapses, starts, announcements, deliveries, anchors. It only carries out what the
//! clock has decided: whether a role is held never depends on it.
//!
//! Ends have a loop of their own that touches nothing but the writing lane, so that neither readers nor mail servers
//! nor anything else that is due can hold them up.

use std::{panic::AssertUnwindSafe, time::Duration};

use domain::Instant;
use futures::{FutureExt, future::BoxFuture};
use tokio_util::sync::CancellationToken;

use crate::{
    Engine,
    activation::due,
    assignment, audit, clock,
    error::{Error, Result},
    notification, reserve,
    store::{self, activation::Work},
};

mod pace;

use pace::{Backoff, Pace, SECOND};

/// The running worker. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Worker {
    stop: CancellationToken,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// Finishes what is being done, then stops.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts the worker on a thread of its own: first it takes back what ended while nobody looked, then it keeps going.
pub fn start(engine: &Engine) -> Worker {
    let stop = CancellationToken::new();
    let (engine, stopped) = (engine.clone(), stop.clone());
    let thread = std::thread::Builder::new()
        .name("stint-worker".to_owned())
        .spawn(move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(run(engine, stopped)),
            Err(error) => tracing::error!(%error, "the worker has no runtime"),
        })
        .inspect_err(|error| tracing::error!(%error, "the worker has no thread"))
        .ok();
    Worker { stop, thread }
}

/// One round of everything that is due, ends first: for tests and for whoever has no running worker. Gives how much
/// happened.
///
/// # Errors
/// When the store fails.
pub async fn run_due(engine: &Engine) -> Result<usize> {
    Ok(due::all(engine, Work::Ends).await? + other(engine).await?)
}

/// Everything but ends of activations. What is stuck of one kind does not hold up the other kinds: its failure is told
/// when all were tried.
async fn other(engine: &Engine) -> Result<usize> {
    let (mut done, mut failed) = (0, None);
    for work in [Work::Lapses, Work::Starts, Work::Announcements] {
        match due::all(engine, work).await {
            Ok(moved) => done += moved,
            Err(error) => note_failure(&mut failed, error),
        }
    }
    match assignment::due(engine).await {
        Ok(moved) => done += moved,
        Err(error) => note_failure(&mut failed, error),
    }
    failed.map_or(Ok(done), Err)
}

/// Keeps the first failure of a round, and logs the others.
fn note_failure(first: &mut Option<Error>, error: Error) {
    if first.is_some() {
        tracing::error!(cause = error.chain(), "failed in the same round");
    } else {
        *first = Some(error);
    }
}

/// How often old messages are looked for.
const HOUR: Duration = Duration::from_secs(3_600);
/// How long a stop waits for a delivery that is under way.
const PATIENCE: Duration = Duration::from_secs(5);

async fn run(engine: Engine, stop: CancellationToken) {
    let caught_up = CancellationToken::new();
    let ends = tokio::spawn(ends(engine.clone(), stop.clone(), caught_up.clone()));
    tokio::select! {
        () = caught_up.cancelled() => {}
        () = stop.cancelled() => {}
    }
    let clock = tokio::spawn(every(SECOND, "clock.watch", engine.clone(), stop.clone(), |engine| {
        Box::pin(clock::watch(engine))
    }));
    let rest = tokio::spawn(rest(engine.clone(), stop.clone()));
    let (sender, ended) = (engine.clone(), stop.clone());
    let mail = tokio::spawn(async move {
        let round: fn(&Engine) -> BoxFuture<'_, Result<()>> = |engine| Box::pin(notification::round(engine));
        every(SECOND, "notification.deliver", sender.clone(), ended, round).await;
        notification::finish(&sender).await
    });
    let erasing = tokio::spawn(every(HOUR, "notification.erase", engine.clone(), stop.clone(), |engine| {
        Box::pin(async move { notification::erase(engine).await.map(drop) })
    }));
    let room = tokio::spawn(every(SECOND * 10, "reserve.keep", engine.clone(), stop.clone(), |engine| {
        Box::pin(reserve::keep(engine))
    }));
    let anchors = tokio::spawn(every(SECOND * 60, "audit.anchor", engine, stop, |engine| {
        Box::pin(async move { audit::write_anchor(engine).await })
    }));
    let _ = tokio::join!(ends, clock, rest, erasing, room, anchors);
    let _ = tokio::time::timeout(PATIENCE, mail).await;
}

/// Ends what is due, each second again as long as something cannot be ended.
async fn ends(engine: Engine, stop: CancellationToken, caught_up: CancellationToken) {
    let mut pace = Pace::new(&engine, stop);
    let mut trouble = Backoff::default();
    loop {
        let round = guarded(async {
            if pace.is_due(engine.now()) {
                due::all(&engine, Work::Ends).await?;
            }
            next_end(&engine).await
        });
        match round.await {
            Ok(next) => {
                trouble.over("worker.ends");
                caught_up.cancel();
                pace.next(next, engine.now());
            }
            Err(error) => {
                trouble.tell("worker.ends", &error);
                pace.again(SECOND);
                // One that cannot be ended must not keep the rest from beginning; a store that is away does.
                if next_end(&engine).await.is_ok() {
                    caught_up.cancel();
                }
            }
        }
        if !pace.wait(&engine).await {
            return;
        }
    }
}

/// Lapses, starts and announcements, and what is due of assignments.
async fn rest(engine: Engine, stop: CancellationToken) {
    let mut pace = Pace::new(&engine, stop);
    let mut trouble = Backoff::default();
    loop {
        let round = guarded(async {
            if pace.is_due(engine.now()) {
                other(&engine).await?;
            }
            next(&engine, |tx| Box::pin(next_of_rest(tx))).await
        });
        match round.await {
            Ok(next) => {
                trouble.over("worker.rest");
                pace.next(next, engine.now());
            }
            Err(error) => {
                let wait = trouble.tell("worker.rest", &error);
                pace.again(wait);
            }
        }
        if !pace.wait(&engine).await {
            return;
        }
    }
}

async fn next_end(engine: &Engine) -> Result<Option<Instant>> {
    next(engine, |tx| Box::pin(store::activation::next_end(tx.conn()))).await
}

async fn next_of_rest(tx: &crate::Tx) -> Result<Option<Instant>> {
    let activation = store::activation::next_other(tx.conn()).await?;
    let assignment = store::assignment::next_due(tx.conn()).await?;
    Ok(activation.into_iter().chain(assignment).min())
}

/// Asks for the next instant through the lane: readers may all be busy.
async fn next<F>(engine: &Engine, ask: F) -> Result<Option<Instant>>
where
    F: for<'t> FnOnce(&'t crate::Tx) -> BoxFuture<'t, Result<Option<Instant>>> + Send + 'static,
{
    engine.act_due(move |tx| asked(tx, ask)).await
}

fn asked<'t, F>(tx: &'t mut crate::Tx, ask: F) -> BoxFuture<'t, Result<crate::Committed<Option<Instant>>>>
where
    F: for<'a> FnOnce(&'a crate::Tx) -> BoxFuture<'a, Result<Option<Instant>>> + Send + 'static,
{
    Box::pin(async move {
        let next = ask(tx).await?;
        Ok(tx.unchanged(next))
    })
}

/// Does something again and again, later and later while it fails, and once more at the stop.
async fn every(
    pause: Duration,
    what: &'static str,
    engine: Engine,
    stop: CancellationToken,
    act: for<'e> fn(&'e Engine) -> BoxFuture<'e, Result<()>>,
) {
    let mut trouble = Backoff::default();
    loop {
        let last = stop.is_cancelled();
        let wait = match guarded(act(&engine)).await {
            Ok(()) => {
                trouble.over(what);
                pause
            }
            Err(error) => trouble.tell(what, &error).max(pause),
        };
        if last {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// A round that panics is a round that failed: the loop goes on.
async fn guarded<T>(round: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(round)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(Error::broken("worker", "a round of the worker panicked")))
}

#[cfg(test)]
mod tests;
