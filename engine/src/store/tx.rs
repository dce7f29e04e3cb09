//! The one transaction of a command. It can only be finished by [`Tx::commit`], with the facts that happened: no event,
//! no commit.

use domain::{Code, Instant, event::Event};
use sea_orm::DatabaseTransaction;

use super::{audit, head::Head};
use crate::{
    Engine,
    ctx::Ctx,
    env::Env,
    error::{Error, Result},
    failpoint, notification,
};

/// The transaction of one command.
pub struct Tx {
    conn: DatabaseTransaction,
    /// The moment of this command, read when it had the right to write.
    pub now: Instant,
    /// Who acts.
    pub ctx: Ctx,
    head: Head,
    stepped: bool,
    /// Whether the disk was full and there is no room again yet.
    full: bool,
}

/// Proof that a command recorded what it did. Made by [`Tx`] only.
#[derive(Debug)]
pub struct Committed<T> {
    value: T,
    kept: bool,
}

impl<T> Committed<T> {
    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }

    pub(crate) fn value(&self) -> &T {
        &self.value
    }

    pub(crate) fn into_value(self) -> T {
        self.value
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("now", &self.now).finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) fn new(
        conn: DatabaseTransaction,
        now: Instant,
        ctx: Ctx,
        head: Head,
        (stepped, full): (bool, bool),
    ) -> Self {
        Self { conn, now, ctx, head, stepped, full }
    }

    /// For the stores: the connection of this transaction.
    pub(crate) fn conn(&self) -> &DatabaseTransaction {
        &self.conn
    }

    /// Finishes: writes one record per fact and one message per effect, in this transaction.
    ///
    /// # Errors
    /// When the store fails, or there is no fact: a change without a record is a defect. `storage_full` for what has to
    /// wait for room on the disk.
    pub async fn commit<T>(&mut self, engine: &Engine, value: T, events: Vec<Event>) -> Result<Committed<T>> {
        if events.is_empty() {
            return Err(Error::broken("commit", "a change without a fact"));
        }
        if self.full && events.iter().any(|event| event.kind.waits_for_room()) {
            return Err(Error::from(Code::StorageFull));
        }
        failpoint::at("command.changed")?;
        let before = self.head.seq;
        self.head = audit::append(&self.conn, &self.head, &self.ctx, &events, self.now).await?;
        failpoint::at("record.appended")?;
        notification::enqueue(engine, self, &events, before).await?;
        failpoint::at("outbox.written")?;
        Ok(Committed { value, kept: true })
    }

    /// Finishes without any change: what was written in this transaction is undone.
    pub fn unchanged<T>(&self, value: T) -> Committed<T> {
        Committed { value, kept: false }
    }

    /// Finishes a change to what is no act: counters of attempts, progress of messages, leases, rotation of sessions.
    /// Only for the stores of these.
    pub(crate) fn kept_without_record<T>(&self, value: T) -> Committed<T> {
        Committed { value, kept: true }
    }

    /// The next number that people quote.
    pub(crate) fn next_number(&mut self) -> i64 {
        self.head.next_number += 1;
        self.head.next_number
    }

    /// The next numbers that people quote are higher by so much.
    pub(crate) const fn skip_numbers(&mut self, numbers: i64) {
        self.head.next_number = self.head.next_number.saturating_add(numbers);
    }

    /// Refuses to grant anything while the clock is behind what was seen already. Ends go on.
    ///
    /// # Errors
    /// `clock_stepped`.
    pub fn require_steady_clock(&self) -> Result<()> {
        if self.stepped { Err(Error::from(Code::ClockStepped)) } else { Ok(()) }
    }

    /// When it was found that the clock went back, if it did and was neither accepted nor right again.
    pub(crate) const fn stepped_at(&self) -> Option<Instant> {
        self.head.stepped_at
    }

    /// Whether the clock is behind what was seen already.
    pub(crate) const fn is_stepped(&self) -> bool {
        self.stepped
    }

    /// Whether what gives has to wait for room on the disk.
    pub(crate) const fn is_full(&self) -> bool {
        self.full
    }

    /// Notes that the clock went back, or that it is right again.
    pub(crate) const fn note_step(&mut self, stepped_at: Option<Instant>) {
        self.head.stepped_at = stepped_at;
    }

    /// From now on the clock counts as right: what was seen before is forgotten.
    pub(crate) fn accept_clock(&mut self, env: &Env) {
        env.accept();
        self.now = env.now();
        self.stepped = false;
        self.head.highest_at = self.now;
        self.head.accepted_at = Some(self.now);
        self.head.stepped_at = None;
    }

    /// The transaction, and where the record stands in it: for the lane, which keeps or undoes it.
    pub(crate) fn into_parts(self) -> (DatabaseTransaction, Head) {
        (self.conn, self.head)
    }
}
