//! What changes elsewhere appears without reloading: one stream of live events a tab, and a number per topic that
//! resources are keyed on. Hidden tabs let go of the connection and look again when they are seen.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a change is about. Live events carry no more than this and an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Requests and what came of them, one's own and those one may decide or see.
    Activation,
    /// Who is eligible for what or holds it.
    Assignment,
    /// Roles and their settings.
    Role,
    /// People.
    Person,
    /// Groups and who is in them.
    Group,
    /// The record.
    Record,
    /// Sessions and credentials of one's own.
    Account,
}

/// The counts that resources are keyed on. In the context of every page.
#[derive(Clone, Debug)]
pub struct Refresh(StoredValue<BTreeMap<Topic, RwSignal<u32>>>);

const TOPICS: [Topic; 7] = [
    Topic::Activation,
    Topic::Assignment,
    Topic::Role,
    Topic::Person,
    Topic::Group,
    Topic::Record,
    Topic::Account,
];

/// Puts the counts into the context and, in the browser, listens.
pub(crate) fn provide_refresh() {
    let counts = TOPICS.into_iter().map(|topic| (topic, RwSignal::new(0))).collect();
    let refresh = Refresh(StoredValue::new(counts));
    provide_context(refresh.clone());
    #[cfg(feature = "hydrate")]
    browser::listen(refresh);
    #[cfg(not(feature = "hydrate"))]
    let _ = refresh;
}

/// A number that rises with each change to one of these topics: the source of a resource.
/// `Resource::new(move || (id.get(), changes.get()), …)`.
pub fn changes(topics: &[Topic]) -> Signal<u32> {
    let Some(refresh) = use_context::<Refresh>() else { return Signal::stored(0) };
    let of_topics: Vec<_> =
        refresh.0.with_value(|counts| topics.iter().filter_map(|topic| counts.get(topic).copied()).collect());
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
        self.0.with_value(|counts| {
            if let Some(count) = counts.get(&topic) {
                count.update(|count| *count = count.wrapping_add(1));
            }
        });
    }

    #[cfg(feature = "hydrate")]
    fn rise_all(&self) {
        TOPICS.into_iter().for_each(|topic| self.rise(topic));
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use futures::StreamExt;
    use gloo_net::eventsource::futures::EventSource;
    use leptos::{ev, leptos_dom::helpers::document, prelude::*, task::spawn_local};
    use web_sys::VisibilityState;

    use super::{Refresh, Topic};

    /// A live event: what changed. Ids are for tools; a page asks for what it shows.
    #[derive(serde::Deserialize)]
    struct Change {
        topic: Topic,
    }

    /// Listens while the tab is seen. The number tells a connection that it is not the newest any more.
    pub(super) fn listen(refresh: Refresh) {
        let newest = StoredValue::new(0_u32);
        let connect = {
            let refresh = refresh.clone();
            move || {
                newest.update_value(|number| *number = number.wrapping_add(1));
                let number = newest.get_value();
                let refresh = refresh.clone();
                spawn_local(async move { hear(refresh, newest, number).await });
            }
        };
        Effect::new({
            let connect = connect.clone();
            move |_| connect()
        });
        let handle = window_event_listener(ev::visibilitychange, move |_| {
            if document().visibility_state() == VisibilityState::Hidden {
                newest.update_value(|number| *number = number.wrapping_add(1));
            } else {
                refresh.rise_all();
                connect();
            }
        });
        on_cleanup(move || handle.remove());
    }

    async fn hear(refresh: Refresh, newest: StoredValue<u32>, number: u32) {
        let Ok(mut source) = EventSource::new("/events") else { return };
        let Ok(mut changes) = source.subscribe("message") else { return };
        let mut lost = false;
        while newest.try_get_value() == Some(number) {
            // A hidden tab notices with the next event or the server's next sign of life, and lets go then.
            match changes.next().await {
                Some(Ok((_, message))) => {
                    let text = message.data().as_string().unwrap_or_default();
                    if std::mem::take(&mut lost) {
                        refresh.rise_all();
                    }
                    if let Ok(change) = serde_json::from_str::<Change>(&text) {
                        refresh.rise(change.topic);
                    }
                }
                // The browser tries again by itself; whatever was missed meanwhile is looked at then.
                Some(Err(_)) => lost = true,
                None => break,
            }
        }
    }
}
