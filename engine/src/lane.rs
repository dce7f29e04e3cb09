//! The writing lane: one thread with its own runtime and connection through which every change goes, one after
//! another. What users cause cannot hold up what is due: due ends have a queue of their own that is served first, and
//! what people take back has the next one.
//!
//! Commands that arrive together share a commit: each runs in its savepoint, and is answered only after the commit
//! is durable.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{Code, person::PersonId};

use futures::{FutureExt, future::BoxFuture};
use sea_orm::TransactionTrait;
use tokio::sync::mpsc;

use crate::{
    ctx::{Caller, Ctx},
    env::Env,
    error::{Error, Result},
    failpoint,
    live::Live,
    reserve::Reserve,
    store::{
        db::{self, Writer},
        head::Head,
        tx::{Committed, Tx},
    },
};

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

/// So much that one person takes back may wait ahead of everything else; more waits with the rest, so that nobody fills the
/// queue with what is refused in the end.
const AHEAD: u32 = 4;

/// How much of each person waits ahead.
#[derive(Clone, Debug, Default)]
struct Seats(Arc<Mutex<HashMap<PersonId, u32>>>);

/// A place of a person ahead of the rest; given back when dropped.
struct Seat(Seats, PersonId);

impl Seats {
    fn take(&self, person: PersonId) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(person).or_default();
        if *count >= AHEAD {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Seat(self.clone(), person))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.1) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

/// How many commands may share a commit.
const BATCH: usize = 64;
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
        let thread = self.thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
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

/// What waits, by who is served first.
struct Queues {
    due: mpsc::Receiver<Job>,
    taking_back: mpsc::Receiver<Job>,
    usual: mpsc::Receiver<Job>,
}

impl Queues {
    /// The next command, if one waits.
    fn take(&mut self) -> Option<Job> {
        self.due.try_recv().or_else(|_| self.taking_back.try_recv()).or_else(|_| self.usual.try_recv()).ok()
    }

    /// The next command; never when there is none.
    async fn next(&mut self) -> Job {
        tokio::select! {
            biased;
            Some(job) = self.due.recv() => job,
            Some(job) = self.taking_back.recv() => job,
            Some(job) = self.usual.recv() => job,
            else => std::future::pending().await,
        }
    }
}

struct Runner {
    writer: Writer,
    env: Env,
    live: Live,
    reserve: Reserve,
    queues: Queues,
    stop: tokio_util::sync::CancellationToken,
}

impl Runner {
    async fn run(mut self) {
        while let Some(first) = self.next().await {
            let mut jobs = vec![first];
            while jobs.len() < BATCH {
                let Some(job) = self.queues.take() else { break };
                jobs.push(job);
            }
            self.batch(jobs).await;
        }
        let _ = self.writer.connection.close().await;
    }

    /// The next command; none when the lane is closed and empty.
    async fn next(&mut self) -> Option<Job> {
        tokio::select! {
            biased;
            job = self.queues.next() => Some(job),
            () = self.stop.cancelled() => self.queues.take(),
        }
    }

    async fn batch(&mut self, jobs: Vec<Job>) {
        let mut answers = Vec::with_capacity(jobs.len());
        match self.in_one_commit(jobs, &mut answers).await {
            Ok(seq) => {
                answers.into_iter().for_each(|answer| answer(Ok(())));
                self.live.tell(seq);
            }
            Err(Failed { error, code }) => {
                if error.is_out_of_room() {
                    self.reserve.free();
                }
                // The cause is logged here, once; each caller gets an error of its own.
                tracing::error!(cause = error.chain(), "a commit failed; nothing of it was acknowledged");
                answers.into_iter().for_each(|answer| answer(Err(Error::from(code))));
                if let Err(error) = self.writer.renew().await {
                    tracing::error!(cause = error.chain(), "nothing can be written");
                }
            }
        }
    }

    /// Runs all commands in one transaction, each in its savepoint. Gives the number of the newest record.
    async fn in_one_commit(&mut self, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<i64, Failed> {
        failpoint::at("lane.begin")?;
        let outer = db::begin_writing(&self.writer.connection).await?;
        let mut head = Head::locked(&outer).await?;
        failpoint::at("lane.locked")?;
        self.notice_accepted_clock(&head);
        // What another instance has seen, this one has too.
        self.env.not_before(head.highest_at);
        let mut kept = false;
        for job in jobs {
            let savepoint = outer.begin().await.map_err(Error::of("savepoint"))?;
            let now = db::now(&outer, &self.env).await?;
            let _seat = job.seat;
            let held_back = (self.env.is_stepped(), self.reserve.is_spent());
            let mut tx = Tx::new(savepoint, now, job.ctx, head.clone(), held_back);
            // A command that panics is rolled back like one that fails; its caller hears that it is gone.
            let finished = AssertUnwindSafe((job.run)(&mut tx)).catch_unwind().await;
            match finished {
                Ok((Finished::Done, answer)) => {
                    head = tx.keep().await?;
                    failpoint::at("lane.kept")?;
                    kept = true;
                    answers.push(answer);
                }
                Ok((finished, answer)) => {
                    answers.push(answer);
                    if finished == Finished::OutOfRoom {
                        self.reserve.free();
                    }
                    tx.undo().await?;
                }
                Err(panic) => {
                    failpoint::died(panic);
                    tx.undo().await?;
                    tracing::error!("a command panicked; nothing of it was kept");
                }
            }
        }
        if kept {
            head.save(&outer, self.env.now()).await?;
            failpoint::at("lane.commit")?;
            outer.commit().await.map_err(|error| Failed::to_commit(Error::of("commit")(error)))?;
            failpoint::at("lane.committed")?;
            // What was accepted through this lane is known: accepting it twice would let time go back.
            self.writer.accepted_at = head.accepted_at;
        } else {
            outer.rollback().await.map_err(Error::of("rollback"))?;
        }
        Ok(head.seq)
    }

    /// An operator may have accepted a corrected clock meanwhile, from another process.
    fn notice_accepted_clock(&mut self, head: &Head) {
        if self.writer.accepted_at != head.accepted_at {
            self.env.accept();
        }
        self.writer.accepted_at = head.accepted_at;
    }
}

/// Why nothing of a batch was acknowledged.
struct Failed {
    error: Error,
    /// What its callers hear.
    code: Code,
}

impl Failed {
    /// The answer to a commit that did not come may have been that it is durable; a full disk does say no.
    fn to_commit(error: Error) -> Self {
        let code = if error.is_out_of_room() { Code::Unavailable } else { Code::InDoubt };
        Self { error, code }
    }
}

/// Before the commit nothing was kept.
impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, code: Code::Unavailable }
    }
}

#[cfg(test)]
mod tests;
