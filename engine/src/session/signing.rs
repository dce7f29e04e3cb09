//! Access tokens: signed with a key that all instances share, named in the token and looked up in our own table. They
//! carry identity, never roles. Their time is judged by the engine's clock, not by the library's.

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Instant, Span,
    person::PersonId,
    session::{ACCESS_LIFE, Session, SessionId},
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{AlgorithmParameters, Jwk},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::verified::Verified;
use crate::{
    Engine,
    error::{Error, Result},
    store,
    store::session::signing_key::SigningKey,
};

/// A key signs for so long; then there is a new one, and this one only verifies.
const KEY_LIFE: Span = Span::days(30);
/// Longer than any token of it lives.
const KEPT: Span = Span::days(60);
/// PKCS #8 around the 32 bytes of an Ed25519 key (RFC 8410).
pub(super) const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// The `typ` claim: this is no other kind of token.
const TYP: &str = "access";
/// More than any token that was ever signed here.
const LONGEST: usize = 2_048;

/// How often keys are looked up anew for names that are not known: anybody can make up a name.
const ASKED_EVERY: Span = Span::seconds(1);

/// The keys that this process knows, newest first.
#[derive(Default)]
pub(crate) struct Keyring {
    keys: RwLock<Vec<Arc<Key>>>,
    verified: Verified,
    /// When they were last looked up for a name that was not known. Held while they are: who comes meanwhile waits.
    asked_at: tokio::sync::Mutex<Option<Instant>>,
}

struct Key {
    id: String,
    made_at: Instant,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// What a token says. All of it is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: PersonId,
    pub sid: SessionId,
    pub typ: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub auth_time: i64,
    pub amr: Vec<String>,
}

/// A token for this session from now on, and until when it is good.
pub(crate) async fn sign(engine: &Engine, session: &Session) -> Result<(SecretString, Instant)> {
    let key = current(engine).await?;
    let now = engine.now().timestamp();
    let exp = now + ACCESS_LIFE.as_seconds();
    // A factor proved before the session began is that of a recovery code.
    let second = if session.mfa_at < session.started_at { "recovery_code" } else { "otp" };
    let claims = Claims {
        iss: engine.config().public_url.clone(),
        aud: engine.config().public_url.clone(),
        sub: session.person,
        sid: session.id,
        typ: TYP.to_owned(),
        iat: now,
        nbf: now,
        exp,
        auth_time: session.started_at.timestamp(),
        amr: vec!["pwd".to_owned(), second.to_owned()],
    };
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
    let token = jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::of("token.sign"))?;
    let expires_at =
        Instant::from_timestamp(exp, 0).ok_or_else(|| Error::broken("token.sign", "out of time"))?;
    Ok((SecretString::from(token), expires_at))
}

/// What a token says, if we signed it for ourselves and it is good at this moment.
pub(crate) async fn verify(engine: &Engine, token: &str) -> Result<Option<Arc<Claims>>> {
    if token.len() > LONGEST {
        return Ok(None);
    }
    let now = engine.now().timestamp();
    let good = |claims: &Arc<Claims>| claims.typ == TYP && claims.nbf <= now && now < claims.exp;
    let verified = &engine.keyring().verified;
    if let Some(claims) = verified.get(token) {
        return Ok(Some(claims).filter(good));
    }
    let claims = signed_by_us(engine, token).await?.filter(good);
    if let Some(claims) = &claims {
        verified.keep(token, claims, now);
    }
    Ok(claims)
}

/// What a token says, if we signed it for ourselves.
async fn signed_by_us(engine: &Engine, token: &str) -> Result<Option<Arc<Claims>>> {
    let Some(kid) = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid) else {
        return Ok(None);
    };
    let Some(key) = named(engine, &kid).await? else { return Ok(None) };
    let url = &engine.config().public_url;
    // The algorithm is that of our keys, whatever the header says.
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = 0;
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[url]);
    validation.set_audience(&[url]);
    let data = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation);
    Ok(data.ok().map(|data| Arc::new(data.claims)))
}

