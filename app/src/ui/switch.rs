//! On or off: switch and checkbox. Native inputs, both work before the browser's half arrives.

use leptos::prelude::*;

use super::field::FieldIds;

/// On or off, as two radios drawn as a switch: one of "true" and "false" is always sent, and never both.
#[component]
pub fn Switch(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// What is on or off, for assistive technology; the words of the row stand beside it.
    #[prop(into)]
    label: String,
    /// On at first.
    on: bool,
    /// Cannot be changed. What it stands at is still sent.
    #[prop(optional)]
    locked: bool,
    /// Hears each change.
    #[prop(optional)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let id = FieldIds::of(&name).input;
    let radio = |value: &'static str, word: &'static str, checked: bool| {
        let id = format!("{id}-{value}");
        let on_pick = move |_| {
            if let Some(on_change) = on_change {
                on_change.run(value == "true");
            }
        };
        view! {
            <input
                type="radio"
                id=id.clone()
                name=name.clone()
                value=value
                checked=checked
                disabled=locked && !checked
                // The label of what is chosen is hidden, and a hidden label says nothing.
                aria-label=word
                on:change=on_pick
            />
            <label for=id>{word}</label>
        }
    };
    view! {
        <span class="switch" role="radiogroup" aria-label=label>
            {radio("false", "Off", !on)}
            {radio("true", "On", on)}
            <span class="switch-track" aria-hidden="true"></span>
        </span>
    }
    .into_any()
}

/// A checkbox. Unchecked it sends nothing: for choosing rows of a list, never for a protection.
#[component]
pub fn Checkbox(
    /// Name of the form field.
    #[prop(into)]
    name: String,
    /// What it sends when checked.
    #[prop(default = "true".into(), into)]
    value: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// A second line.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Checked at first.
    #[prop(optional)]
    checked: bool,
    /// Cannot be changed.
    #[prop(optional)]
    locked: bool,
    /// Show the box alone; the label is for assistive technology.
    #[prop(optional)]
    bare: bool,
    /// Hears each change.
    #[prop(optional)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let words = if bare {
        view! { <span class="visually-hidden">{label}</span> }.into_any()
    } else {
        view! {
            <span class="check-text">
                <span>{label}</span>
                {hint.map(|hint| view! { <span class="check-hint">{hint}</span> })}
            </span>
        }
        .into_any()
    };
    view! {
        <label class=if bare { "check is-bare" } else { "check" }>
            <input
                type="checkbox"
                name=name
                value=value
                checked=checked
                disabled=locked
                on:change=move |ev| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_checked(&ev));
                    }
                }
            />
            {words}
        </label>
    }
    .into_any()
}
