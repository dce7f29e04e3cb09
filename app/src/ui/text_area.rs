//! Text of several lines. Leptos writes the children of a `<textarea>` unescaped, so the first value goes through [`escaped`], here and nowhere else.

use leptos::{html, prelude::*};

use super::field::{Field, FieldIds};

/// Escapes text for the inside of a `<textarea>`: no tag can begin or end there, and a first line break survives the parser.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // The parser drops one line break right after the opening tag.
    if text.starts_with(['\n', '\r']) {
        out.push('\n');
    }
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // The parser would make it a replacement sign; it has no business here.
            '\0' => {}
            _ => out.push(c),
        }
    }
    out
}

/// The child of the server's `<textarea>`.
#[cfg(feature = "ssr")]
fn first_text(text: &str) -> String {
    escaped(text)
}

/// In the browser the child is left alone while hydrating; a page built there sets `defaultValue` instead, which keeps what was typed.
#[cfg(not(feature = "ssr"))]
const fn first_text(_text: &str) {}

/// Text of several lines.
#[component]
pub fn TextArea(
    /// Name of the form field; also the root of the ids.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// The least characters: counted at the right of the label while there are fewer.
    #[prop(optional, into)]
    least: Option<usize>,
    /// The most characters.
    #[prop(optional, into)]
    maxlength: Option<u32>,
    /// At the right of the label, when nothing is counted there.
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
    /// Rows at first; it grows with the text.
    #[prop(default = 2)]
    rows: u32,
    /// Must be filled in. The server checks too.
    #[prop(optional)]
    required: bool,
    /// Hears each change.
    #[prop(optional)]
    on_text: Option<Callback<String>>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let typed = RwSignal::new(value.trim().chars().count());
    let area = NodeRef::<html::Textarea>::new();
    // What was typed before the browser's half arrived counts.
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            typed.set(area.value().trim().chars().count());
        }
    });
    let bound = Signal::derive(move || match (least, typed.get()) {
        (Some(least), n) if n > 0 && n < least => Some(format!("{n} of at least {least} characters")),
        _ => bound.get(),
    });
    let described = {
        let ids = ids.clone();
        move || ids.described(hint.get().is_some())
    };
    let input = view! {
        <textarea
            node_ref=area
            class="input"
            id=ids.input.clone()
            name=name
            rows=rows
            maxlength=maxlength
            placeholder=placeholder
            required=required
            aria-describedby=described
            aria-invalid=move || error.get().is_some().then_some("true")
            prop:defaultValue=value.clone()
            on:input=move |ev| {
                let text = event_target_value(&ev);
                typed.set(text.trim().chars().count());
                if let Some(on_text) = on_text {
                    on_text.run(text);
                }
            }
        >
            {first_text(&value)}
        </textarea>
    };
    view! { <Field ids label bound hint error>{input}</Field> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_textarea() {
        assert_eq!(
            escaped("</textarea><script>alert(1)</script>"),
            "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
        );
        assert_eq!(escaped("a & b &lt;"), "a &amp; b &amp;lt;");
        assert_eq!(escaped("a\0b"), "ab");
    }

    #[test]
    fn a_first_line_break_survives() {
        assert_eq!(escaped("\nplan"), "\n\nplan");
        assert_eq!(escaped("plan\n"), "plan\n");
    }
}
