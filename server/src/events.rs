//! Live events: a stream a tab that says what changed, by ids only. Each is authorised when it is delivered; the stream
//! ends with the session, and at the latest with its access token, after which the browser connects anew.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Extension,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{Code, session::SessionId};
use engine::{Ctx, Signed, live, session};
use futures::{Stream, stream};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::watch;

use crate::{auth::Access, place::Place, process::Process};

/// How many streams one session may hold open: tabs.
const STREAMS: u32 = 12;
/// How often a silent stream looks whether its session still lives.
const LOOK: Duration = Duration::from_secs(20);

/// The streams that are open, by session.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<SessionId, u32>>>);

/// A place among the streams of a session; given back when dropped.
struct Seat(Streams, SessionId);

impl Streams {
    fn take(&self, session: SessionId) -> Option<Seat> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(session).or_default();
        if *count >= STREAMS {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Seat(self.clone(), session))
    }

    /// How many are open, for metrics.
    pub fn count(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.1) {
            *count = count.saturating_sub(1);
        }
        open.retain(|_, count| *count > 0);
    }
}

/// Where a stream begins.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Since {
    /// The newest record when the page was drawn.
    since: Option<i64>,
}

/// Opens a stream: of what came after the record that the browser names, or after now.
pub async fn serve(
    State(process): State<Process>,
    Extension(ctx): Extension<Ctx>,
    access: Option<Extension<Access>>,
    query: Result<Query<Since>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let refusal = |code: Code| Place::Events.refusal(&HeaderMap::new(), domain::Problem::new(code));
    let (Ok(signed), Some(Extension(access))) = (ctx.signed(), access) else {
        return refusal(Code::SignedOut);
    };
    let Some(seat) = process.streams().take(signed.session) else { return refusal(Code::RateLimited) };
    let newest = process.engine().live().listen();
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let known = known.or_else(|| query.ok().and_then(|Query(query)| query.since)).filter(|known| *known > 0);
    let from = known.map_or(*newest.borrow(), |known: i64| known.min(*newest.borrow()));
    let listener = Listener { process, ctx, signed, access, newest, from, _seat: seat };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(25));
    let mut response = Sse::new(listener.stream()).keep_alive(keep_alive).into_response();
    // What is told to one person is kept by nobody.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

struct Listener {
    process: Process,
    ctx: Ctx,
    signed: Signed,
    access: Access,
    newest: watch::Receiver<i64>,
    from: i64,
    _seat: Seat,
}

impl Listener {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let parts = stream::unfold(self, |mut listener| async move {
            let events = listener.next().await?;
            Some((stream::iter(events.into_iter().map(Ok)), listener))
        });
        futures::StreamExt::flatten(parts)
    }

    /// What this person may hear of next; nothing when the session is over or the process ends.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            let stop = self.process.stop().clone();
            let behind = *self.newest.borrow() > self.from;
            tokio::select! {
                () = stop.cancelled() => return None,
                changed = self.newest.changed(), if !behind => changed.ok()?,
                () = tokio::time::sleep(if behind { Duration::ZERO } else { LOOK }) => {}
            }
            let to = *self.newest.borrow_and_update();
            let token = self.access.0.expose_secret();
            session::authenticate(self.process.engine(), token, &self.ctx.client).await.ok()?;
            if to <= self.from {
                continue;
            }
            let changes = live::visible(self.process.engine(), self.signed.person, self.from, to).await;
            self.from = to;
            match changes {
                Ok(changes) if changes.is_empty() => {}
                Ok(changes) => {
                    let event = |one| Event::default().id(to.to_string()).json_data(one).ok();
                    return Some(changes.iter().filter_map(event).collect());
                }
                Err(error) => {
                    tracing::warn!(%error, "a live stream ended because changes could not be read");
                    return None;
                }
            }
        }
    }
}
