//! What lies over the page: sheet (a drawer) and dialog (a question). The server renders both open, as a route of their own;
//! the browser's half then makes them modal, which keeps the focus inside.

use leptos::{ev, html, prelude::*, web_sys::HtmlDialogElement};

use super::icon::{Icon, IconName};

/// Turns the open `<dialog>` into a modal one. Escape and a press beside it do what the close link does.
fn make_modal(dialog: NodeRef<html::Dialog>) {
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && dialog.is_connected()
        {
            dialog.close();
            // A browser that refuses leaves the page as the server rendered it, which works.
            let _ = dialog.show_modal();
        }
    });
}

/// Leaves by the close link, so that the router sees an ordinary navigation.
fn leave(close: NodeRef<html::A>) {
    if let Some(close) = close.get_untracked() {
        close.click();
    }
}

/// True for a press on the backdrop: it hits the dialog itself, not its content.
fn beside(ev: &ev::MouseEvent, dialog: NodeRef<html::Dialog>) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let on_dialog = ev.target().is_some_and(|target| target.dyn_ref::<HtmlDialogElement>().is_some());
    on_dialog
        && dialog.get_untracked().is_some_and(|dialog| {
            let (x, y) = (ev.offset_x(), ev.offset_y());
            x < 0 || y < 0 || x > dialog.offset_width() || y > dialog.offset_height()
        })
}

/// A drawer at the right, from below on mobile. A form goes into the children and carries an id; the button in `foot` names that id with `form`.
#[component]
pub fn Sheet(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Where the cross, Escape and a press beside lead.
    #[prop(into)]
    close: String,
    /// A tile or avatar before the heading.
    #[prop(optional)]
    lead: Option<AnyView>,
    /// The line below the heading.
    #[prop(optional)]
    facts: Option<AnyView>,
    /// Buttons at the bottom edge.
    #[prop(optional)]
    foot: Option<AnyView>,
    /// What scrolls.
    children: Children,
) -> impl IntoView {
    let (dialog, link) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::A>::new());
    make_modal(dialog);
    let cancel = move |ev: ev::Event| {
        ev.prevent_default();
        leave(link);
    };
    let press = move |ev: ev::MouseEvent| {
        if beside(&ev, dialog) {
            leave(link);
        }
    };
    view! {
        <a class="scrim" href=close.clone() tabindex="-1" aria-hidden="true"></a>
        <dialog class="sheet" open node_ref=dialog aria-labelledby="sheet-title" on:cancel=cancel on:click=press>
            <header class="sheet-head">
                {lead}
                <div class="grow">
                    <h2 id="sheet-title" tabindex="-1" autofocus>{title}</h2>
                    {facts.map(|facts| view! { <div class="sheet-facts">{facts}</div> })}
                </div>
                <a class="close sheet-close" href=close node_ref=link aria-label="Close" title="Close">
                    <Icon name=IconName::Cross size=18 />
                </a>
            </header>
            <div class="sheet-body">{children()}</div>
            {foot.map(|foot| view! { <footer class="sheet-foot">{foot}</footer> })}
        </dialog>
    }
    .into_any()
}

/// A question. The heading asks with names, the text says the effect; the safe button comes first and says what stays ("Keep").
#[component]
pub fn Dialog(
    /// The question: "Remove Jonas Ekberg from Global Administrator?"
    #[prop(into)]
    title: String,
    /// Where Escape and a press beside lead: the same as the safe button.
    #[prop(into)]
    close: String,
    /// What happens, and whether it can be undone.
    #[prop(into)]
    text: String,
    /// What the safe button says.
    #[prop(default = "Keep".into(), into)]
    keep: String,
    /// The button that does it: of kind `Danger`, naming its form if it stands in the children.
    act: AnyView,
    /// A field for the reason, where one is asked.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (dialog, link) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::A>::new());
    make_modal(dialog);
    let cancel = move |ev: ev::Event| {
        ev.prevent_default();
        leave(link);
    };
    let press = move |ev: ev::MouseEvent| {
        if beside(&ev, dialog) {
            leave(link);
        }
    };
    view! {
        <a class="scrim" href=close.clone() tabindex="-1" aria-hidden="true"></a>
        <dialog
            class="dialog"
            open
            role="alertdialog"
            node_ref=dialog
            aria-labelledby="dialog-title"
            aria-describedby="dialog-text"
            on:cancel=cancel
            on:click=press
        >
            <div class="dialog-body">
                <h2 id="dialog-title">{title}</h2>
                <p id="dialog-text">{text}</p>
                {children.map(|children| children())}
            </div>
            <div class="dialog-foot">
                <a class="button button-secondary is-large" href=close node_ref=link autofocus>{keep}</a>
                {act}
            </div>
        </dialog>
    }
    .into_any()
}
