//! A QR code: always dark on white, so that phones read it in both themes.

use leptos::prelude::*;

/// Empty squares around the code, without which it is not found.
const QUIET: u32 = 4;

/// A QR code, drawn from the path of its dark squares. What it holds must stand beside it in letters.
#[component]
pub fn QrCode(
    /// The dark squares, one unit each, from the top left.
    #[prop(into)]
    drawing: String,
    /// How many squares the code has on each side.
    squares: u32,
    /// What it is for, for assistive technology.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let side = squares + 2 * QUIET;
    let moved = format!("translate({QUIET} {QUIET})");
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
            <rect class="qr-light" width=side height=side></rect>
            <path class="qr-dark" transform=moved d=drawing></path>
        </svg>
    }
    .into_any()
}
