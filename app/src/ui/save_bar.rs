//! The bar that appears at the bottom with the first change: count, what changes, side effects.

use leptos::prelude::*;

/// Count and effect of unsaved changes, with the buttons that keep or drop them.
#[component]
pub fn SaveBar(
    /// The count, in bold: "2 changes".
    #[prop(into)]
    lead: Signal<String>,
    /// From what to what, and what it ends.
    #[prop(into)]
    text: Signal<String>,
    /// Shown only then. Always shown before the browser's half arrives, or nothing could be saved.
    #[prop(default = true.into(), into)]
    shown: Signal<bool>,
    /// Discard, then the primary button.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="save-bar" hidden=move || !shown.get()>
            <p class="save-text" aria-live="polite">
                <span>
                    <strong>{move || lead.get()}</strong>
                    " "
                    {move || text.get()}
                </span>
            </p>
            <div class="actions">{children()}</div>
        </div>
    }
    .into_any()
}
