//! Time left as ticks around a number, and as a small arc in lines of text. Neither is a live region.

use leptos::prelude::*;

use super::{
    circle::around,
    time::{self, Tone},
};

/// The strokes of ticks `from..to` out of `all`, clockwise from the top, in a square of 100 units.
fn ticks(from: u32, to: u32, all: u32, inner: f64) -> String {
    (from..to)
        .map(|tick| {
            let (right, up) = around(f64::from(tick) / f64::from(all));
            let at = |radius: f64| format!("{:.1} {:.1}", 50.0 + radius * right, 50.0 - radius * up);
            format!("M{}L{}", at(49.0), at(inner))
        })
        .collect()
}

/// How many of `all` ticks are lit: one at least while anything is left.
fn lit(left: i64, total: i64, all: u32) -> u32 {
    if left <= 0 || total <= 0 {
        return 0;
    }
    let ticks = left.saturating_mul(i64::from(all)) / total;
    u32::try_from(ticks).unwrap_or(all).clamp(1, all)
}

/// A ring of ticks around the time left.
#[component]
pub fn Ring(
    /// The whole time, in seconds.
    #[prop(into)]
    total: Signal<i64>,
    /// The time left, or until the start if `tone` is unlit, in seconds.
    #[prop(into)]
    left: Signal<i64>,
    /// Overrides the tone that follows from the time left; `Unlit` for what starts later.
    #[prop(optional, into)]
    tone: Option<Signal<Tone>>,
    /// The large ring of detail pages: 132 px, 60 ticks, "left" after the unit.
    #[prop(optional)]
    large: bool,
    /// What assistive technology hears after the time: "left" or "until it starts".
    #[prop(default = "left".into(), into)]
    label: Signal<String>,
) -> impl IntoView {
    let (all, inner) = if large { (60, 39.5) } else { (48, 38.5) };
    let tone_now = move || tone.map_or_else(|| time::tone(left.get(), total.get()), |tone| tone.get());
    let count =
        Memo::new(move |_| if tone_now() == Tone::Unlit { 0 } else { lit(left.get(), total.get(), all) });
    let class = move || format!("ring{} {}", if large { " ring-large" } else { "" }, tone_now().class());
    let unit = move || time::ring(left.get()).1.to_owned() + if large { " left" } else { "" };
    view! {
        <span class=class role="img" aria-label=move || format!("{} {}", time::spoken(left.get()), label.get())>
            <svg viewBox="0 0 100 100" aria-hidden="true">
                <path class="ring-unlit" d=move || ticks(count.get(), all, all, inner)></path>
                <path class="ring-lit" d=move || ticks(0, count.get(), all, inner)></path>
            </svg>
            <span class="ring-text" aria-hidden="true">
                <span class="ring-number">{move || time::ring(left.get()).0}</span>
                <span class="ring-unit">{unit}</span>
            </span>
        </span>
    }
    .into_any()
}

/// A ring without number, for empty pages.
#[component]
pub fn StillRing() -> impl IntoView {
    view! {
        <svg viewBox="0 0 100 100" aria-hidden="true">
            <path class="ring-unlit" d=ticks(0, 60, 60, 39.5) fill="none"></path>
        </svg>
    }
    .into_any()
}

/// The share that is left, as a small solid arc. Decoration: words stand beside it.
#[component]
pub fn Arc(
    /// The whole time, in seconds.
    #[prop(into)]
    total: Signal<i64>,
    /// The time left, in seconds.
    #[prop(into)]
    left: Signal<i64>,
    /// Overrides the tone that follows from the time left.
    #[prop(optional, into)]
    tone: Option<Signal<Tone>>,
    /// Width and height in pixels, 14 to 22.
    #[prop(default = 18)]
    size: u16,
) -> impl IntoView {
    let tone = move || tone.map_or_else(|| time::tone(left.get(), total.get()), |t| t.get());
    view! {
        <svg
            class=move || format!("arc {}", tone().class())
            width=size
            height=size
            viewBox="0 0 20 20"
            aria-hidden="true"
        >
            <circle class="arc-all" cx="10" cy="10" r="8"></circle>
            <path class="arc-left" d=move || arc(left.get(), total.get())></path>
        </svg>
    }
    .into_any()
}

/// The path of an arc clockwise from the top; a full circle is two halves.
fn arc(left: i64, total: i64) -> String {
    // 1000 steps are finer than a pixel.
    let steps = lit(left, total, 1000);
    if steps >= 1000 {
        return "M10 2a8 8 0 0 1 0 16a8 8 0 0 1 0-16".to_owned();
    }
    let (right, up) = around(f64::from(steps) / 1000.0);
    let large = u8::from(steps > 500);
    if steps == 0 {
        String::new()
    } else {
        format!("M10 2A8 8 0 {large} 1 {:.2} {:.2}", 10.0 + 8.0 * right, 10.0 - 8.0 * up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tick_stays_lit_until_the_end() {
        assert_eq!(lit(1, 3600, 48), 1);
        assert_eq!(lit(0, 3600, 48), 0);
        assert_eq!(lit(3600, 3600, 48), 48);
        assert_eq!(lit(13_920, 21_600, 48), 30);
        assert_eq!(lit(7200, 3600, 48), 48);
    }

    #[test]
    fn arcs_begin_at_the_top() {
        assert_eq!(arc(0, 10), "");
        assert!(arc(5, 20).starts_with("M10 2A8 8 0 0 1 18.00"));
        assert!(arc(20, 20).ends_with("0-16"));
    }
}
