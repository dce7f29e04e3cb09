//! Points on circles, for what is drawn round.

use std::f64::consts::TAU;

/// How far right of the centre and how far above it a point of a circle of radius 1 lies, after this share of a turn clockwise
/// from the top.
pub(super) fn around(share: f64) -> (f64, f64) {
    let angle = share * TAU;
    (sin(angle), cos(angle))
}

#[cfg(not(feature = "hydrate"))]
fn sin(angle: f64) -> f64 {
    angle.sin()
}

#[cfg(not(feature = "hydrate"))]
fn cos(angle: f64) -> f64 {
    angle.cos()
}

// The browser has them already.
#[cfg(feature = "hydrate")]
use leptos::web_sys::js_sys::Math::{cos, sin};
