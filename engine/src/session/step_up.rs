//! Step-up: proving the second factor again, for one act on one object. The code is used up first, in its own
//! transaction; an act that is refused afterwards does not give it back. Recovery codes are no step-up.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    session::{Act, StepUp},
};
use uuid::Uuid;

use crate::{
    Caller, Ctx, Engine, Signed,
    act::is_answered,
    error::{Error, Result},
    sign_in::{
        once, proof,
        throttle::{Attempt, Last},
    },
    store,
};

/// Uses up a code for this act on this object. Gives the circumstances with the evidence, for that act. What is sent again
/// after it was carried out needs none: its code was used up then, and its answer is there.
///
/// # Errors
/// `mfa_required`, `mfa_invalid`, `mfa_reused`, `rate_limited`; `signed_out` after ten wrong codes in a row, which end the
/// session.
pub async fn step_up(engine: &Engine, ctx: &Ctx, code: &str, act: Act, object: Uuid) -> Result<Ctx> {
    let signed = ctx.signed()?;
    let code = domain::sign_in::code(code)?;
    if is_answered(engine, ctx).await? {
        return Ok(ctx.clone());
    }
    let counted = count(engine, ctx).await?;
    let (engine_of_act, attempt) = (engine.clone(), counted.attempt());
    let result = engine
        .take_back(&once(ctx), Event::new(EventKind::SteppedUp).person(signed.person), move |tx| {
            Box::pin(async move {
                let sign_in = store::sign_in::get(tx.conn(), signed.sign_in).await?;
                proof::use_code(&engine_of_act, tx, &sign_in, &code).await?;
                attempt.succeeded(tx).await?;
                if !store::session::proved(tx.conn(), signed.session, tx.now).await? {
                    return Err(Code::SignedOut.into());
                }
                let about = serde_json::json!({ "act": word(act), "object": object });
                let event = Event::new(EventKind::SteppedUp).person(signed.person).after(about);
                tx.commit(&engine_of_act, tx.now, vec![event]).await
            })
        })
        .await;
    let at = counted.judged(engine, ctx, result).await?;
    let caller = Caller::Person(Signed { mfa_at: at, ..signed });
    Ok(Ctx { caller, ..ctx.with_step_up(StepUp::used_up(signed.session, act, object, at)) })
}

/// The act in the record.
const fn word(act: Act) -> &'static str {
    match act {
        Act::Activate => "activate",
        Act::Decide => "decide",
        Act::Administer => "administer",
        Act::Credentials => "credentials",
    }
}

/// An attempt at a code within a session, counted.
pub(crate) struct Counted {
    attempt: Attempt,
    last: Last,
}

/// Counts an attempt at a code in the session that asks. Whoever holds a session is known: counted by the session and its
/// sign-in, like a browser that signed in before, so that strangers cannot delay it.
pub(crate) async fn count(engine: &Engine, ctx: &Ctx) -> Result<Counted> {
    let signed = ctx.signed()?;
    let attempt = Attempt::in_session(engine, signed.session);
    match attempt.count_ahead(engine).await {
        Ok(last) => Ok(Counted { attempt, last }),
        Err(Error::Problem(problem)) if problem.code == Code::StepExpired => Err(Code::SignedOut.into()),
        Err(error) => Err(error),
    }
}

impl Counted {
    pub(crate) fn attempt(&self) -> Attempt {
        self.attempt.clone()
    }

    /// Ends the session when this was the tenth wrong code in a row.
    pub(crate) async fn judged<T>(self, engine: &Engine, ctx: &Ctx, result: Result<T>) -> Result<T> {
        let Err(Error::Problem(problem)) = &result else { return result };
        if !matches!(problem.code, Code::MfaInvalid | Code::MfaReused) {
            return result;
        }
        let signed = ctx.signed()?;
        if !self.last.0 {
            return result;
        }
        let act = engine.clone();
        engine
            .act(&once(ctx), Event::new(EventKind::SessionEnded).person(signed.person), move |tx| {
                Box::pin(async move {
                    if !store::session::end(tx.conn(), signed.session, tx.now).await? {
                        return Ok(tx.unchanged(()));
                    }
                    let about = serde_json::json!({ "session": signed.session });
                    let event = Event::new(EventKind::SessionEnded).person(signed.person).after(about);
                    tx.commit(&act, (), vec![event.reason("wrong_codes")]).await
                })
            })
            .await?;
        Err(Problem::new(Code::SignedOut).into())
    }
}
