//! Who hears of what, and how the messages get there. Nothing is sent from here: messages are written to the outbox in
//! the transaction of the act, and delivered by the worker.

mod audience;
mod deliver;
mod erase;
mod message;
mod outbox;
mod render;
mod routing;
mod samples;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use domain::{
    Instant,
    event::{Event, EventKind, Outcome},
    person::PersonId,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    Engine, Tx,
    error::{Error, Result},
    store::{
        self,
        outbox::{NewMessage, Reached},
    },
};

pub(crate) use deliver::{LEASE, Post};
pub use deliver::{deliver, finish, round};
pub use erase::erase;
#[cfg(any(test, feature = "testing"))]
pub(crate) use outbox::all_written;
pub use outbox::{outbox, view};
pub use render::check_templates;

use message::{ACCOUNT_CHANGED, Message, one_line};

/// Who is told what. Each address hears of a fact once: the first message for it counts.
type Mails = Vec<(Vec<PersonId>, Message)>;

/// Writes the messages that follow from the facts of one act to the outbox, in its transaction. Their records follow the
/// one with the number `before`. Refusals tell nobody.
pub(crate) async fn enqueue(engine: &Engine, tx: &mut Tx, facts: &[Event], before: i64) -> Result<()> {
    let about = routing::about(tx, facts).await?;
    let mut told = Vec::new();
    for (fact, seq) in facts.iter().zip(before + 1..).filter(|(fact, _)| fact.outcome == Outcome::Done) {
        forget_void_links(tx, fact).await?;
        told.push((fact, seq, routing::mails(tx, &about, fact).await?));
    }
    let all = told.iter().flat_map(|(.., mails)| mails).flat_map(|(people, _)| people.iter().copied());
    let reached = store::outbox::reached(tx.conn(), &Vec::from_iter(all.collect::<BTreeSet<_>>())).await?;
    let mut messages = Vec::new();
    for (fact, seq, mails) in told {
        write(engine, tx, (fact, seq), mails, &reached, &mut messages).await?;
    }
    store::outbox::insert(tx.conn(), messages, tx.now).await
}

/// The mail with a link that is no longer good does not go out.
async fn forget_void_links(tx: &Tx, event: &Event) -> Result<()> {
    if let Some(person) =
        event.person.filter(|_| matches!(event.kind, EventKind::LinkVoided | EventKind::LinkUsed))
    {
        // When a newer link was made in the same act, its mail stays.
        let before = (event.reason.as_deref() == Some("newer")).then_some(tx.now);
        store::outbox::forget_links(tx.conn(), person, before, VOID).await?;
    }
    Ok(())
}

/// Adds the messages that follow from one fact, to each address that reaches who is told.
async fn write(
    engine: &Engine,
    tx: &Tx,
    (event, seq): (&Event, i64),
    mails: Mails,
    reached: &HashMap<PersonId, Reached>,
    messages: &mut Vec<NewMessage>,
) -> Result<()> {
    let mut told = BTreeSet::new();
    for (people, message) in mails {
        for mut reached in people.iter().filter_map(|person| reached.get(person)).cloned() {
            if matches!(&message, Message::AccountChanged { you: true, .. }) {
                reached.addresses.extend(routing::former_addresses(event, &reached));
            }
            for address in &reached.addresses {
                if !told.insert(address.to_lowercase()) || joined(tx, messages, address, &message).await? {
                    continue;
                }
                messages.push(NewMessage {
                    id: engine.env().id(),
                    dedup: format!("{seq}/{address}/{}", message.template()),
                    template: message.template(),
                    params: params(engine, tx.now, &reached, &message)?.to_string(),
                    address: address.clone(),
                    person: reached.person,
                    event_seq: Some(seq),
                    sealed: None,
                });
            }
        }
    }
    Ok(())
}

/// What every message knows beside what it says: for whom it is written, in which zone, and when.
fn params(engine: &Engine, now: Instant, reached: &Reached, message: &Message) -> Result<Value> {
    let mut params = serde_json::to_value(message).map_err(Error::of("notification.write"))?;
    if let Value::Object(fields) = &mut params {
        let zone = reached.zone.clone().unwrap_or_else(|| engine.config().zone.name().to_owned());
        fields.insert("to_name".to_owned(), json!(one_line(&reached.name)));
        fields.insert("zone".to_owned(), json!(zone));
        fields.insert("sent_at".to_owned(), json!(now));
    }
    Ok(params)
}

/// One act may change several things about an account: they are told in one message, which may be written already.
async fn joined(tx: &Tx, messages: &mut [NewMessage], address: &str, message: &Message) -> Result<bool> {
    let Message::AccountChanged { about, what, .. } = message else { return Ok(false) };
    let is_to_same = |other: &&mut NewMessage| other.template == ACCOUNT_CHANGED && other.address == address;
    for other in messages.iter_mut().filter(is_to_same) {
        if let Some(params) = with_facts(&other.params, about, what)? {
            other.params = params;
            return Ok(true);
        }
    }
    for (id, params) in store::outbox::of_this_act(tx.conn(), ACCOUNT_CHANGED, address, tx.now).await? {
        if let Some(params) = with_facts(&params, about, what)? {
            store::outbox::set_params(tx.conn(), id, params).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a message about an account says with these facts too; nothing when it is about another account.
fn with_facts(params: &str, about: &str, more: &[String]) -> Result<Option<String>> {
    let mut params: Value = serde_json::from_str(params).map_err(Error::of("notification.join"))?;
    if params.get("about").and_then(Value::as_str) != Some(about) {
        return Ok(None);
    }
    if let Some(Value::Array(facts)) = params.get_mut("what") {
        facts.extend(more.iter().map(|fact| json!(fact)));
    }
    Ok(Some(params.to_string()))
}

/// Mails a one-time link to a new person without any privilege. It is sealed until it is delivered, and never shown.
/// Gives the addresses.
pub(crate) async fn enqueue_link(
    engine: &Engine,
    tx: &Tx,
    person: PersonId,
    url: &SecretString,
    expires_at: Instant,
) -> Result<Vec<String>> {
    let Some(reached) = store::outbox::reached(tx.conn(), &[person]).await?.remove(&person) else {
        return Ok(Vec::new());
    };
    let message = Message::Invitation { expires_at };
    let params = params(engine, tx.now, &reached, &message)?.to_string();
    let messages = reached.addresses.iter().map(|address| {
        let id = engine.env().id();
        NewMessage {
            id,
            dedup: format!("link/{id}"),
            template: message.template(),
            params: params.clone(),
            address: address.clone(),
            person,
            event_seq: None,
            sealed: Some(engine.keys().seal(engine.env(), &place(id), url.expose_secret().as_bytes())),
        }
    });
    store::outbox::insert(tx.conn(), messages.collect(), tx.now).await?;
    Ok(reached.addresses)
}

/// Why a mail that carries a link does not go out.
const VOID: &str = "The link was used or became void before the mail went out.";

/// Where a link is sealed.
fn place(id: domain::notification::MessageId) -> String {
    format!("outbox/{id}")
}
