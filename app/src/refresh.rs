//! What changes elsewhere appears without reloading: one stream of live events a tab, and a number per topic that
//! resources are keyed on. Hidden tabs let go of the connection and look again when they are seen.

use domain::live::LiveKind;
use leptos::prelude::*;

/// What a change is about. Live events carry no more than this and ids.
pub type Topic = LiveKind;

/// The counts that resources are keyed on. In the context of every page.
#[derive(Clone, Debug)]
pub struct Refresh(StoredValue<Vec<(Topic, RwSignal<u32>)>>);

const TOPICS: [Topic; 7] = [
    Topic::Activation,
    Topic::Assignment,
    Topic::Role,
    Topic::Person,
    Topic::Group,
    Topic::SignIn,
    Topic::Record,
];

/// The number of the newest record before anything of a page was read: what came after it is told. The server puts it
/// into the extensions of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen(pub i64);

/// Puts the counts into the context and, in the browser, listens.
pub(crate) fn provide_refresh() {
    let seen = SharedValue::new(seen).into_inner();
    let counts = TOPICS.into_iter().map(|topic| (topic, RwSignal::new(0))).collect();
    let refresh = Refresh(StoredValue::new(counts));
    provide_context(refresh.clone());
    #[cfg(feature = "hydrate")]
    browser::listen(refresh, seen);
    #[cfg(not(feature = "hydrate"))]
    let _ = (refresh, seen);
}

fn seen() -> i64 {
    #[cfg(feature = "ssr")]
    return use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<Seen>().copied())
        .unwrap_or_default()
        .0;
    #[cfg(not(feature = "ssr"))]
    0
}

/// A number that rises with each change to one of these topics: the source of a resource.
/// `read(move || (id.get(), changes.get()), …)`.
pub fn changes(topics: &[Topic]) -> Signal<u32> {
    let Some(refresh) = use_context::<Refresh>() else { return Signal::stored(0) };
    let of_topics: Vec<_> = refresh.0.with_value(|counts| {
        counts.iter().filter(|(topic, _)| topics.contains(topic)).map(|(_, count)| *count).collect()
    });
    Signal::derive(move || of_topics.iter().map(|count| count.get()).sum())
}

/// Says in this tab that something changed, after an act of one's own: pages need not wait for the live event.
pub fn changed(topic: Topic) {
    if let Some(refresh) = use_context::<Refresh>() {
        refresh.rise(topic);
    }
}

impl Refresh {
    fn rise(&self, topic: Topic) {
        let is_meant = |of: Topic| topic == Topic::Everything || topic == of;
        for (_, count) in self.0.get_value().into_iter().filter(|(of, _)| is_meant(*of)) {
            count.update(|count| *count = count.wrapping_add(1));
        }
        // Whatever happened is on record too.
        if topic != Topic::Everything && topic != Topic::Record {
            self.rise(Topic::Record);
        }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use domain::live::LiveChange;
    use futures::{
        StreamExt,
        channel::oneshot,
        future::{AbortHandle, abortable},
    };
    use gloo_net::eventsource::futures::EventSource;
    use leptos::{ev, leptos_dom::helpers::document, prelude::*, task::spawn_local};
    use web_sys::{
        VisibilityState,
        js_sys::{Date, Math},
    };

    use super::Refresh;

    /// The longest wait before it is tried again to hear, in seconds.
    const LONGEST_PAUSE: f64 = 16.0;
    /// After how many milliseconds of hearing the connection was a good one.
    const A_WHILE: f64 = 30_000.0;

    /// Listens while the tab is seen, from the record on that was the newest when the page was drawn.
    pub(super) fn listen(refresh: Refresh, seen: i64) {
        let seen = StoredValue::new(seen.to_string());
        let connection = StoredValue::new(None::<AbortHandle>);
        let let_go = move || {
            if let Some(handle) = connection.try_update_value(Option::take).flatten() {
                handle.abort();
            }
        };
        let connect = {
            let refresh = refresh.clone();
            move || {
                let_go();
                let (hearing, handle) = abortable(hear(refresh.clone(), seen));
                connection.set_value(Some(handle));
                spawn_local(async move {
                    // It ends only when it is let go of: nothing is left to do.
                    let _ = hearing.await;
                });
            }
        };
        Effect::new({
            let connect = connect.clone();
            move |_| connect()
        });
        let handle = window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Hidden {
                let_go();
            } else {
                connect();
            }
        });
        on_cleanup(move || {
            handle.remove();
            let_go();
        });
    }

    /// Hears, and begins again whenever that ends. The browser itself gives up for good when somebody in between answers
    /// that Stint is away, so it is not left to it.
    async fn hear(refresh: Refresh, seen: StoredValue<String>) {
        let mut pause = 1.0;
        loop {
            let began = Date::now();
            hear_once(&refresh, seen).await;
            if Date::now() - began > A_WHILE {
                pause = 1.0;
            }
            // Not all tabs at once.
            wait(Duration::from_secs_f64(pause * (0.5 + Math::random()))).await;
            pause = LONGEST_PAUSE.min(pause * 2.0);
        }
    }

    /// Hears until the connection breaks. Each event carries the number of its record, and it begins again after the last:
    /// nothing is missed in between.
    async fn hear_once(refresh: &Refresh, seen: StoredValue<String>) {
        let address = format!("/events?since={}", seen.get_value());
        let Ok(mut source) = EventSource::new(&address) else { return };
        let Ok(mut changes) = source.subscribe("message") else { return };
        while let Some(Ok((_, message))) = changes.next().await {
            seen.set_value(message.last_event_id());
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(change) = serde_json::from_str::<LiveChange>(&text) {
                refresh.rise(change.kind);
            }
        }
    }

    async fn wait(span: Duration) {
        let (over, is_over) = oneshot::channel();
        set_timeout(
            move || {
                let _ = over.send(());
            },
            span,
        );
        let _ = is_over.await;
    }
}
