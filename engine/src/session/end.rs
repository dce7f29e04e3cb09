//! Where one is signed in, and ending it. Takes effect at the next request.

use domain::{
    Code,
    event::{Event, EventKind},
    session::{SessionId, SessionRow},
};

use crate::{Ctx, Engine, error::Result, sign_in::once, store};

/// Where one is signed in, last used first.
///
/// # Errors
/// `signed_out`.
pub async fn list(engine: &Engine, ctx: &Ctx) -> Result<Vec<SessionRow>> {
    let signed = ctx.signed()?;
    let live = store::session::live_of(engine.readers(), signed.person, engine.now()).await?;
    let row = |stored: store::session::Stored| SessionRow {
        id: stored.session.id,
        kind: stored.session.kind,
        client: stored.client.agent,
        address: stored.client.address,
        started_at: stored.session.started_at,
        used_at: stored.session.used_at,
        this: stored.session.id == signed.session,
    };
    Ok(live.into_iter().map(row).collect())
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `not_found` for the sessions of others and for what has ended.
pub async fn end(engine: &Engine, ctx: &Ctx, id: SessionId) -> Result<()> {
    end_one(engine, ctx, id, "ended").await
}

/// Ends the session that asks.
///
/// # Errors
/// `signed_out`.
pub async fn sign_out(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let session = ctx.signed()?.session;
    end_one(engine, ctx, session, "signed_out").await
}

async fn end_one(engine: &Engine, ctx: &Ctx, id: SessionId, why: &'static str) -> Result<()> {
    let person = ctx.signed()?.person;
    let act = engine.clone();
    engine
        .take_back(&once(ctx), Event::new(EventKind::SessionEnded).person(person), move |tx| {
            Box::pin(async move {
                let stored = store::session::find(tx.conn(), id).await?;
                let own = stored.is_some_and(|stored| stored.session.person == person);
                if !own || !store::session::end(tx.conn(), id, tx.now).await? {
                    return Err(Code::NotFound.into());
                }
                let about = serde_json::json!({ "session": id });
                let event = Event::new(EventKind::SessionEnded).person(person).after(about).reason(why);
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}

/// Ends all of one's own sessions but the one that asks.
///
/// # Errors
/// `signed_out`.
pub async fn end_others(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let signed = ctx.signed()?;
    let act = engine.clone();
    engine
        .take_back(&once(ctx), Event::new(EventKind::SessionEnded).person(signed.person), move |tx| {
            Box::pin(async move {
                let live = store::session::live_of(tx.conn(), signed.person, tx.now).await?;
                let mut events = Vec::new();
                for stored in live.into_iter().filter(|stored| stored.session.id != signed.session) {
                    let id = stored.session.id;
                    if store::session::end(tx.conn(), id, tx.now).await? {
                        let about = serde_json::json!({ "session": id });
                        let event = Event::new(EventKind::SessionEnded).person(signed.person).after(about);
                        events.push(event.reason("others_ended"));
                    }
                }
                if events.is_empty() {
                    return Ok(tx.unchanged(()));
                }
                tx.commit(&act, (), events).await
            })
        })
        .await
}
