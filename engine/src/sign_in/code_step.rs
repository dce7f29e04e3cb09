//! The second step of signing in: a code. Begins the session.

use domain::{
    Code, Instant, Problem,
    event::{Event, EventKind},
    session::{SESSION_LIFE, SessionId, SessionKind},
};

use super::{
    device::Device,
    failed, once,
    password_step::{PLACE, Proved},
    proof::Given,
    step,
    throttle::Attempt,
};
use crate::{
    Caller, Client, Ctx, Engine, Signed, Tx,
    error::{Error, Result},
    session::{self, Tokens, refresh::Refresh},
    store,
    store::{session::New, sign_in::SignIn},
};

/// Somebody is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// What the browser or tool keeps.
    pub tokens: Tokens,
    /// What a browser keeps to be known the next time.
    pub device: String,
}

/// Checks the code (of the authenticator app, or a recovery code) and begins a session.
///
/// # Errors
/// `step_expired` when the password was given too long ago or changed since, and after ten wrong codes; `mfa_invalid`,
/// `mfa_reused`, `rate_limited`.
pub async fn code_step(
    engine: &Engine,
    ctx: &Ctx,
    sealed: &str,
    code: &str,
    kind: SessionKind,
) -> Result<SignedIn> {
    let proved: Proved = step::open(engine, PLACE, sealed).ok_or(Error::from(Code::StepExpired))?;
    let given = Given::read(code)?;
    let sign_in = store::sign_in::get(engine.readers(), proved.sign_in).await?;
    let attempt = Attempt::code(engine, ctx, sign_in.id, proved.device.as_ref(), proved.id);
    let last = attempt.count(engine).await?;
    let refresh = Refresh::first(engine);
    let begin =
        Begin { sign_in: sign_in.clone(), version: proved.version, given: given.clone(), attempt, kind };
    match begin.session(engine, ctx, &refresh).await? {
        Ok(begun) => {
            let tokens = session::issue(engine, &begun, refresh).await?;
            let device = proved.device.unwrap_or_else(|| Device::new(engine, sign_in.id)).sealed(engine)?;
            Ok(SignedIn { tokens, device })
        }
        Err(problem) => {
            failed::record(engine, ctx, Some(sign_in.person), problem.code, given.what()).await;
            Err(if last.0 { Problem::new(Code::StepExpired) } else { problem }.into())
        }
    }
}

struct Begin {
    sign_in: SignIn,
    version: i64,
    given: Given,
    attempt: Attempt,
    kind: SessionKind,
}

impl Begin {
    /// Uses up the code and begins the session, in one transaction. A refusal is a value here: who has shown no more
    /// than a password does not go on record as the person.
    async fn session(
        self,
        engine: &Engine,
        ctx: &Ctx,
        refresh: &Refresh,
    ) -> Result<Result<domain::session::Session, Problem>> {
        let (act, id, hash) = (engine.clone(), refresh.session, refresh.hash());
        let (person, sign_in, kind) = (self.sign_in.person, self.sign_in.id, self.kind);
        let now = engine.now();
        let signed = Signed { person, sign_in, session: id, mfa_at: self.mfa_at(now), used_at: now };
        let ctx = Ctx { caller: Caller::Person(signed), ..once(ctx) };
        let client = ctx.client.clone();
        let attempted = Event::new(EventKind::SessionStarted).person(person);
        let begun = engine
            .act(&ctx, attempted, move |tx| {
                Box::pin(async move {
                    match self.begin(&act, tx, client, id, hash).await {
                        Ok(events) => {
                            let times = (tx.now, self.mfa_at(tx.now));
                            tx.commit(&act, Ok::<_, Problem>(times), events).await
                        }
                        Err(Error::Problem(problem)) => Ok(tx.unchanged(Err(problem))),
                        Err(cause) => Err(cause),
                    }
                })
            })
            .await?;
        Ok(begun.map(|(started_at, mfa_at)| domain::session::Session {
            id,
            person,
            sign_in,
            kind,
            started_at,
            used_at: started_at,
            mfa_at,
            ended_at: None,
        }))
    }

    async fn begin(
        &self,
        engine: &Engine,
        tx: &Tx,
        client: Client,
        id: SessionId,
        hash: String,
    ) -> Result<Vec<Event>> {
        let sign_in = store::sign_in::get(tx.conn(), self.sign_in.id).await?;
        let enabled = store::person::is_enabled(tx.conn(), sign_in.person).await?;
        if !enabled || sign_in.version != self.version {
            return Err(Code::StepExpired.into());
        }
        let mut events = self.given.use_up(engine, tx, &sign_in).await?;
        self.attempt.succeeded(tx).await?;
        let new = New {
            id,
            person: sign_in.person,
            sign_in: sign_in.id,
            kind: self.kind,
            client,
            mfa_at: self.mfa_at(tx.now),
            refresh_hash: hash,
        };
        store::session::insert(tx.conn(), new, tx.now).await?;
        let after = serde_json::json!({ "session": id, "kind": self.kind, "sign_in_name": sign_in.name, "with": self.given.what() });
        events.push(Event::new(EventKind::SessionStarted).person(sign_in.person).after(after));
        Ok(events)
    }

    /// A recovery code signs in, and is no step-up: what asks for a fresh factor still asks for a code.
    fn mfa_at(&self, now: Instant) -> Instant {
        match self.given {
            Given::Code(_) => now,
            Given::Recovery(_) => SESSION_LIFE.before(now),
        }
    }
}
