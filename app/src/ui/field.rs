//! The frame around every field: label, bound, hint and error, tied together for assistive technology.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// Ids that tie a field to its words, all from the field's name.
#[derive(Clone, Debug)]
pub struct FieldIds {
    /// The input itself.
    pub input: String,
    /// The hint below.
    pub hint: String,
    /// The error below.
    pub error: String,
}

impl FieldIds {
    /// Ids for a field name; signs that have a meaning in selectors are replaced.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let root: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
        Self { input: format!("f-{root}"), hint: format!("f-{root}-hint"), error: format!("f-{root}-error") }
    }

    /// The value of `aria-describedby`: the hint if there is one, and the place where an error appears.
    #[must_use]
    pub fn described(&self, has_hint: bool) -> String {
        if has_hint { format!("{} {}", self.hint, self.error) } else { self.error.clone() }
    }
}

/// Label above, condition at its right, hint and error below. The input goes between as children and carries `ids.input`.
#[component]
pub fn Field(
    /// Ids from the field's name.
    ids: FieldIds,
    /// The label.
    #[prop(into)]
    label: String,
    /// At the right of the label: "approvers and the audit log show it", "4 of at least 15 characters".
    #[prop(optional, into)]
    bound: MaybeProp<String>,
    /// Below the input, as long as there is no error.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong, as a sentence.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Keep the label for assistive technology only.
    #[prop(optional)]
    label_hidden: bool,
    /// The input.
    children: Children,
) -> impl IntoView {
    let FieldIds { input, hint: hint_id, error: error_id } = ids;
    let bound = move || bound.get().map(|bound| view! { <span class="field-bound">{bound}</span> });
    let hint = move || {
        let hint_id = hint_id.clone();
        hint.get().map(|hint| view! { <p class="field-note" id=hint_id>{hint}</p> })
    };
    let error = move || {
        error.get().map(|error| {
            view! {
                <p class="field-error">
                    <Icon name=IconName::Octagon />
                    <span>{error}</span>
                </p>
            }
        })
    };
    let head = if label_hidden { "visually-hidden" } else { "field-head" };
    view! {
        <div class="field">
            <div class=head>
                <label for=input>{label}</label>
                {bound}
            </div>
            {children()}
            {hint}
            <div class="field-live" id=error_id aria-live="polite">{error}</div>
        </div>
    }
    .into_any()
}
