//! Making one-time links.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Code, Problem,
    access::Permission,
    event::{Event, EventKind},
    person::PersonId,
    sign_in::{LinkPurpose, MadeLink, SignInId},
};
use secrecy::SecretString;

use super::{hash, void};
use crate::{
    Caller, Ctx, Engine, Tx,
    error::{Error, Result},
    notification,
    person::privilege,
    session,
    sign_in::once,
    store,
    store::sign_in::{SignIn, link::Link},
};

/// On the start with nobody in the database: a link for the first person; older ones become void. Gives its address.
///
/// # Errors
/// When the store fails.
pub async fn set_up_link(engine: &Engine) -> Result<Option<String>> {
    if !store::sign_in::nobody_exists(engine.readers()).await? {
        return Ok(None);
    }
    let act = engine.clone();
    engine
        .act(&Ctx::stint(), Event::new(EventKind::LinkMade), move |tx| {
            Box::pin(async move {
                if !store::sign_in::nobody_exists(tx.conn()).await? {
                    return Ok(tx.unchanged(None));
                }
                let mut events = Vec::new();
                if store::sign_in::link::void_set_up(tx.conn(), tx.now).await? > 0 {
                    let purpose = serde_json::json!({ "purpose": LinkPurpose::SetUp });
                    events.push(Event::new(EventKind::LinkVoided).after(purpose).reason("newer"));
                }
                let (made, event) = insert(&act, tx, LinkPurpose::SetUp, None).await?;
                events.push(event);
                tx.commit(&act, Some(made.url), events).await
            })
        })
        .await
}

/// Makes a link for somebody who exists. It is handed over, not mailed, unless it invites somebody without any privilege
/// who has never signed in. Nobody makes one for themself: that would replace the factor without the factor.
///
/// # Errors
/// `not_found`, `forbidden`, `mfa_stale`, `person_disabled`, or `malformed` for a purpose that is not an administrator's.
pub async fn make(engine: &Engine, ctx: &Ctx, person: PersonId, purpose: LinkPurpose) -> Result<MadeLink> {
    let by = ctx.signed()?.person;
    if matches!(purpose, LinkPurpose::SetUp | LinkPurpose::Recover) {
        let fitting = "invitation, lost_password or lost_factor";
        return Err(Problem::new(Code::Malformed).field("purpose").limit(fitting).into());
    }
    let act = engine.clone();
    let attempt =
        Event::new(EventKind::LinkMade).person(person).after(serde_json::json!({ "purpose": purpose }));
    engine
        .act(&once(ctx), attempt, move |tx| {
            Box::pin(async move {
                let sign_in = authorise(tx, by, person, purpose).await?;
                let (made, events) = for_person(&act, tx, &sign_in, purpose).await?;
                tx.commit(&act, made, events).await
            })
        })
        .await
}

/// Whether `by` may make links for this person. Gives the sign-in that they are for. Credentials that somebody has are
/// replaced by the Privileged Role Administrator only; a User Administrator renews invitations.
async fn authorise(tx: &Tx, by: PersonId, person: PersonId, purpose: LinkPurpose) -> Result<SignIn> {
    let holds = store::access::of(tx.conn(), by, tx.now).await?.holds;
    if !holds.allow(Permission::ReadPeople) {
        return Err(Code::NotFound.into());
    }
    let found = store::person::get(tx.conn(), person).await?;
    holds.require(Permission::ManagePeople)?;
    let invites =
        purpose == LinkPurpose::Invitation && !store::sign_in::has_credentials(tx.conn(), person).await?;
    if !invites || privilege::of_person(tx.conn(), person).await? {
        holds.require(Permission::ManagePrivilegedPeople)?;
    }
    if by == person {
        return Err(Code::Forbidden.into());
    }
    session::require_administrator_factor(tx, person.uuid())?;
    if found.disabled_at.is_some() {
        return Err(Code::PersonDisabled.into());
    }
    store::sign_in::first_of(tx.conn(), person).await?.ok_or_else(|| Error::from(Code::NotFound))
}

/// An invitation for a new person, within the transaction that creates them: mailed when they have nothing to do with a
/// role. Gives the facts.
pub(crate) async fn invite(engine: &Engine, tx: &Tx, person: PersonId) -> Result<(MadeLink, Vec<Event>)> {
    let sign_in =
        store::sign_in::first_of(tx.conn(), person).await?.ok_or_else(|| Error::from(Code::NotFound))?;
    for_person(engine, tx, &sign_in, LinkPurpose::Invitation).await
}

/// On the host: a link for one existing person to set a new password and factor.
///
/// # Errors
/// `not_found` when nobody has this name; `person_disabled`.
pub async fn recover(engine: &Engine, name: &str) -> Result<MadeLink> {
    let name = domain::sign_in::name(name)?;
    let act = engine.clone();
    engine
        .act(&Ctx::host(), Event::new(EventKind::Recovered), move |tx| {
            Box::pin(async move {
                let sign_in = store::sign_in::find_by_name(tx.conn(), &name).await?;
                let sign_in = sign_in.ok_or_else(|| Error::from(Code::NotFound))?;
                if !store::person::is_enabled(tx.conn(), sign_in.person).await? {
                    return Err(Code::PersonDisabled.into());
                }
                let (made, mut events) = for_person(&act, tx, &sign_in, LinkPurpose::Recover).await?;
                let after = serde_json::json!({ "sign_in_name": sign_in.name });
                events.push(Event::new(EventKind::Recovered).person(sign_in.person).after(after));
                tx.commit(&act, made, events).await
            })
        })
        .await
}

async fn for_person(
    engine: &Engine,
    tx: &Tx,
    sign_in: &SignIn,
    purpose: LinkPurpose,
) -> Result<(MadeLink, Vec<Event>)> {
    let mut events = void(tx, &[sign_in.person], "newer").await?;
    let (mut made, event) = insert(engine, tx, purpose, Some((sign_in.person, sign_in.id))).await?;
    let is_new = sign_in.password_hash.is_none() && sign_in.totp_sealed.is_none();
    if purpose == LinkPurpose::Invitation
        && is_new
        && !privilege::of_person(tx.conn(), sign_in.person).await?
    {
        let url = SecretString::from(made.url.clone());
        made.mailed_to =
            notification::enqueue_link(engine, tx, sign_in.person, &url, made.expires_at).await?;
    }
    events.push(event);
    Ok((made, events))
}

async fn insert(
    engine: &Engine,
    tx: &Tx,
    purpose: LinkPurpose,
    owner: Option<(PersonId, SignInId)>,
) -> Result<(MadeLink, Event)> {
    let bytes: [u8; 32] = engine.env().bytes();
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let made_by = match tx.ctx.caller {
        Caller::Person(signed) => Some(signed.person),
        Caller::Nobody | Caller::Stint | Caller::Host => None,
    };
    let expires_at = purpose.life().after(tx.now);
    let link = Link { id: engine.env().id(), purpose, owner, made_at: tx.now, made_by, expires_at };
    let hash =
        hash(&token).ok_or_else(|| Error::broken("link.make", "a token that was just made has no hash"))?;
    store::sign_in::link::insert(tx.conn(), &link, &hash).await?;
    let path = if purpose == LinkPurpose::SetUp { "set-up" } else { "link" };
    let url = format!("{}/{path}/{token}", engine.config().public_url);
    let mut event = Event::new(EventKind::LinkMade)
        .after(serde_json::json!({ "purpose": purpose, "expires_at": expires_at }));
    event.person = owner.map(|(person, _)| person);
    Ok((MadeLink { url, expires_at, mailed_to: Vec::new() }, event))
}
