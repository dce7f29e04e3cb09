//! A new person, with the name they sign in with and the link that invites them.

use domain::{
    access::Permission,
    event::{Event, EventKind},
    person::{CreatedPerson, NewPerson, Person},
};
use serde_json::json;
use uuid::Uuid;

use super::me::known_zone;
use crate::{Ctx, Engine, Tx, error::Result, session, sign_in, store};

/// Creates a person. Nobody new has to do with a role, so this is no matter for the Privileged Role Administrator
/// alone.
///
/// # Errors
/// `signed_out`, `forbidden`, every field that needs attention, `mfa_stale`, `name_taken` for the sign-in name.
pub async fn create(engine: &Engine, ctx: &Ctx, new: NewPerson) -> Result<CreatedPerson> {
    ctx.signed()?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::PersonCreated), move |tx| {
            Box::pin(async move {
                let caller = store::access::of(tx.conn(), tx.ctx.signed()?.person, tx.now).await?;
                caller.holds.require(Permission::ManagePeople)?;
                let mut new = new.checked()?;
                new.zone = known_zone(new.zone)?;
                session::require_administrator_factor(tx, Uuid::nil())?;
                let person = write(&act, tx, &new).await?;
                let mut events = vec![created(&person, &new)];
                let (link, invited) = sign_in::link::invite(&act, tx, person.id).await?;
                events.extend(invited);
                tx.commit(&act, CreatedPerson { id: person.id, link }, events).await
            })
        })
        .await
}

async fn write(engine: &Engine, tx: &Tx, new: &NewPerson) -> Result<Person> {
    let person = Person {
        id: engine.env().id(),
        kind: new.kind,
        name: new.name.clone(),
        zone: new.zone.clone(),
        disabled_at: None,
        created_at: tx.now,
        version: 1,
    };
    store::person::insert(tx.conn(), &person).await?;
    store::person::set_addresses(tx.conn(), engine.env(), person.id, &new.addresses, tx.now).await?;
    sign_in::create_for(engine, tx, person.id, &new.sign_in_name).await?;
    Ok(person)
}

fn created(person: &Person, new: &NewPerson) -> Event {
    Event::new(EventKind::PersonCreated).person(person.id).after(json!({
        "kind": person.kind, "name": person.name, "sign_in_name": new.sign_in_name, "addresses": new.addresses,
        "zone": person.zone,
    }))
}