/// The key to sign with; made when there is none or it is too old.
async fn current(engine: &Engine) -> Result<Arc<Key>> {
    if let Some(key) = newest(engine) {
        return Ok(key);
    }
    load(engine).await?;
    if let Some(key) = newest(engine) {
        return Ok(key);
    }
    let made = make(engine)?;
    engine
        .note(move |tx| {
            Box::pin(async move {
                let there = store::session::signing_key::all(tx.conn()).await?;
                // Another instance may have been faster.
                if there.iter().any(|key| tx.now < KEY_LIFE.after(key.made_at)) {
                    return Ok(());
                }
                store::session::signing_key::insert(tx.conn(), &made, KEPT.before(tx.now)).await
            })
        })
        .await?;
    load(engine).await?;
    newest(engine).ok_or_else(|| Error::broken("token.sign", "no key to sign with"))
}

fn newest(engine: &Engine) -> Option<Arc<Key>> {
    let keys = engine.keyring().keys.read().unwrap_or_else(PoisonError::into_inner);
    keys.first().filter(|key| engine.now() < KEY_LIFE.after(key.made_at)).cloned()
}

/// The key of this name; looked up anew when it is not known yet, and that was not done a moment ago.
async fn named(engine: &Engine, kid: &str) -> Result<Option<Arc<Key>>> {
    let known = || {
        let keys = engine.keyring().keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| key.id == kid).cloned()
    };
    if let Some(key) = known() {
        return Ok(Some(key));
    }
    let (mut asked_at, now) = (engine.keyring().asked_at.lock().await, engine.now());
    let was_asked = asked_at.is_some_and(|asked_at| asked_at <= now && now < ASKED_EVERY.after(asked_at));
    if !was_asked {
        load(engine).await?;
        *asked_at = Some(now);
    }
    drop(asked_at);
    Ok(known())
}

pub(crate) async fn load(engine: &Engine) -> Result<()> {
    let stored = store::session::signing_key::all(engine.readers()).await?;
    let keys: Result<Vec<_>> = stored.into_iter().map(|key| opened(engine, key).map(Arc::new)).collect();
    *engine.keyring().keys.write().unwrap_or_else(PoisonError::into_inner) = keys?;
    engine.keyring().verified.forget();
    Ok(())
}

fn place(id: &str) -> String {
    format!("signing_key/{id}")
}

fn make(engine: &Engine) -> Result<SigningKey> {
    let id = engine.env().id::<Key>().to_string();
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(engine.env().bytes());
    let private = Zeroizing::new([PKCS8.as_slice(), seed.as_slice()].concat());
    let public = public_half(&EncodingKey::from_ed_der(&private))?;
    let sealed = engine.keys().seal(engine.env(), &place(&id), &private);
    Ok(SigningKey { id, made_at: engine.now(), sealed, public })
}

fn opened(engine: &Engine, key: SigningKey) -> Result<Key> {
    let private = engine.keys().open(&place(&key.id), &key.sealed).map(Zeroizing::new);
    let private =
        private.ok_or_else(|| Error::broken("token.key", "a sealed key does not open with this key"))?;
    let decoding = DecodingKey::from_ed_der(&key.public);
    Ok(Key { id: key.id, made_at: key.made_at, encoding: EncodingKey::from_ed_der(&private), decoding })
}

fn public_half(private: &EncodingKey) -> Result<Vec<u8>> {
    let jwk = Jwk::from_encoding_key(private, Algorithm::EdDSA).map_err(Error::of("token.key"))?;
    match jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) => {
            URL_SAFE_NO_PAD.decode(pair.x).map_err(Error::of("token.key"))
        }
        _ => Err(Error::broken("token.key", "not an Ed25519 key")),
    }
}
