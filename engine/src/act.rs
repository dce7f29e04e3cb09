//! The one door to every change.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Code, Problem, event::Event, problem::Kind};
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Engine, audit,
    ctx::{Caller, Ctx, IdempotencyKey},
    error::{Error, Result},
    failpoint,
    lane::Priority,
    store::{
        idempotency,
        tx::{Committed, Tx},
    },
};

impl Engine {
    /// Runs a command in its transaction: `attempt` says what is tried, so that a refusal can be put on record.
    /// The command must finish by [`Tx::commit`] (or [`Tx::unchanged`]); an error undoes all of it. A command that
    /// was carried out under the same idempotency key is not carried out again: its answer is.
    ///
    /// # Errors
    /// Those of the command; `unavailable` when the database cannot be written to.
    pub(crate) async fn act<T, F>(&self, ctx: &Ctx, attempt: Event, command: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Committed<T>>> + Send + 'static,
    {
        self.carry_out(Priority::Usual, ctx, attempt, command).await
    }

    /// The same for what takes something back from somebody: served before everything but due ends, however much waits.
    ///
    /// # Errors
    /// As for [`Engine::act`].
    pub(crate) async fn take_back<T, F>(&self, ctx: &Ctx, attempt: Event, command: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Committed<T>>> + Send + 'static,
    {
        self.carry_out(Priority::TakingBack, ctx, attempt, command).await
    }

    async fn carry_out<T, F>(&self, priority: Priority, ctx: &Ctx, attempt: Event, command: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Committed<T>>> + Send + 'static,
    {
        let engine = self.clone();
        let result = self.0.lane.run(priority, ctx.clone(), move |tx| once(engine, tx, command)).await;
        if let Err(error) = &result
            && let Some(problem) = error.problem()
            && is_worth_a_record(problem)
        {
            audit::refusals::record(self, ctx, attempt.refused(problem.code)).await;
        }
        result
    }

    /// For ends that are due: served before everything else.
    pub(crate) async fn act_due<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Committed<T>>> + Send + 'static,
    {
        self.0.lane.run(Priority::Due, Ctx::stint(), command).await
    }

    /// For a record of its own, such as that of a refusal: no idempotency, no record of a refusal of it.
    pub(crate) async fn record(&self, ctx: &Ctx, event: Event) -> Result<()> {
        let engine = self.clone();
        self.0
            .lane
            .run(Priority::Usual, ctx.clone(), move |tx| {
                Box::pin(async move { tx.commit(&engine, (), vec![event]).await })
            })
            .await
    }

    /// The narrow helper for what is no act and leaves no record: counters of attempts, progress of messages, leases,
    /// rotation of sessions, drafts.
    pub(crate) async fn note<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.0.lane.run(Priority::Usual, Ctx::stint(), move |tx| note(tx, command)).await
    }

    /// The same for what comes before something is taken back, and is bounded by itself: the use of a session, a code for
    /// an act.
    pub(crate) async fn note_ahead<T, F>(&self, command: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.0.lane.run(Priority::TakingBack, Ctx::stint(), move |tx| note(tx, command)).await
    }
}

fn note<'t, T, F>(tx: &'t mut Tx, command: F) -> BoxFuture<'t, Result<Committed<T>>>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<T>> + Send + 'static,
{
    Box::pin(async move {
        let value = command(tx).await?;
        Ok(tx.kept_without_record(value))
    })
}

/// Whether what is sent now was carried out before under the same idempotency key.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_answered(engine: &Engine, ctx: &Ctx) -> Result<bool> {
    let Some((key, caller)) = keyed(ctx) else { return Ok(false) };
    let kept = idempotency::find(engine.readers(), &caller, &key.key, engine.now()).await?;
    Ok(kept.is_some_and(|(request_hash, _)| request_hash == key.request_hash))
}

/// The key under which this counts once, and whose it is.
fn keyed(ctx: &Ctx) -> Option<(IdempotencyKey, String)> {
    match (&ctx.idempotency, &ctx.caller) {
        (Some(key), Caller::Person(signed)) => Some((key.clone(), signed.person.to_string())),
        _ => None,
    }
}

/// Carries out a command, or gives the answer that it had under the same idempotency key.
fn once<'t, T, F>(engine: Engine, tx: &'t mut Tx, command: F) -> BoxFuture<'t, Result<Committed<T>>>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, Result<Committed<T>>> + Send + 'static,
{
    Box::pin(async move {
        let Some((key, caller)) = keyed(&tx.ctx) else { return command(tx).await };
        let place = format!("idempotency/{caller}/{}", key.key);
        if let Some((request_hash, answer)) = idempotency::find(tx.conn(), &caller, &key.key, tx.now).await? {
            if request_hash != key.request_hash {
                return Err(Problem::new(Code::IdempotencyMismatch).into());
            }
            let sealed = STANDARD.decode(answer).map_err(Error::of("idempotency.read"))?;
            let plain = engine.keys().open(&place, &sealed);
            let plain =
                plain.ok_or_else(|| Error::broken("idempotency.read", "a sealed answer does not open"))?;
            let answer = serde_json::from_slice(&plain).map_err(Error::of("idempotency.read"))?;
            // Authorised anew: it is tried once more, and nothing of that stays.
            return match command(tx).await {
                Err(error) if !may_hear_again(&error, &plain) => Err(error),
                Ok(_) | Err(_) => Ok(tx.unchanged(answer)),
            };
        }
        let done = command(tx).await?;
        if done.is_kept() {
            let plain = serde_json::to_vec(done.value()).map_err(Error::of("idempotency.write"))?;
            let sealed = STANDARD.encode(engine.keys().seal(engine.env(), &place, &plain));
            failpoint::at("command.done")?;
            idempotency::insert(tx.conn(), &caller, &key, &sealed, tx.now).await?;
            failpoint::at("answer.kept")?;
        }
        Ok(done)
    })
}

/// Whether the answer of a command may be given again, although it would be refused now: because it was carried out
/// already, and not because its caller may no longer do so.
fn may_hear_again(refused: &Error, answer: &[u8]) -> bool {
    refused.problem().is_some_and(|problem| match problem.code.kind() {
        Kind::Conflict | Kind::Invalid | Kind::StepUp => true,
        // What was removed is gone. An answer without content says nothing to whom may not see it any more.
        Kind::NotFound => answer == NOTHING,
        Kind::SignedOut | Kind::Forbidden | Kind::Limited | Kind::Unavailable | Kind::Internal => false,
    })
}

/// The answer of a command that has none.
const NOTHING: &[u8] = b"null";

/// Refusals that say something about somebody's powers; not slips of the keyboard.
fn is_worth_a_record(problem: &Problem) -> bool {
    match problem.code.kind() {
        Kind::Forbidden | Kind::StepUp | Kind::Conflict => true,
        Kind::Invalid
        | Kind::SignedOut
        | Kind::NotFound
        | Kind::Limited
        | Kind::Unavailable
        | Kind::Internal => false,
    }
}

#[cfg(test)]
mod tests;
