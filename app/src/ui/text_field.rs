//! One-line inputs. They keep what was typed before the browser's half arrived: the value is an attribute, not a property.

use leptos::prelude::*;

use super::{
    field::{Field, FieldIds},
    icon::{Icon, IconName},
};

/// A one-line input.
#[component]
pub fn TextField(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// The HTML type: "text", "email", "search", "number", "url", "date", "datetime-local".
    #[prop(default = "text")]
    kind: &'static str,
    /// At the right of the label.
    #[prop(optional, into)]
    bound: MaybeProp<String>,
    /// Below the input.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// An example of what to type, never the only label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What browsers fill in: "username", "email", "off".
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// Which keyboard a phone shows.
    #[prop(optional, into)]
    inputmode: Option<String>,
    /// The most characters.
    #[prop(optional, into)]
    maxlength: Option<u32>,
    /// The least value, for numbers and dates.
    #[prop(optional, into)]
    min: Option<String>,
    /// The greatest value, for numbers and dates.
    #[prop(optional, into)]
    max: Option<String>,
    /// Must be filled in. The server checks too.
    #[prop(optional)]
    required: bool,
    /// Shown, not changeable.
    #[prop(optional)]
    readonly: bool,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// Monospace, for keys and patterns.
    #[prop(optional)]
    mono: bool,
    /// An icon inside, at the left.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Keep the label for assistive technology only.
    #[prop(optional)]
    label_hidden: bool,
    /// Hears each change.
    #[prop(optional)]
    on_text: Option<Callback<String>>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let described = {
        let ids = ids.clone();
        move || ids.described(hint.get().is_some())
    };
    let input = view! {
        <div class="input-box">
            {icon.map(|name| view! { <Icon name /> })}
            <input
                class=if mono { "input is-mono" } else { "input" }
                id=ids.input.clone()
                name=name
                type=kind
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                min=min
                max=max
                required=required
                readonly=readonly
                autofocus=autofocus
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                on:input=move |ev| {
                    if let Some(on_text) = on_text {
                        on_text.run(event_target_value(&ev));
                    }
                }
            />
        </div>
    };
    view! { <Field ids label bound hint error label_hidden>{input}</Field> }.into_any()
}
