//! The logo, and the dial of the pages before sign-in. Both are decoration.

use leptos::prelude::*;

use super::circle::around;

/// The mark: the whole day as a thin ring, and the part on duty.
#[component]
pub fn Mark(
    /// Width and height in pixels, 16 at least.
    #[prop(default = 22)]
    size: u16,
) -> impl IntoView {
    view! {
        <svg class="mark" width=size height=size viewBox="0 0 24 24" aria-hidden="true">
            <circle class="mark-day" cx="12" cy="12" r="9"></circle>
            <path class="mark-duty" d="M12 3a9 9 0 0 1 7.79 13.5"></path>
            <circle class="mark-now" cx="12" cy="12" r="2"></circle>
        </svg>
    }
    .into_any()
}

/// The mark with the name beside it.
#[component]
pub fn Wordmark() -> impl IntoView {
    view! {
        <span class="wordmark">
            <Mark />
            <span>"Stint"</span>
        </span>
    }
    .into_any()
}

/// A point on the dial: `hour` 0 to 24 with 0 at the top, `radius` in units of the drawing.
fn point(hour: f64, radius: f64) -> String {
    let (right, up) = around(hour / 24.0);
    format!("{:.1} {:.1}", 320.0 + radius * right, 320.0 - radius * up)
}

/// An arc between two hours.
fn arc(from: f64, to: f64, radius: f64) -> String {
    let large = u8::from(to - from > 12.0);
    format!("M{}A{radius} {radius} 0 {large} 1 {}", point(from, radius), point(to, radius))
}

/// The outline of a bar that starts later.
fn outline(from: f64, to: f64) -> String {
    format!("{}L{}A198 198 0 0 0 {}Z", arc(from, to, 210.0), point(to, 198.0), point(from, 198.0))
}

/// The strokes of the 144 ticks: all that are not full hours, or the full hours.
fn ticks(full_hours: bool) -> String {
    (0..144)
        .filter(|tick| (tick % 6 == 0) == full_hours)
        .map(|tick| {
            let hour = f64::from(tick) / 6.0;
            let inner = if full_hours { 271.0 } else { 277.0 };
            format!("M{}L{}", point(hour, 284.0), point(hour, inner))
        })
        .collect()
}

/// A dial of 24 hours with five invented bars and a hand. It never shows what really goes on.
#[component]
pub fn Dial(
    /// Where the hand stands: hours since midnight, with a fraction.
    #[prop(default = 14.3)]
    hour: f64,
) -> impl IntoView {
    let tracks = [92.0, 129.0, 167.0, 204.0, 240.0]
        .map(|radius| view! { <circle class="dial-track" cx="320" cy="320" r=radius></circle> });
    let bars = [
        ("dial-bar past", 12.2, 14.3, 240.0),
        ("dial-bar", 14.3, 18.2, 240.0),
        ("dial-bar past", 9.1, 11.0, 204.0),
        ("dial-bar past warn", 12.5, 14.3, 167.0),
        ("dial-bar warn", 14.3, 14.9, 167.0),
        ("dial-bar past power", 13.3, 14.3, 129.0),
        ("dial-bar power", 14.3, 15.6, 129.0),
        ("dial-bar past", 1.7, 3.2, 92.0),
    ]
    .map(|(class, from, to, radius)| view! { <path class=class d=arc(from, to, radius)></path> });
    view! {
        <svg class="dial" viewBox="0 0 640 640" aria-hidden="true">
            <path class="dial-tick" d=ticks(false)></path>
            <path class="dial-hour" d=ticks(true)></path>
            {tracks}
            {bars}
            <path class="dial-later" d=outline(16.2, 17.3)></path>
            <path class="dial-hand" d=format!("M320 320L{}", point(hour, 264.0))></path>
            <circle class="dial-hub" cx="320" cy="320" r="5"></circle>
            <text x="320" y="18">"00"</text>
            <text x="622" y="320">"06"</text>
            <text x="320" y="622">"12"</text>
            <text x="18" y="320">"18"</text>
        </svg>
    }
    .into_any()
}
