//! Refresh tokens: opaque, rotated at each use, kept as hashes. The successor is derived from the one before, so that
//! parallel tabs and lost answers get the same one. What is used again later than that was stolen: its session ends.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Code, Id, Instant,
    event::{Event, EventKind},
    session::{REUSE_GRACE, SessionId},
};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Tokens, issue};
use crate::{Caller, Client, Ctx, Engine, error::Result, store, store::session::Stored};

/// A refresh token: its session, 256 secret bits, and a mark that tells what we gave out from what somebody made up.
/// Only what we gave out can end a session by being used again.
pub(crate) struct Refresh {
    pub session: SessionId,
    secret: Zeroizing<[u8; 32]>,
}

impl Refresh {
    /// The first one of a new session.
    pub(crate) fn first(engine: &Engine) -> Self {
        Self { session: engine.env().id(), secret: Zeroizing::new(engine.env().bytes()) }
    }

    /// The one that follows; always the same.
    fn successor(&self, engine: &Engine) -> Self {
        let secret = engine.keys().mac("refresh/successor", &self.bytes());
        Self { session: self.session, secret: Zeroizing::new(secret) }
    }

    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.session.uuid().as_bytes().as_slice(), self.secret.as_slice()].concat())
    }

    fn mark(&self, engine: &Engine) -> [u8; 32] {
        engine.keys().mac("refresh/mark", &self.bytes())
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        domain::audit::hex(&Sha256::digest(self.bytes()).into())
    }

    /// As it is given out.
    pub(crate) fn token(&self, engine: &Engine) -> SecretString {
        let whole = Zeroizing::new([self.bytes().as_slice(), self.mark(engine).as_slice()].concat());
        SecretString::from(URL_SAFE_NO_PAD.encode(whole.as_slice()))
    }

    fn read(engine: &Engine, token: &str) -> Option<Self> {
        let whole: Zeroizing<[u8; 80]> = Zeroizing::new(URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?);
        let (session, rest) = whole.split_first_chunk::<16>()?;
        let (secret, mark) = rest.split_first_chunk::<32>()?;
        let refresh = Self { session: Id::new(Uuid::from_bytes(*session)), secret: Zeroizing::new(*secret) };
        bool::from(refresh.mark(engine).as_slice().ct_eq(mark)).then_some(refresh)
    }
}

/// How a token that we gave out is used.
enum Use {
    /// For the first time: its successor becomes the newest.
    First,
    /// Again, by a parallel tab or because the answer was lost.
    Again,
    /// Too late: not by whoever got its successor.
    Late,
}

fn judge(stored: &Stored, presented: &str, successor: &str, now: Instant) -> Use {
    if stored.refresh_hash == presented {
        return Use::First;
    }
    match (stored.previous_hash.as_deref(), stored.successor_used_at) {
        // Its successor was given out and not used yet.
        (Some(previous), _) if previous == presented => Use::Again,
        // Its successor was used a moment ago.
        (Some(previous), Some(used_at)) if previous == successor && now < REUSE_GRACE.after(used_at) => {
            Use::Again
        }
        _ => Use::Late,
    }
}

/// New tokens for a refresh token. Does not count as use of the session.
///
/// # Errors
/// `signed_out`.
pub async fn refresh(engine: &Engine, refresh: &str, client: &Client) -> Result<Tokens> {
    let signed_out = || crate::Error::from(Code::SignedOut);
    let presented = Refresh::read(engine, refresh).ok_or_else(signed_out)?;
    let next = presented.successor(engine);
    let hashes = (presented.hash(), next.hash());
    loop {
        let stored =
            store::session::find(engine.readers(), presented.session).await?.ok_or_else(signed_out)?;
        let live = stored.session.is_live(engine.now());
        if !live || !store::person::is_enabled(engine.readers(), stored.session.person).await? {
            return Err(signed_out());
        }
        match judge(&stored, &hashes.0, &hashes.1, engine.now()) {
            Use::First if rotate(engine, presented.session, hashes.clone(), client).await? => {}
            // A parallel request was faster: look again, it is the second use now.
            Use::First => continue,
            Use::Again => {}
            Use::Late => {
                end_reused(engine, &stored, client).await?;
                return Err(signed_out());
            }
        }
        return issue(engine, &stored.session, next).await;
    }
}

async fn rotate(engine: &Engine, id: SessionId, hashes: (String, String), client: &Client) -> Result<bool> {
    let client = client.clone();
    engine
        .note(move |tx| {
            Box::pin(async move {
                store::session::rotate(tx.conn(), id, (&hashes.0, &hashes.1), &client, tx.now).await
            })
        })
        .await
}

async fn end_reused(engine: &Engine, stored: &Stored, client: &Client) -> Result<()> {
    let (act, session, person) = (engine.clone(), stored.session.id, stored.session.person);
    let ctx = Ctx { client: client.clone(), ..Ctx::of(Caller::Nobody) };
    engine
        .act(&ctx, Event::new(EventKind::SessionReused).person(person), move |tx| {
            Box::pin(async move {
                if !store::session::end(tx.conn(), session, tx.now).await? {
                    return Ok(tx.unchanged(()));
                }
                let about = serde_json::json!({ "session": session });
                let event = Event::new(EventKind::SessionReused).person(person).after(about);
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}
