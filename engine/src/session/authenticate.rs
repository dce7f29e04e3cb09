//! Who asks: the token names a session, its row and its person decide.

use domain::{Code, Span};

use super::signing;
use crate::{Client, Engine, Signed, error::Result, store};

/// The person behind an access token.
///
/// # Errors
/// `signed_out` when the token is not good now, its session is over, or its person is disabled.
pub async fn authenticate(engine: &Engine, access: &str, client: &Client) -> Result<Signed> {
    let refused = |why: &str| {
        tracing::debug!(address = client.address, why, "an access token was refused");
        crate::Error::from(Code::SignedOut)
    };
    let claims = signing::verify(engine, access).await?.ok_or_else(|| refused("token"))?;
    let stored = store::session::find_of_enabled(engine.readers(), claims.sid).await?;
    let session = stored.map(|stored| stored.session).filter(|session| session.person == claims.sub);
    let session = session
        .filter(|session| session.is_live(engine.now()))
        .ok_or_else(|| refused("session, or its person"))?;
    Ok(Signed {
        person: session.person,
        sign_in: session.sign_in,
        session: session.id,
        mfa_at: session.mfa_at,
        used_at: session.used_at,
    })
}

/// How exact the last use is kept.
const USED_EVERY: Span = Span::minutes(1);

/// Notes navigation or an act, at most once a minute: what background requests do does not keep a session alive.
///
/// # Errors
/// When the store fails.
pub async fn touch(engine: &Engine, signed: &Signed) -> Result<()> {
    if signed.used_at > USED_EVERY.before(engine.now()) {
        return Ok(());
    }
    let session = signed.session;
    engine
        .note_ahead(move |tx| {
            Box::pin(async move {
                store::session::touch(tx.conn(), session, USED_EVERY.before(tx.now), tx.now).await
            })
        })
        .await
}
