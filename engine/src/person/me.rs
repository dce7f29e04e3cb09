//! Who is asking, and the one thing of themselves that people change here: the zone in which they see times.

use domain::{
    Code, Problem,
    event::{Event, EventKind},
    person::Me,
};
use serde_json::json;

use crate::{
    Ctx, Engine, activation,
    error::{Error, Result},
    store,
};

/// The caller, and what is open to them at this moment.
///
/// # Errors
/// `signed_out`.
pub async fn me(engine: &Engine, ctx: &Ctx) -> Result<Me> {
    let signed = ctx.signed()?;
    let (db, now) = (engine.readers(), engine.now());
    let person = store::person::find(db, signed.person).await?.ok_or_else(|| Error::from(Code::SignedOut))?;
    let access = store::access::of(db, person.id, now).await?;
    let sign_ins = store::sign_in::names_of(db, &[person.id]).await?.remove(&person.id).unwrap_or_default();
    let sign_in = sign_ins.into_iter().find(|sign_in| sign_in.id == signed.sign_in);
    Ok(Me {
        id: person.id,
        name: person.name,
        sign_in_name: sign_in.map(|sign_in| sign_in.name).unwrap_or_default(),
        holds: access.holds,
        zone: person.zone.unwrap_or_else(|| engine.config().zone.name().to_owned()),
        to_decide: activation::count_to_decide(db, &access, now).await?,
        mfa_at: signed.mfa_at,
    })
}

/// Chooses the zone in which the caller sees times; the organisation's when absent.
///
/// # Errors
/// `signed_out`, `malformed` for a zone that nobody knows.
pub async fn set_zone(engine: &Engine, ctx: &Ctx, zone: Option<String>) -> Result<()> {
    let me = ctx.signed()?.person;
    let zone = known_zone(zone)?;
    let act = engine.clone();
    engine
        .act(ctx, Event::new(EventKind::PersonChanged).person(me), move |tx| {
            Box::pin(async move {
                let mut person = store::person::get(tx.conn(), me).await?;
                if person.zone == zone {
                    return Ok(tx.unchanged(()));
                }
                let event = Event::new(EventKind::PersonChanged)
                    .person(me)
                    .before(json!({ "zone": person.zone }))
                    .after(json!({ "zone": zone }));
                person.zone = zone;
                store::person::save(tx.conn(), &person).await?;
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}

/// A zone by its name in the IANA database; nothing when none is chosen.
///
/// # Errors
/// `malformed`.
pub(super) fn known_zone(given: Option<String>) -> Result<Option<String>, Problem> {
    let Some(name) = given.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    match name.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(Some(zone.name().to_owned())),
        Err(_) => Err(Problem::new(Code::Malformed)
            .field("zone")
            .limit("the name of a time zone, such as Europe/Oslo")),
    }
}
