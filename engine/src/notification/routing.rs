//! The routing table: who hears of which fact. The one `match` has no default arm, so that a new kind of fact does not
//! compile until somebody says who hears of it.

mod account;
mod activation;
mod assignment;

use std::collections::{BTreeSet, HashMap};

use domain::{
    Instant,
    activation::{ActivationId, Cause},
    event::{Event, EventKind, Outcome},
    person::PersonId,
};
use serde_json::Value;

use super::{
    Mails, audience,
    message::{Message, one_line},
};
use crate::{
    Tx,
    ctx::Caller,
    error::Result,
    store::{self, activation::Told},
};

pub(super) use account::former_addresses;

/// The activations that the facts of one act are about.
pub(super) type About = HashMap<ActivationId, Told>;

/// Reads them, all at once: a batch of due ends is one act.
pub(super) async fn about(tx: &Tx, facts: &[Event]) -> Result<About> {
    let told = facts.iter().filter(|fact| fact.outcome == Outcome::Done);
    let ids: BTreeSet<_> = told.filter_map(|fact| fact.activation).map(|(id, _)| id).collect();
    store::activation::told(tx.conn(), &Vec::from_iter(ids)).await
}

/// What is to be told, and to whom: the person concerned before approvers before administrators.
pub(super) async fn mails(tx: &Tx, about: &About, event: &Event) -> Result<Mails> {
    use EventKind as K;
    match event.kind {
        K::ActivationRequested => activation::asked(tx, about, event).await,
        K::ActivationAgreed => activation::agreed(tx, about, event).await,
        K::ActivationApproved => activation::approved(tx, about, event).await,
        K::ActivationScheduled => activation::scheduled(about, event),
        K::ActivationActivated => activation::active(tx, about, event).await,
        K::ActivationDenied => activation::refused(tx, about, event, "denied").await,
        K::ActivationCanceled => activation::refused(tx, about, event, "canceled").await,
        K::ActivationTimedOut => activation::refused(tx, about, event, "lapsed").await,
        K::ActivationFailed => activation::refused(tx, about, event, "failed").await,
        K::ActivationEndAnnounced => activation::ends_soon(about, event),
        K::ActivationEnded => activation::ended(tx, about, event).await,
        K::AssignmentMade => assignment::assignment(tx, event, "made").await,
        K::AssignmentChanged => assignment::assignment(tx, event, "changed").await,
        K::AssignmentEndAnnounced => assignment::assignment(tx, event, "ends_soon").await,
        K::AssignmentRemoved | K::AssignmentEnded => assignment::assignment(tx, event, "ended").await,
        K::MemberAdded => assignment::membership(tx, event, true).await,
        K::MemberRemoved => assignment::membership(tx, event, false).await,
        K::SettingsChanged => assignment::settings(tx, event).await,
        K::LinkMade => account::account(tx, event, &account::link_words(event)).await,
        K::LinkUsed => account::account(tx, event, "A one-time link was used.").await,
        K::PasswordSet => account::account(tx, event, "A new password was set.").await,
        K::FactorEnrolled => account::account(tx, event, "An authenticator app was set up.").await,
        K::RecoveryCodesMade => account::account(tx, event, "New recovery codes were made.").await,
        K::RecoveryCodeUsed => account::account(tx, event, "A recovery code was used.").await,
        K::Recovered => account::account(tx, event, "An operator used stint recover on the host.").await,
        K::PersonChanged => match account::address_words(event) {
            Some(words) => account::account(tx, event, &words).await,
            None => Ok(Vec::new()),
        },
        K::ClockStepped => alert(tx, Message::Clock { accepted: false }).await,
        K::ClockAccepted => alert(tx, Message::Clock { accepted: true }).await,
        K::Restored => alert(tx, Message::Restored { as_of: as_of(event) }).await,
        // What follows from these for somebody is a fact of its own; the rest is on record and tells nobody.
        K::SetUpCompleted
        | K::LinkVoided
        | K::PersonCreated
        | K::PersonDisabled
        | K::PersonEnabled
        | K::GroupCreated
        | K::GroupChanged
        | K::GroupRemoved
        | K::RoleCreated
        | K::RoleChanged
        | K::RoleDisabled
        | K::RoleEnabled
        | K::SessionStarted
        | K::SessionEnded
        | K::SessionReused
        | K::SignInFailed
        | K::SteppedUp
        | K::BackedUp
        | K::RecordExported => Ok(Vec::new()),
    }
}

async fn alert(tx: &Tx, message: Message) -> Result<Mails> {
    Ok(vec![(audience::administrators(tx).await?, message)])
}

/// Of which moment the state is that was put back.
fn as_of(event: &Event) -> Option<Instant> {
    serde_json::from_value(event.after.as_ref()?.get("as_of")?.clone()).ok()
}

/// Who acted, by name: nobody when Stint itself did, or when it is the person who is told.
async fn actor(tx: &Tx, but: PersonId) -> Result<Option<String>> {
    match tx.ctx.caller {
        Caller::Person(signed) if signed.person != but => Ok(Some(name(tx, signed.person).await?)),
        Caller::Host => Ok(Some("an operator on the host".to_owned())),
        Caller::Person(_) | Caller::Nobody | Caller::Stint => Ok(None),
    }
}

/// Who acted, by name; nobody when Stint itself did.
async fn whoever(tx: &Tx) -> Result<Option<String>> {
    match tx.ctx.caller {
        Caller::Person(signed) => Ok(Some(name(tx, signed.person).await?)),
        Caller::Host => Ok(Some("an operator on the host".to_owned())),
        Caller::Nobody | Caller::Stint => Ok(None),
    }
}

async fn name(tx: &Tx, person: PersonId) -> Result<String> {
    Ok(names(tx, &[person]).await?.pop().unwrap_or_default())
}

async fn names(tx: &Tx, people: &[PersonId]) -> Result<Vec<String>> {
    let names = store::person::names(tx.conn(), people.iter().copied()).await?;
    Ok(people.iter().filter_map(|id| names.get(id)).map(|person| one_line(&person.name)).collect())
}

/// The reason that somebody typed, without the stable word that Stint puts in its place or before it.
fn event_why(event: &Event) -> Option<String> {
    let reason = event.reason.as_deref()?;
    let typed = match reason.split_once(": ") {
        Some((word, typed)) if is_cause(word) => typed,
        _ if is_cause(reason) || is_word(reason) => "",
        _ => reason,
    };
    Some(one_line(typed)).filter(|typed| !typed.is_empty())
}

fn is_cause(word: &str) -> bool {
    serde_json::from_value::<Cause>(Value::String(word.to_owned())).is_ok()
}

/// Such as `group_removed`, `1_day`.
fn is_word(text: &str) -> bool {
    text.contains('_') && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
