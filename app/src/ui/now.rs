//! One clock for all countdowns: the server's instant first, so that both sides render the same HTML, then a tick a second in the browser.

use leptos::prelude::*;

/// The shared instant, in whole seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Now(ReadSignal<i64>);

/// Starts the clock and puts it into the context. `server_clock` runs on the server only; the browser takes what the server saw.
pub fn provide_now(server_clock: impl FnOnce() -> i64) {
    let started = SharedValue::new(server_clock).into_inner();
    let (now, set_now) = signal(started);
    provide_context(Now(now));
    tick(started, set_now);
}

/// The shared instant. Outside [`provide_now`] (in a test, say) it stands still at zero.
#[must_use]
pub fn use_now() -> Signal<i64> {
    use_context::<Now>().map_or_else(|| Signal::stored(0), |Now(now)| now.into())
}

/// Counts on from the server's instant, so that a wrong clock in the browser does no harm.
#[cfg(feature = "hydrate")]
fn tick(started: i64, set_now: WriteSignal<i64>) {
    use leptos::web_sys::{js_sys::Date, window};

    Effect::new(move |_| {
        // What the page has lived since the server answered, which is when the instant was taken.
        let lived = window().and_then(|w| w.performance()).map_or(0.0, |p| p.now());
        let origin = Date::now() - lived;
        let update = move || {
            #[expect(clippy::cast_possible_truncation, reason = "the page's age in seconds fits")]
            let passed = ((Date::now() - origin) / 1000.0) as i64;
            set_now.set(started + passed.max(0));
        };
        if let Ok(handle) = set_interval_with_handle(update, std::time::Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// On the server nothing ticks.
#[cfg(not(feature = "hydrate"))]
const fn tick(_started: i64, _set_now: WriteSignal<i64>) {}
