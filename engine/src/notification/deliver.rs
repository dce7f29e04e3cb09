//! Delivery: takes due messages from the outbox under a lease, hands them to the mail server and notes what became of
//! each. At least once; a second time only when this process died between the server's answer and the note of it.
//!
//! Each address has one delivery at a time and several have theirs at once, so that one that is slow or fails holds up
//! no other.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    time::Duration,
};

use domain::{Id, Instant, Span, notification::MessageId};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use secrecy::ExposeSecret;
use tokio::task::{JoinError, JoinSet};

use super::{one_line, place, render};
use crate::{
    Config, Engine,
    error::{Error, Result},
    failpoint,
    store::{
        self,
        outbox::{Room, row},
    },
};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How many messages are taken at once.
const ROUND: u64 = 20;
/// To how many addresses messages are on their way at once.
const AT_ONCE: usize = 8;
/// How many of these may be addresses where the last try failed: the others are never all taken by slow ones.
const FAILING: usize = 4;
/// For so long one after another is tried at one address: a try more still ends within the lease.
const WHILE: Duration = Duration::from_secs(600);
/// So long the rest for an address waits when a try failed, or all took too long.
const PAUSE: Span = Span::minutes(1);
/// How long one may take: then it counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the mail server may be silent.
const SILENCE: Duration = Duration::from_secs(20);
/// For so long nobody else takes them: well over what a round can last.
pub(crate) const LEASE: Span = Span::minutes(15);
/// After so long a mail that the server refuses for good is given up, as mail servers do (RFC 5321, 4.5.4.1).
const GIVE_UP: Span = Span::days(5);

/// The door to the mail server.
pub(crate) struct Post {
    server: Option<(Transport, Mailbox)>,
    /// Taken by the server, but not noted yet because the database did not take the note.
    answered: Mutex<HashSet<MessageId>>,
    /// The addresses that are being delivered to, and whether the last try there failed.
    busy: Mutex<HashMap<String, bool>>,
    under_way: tokio::sync::Mutex<JoinSet<Result<()>>>,
    silent: Once,
}

impl Post {
    /// # Errors
    /// When the address of the mail server or of the sender cannot be read.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let server = match &config.smtp {
            Some(smtp) => {
                let transport =
                    Transport::from_url(smtp.url.expose_secret()).map_err(Error::of("smtp.url"))?;
                let mut from: Mailbox = smtp.from.parse().map_err(Error::of("smtp.from"))?;
                from.name.get_or_insert_with(|| format!("Stint at {}", one_line(&config.organisation)));
                Some((transport.timeout(Some(SILENCE)).build(), from))
            }
            None => None,
        };
        Ok(Self {
            server,
            answered: Mutex::default(),
            busy: Mutex::default(),
            under_way: tokio::sync::Mutex::default(),
            silent: Once::new(),
        })
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What more may be begun.
    fn room(&self) -> Room {
        let busy = self.busy();
        Room {
            addresses: AT_ONCE.saturating_sub(busy.len()),
            failing: FAILING.saturating_sub(busy.values().filter(|failing| **failing).count()),
            busy: busy.keys().cloned().collect(),
        }
    }

    fn was_answered(&self, id: MessageId) -> bool {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }
}

/// Tries the messages that are due, at most 20 at a time and at most 8 addresses at once, and does not wait for those that
/// are slow. Ends when nothing more can be begun.
///
/// # Errors
/// When the database does not answer. That a mail server does not is kept with the message.
pub async fn round(engine: &Engine) -> Result<()> {
    while begin(engine).await? > 0 {
        let mut under_way = engine.0.post.under_way.lock().await;
        // Whether one came to its end or they are slow: there may be room for others.
        let ended = tokio::time::timeout(Duration::from_secs(1), under_way.join_next()).await;
        if let Ok(Some(ended)) = ended {
            joined(ended)?;
        }
    }
    Ok(())
}

/// Waits for what is under way.
///
/// # Errors
/// As for [`round`].
pub async fn finish(engine: &Engine) -> Result<()> {
    let mut under_way = engine.0.post.under_way.lock().await;
    let mut result = Ok(());
    while let Some(ended) = under_way.join_next().await {
        result = result.and(joined(ended));
    }
    result
}

