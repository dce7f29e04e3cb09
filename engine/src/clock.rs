//! Accepting a corrected clock: after the system clock was set back, nothing new is granted until an operator says that
//! the clock is right now.

use domain::event::{Event, EventKind};
use serde_json::json;

use crate::{Ctx, Engine, error::Result};

/// Accepts the system clock as it is; on record. Running instances notice with their next change.
///
/// # Errors
/// When the database cannot be written to.
pub async fn accept(engine: &Engine) -> Result<()> {
    let before = engine.now();
    engine.env().accept();
    let act = engine.clone();
    let accepted = Event::new(EventKind::ClockAccepted).before(json!({ "highest": before }));
    let attempt = accepted.clone();
    engine
        .act(&Ctx::host(), attempt, move |tx| {
            Box::pin(async move {
                tx.accept_clock();
                let event = accepted.after(json!({ "now": tx.now }));
                tx.commit(&act, (), vec![event]).await
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use domain::{Span, event::EventKind};

    use crate::store;

    crate::on_every_database!(an_accepted_clock_is_kept_and_on_record, world, {
        world.advance(Span::hours(3));
        super::accept(&world.engine).await.unwrap();
        let late = store::head::read(world.engine.readers()).await.unwrap();
        world.engine.env().set(Span::hours(2).before(world.engine.now()));
        super::accept(&world.engine).await.unwrap();
        let head = store::head::read(world.engine.readers()).await.unwrap();
        assert_eq!(head.highest_at, world.engine.now());
        assert_ne!(head.accepted_at, late.accepted_at);
        assert_eq!(world.recorded(EventKind::ClockAccepted).await.len(), 2);
        world.engine.close().await;
    });
}
