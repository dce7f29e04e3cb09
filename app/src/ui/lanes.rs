//! The watch: what is on and what is planned as lanes on one clock axis. The lanes are decoration; each row says it in words.

use leptos::prelude::*;

use super::{
    now::use_now,
    ring::Ring,
    time::{self, Tone},
};

/// The clock axis that all lanes share, in seconds since 1970.
#[derive(Clone, Debug)]
struct Axis {
    from: i64,
    to: i64,
    hours: Vec<i64>,
}

impl Axis {
    /// Where an instant stands, in percent of the width.
    fn at(&self, instant: i64) -> f64 {
        let length = self.to.saturating_sub(self.from).max(1);
        let passed = instant.clamp(self.from, self.to) - self.from;
        // A tenth of a thousandth is finer than a pixel.
        let share = i32::try_from(passed.saturating_mul(1_000_000) / length).unwrap_or(0);
        f64::from(share) / 10_000.0
    }

    fn percent(&self, instant: i64) -> String {
        format!("{:.3}%", self.at(instant))
    }

    fn width(&self, from: i64, to: i64) -> String {
        format!("{:.3}%", (self.at(to) - self.at(from)).max(0.0))
    }
}

/// The frame around the lanes, with hours and the present time on top.
#[component]
pub fn Lanes(
    /// Left end of the axis, a full hour.
    from: i64,
    /// Right end of the axis.
    to: i64,
    /// Full hours between the ends, each with its label; an empty label draws the line only.
    hours: Vec<(i64, String)>,
    /// The present clock time, for the pill on the now line.
    #[prop(into)]
    clock: Signal<String>,
    /// One [`Lane`] for each, the one that ends soonest first, planned last.
    children: Children,
) -> impl IntoView {
    let axis = Axis { from, to, hours: hours.iter().map(|(instant, _)| *instant).collect() };
    provide_context(axis.clone());
    let now = use_now();
    // Labels that would touch the pill give way.
    let near = (to - from) / 11;
    let labels = hours
        .into_iter()
        .filter(|(_, label)| !label.is_empty())
        .map(|(instant, label)| {
            let hidden = move || ((now.get() - instant).abs() < near).then_some("hidden");
            view! { <text class="lanes-hour" x=axis.percent(instant) y="50%" visibility=hidden>{label}</text> }
        })
        .collect_view();
    let here = move || axis.percent(now.get());
    view! {
        <div class="lanes">
            <div class="lanes-axis" aria-hidden="true">
                <svg aria-hidden="true">
                    <defs>
                        <pattern id="lane-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(28)">
                            <path class="lane-hatch" d="M1 0v6"></path>
                        </pattern>
                    </defs>
                    {labels}
                    <svg x=here overflow="visible">
                        <rect class="lanes-now-pill" x="-24" y="4" width="48" height="20" rx="10"></rect>
                        <text class="lanes-now-text" x="0" y="14.5">{move || clock.get()}</text>
                    </svg>
                </svg>
            </div>
            {children()}
        </div>
    }
    .into_any()
}

/// One lane: ring, words, bar, times and buttons.
#[component]
pub fn Lane(
    /// What is on, as a heading of the row.
    #[prop(into)]
    name: String,
    /// Where `name` leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// When it started or will start.
    starts_at: i64,
    /// When it ends.
    #[prop(into)]
    ends_at: Signal<i64>,
    /// The clock in words: "ends 14:26", "16:00 to 17:00".
    #[prop(into)]
    clock: Signal<String>,
    /// The second line: level, icon and place.
    meta: AnyView,
    /// Buttons at the right; form them as the pages need.
    actions: AnyView,
) -> impl IntoView {
    let now = use_now();
    let planned = move || now.get() < starts_at;
    let left =
        Signal::derive(move || if planned() { starts_at - now.get() } else { ends_at.get() - now.get() });
    let total = Signal::derive(move || ends_at.get() - starts_at);
    let tone =
        Signal::derive(move || if planned() { Tone::Unlit } else { time::tone(left.get(), total.get()) });
    let words = move || {
        let span = time::countdown(left.get());
        if planned() { format!("in {span}") } else { format!("{span} left") }
    };
    let name = match href {
        Some(href) => view! { <a class="lane-name" href=href>{name}</a> }.into_any(),
        None => view! { <span class="lane-name">{name}</span> }.into_any(),
    };
    let label = Signal::derive(move || if planned() { "until it starts" } else { "left" }.to_owned());
    view! {
        <div class="lane">
            <div class="lane-head">
                <Ring total left tone label />
                <div class="lane-words">{name} <span class="lane-meta">{meta}</span></div>
            </div>
            <Track starts_at ends_at />
            <div class=move || format!("lane-time {}", tone.get().class())>
                <span class="lane-left">{words}</span>
                <span class="lane-dot">" · "</span>
                <span class="lane-clock">{move || clock.get()}</span>
            </div>
            <div class="lane-actions">{actions}</div>
        </div>
    }
    .into_any()
}

/// The bar of a lane, its hours and the now line.
#[component]
fn Track(starts_at: i64, ends_at: Signal<i64>) -> impl IntoView {
    let now = use_now();
    let axis = use_context::<Axis>().unwrap_or(Axis { from: 0, to: 1, hours: Vec::new() });
    let hours = axis.hours.iter().map(|hour| view! { <line class="lane-grid" x1=axis.percent(*hour) x2=axis.percent(*hour) y1="0" y2="100%"></line> }).collect_view();
    let tone = move || time::tone(ends_at.get() - now.get(), ends_at.get() - starts_at);
    let axis = StoredValue::new(axis);
    let place = move |instant: i64| axis.with_value(|axis| axis.percent(instant));
    let width = move |from: i64, to: i64| axis.with_value(|axis| axis.width(from, to));
    let middle = move || now.get().clamp(starts_at, ends_at.get().max(starts_at));
    let planned = Memo::new(move |_| now.get() < starts_at);
    let bar = move || {
        if planned.get() {
            view! {
                <svg x=place(starts_at) y="50%" width=move || width(starts_at, ends_at.get()) height="14" overflow="visible">
                    <rect class="lane-planned" y="-7" width="100%" height="14" rx="3"></rect>
                    <rect y="-7" width="100%" height="14" rx="3" fill="url(#lane-hatch)"></rect>
                </svg>
            }
            .into_any()
        } else {
            view! {
                <svg x=place(starts_at) y="50%" width=move || width(starts_at, middle()) height="14" overflow="visible">
                    <rect class="lane-past" y="-7" width="100%" height="14" rx="3"></rect>
                </svg>
                <svg x=move || place(middle()) y="50%" width=move || width(middle(), ends_at.get()) height="14" overflow="visible">
                    <rect class="lane-rest" y="-7" width="100%" height="14" rx="3"></rect>
                </svg>
            }
            .into_any()
        }
    };
    view! {
        <div class="lane-bar">
        <svg class=move || format!("lane-track {}", tone().class()) aria-hidden="true">
            {hours}
            {bar}
            <line class="lane-now" x1=move || place(now.get()) x2=move || place(now.get()) y1="0" y2="100%"></line>
        </svg>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_stand_at_their_share_of_the_axis_and_never_outside() {
        let axis = Axis { from: 1000, to: 2000, hours: Vec::new() };
        assert_eq!(axis.percent(1250), "25.000%");
        assert_eq!(axis.percent(0), "0.000%");
        assert_eq!(axis.percent(9999), "100.000%");
        assert_eq!(axis.width(1500, 1250), "0.000%");
    }
}