/// Tries the messages that are due now, at most 20, and waits for them. Gives how many there were. Without a mail server
/// nothing is tried, which the log says once.
///
/// # Errors
/// As for [`round`].
pub async fn deliver(engine: &Engine) -> Result<usize> {
    let tried = begin(engine).await?;
    finish(engine).await?;
    Ok(tried)
}

fn joined(ended: Result<Result<()>, JoinError>) -> Result<()> {
    ended.unwrap_or_else(|error| Err(Error::of("notification.deliver")(error)))
}

/// Takes what is due and there is room for, and begins to deliver it. Gives how many there were.
async fn begin(engine: &Engine) -> Result<usize> {
    let post = &engine.0.post;
    if post.server.is_none() {
        post.silent.call_once(|| tracing::warn!("no mail server is configured: messages stay in the outbox"));
        return Ok(0);
    }
    let mut under_way = post.under_way.lock().await;
    while let Some(ended) = under_way.try_join_next() {
        joined(ended)?;
    }
    let room = post.room();
    if room.addresses == 0 {
        return Ok(0);
    }
    let taken = engine
        .note(move |tx| {
            Box::pin(async move {
                store::outbox::lease(tx.conn(), &room, tx.now, LEASE.after(tx.now), ROUND).await
            })
        })
        .await?;
    failpoint::at("mail.leased")?;
    let tried = taken.iter().map(Vec::len).sum();
    for rows in taken {
        let Some(first) = rows.first() else { continue };
        let busy = Busy::at(engine, first);
        under_way.spawn(async move { in_turn(&busy.engine, rows).await });
    }
    Ok(tried)
}

/// An address that is being delivered to, until this goes.
struct Busy {
    engine: Engine,
    address: String,
}

impl Busy {
    fn at(engine: &Engine, first: &row::Model) -> Self {
        engine.0.post.busy().insert(first.address.clone(), first.last_error.is_some());
        Self { engine: engine.clone(), address: first.address.clone() }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.engine.0.post.busy().remove(&self.address);
    }
}

/// The messages to one address, one after another. When the mail server cannot take one at present, the rest waits.
async fn in_turn(engine: &Engine, rows: Vec<row::Model>) -> Result<()> {
    let (began, mut put_off) = (std::time::Instant::now(), false);
    for row in rows {
        if put_off || began.elapsed() > WHILE {
            later(engine, Id::new(row.id)).await?;
        } else {
            put_off = !one(engine, row).await?;
        }
    }
    Ok(())
}

async fn later(engine: &Engine, id: MessageId) -> Result<()> {
    engine
        .note(move |tx| {
            Box::pin(async move { store::outbox::put_off(tx.conn(), id, PUT_OFF, PAUSE.after(tx.now)).await })
        })
        .await
}

/// Why a message was not tried in its turn.
const PUT_OFF: &str = "Put off: another message to the same address failed or took long.";

/// Delivers one; false when the next one to the same address need not be tried now.
async fn one(engine: &Engine, row: row::Model) -> Result<bool> {
    let id = Id::new(row.id);
    let post = &engine.0.post;
    let Some((transport, from)) = &post.server else { return Ok(false) };
    if !post.was_answered(id) {
        if is_expired(&row, engine.now()) {
            given_up(engine, id, "The link expired before the mail went out.").await?;
            return Ok(true);
        }
        failpoint::at("mail.sending")?;
        if let Err(failure) = send(engine, transport, from, &row).await {
            let of_this_one = failure.permanent;
            failed(engine, &row, failure).await?;
            return Ok(of_this_one);
        }
        post.answered.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        failpoint::at("mail.taken")?;
    }
    engine
        .note(move |tx| Box::pin(async move { store::outbox::delivered(tx.conn(), id, tx.now).await }))
        .await?;
    failpoint::at("mail.noted")?;
    post.answered.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    Ok(true)
}

