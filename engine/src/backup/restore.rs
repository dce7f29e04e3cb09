//! Making an older state safe: nothing that may have been taken back since is given again (invariant I14). What somebody
//! knows by heart cannot be taken back here: passwords, factors and who was disabled are as they were.

use std::time::Duration;

use domain::{
    Instant,
    audit::{self, Anchor},
    event::{Event, EventKind},
    role::builtin,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Config, Ctx, Engine, Env, Opening, Tx, activation, assignment, audit as record,
    error::{Error, Result},
    sign_in::totp,
    store,
};

/// What the record and the people concerned are told.
const WHY: &str = "an older state was restored";
/// What stands beside a message that does not go out.
const UNSENT: &str = "An older state was restored: nobody knows whether it was sent since.";
/// The numbers that people quote go on so much higher, because nobody knows which were given since.
const NUMBERS: i64 = 1_000;

/// What was done about an older state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Restored {
    /// The last record of the older state.
    pub up_to: i64,
    /// When that state was written to last.
    pub as_of: Instant,
    /// The number of the record that says that it was restored.
    pub record: i64,
    /// The last record that the anchor file knew, if it is not in the older state.
    pub lost_up_to: Option<i64>,
    /// The first record of the older state that does not hold, if there is one.
    pub broken_at: Option<i64>,
    /// How many activations and requests ended.
    pub activations: usize,
    /// How many active assignments ended.
    pub assignments: usize,
    /// How many sessions ended.
    pub sessions: u64,
    /// How many messages do not go out.
    pub messages: u64,
    /// Who administers Stint without an end: the only ones that still hold something.
    pub administrators: Vec<String>,
}

/// Makes the database safe to use that was put in its place, as an older state of itself. On record, and all administrators
/// are told. Nobody else may use it meanwhile.
///
/// # Errors
/// When it cannot be opened or written to, others use it, or the key is not the one that belongs to it.
pub async fn restore(config: Config, env: Env) -> Result<Restored> {
    require_alone(&config.database_url).await?;
    let path = config.anchor_file.clone();
    let anchored = record::anchor::newest(path.clone()).await?;
    let (restored, anchor) = settle(config, env, anchored).await?;
    if let Some(path) = path {
        record::anchor::begin_anew(path, &anchor).await?;
    }
    Ok(restored)
}

/// How long connections that were closed may take to be gone.
const GONE: Duration = Duration::from_millis(200);

/// Refuses while another process uses the database.
async fn require_alone(url: &SecretString) -> Result<()> {
    for _ in 0..10 {
        if store::backup::is_alone(url).await? {
            return Ok(());
        }
        tokio::time::sleep(GONE).await;
    }
    Err(Error::broken("restore", "a process uses the database: stop every instance of Stint first"))
}

/// The same for the database of a configuration whose anchor file knew `anchored` last, without writing to that file. Gives
/// the anchor that belongs there.
pub(super) async fn settle(config: Config, env: Env, anchored: Option<Anchor>) -> Result<(Restored, Anchor)> {
    // Time does not go back behind what was seen, also where the database has forgotten it.
    if let Some(anchored) = &anchored {
        env.not_before(anchored.at);
    }
    let engine = Engine::open_for(Opening::Restoring, config, env).await?;
    let done = settled(&engine, anchored).await;
    engine.close().await;
    done
}

async fn settled(engine: &Engine, anchored: Option<Anchor>) -> Result<(Restored, Anchor)> {
    require_key(engine).await?;
    let broken_at = record::verify_chain(engine, None).await?.broken_at;
    let home = store::backup::home(engine.readers()).await?;
    let act = engine.clone();
    let attempt = Event::new(EventKind::Restored);
    let mut restored: Restored = engine
        .act(&Ctx::host(), attempt.clone(), move |tx| {
            Box::pin(async move {
                let done = Doubts::settle(tx, anchored, home).await?;
                let (restored, event, followed) = done.told(tx, attempt).await?;
                let events = std::iter::once(event).chain(followed).collect();
                tx.commit(&act, restored, events).await
            })
        })
        .await?;
    restored.broken_at = broken_at;
    let head = store::head::read(engine.readers()).await?;
    Ok((restored, Anchor { seq: head.seq, hash: audit::hex(&head.hash), at: engine.now() }))
}

