//! How much power something has, as one, two or three chevrons: a tile for lists and headings, a tag with the word.

use leptos::prelude::*;

const CHEVRONS: [&str; 3] =
    ["M11.5 24.2 17 19.6l5.5 4.6", "M11.5 18.8 17 14.2l5.5 4.6", "M11.5 13.4 17 8.8l5.5 4.6"];

/// The chevrons that are on, from below, and the faint rest.
fn chevrons(level: u8) -> (String, String) {
    let on = usize::from(level.clamp(1, 3));
    (CHEVRONS.iter().take(on).copied().collect(), CHEVRONS.iter().skip(on).copied().collect())
}

/// The class of a level, 1 to 3.
fn class(level: u8) -> &'static str {
    match level {
        0 | 1 => "level-1",
        2 => "level-2",
        _ => "level-3",
    }
}

/// A rounded square with chevrons.
#[component]
pub fn LevelTile(
    /// 1 (least) to 3 (most).
    level: u8,
    /// Width and height in pixels: 20 in lines, 22 to 24 in dense lists, 34 in rows, 40 to 44 in headings.
    #[prop(default = 34)]
    size: u16,
    /// What assistive technology hears: "Privilege level: Critical". Empty where a tag beside it says the same.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let (on, off) = chevrons(level);
    let named = !label.is_empty();
    view! {
        <svg
            class=format!("level {}", class(level))
            width=size
            height=size
            viewBox="0 0 34 34"
            role=named.then_some("img")
            aria-label=named.then_some(label)
            aria-hidden=(!named).then_some("true")
        >
            <rect class="level-box" x="0.5" y="0.5" width="33" height="33" rx="9"></rect>
            <path class="level-off" d=off></path>
            <path class="level-on" d=on></path>
        </svg>
    }
    .into_any()
}

/// The word of a level with its chevrons.
#[component]
pub fn LevelTag(
    /// 1 (least) to 3 (most).
    level: u8,
    /// The word: "Critical".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let (on, off) = chevrons(level);
    view! {
        <span class=format!("level-tag {}", class(level))>
            <svg width="14" height="14" viewBox="9 8.5 16 16" aria-hidden="true">
                <path class="level-off" d=off></path>
                <path d=on></path>
            </svg>
            {label}
        </span>
    }
    .into_any()
}
