//! The lane's thread at work: takes what waits, runs it in one transaction and answers when that is durable.

use std::panic::AssertUnwindSafe;

use domain::Code;
use futures::FutureExt;
use sea_orm::{DatabaseTransaction, TransactionTrait};
use tokio::sync::mpsc;

use super::{Answer, Finished, Job};
use crate::{
    env::Env,
    error::{Error, Result},
    failpoint,
    live::Live,
    reserve::Reserve,
    store::{
        db::{self, Writer},
        head::Head,
        tx::Tx,
    },
};

/// How many commands may share a commit.
const BATCH: usize = 64;

/// What waits, by who is served first.
pub(super) struct Queues {
    pub due: mpsc::Receiver<Job>,
    pub taking_back: mpsc::Receiver<Job>,
    pub usual: mpsc::Receiver<Job>,
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

/// What the thread works with.
pub(super) struct Runner {
    pub writer: Writer,
    pub env: Env,
    pub live: Live,
    pub reserve: Reserve,
    pub queues: Queues,
    pub stop: tokio_util::sync::CancellationToken,
}

impl Runner {
    /// Until it is told to stop and nothing waits.
    pub(super) async fn run(mut self) {
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

    /// Runs all commands in one transaction. Gives the number of the newest record.
    async fn in_one_commit(&mut self, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<i64, Failed> {
        failpoint::at("lane.begin")?;
        let outer = db::begin_writing(&self.writer.connection).await?;
        let head = Head::locked(&outer).await?;
        failpoint::at("lane.locked")?;
        self.notice_accepted_clock(&head);
        // What another instance has seen, this one has too.
        self.env.not_before(head.highest_at);
        // Asked once: from here time goes on by the monotonic clock.
        db::now(&outer, &self.env).await?;
        let ran = match <[Job; 1]>::try_from(jobs) {
            Ok([job]) => self.alone(outer, head, job, answers).await?,
            Err(jobs) => self.each_in_its_savepoint(outer, head, jobs, answers).await?,
        };
        let Ran { outer, head, kept } = ran;
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

    /// A command without company needs no savepoint: what undoes it undoes everything.
    async fn alone(
        &self,
        outer: DatabaseTransaction,
        head: Head,
        job: Job,
        answers: &mut Vec<Answer>,
    ) -> Result<Ran> {
        let before = head.clone();
        let (tx, finished) = self.command(outer, head, job, answers).await;
        let (outer, head) = tx.into_parts();
        let kept = finished == Finished::Done;
        if kept {
            failpoint::at("lane.kept")?;
        }
        Ok(Ran { outer, head: if kept { head } else { before }, kept })
    }

    async fn each_in_its_savepoint(
        &self,
        outer: DatabaseTransaction,
        mut head: Head,
        jobs: Vec<Job>,
        answers: &mut Vec<Answer>,
    ) -> Result<Ran> {
        let mut kept = false;
        for job in jobs {
            let savepoint = outer.begin().await.map_err(Error::of("savepoint"))?;
            let (tx, finished) = self.command(savepoint, head.clone(), job, answers).await;
            let (savepoint, after) = tx.into_parts();
            if finished == Finished::Done {
                savepoint.commit().await.map_err(Error::of("savepoint.keep"))?;
                failpoint::at("lane.kept")?;
                (head, kept) = (after, true);
            } else {
                savepoint.rollback().await.map_err(Error::of("savepoint.undo"))?;
            }
        }
        Ok(Ran { outer, head, kept })
    }

    /// Runs one command on what can be undone if need be, and keeps how it is answered.
    async fn command(
        &self,
        conn: DatabaseTransaction,
        head: Head,
        job: Job,
        answers: &mut Vec<Answer>,
    ) -> (Tx, Finished) {
        let _seat = job.seat;
        let held_back = (self.env.is_stepped(), self.reserve.is_spent());
        let mut tx = Tx::new(conn, self.env.now(), job.ctx, head, held_back);
        // A command that panics is rolled back like one that fails; its caller hears that it is gone.
        let finished = match AssertUnwindSafe((job.run)(&mut tx)).catch_unwind().await {
            Ok((finished, answer)) => {
                answers.push(answer);
                finished
            }
            Err(panic) => {
                failpoint::died(panic);
                tracing::error!("a command panicked; nothing of it was kept");
                Finished::Undone
            }
        };
        if finished == Finished::OutOfRoom {
            self.reserve.free();
        }
        (tx, finished)
    }

    /// An operator may have accepted a corrected clock meanwhile, from another process.
    fn notice_accepted_clock(&mut self, head: &Head) {
        if self.writer.accepted_at != head.accepted_at {
            self.env.accept();
        }
        self.writer.accepted_at = head.accepted_at;
    }
}

/// What became of a batch, before its commit.
struct Ran {
    outer: DatabaseTransaction,
    head: Head,
    /// Whether there is anything to commit.
    kept: bool,
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