/// Whether the message carries a link that does not work any more.
fn is_expired(row: &row::Model, now: Instant) -> bool {
    let params: Option<serde_json::Value> =
        serde_json::from_str(&row.params).ok().filter(|_| row.sealed.is_some());
    let expires_at = params.and_then(|params| params.get("expires_at")?.as_str()?.parse::<Instant>().ok());
    expires_at.is_some_and(|expires_at| expires_at <= now)
}

async fn given_up(engine: &Engine, id: MessageId, why: &'static str) -> Result<()> {
    engine
        .note(move |tx| Box::pin(async move { store::outbox::failed(tx.conn(), id, why, None).await }))
        .await
}

/// Why a message was not taken.
struct Failure {
    words: String,
    /// The server refused it for good, or it cannot be written: that says nothing about others.
    permanent: bool,
}

impl Failure {
    fn of(words: impl Into<String>) -> Self {
        Self { words: words.into(), permanent: false }
    }
}

async fn send(
    engine: &Engine,
    transport: &Transport,
    from: &Mailbox,
    row: &row::Model,
) -> std::result::Result<(), Failure> {
    let mail = mail(engine, from, row).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(message = %row.id, template = row.template, cause, "a mail could not be written");
        Failure { words: "The mail could not be written. The log says why.".to_owned(), permanent: true }
    })?;
    match tokio::time::timeout(PATIENCE, transport.send(mail)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure { words: words(&error), permanent: error.is_permanent() }),
        Err(_) => Err(Failure::of("The mail server took too long.")),
    }
}

/// A stable Message-ID: should a mail ever be sent twice, mail programs see that it is the same one.
fn mail(engine: &Engine, from: &Mailbox, row: &row::Model) -> Result<Message> {
    let config = engine.config();
    let id: MessageId = Id::new(row.id);
    let link = match &row.sealed {
        Some(sealed) => {
            let plain =
                engine.keys().open(&place(id), sealed).and_then(|plain| String::from_utf8(plain).ok());
            Some(plain.ok_or_else(|| Error::broken("notification.link", "a sealed link does not open"))?)
        }
        None => None,
    };
    let written = render::write(config, &row.template, &row.params, link.as_deref())?;
    let params: serde_json::Value =
        serde_json::from_str(&row.params).map_err(Error::of("notification.write"))?;
    let name = params.get("to_name").and_then(serde_json::Value::as_str).map(str::to_owned);
    let address: Address = row.address.parse().map_err(Error::of("notification.address"))?;
    let host = config.public_url.split("://").last().unwrap_or_default();
    let host = host.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("stint");
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(written.subject)
        .message_id(Some(format!("<{id}@{host}>")))
        .date(store::at(row.created_at)?.into())
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(written.text, written.html))
        .map_err(Error::of("notification.mail"))
}

async fn failed(engine: &Engine, row: &row::Model, failure: Failure) -> Result<()> {
    let id: MessageId = Id::new(row.id);
    let (attempts, created_at) = (row.attempts, store::at(row.created_at)?);
    engine
        .note(move |tx| {
            Box::pin(async move {
                let over = failure.permanent && GIVE_UP.after(created_at) <= tx.now;
                let next = (!over).then(|| next_try(attempts, tx.now));
                store::outbox::failed(tx.conn(), id, &failure.words, next).await
            })
        })
        .await
}

/// A minute after the first failure, doubling to an hour.
pub(super) fn next_try(attempts: i64, now: Instant) -> Instant {
    let doublings = u32::try_from(attempts).unwrap_or_default().min(6);
    Span::minutes(1_i64 << doublings).min(Span::hours(1)).after(now)
}

/// What went wrong, for the page: at most 300 characters, on one line.
fn words(error: &lettre::transport::smtp::Error) -> String {
    let mut cause = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        let text = source.to_string();
        if !cause.contains(&text) {
            cause = format!("{cause}: {text}");
        }
        next = source.source();
    }
    let what = if error.is_permanent() {
        "The mail server refused it"
    } else if error.is_transient() {
        "The mail server asks to try again later"
    } else if error.is_timeout() {
        "The mail server did not answer in time"
    } else {
        "The mail server could not be reached"
    };
    one_line(&format!("{what}: {cause}")).chars().take(300).collect()
}