/// What is sealed in the database must open, or nobody could sign in.
async fn require_key(engine: &Engine) -> Result<()> {
    let wrong = |_| Error::broken("restore.key", "the key file does not belong to this database");
    crate::session::signing::load(engine).await.map_err(wrong)?;
    if let Some(sign_in) = store::sign_in::any_with_factor(engine.readers()).await? {
        totp::Secret::of(engine, &sign_in).map_err(wrong)?;
    }
    Ok(())
}

/// What was in doubt, and is settled.
struct Doubts {
    before: store::head::Head,
    copied_at: Option<Instant>,
    anchored: Option<Anchor>,
    sessions: u64,
    links: u64,
    codes: u64,
    messages: u64,
    activations: Vec<Event>,
    assignments: Vec<Event>,
}

impl Doubts {
    async fn settle(tx: &mut Tx, anchored: Option<Anchor>, home: Option<String>) -> Result<Self> {
        let before = store::head::read(tx.conn()).await?;
        let lost = anchored.as_ref().map_or(0, |anchored| (anchored.seq - before.seq).max(0));
        tx.skip_numbers(NUMBERS + lost);
        let (db, now) = (tx.conn(), tx.now);
        // Before the facts of this act write messages of their own.
        let messages = store::outbox::forget_every(db, UNSENT).await?;
        store::sign_in::nothing_until(db, totp::step_at(now)).await?;
        let done = Self {
            copied_at: store::head::copied_at(db).await?,
            sessions: store::session::end_every(db, now).await?,
            links: store::sign_in::link::void_every(db, now).await?,
            codes: store::sign_in::recovery::use_up_every(db, now).await?,
            messages,
            activations: activation::follow::in_doubt(tx, WHY, |_| true).await?,
            assignments: assignment::in_doubt(tx, WHY).await?,
            before,
            anchored,
        };
        store::head::settled(db, home).await?;
        Ok(done)
    }

    /// The answer, the fact that it was done, and what followed for people.
    async fn told(self, tx: &Tx, event: Event) -> Result<(Restored, Event, Vec<Event>)> {
        let lost_up_to = self.anchored.as_ref().map(|anchored| anchored.seq);
        let restored = Restored {
            up_to: self.before.seq,
            as_of: self.before.highest_at,
            record: self.before.seq + 1,
            lost_up_to: lost_up_to.filter(|seq| *seq > self.before.seq),
            broken_at: None,
            activations: self.activations.len(),
            assignments: self.assignments.len(),
            sessions: self.sessions,
            messages: self.messages,
            administrators: administrators(tx).await?,
        };
        let event = event.before(json!({ "anchored": self.anchored })).after(json!({
            "seq": self.before.seq,
            "hash": audit::hex(&self.before.hash),
            "as_of": self.before.highest_at,
            "copied_at": self.copied_at,
            "activations": restored.activations,
            "assignments": restored.assignments,
            "sessions": self.sessions,
            "links": self.links,
            "recovery_codes": self.codes,
            "messages": self.messages,
        }));
        Ok((restored, event, self.activations.into_iter().chain(self.assignments).collect()))
    }
}

/// The names of those who administer Stint now.
async fn administrators(tx: &Tx) -> Result<Vec<String>> {
    let principals = store::assignment::active_principals(tx.conn(), builtin::ADMINISTRATOR, tx.now).await?;
    let people = store::access::people_of(tx.conn(), &principals).await?;
    let names = store::person::names(tx.conn(), people.iter().copied()).await?;
    let mut names: Vec<_> = names.into_values().map(|person| person.name).collect();
    names.sort();
    Ok(names)
}
