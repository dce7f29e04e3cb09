//! What is told of somebody's account: always to the person and to administrators.

use domain::{
    event::{Event, EventKind},
    sign_in::LinkPurpose,
};
use serde_json::Value;

use super::{actor, name};
use crate::{
    Tx,
    error::Result,
    notification::{
        Mails, audience,
        message::{Message, one_line},
    },
    store::{self, outbox::Reached},
};

/// A fact about somebody's account. Who was just invited hears by the invitation.
pub(super) async fn account(tx: &Tx, event: &Event, what: &str) -> Result<Mails> {
    let Some(person) = event.person else { return Ok(Vec::new()) };
    let (who, by) = (name(tx, person).await?, actor(tx, person).await?);
    let message = |you| Message::AccountChanged {
        you,
        who: who.clone(),
        about: person.to_string(),
        what: vec![what.to_owned()],
        by: by.clone(),
    };
    let invited =
        event.kind == EventKind::LinkMade && store::outbox::has_link(tx.conn(), person, tx.now).await?;
    let own = if invited { Vec::new() } else { vec![(vec![person], message(true))] };
    let administrators = (audience::administrators(tx).await?, message(false));
    Ok(own.into_iter().chain([administrators]).collect())
}

pub(super) fn link_words(event: &Event) -> String {
    let purpose = event.after.as_ref().and_then(|after| after.get("purpose")).and_then(Value::as_str);
    let what = match purpose {
        Some(word) if word == LinkPurpose::LostPassword.as_str() => " for a new password",
        Some(word) if word == LinkPurpose::LostFactor.as_str() => " for a new authenticator app",
        Some(word) if word == LinkPurpose::Invitation.as_str() || word == LinkPurpose::Recover.as_str() => {
            " for a new password and a new authenticator app"
        }
        Some(_) | None => "",
    };
    format!("A one-time link{what} was made.")
}

/// What the fact says of addresses before and after; nothing when they did not change.
pub(super) fn address_words(event: &Event) -> Option<String> {
    let (before, after) = (addresses(event.before.as_ref())?, addresses(event.after.as_ref())?);
    let list = |list: &[String]| if list.is_empty() { "none".to_owned() } else { one_line(&list.join(", ")) };
    (before != after).then(|| format!("Mail addresses changed from {} to {}.", list(&before), list(&after)))
}

fn addresses(value: Option<&Value>) -> Option<Vec<String>> {
    let list = value?.get("addresses")?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Addresses that the person had until this fact: they hear of it too.
pub(in super::super) fn former_addresses(event: &Event, reached: &Reached) -> Vec<String> {
    let former = if event.kind == EventKind::PersonChanged { addresses(event.before.as_ref()) } else { None };
    former.unwrap_or_default().into_iter().filter(|address| !reached.addresses.contains(address)).collect()
}
