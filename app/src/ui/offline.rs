//! What is said over every page while this device has no connection.

use leptos::prelude::*;

use super::strip::{Mood, Strip};

/// Says that there is no connection, as long as there is none.
#[component]
pub fn Offline() -> impl IntoView {
    let is_offline = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    follow(is_offline);
    let says = move || {
        is_offline.get().then(|| {
            view! {
                <Strip mood=Mood::Amber lead="No connection." announce=true>
                    "Countdowns go on, changes wait."
                </Strip>
            }
        })
    };
    says.into_any()
}

#[cfg(feature = "hydrate")]
fn follow(is_offline: RwSignal<bool>) {
    use leptos::ev;

    let look = move || is_offline.set(!window().navigator().on_line());
    Effect::new(move |_| look());
    let handles = [
        window_event_listener(ev::online, move |_| look()),
        window_event_listener(ev::offline, move |_| look()),
    ];
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
}
