//! The writing lane: one thread with its own runtime and connection through which every change goes, one after
//! another. What users cause cannot hold up what is due: due ends have a queue of their own that is served first, and
//! what people take back has the next one.
//!
//! Commands that arrive together share a commit: each runs in its savepoint, and is answered only after the commit
//! is durable. A command that comes alone has the transaction for itself.

mod runner;
mod seats;

use std::sync::{Mutex, PoisonError};

use domain::Code;
use futures::{FutureExt, future::BoxFuture};
use tokio::sync::mpsc;

use crate::{
    ctx::{Caller, Ctx},
    env::Env,
    error::{Error, Result},
    live::Live,
    reserve::Reserve,
    store::{
        db::Writer,
        tx::{Committed, Tx},
    },
};

use runner::{Queues, Runner};
use seats::{Seat, Seats};

/// Who is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Priority {
    /// Ends that are due.
    Due,
    /// What people take back: a role that is held, a request, what either rests on.
    TakingBack,
    /// Everything else.
    Usual,
}

/// How a finished command is answered, once it is known whether the commit is durable.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

/// A command: gives what becomes of its savepoint, and how to answer.
type Run = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, (Finished, Answer)> + Send>;

/// How a command came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finished {
    /// What it wrote is to be kept.
    Done,
    /// It changed nothing, or was refused, or failed.
    Undone,
    /// It failed because the disk is full.
    OutOfRoom,
}

impl Finished {
    fn of<T>(result: &Result<Committed<T>>) -> Self {
        match result {
            Ok(committed) if committed.is_kept() => Self::Done,
            Err(error) if error.is_out_of_room() => Self::OutOfRoom,
            Ok(_) | Err(_) => Self::Undone,
        }
    }
}

struct Job {
    ctx: Ctx,
    run: Run,
    /// Given back when the command was carried out, also when nobody waits for its answer any more.
    seat: Option<Seat>,
}

/// How many commands may wait; beyond that callers are told to try again.
const QUEUE: usize = 4_096;

pub(crate) struct Lane {
    due: mpsc::Sender<Job>,
    taking_back: mpsc::Sender<Job>,
    usual: mpsc::Sender<Job>,
    seats: Seats,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
    stop: tokio_util::sync::CancellationToken,
    /// Is cancelled when the thread has ended, however it did.
    gone: tokio_util::sync::CancellationToken,
}

impl Lane {
    /// Starts the thread. Its connection is opened there, by `open`: it belongs to the runtime of the lane, so that the
    /// lane does not wait for a runtime that serves requests.
    ///
    /// # Errors
    /// Those of `open`; when there is no thread or no runtime to be had.
    pub(crate) async fn start<O, F>(env: Env, live: Live, reserve: Reserve, open: O) -> Result<Self>
    where
        O: FnOnce() -> F + Send + 'static,
        F: Future<Output = Result<Writer>>,
    {
        let (due, due_jobs) = mpsc::channel(QUEUE);
        let (taking_back, taking_back_jobs) = mpsc::channel(QUEUE);
        let (usual, usual_jobs) = mpsc::channel(QUEUE);
        let queues = Queues { due: due_jobs, taking_back: taking_back_jobs, usual: usual_jobs };
        let stop = tokio_util::sync::CancellationToken::new();
        let (opened, is_open) = tokio::sync::oneshot::channel();
        let stopped = stop.clone();
        let gone = tokio_util::sync::CancellationToken::new();
        let over = gone.clone().drop_guard();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Error::of("lane.runtime"))?;
        let thread = std::thread::Builder::new()
            .name("stint-lane".to_owned())
            .spawn(move || {
                // Last of all: every answer that will come has come by then.
                let _over = over;
                runtime.block_on(async move {
                    match open().await {
                        Ok(writer) => {
                            let _ = opened.send(Ok(()));
                            Runner { writer, env, live, reserve, queues, stop: stopped }.run().await;
                        }
                        Err(error) => drop(opened.send(Err(error))),
                    }
                });
            })
            .map_err(Error::of("lane.thread"))?;
        is_open.await.map_err(Error::of("lane.open"))??;
        Ok(Self {
            due,
            taking_back,
            usual,
            seats: Seats::default(),
            thread: Mutex::new(Some(thread)),
            stop,
            gone,
        })
    }

    /// Runs a command and answers when it is durable. The caller may go away: the command goes on.
    pub(crate) async fn run<T, F>(&self, priority: Priority, ctx: Ctx, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Committed<T>>> + Send + 'static,
    {
        let (send, mut receive) = tokio::sync::oneshot::channel();
        let run: Run = Box::new(move |tx| {
            let command = command(tx);
            async move {
                let result = command.await;
                let finished = Finished::of(&result);
                let answer: Answer = Box::new(move |durable| {
                    let _ = send.send(durable.and(result.map(Committed::into_value)));
                });
                (finished, answer)
            }
            .boxed()
        });
        let (queue, seat) = self.queue(priority, &ctx);
        let gone = || Error::from(Code::Unavailable);
        queue.try_send(Job { ctx, run, seat }).map_err(|_| gone())?;
        tokio::select! {
            biased;
            answer = &mut receive => answer.map_err(|_| gone())?,
            // What is sent at the moment at which the thread ends stays in its queue, and nobody ever answers.
            () = self.gone.cancelled() => receive.try_recv().map_err(|_| gone())?,
        }
    }

    /// Where a command waits.
    fn queue(&self, priority: Priority, ctx: &Ctx) -> (&mpsc::Sender<Job>, Option<Seat>) {
        match (priority, &ctx.caller) {
            (Priority::Due, _) => (&self.due, None),
            (Priority::TakingBack, Caller::Person(signed)) => match self.seats.take(signed.person) {
                Some(seat) => (&self.taking_back, Some(seat)),
                None => (&self.usual, None),
            },
            (Priority::TakingBack, Caller::Nobody | Caller::Stint | Caller::Host) => {
                (&self.taking_back, None)
            }
            (Priority::Usual, _) => (&self.usual, None),
        }
    }

    /// Waits until the thread has ended.
    pub(crate) async fn ended(&self) {
        self.gone.cancelled().await;
    }

    /// Finishes what waits, then stops.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// An engine that is dropped without being closed leaves neither thread nor connection behind.
impl Drop for Lane {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[cfg(test)]
mod tests;
