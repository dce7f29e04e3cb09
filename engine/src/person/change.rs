//! What administrators change of a person: name, kind and contact addresses.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    person::{ChangePerson, Person, PersonId},
};
use serde_json::{Map, Value, json};

use super::{Subject, subject};
use crate::{Ctx, Engine, error::Result, session, store};

/// Changes a person. The record holds what changed only; former addresses stand in it, so that they can be told.
///
/// # Errors
/// `signed_out`, `not_found`, `forbidden`, every field that needs attention, `conflict`, `mfa_stale`.
pub async fn change(engine: &Engine, ctx: &Ctx, id: PersonId, input: ChangePerson) -> Result<()> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::PersonChanged).person(id), move |tx| {
            Box::pin(async move {
                let Subject { person, .. } = subject(tx, id).await?;
                let input = input.checked()?;
                if input.version != person.version {
                    return Err(Problem::new(Code::Conflict).into());
                }
                session::require_administrator_factor(tx, id.uuid())?;
                let addresses = store::person::addresses(tx.conn(), id).await?;
                let Some(event) = changed(&person, &addresses, &input) else { return Ok(tx.unchanged(())) };
                store::person::set_addresses(tx.conn(), act.env(), id, &input.addresses, tx.now).await?;
                let after = Person { kind: input.kind, name: input.name, ..person };
                store::person::save(tx.conn(), &after).await?;
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}

/// The fact, if there is one. The order of addresses means nothing.
fn changed(person: &Person, addresses: &[String], input: &ChangePerson) -> Option<Event> {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    let (mut before, mut after) = (Map::new(), Map::new());
    let mut note = |what: &str, was: Value, is: Value| {
        if was != is {
            before.insert(what.to_owned(), was);
            after.insert(what.to_owned(), is);
        }
    };
    note("name", json!(person.name), json!(input.name));
    note("kind", json!(person.kind), json!(input.kind));
    note("addresses", json!(sorted(addresses)), json!(sorted(&input.addresses)));
    if after.is_empty() {
        return None;
    }
    Some(Event::new(EventKind::PersonChanged).person(person.id).before(before.into()).after(after.into()))
}
