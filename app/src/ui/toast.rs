//! Short confirmations at the bottom: fact, then distance. Errors are never toasts.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// One confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    id: u64,
    /// The fact, in bold: "Extended by 2 h."
    lead: String,
    /// The rest: "Exchange Administrator ends 16:26, in 2 h 8 min."
    text: String,
    /// Where it can be undone.
    undo: Option<String>,
}

/// Where confirmations are put. From the context, see [`use_toasts`].
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    held: RwSignal<bool>,
}

impl Toasts {
    /// Shows one for eight seconds, longer while it is hovered or focused.
    pub fn show(&self, lead: impl Into<String>, text: impl Into<String>, undo: Option<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.push(Toast { id, lead: lead.into(), text: text.into(), undo });
            // More than three would cover the page.
            let surplus = list.len().saturating_sub(3);
            list.drain(..surplus);
        });
        self.fade(id);
    }

    fn fade(self, id: u64) {
        set_timeout(
            move || {
                if self.held.get_untracked() {
                    self.fade(id);
                } else {
                    self.list.update(|list| list.retain(|toast| toast.id != id));
                }
            },
            Duration::from_secs(8),
        );
    }
}

/// Puts the place for confirmations into the context. Once, around everything.
pub fn provide_toasts() {
    provide_context(Toasts {
        list: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
        held: RwSignal::new(false),
    });
}

/// The place for confirmations. Show them in handlers and effects only: nothing is shown by the server this way.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(|| {
        provide_toasts();
        expect_context::<Toasts>()
    })
}

/// Where confirmations appear, and one that the server already knows of (after a plain form post).
#[component]
pub fn ToastRegion(
    /// Fact and rest of a confirmation that came with the page.
    #[prop(optional)]
    first: Option<(String, String)>,
) -> impl IntoView {
    let toasts = use_toasts();
    let first = first.map(|(lead, text)| view! { <ToastView lead text undo=None /> });
    view! {
        <div
            class="toasts"
            role="status"
            on:mouseenter=move |_| toasts.held.set(true)
            on:mouseleave=move |_| toasts.held.set(false)
            on:focusin=move |_| toasts.held.set(true)
            on:focusout=move |_| toasts.held.set(false)
        >
            {first}
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <ToastView lead=toast.lead text=toast.text undo=toast.undo />
            </For>
        </div>
    }
    .into_any()
}

/// One confirmation.
#[component]
fn ToastView(lead: String, text: String, undo: Option<String>) -> impl IntoView {
    view! {
        <div class="toast">
            <Icon name=IconName::Check size=18 />
            <span>
                <strong>{lead}</strong>
                " "
                {text}
            </span>
            {undo.map(|href| view! { <a class="toast-undo" href=href>"Undo"</a> })}
        </div>
    }
    .into_any()
}
