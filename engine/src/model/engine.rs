//! The real engine in the hands of a case: opened on a database, crashed and opened again, asked through its use cases.

use domain::{
    Code, Id,
    activation::{Decide, End},
    person::PersonId,
};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::reference::{Act, Answer, Sent};
use crate::{
    Caller, Ctx, Engine, Env, IdempotencyKey, Result, Signed, activation, assignment, clock, group, person,
    role, store,
    testing::{Hand, config},
    worker,
};

/// An engine that may be gone, on a database that stays.
pub struct Real {
    engine: Option<Engine>,
    hand: Hand,
    url: String,
    starts: u64,
}

impl Real {
    /// Opens the database of an engine that was closed.
    pub async fn open(closed: &Engine, hand: Hand) -> Self {
        let url = closed.config().database_url.expose_secret().to_owned();
        let mut real = Self { engine: None, hand, url, starts: 0 };
        real.crash().await;
        real
    }

    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    /// Drops the engine without closing it, and starts another one with randomness of its own.
    pub async fn crash(&mut self) {
        self.engine = None;
        self.starts += 1;
        // Not that of the engine that made the world, which may have begun at the same instant.
        let env = Env::by_hand(&self.hand, u64::MAX - self.starts);
        self.engine = Some(Engine::open(config(self.url.clone()), env).await.unwrap());
    }

    pub async fn close(self) {
        self.engine().close().await;
    }

    pub async fn work(&self) {
        worker::run_due(self.engine()).await.unwrap();
        clock::watch(self.engine()).await.unwrap();
    }

    pub async fn accept_clock(&self) {
        clock::accept(self.engine()).await.unwrap();
    }

    /// This person, signed in this moment with the second factor.
    pub fn ctx(&self, person: PersonId) -> Ctx {
        Ctx::of(Caller::Person(Signed {
            person,
            sign_in: Id::new(person.uuid()),
            session: Id::new(person.uuid()),
            mfa_at: self.engine().now(),
            used_at: self.engine().now(),
        }))
    }

    /// Sends a message, and hears the answer.
    pub async fn take(&self, sent: &Sent) -> std::result::Result<Answer, Code> {
        let key = IdempotencyKey::new(sent.key.clone(), format!("{:?}", sent.act).as_bytes());
        let ctx = Ctx { idempotency: Some(key), ..self.ctx(sent.by) };
        let answer = self.carry_out(&ctx, &sent.act).await;
        answer.map_err(|error| error.problem().unwrap_or_else(|| panic!("{}", error.chain())).code)
    }

    async fn carry_out(&self, ctx: &Ctx, act: &Act) -> Result<Answer> {
        let (engine, end) = (self.engine(), End::default);
        let made = |uuid: Uuid| Answer::Made(uuid);
        let done = |()| Answer::Done;
        match act.clone() {
            Act::Request(input) => activation::request(engine, ctx, input).await.map(|id| made(id.uuid())),
            Act::Approve(id) => {
                activation::approve(engine, ctx, id, self.decision(id, "").await).await.map(done)
            }
            Act::Deny(id) => activation::deny(engine, ctx, id, self.decision(id, "No").await).await.map(done),
            Act::Cancel(id) => activation::cancel(engine, ctx, id, end()).await.map(done),
            Act::Deactivate(id) => activation::deactivate(engine, ctx, id, end()).await.map(done),
            Act::Revoke(id) => activation::revoke(engine, ctx, id, end()).await.map(done),
            Act::Assign(new) => assignment::make(engine, ctx, new).await.map(|answer| made(answer.id.uuid())),
            Act::Change(id, input) => assignment::change(engine, ctx, id, input).await.map(done),
            Act::Remove(id) => assignment::remove(engine, ctx, id, end()).await.map(done),
            Act::Join(group, person) => {
                group::add_member(engine, ctx, group, person).await.map(|_| Answer::Told)
            }
            Act::Leave(group, person) => group::remove_member(engine, ctx, group, person).await.map(done),
            Act::Disable(person) => person::disable(engine, ctx, person).await.map(done),
            Act::Enable(person) => person::enable(engine, ctx, person).await.map(done),
            Act::SwitchOff(role) => role::disable(engine, ctx, role).await.map(done),
            Act::SwitchOn(role) => role::enable(engine, ctx, role).await.map(done),
        }
    }

    /// A decision on what is stored.
    async fn decision(&self, id: domain::activation::ActivationId, why: &str) -> Decide {
        let stored = store::activation::find(self.engine().readers(), id).await.unwrap().unwrap();
        Decide { digest: stored.digest(), justification: why.to_owned() }
    }
}
