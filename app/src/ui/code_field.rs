//! A six-digit code: one input with six boxes drawn behind it.

use leptos::{prelude::*, web_sys::HtmlInputElement};

use super::field::{Field, FieldIds};

/// The first six digits of whatever was typed or pasted.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(6).collect()
}

/// The field for a code from an authenticator app.
#[component]
pub fn CodeField(
    /// Name of the form field; also the root of the ids.
    #[prop(default = "code".into(), into)]
    name: String,
    /// The label.
    #[prop(default = "Code from your authenticator app".into(), into)]
    label: String,
    /// Keep the label for assistive technology only, where the page's heading says it.
    #[prop(optional)]
    label_hidden: bool,
    /// Below the boxes: when the next code comes.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Sends the form when the sixth digit is in. Not where the code is one of several fields.
    #[prop(optional)]
    auto_send: bool,
    /// Smaller boxes, inside cards.
    #[prop(optional)]
    small: bool,
    /// Must be filled in. The server checks too.
    #[prop(default = true)]
    required: bool,
    /// Has the focus when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    // Which box is next; known only once somebody has typed.
    let at = RwSignal::new(None::<usize>);
    let on_input = move |ev: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&ev);
        let typed = digits(&input.value());
        if typed != input.value() {
            input.set_value(&typed);
        }
        at.set(Some(typed.len()));
        if auto_send
            && typed.len() == 6
            && let Some(form) = input.form()
        {
            // A browser that refuses leaves the button to press.
            let _ = form.request_submit();
        }
    };
    let boxes = (0..6)
        .map(|n| {
            let next = move || at.get().filter(|at| (*at).min(5) == n).map(|_| "is-next");
            view! { <span class=next></span> }
        })
        .collect_view();
    let described = {
        let ids = ids.clone();
        move || ids.described(hint.get().is_some())
    };
    let input = view! {
        <div class=if small { "code is-small" } else { "code" }>
            <input
                id=ids.input.clone()
                name=name
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                pattern="[0-9 ]*"
                maxlength="12"
                placeholder=" "
                required=required
                autofocus=autofocus
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                on:input=on_input
            />
            <div class="code-boxes" aria-hidden="true" data-at=move || at.get().map(|at| at.to_string())>
                {boxes}
            </div>
        </div>
    };
    view! { <Field ids label hint error label_hidden>{input}</Field> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_taken_from_any_format() {
        assert_eq!(digits("492 031"), "492031");
        assert_eq!(digits("492-031-77"), "492031");
        assert_eq!(digits("code: 49"), "49");
    }
}
