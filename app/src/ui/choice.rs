//! Choosing one of several: select, segmented control, option cards. All native inputs, all work before the browser's half arrives.

use leptos::prelude::*;

use super::{
    field::{Field, FieldIds},
    icon::{Icon, IconName},
};

/// One of several things to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A sentence below the label, in option cards.
    pub text: String,
    /// How many there are, in segmented controls.
    pub count: Option<u32>,
    /// Visible, but not to be had; `text` says why.
    pub locked: bool,
}

impl Choice {
    /// A value and its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), text: String::new(), count: None, locked: false }
    }

    /// With a sentence below the label.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// With a count after the label.
    #[must_use]
    pub const fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Visible, but not to be had.
    #[must_use]
    pub const fn locked(mut self) -> Self {
        self.locked = true;
        self
    }
}

/// Hears the value that was chosen.
type OnChoice = Option<Callback<String>>;

fn tell(on_choice: OnChoice, value: String) {
    if let Some(on_choice) = on_choice {
        on_choice.run(value);
    }
}

/// A native select.
#[component]
pub fn Select(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What there is.
    options: Vec<Choice>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// At the right of the label.
    #[prop(optional, into)]
    bound: MaybeProp<String>,
    /// Below the input.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Keep the label for assistive technology only.
    #[prop(optional)]
    label_hidden: bool,
    /// Hears the value that was chosen.
    #[prop(optional)]
    on_choice: OnChoice,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option.value == value;
            view! { <option value=option.value selected=selected disabled=option.locked>{option.label}</option> }
        })
        .collect_view();
    let described = {
        let ids = ids.clone();
        move || ids.described(hint.get().is_some())
    };
    let input = view! {
        <div class="select-box">
            <select
                class="input"
                id=ids.input.clone()
                name=name
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                on:change=move |ev| tell(on_choice, event_target_value(&ev))
            >
                {options}
            </select>
            <Icon name=IconName::ChevronDown />
        </div>
    };
    view! { <Field ids label bound hint error label_hidden>{input}</Field> }.into_any()
}

/// A group of radios as one control, two to four short words.
#[component]
pub fn Segmented(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// What is chosen, for assistive technology.
    #[prop(into)]
    label: String,
    /// What there is.
    options: Vec<Choice>,
    /// What is chosen at first.
    #[prop(into)]
    value: String,
    /// Hears the value that was chosen.
    #[prop(optional)]
    on_choice: OnChoice,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|option| {
            let checked = option.value == value;
            let picked = option.value.clone();
            view! {
                <label>
                    <input
                        type="radio"
                        name=name.clone()
                        value=option.value
                        checked=checked
                        disabled=option.locked
                        on:change=move |_| tell(on_choice, picked.clone())
                    />
                    <span>{option.label}</span>
                    {option.count.map(|count| view! { <span class="count">{count}</span> })}
                </label>
            }
        })
        .collect_view();
    view! { <div class="segmented" role="radiogroup" aria-label=label>{options}</div> }.into_any()
}

/// Radios as cards, each with a sentence. What is locked stays visible and says why.
#[component]
pub fn Options(
    /// Name of the form field.
    #[prop(into)]
    name: String,
    /// What is chosen, for assistive technology.
    #[prop(into)]
    label: String,
    /// What there is.
    options: Vec<Choice>,
    /// What is chosen at first.
    #[prop(optional, into)]
    value: String,
    /// Hears the value that was chosen.
    #[prop(optional)]
    on_choice: OnChoice,
) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|option| {
            let checked = option.value == value;
            let picked = option.value.clone();
            view! {
                <label class="option">
                    <input
                        type="radio"
                        name=name.clone()
                        value=option.value
                        checked=checked
                        disabled=option.locked
                        on:change=move |_| tell(on_choice, picked.clone())
                    />
                    <span class="option-name">{option.label}</span>
                    <span class="option-text">{option.text}</span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="options" role="radiogroup" aria-label=label>{options}</div> }.into_any()
}
