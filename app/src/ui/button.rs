//! Buttons, and links that look like them. The label is a verb, or verb and object.

use leptos::{ev::MouseEvent, prelude::*};

use super::icon::{Icon, IconName};

/// What a button is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of a view or sheet.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// No border: cancel, withdraw, repeat.
    Quiet,
    /// Refuses somebody something.
    Deny,
    /// Takes something away. In confirm dialogs only.
    Danger,
}

/// How high a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    /// 28 px, in dense lists.
    Small,
    /// 34 px.
    #[default]
    Normal,
    /// 44 px: the decision of a sheet or page, 54 px on mobile.
    Large,
}

fn class(kind: ButtonKind, size: ButtonSize, block: bool) -> String {
    let kind = match kind {
        ButtonKind::Primary => "button-primary",
        ButtonKind::Secondary => "button-secondary",
        ButtonKind::Quiet => "button-quiet",
        ButtonKind::Deny => "button-deny",
        ButtonKind::Danger => "button-danger",
    };
    let size = match size {
        ButtonSize::Small => " is-small",
        ButtonSize::Normal => "",
        ButtonSize::Large => " is-large",
    };
    format!("button {kind}{size}{}", if block { " is-block" } else { "" })
}

/// The icon before a label.
fn before(icon: Option<IconName>) -> impl IntoView {
    icon.map(|name| view! { <span class="button-icon"><Icon name /></span> })
}

/// A button. Without `submit` it does nothing before the browser's half has arrived.
#[component]
pub fn Button(
    /// What it is for.
    #[prop(optional)]
    kind: ButtonKind,
    /// How high it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// As wide as its container.
    #[prop(optional)]
    block: bool,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Something is on its way: the arc shows, further presses are ignored, the label stays.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Name of the form field that `value` travels under, for forms with two buttons.
    #[prop(optional, into)]
    name: Option<String>,
    /// Value sent with `name`.
    #[prop(optional, into)]
    value: Option<String>,
    /// The id of a form that the button does not stand in.
    #[prop(optional, into)]
    form: Option<String>,
    /// Has the focus when a dialog opens: the safe choice.
    #[prop(optional)]
    autofocus: bool,
    /// The label.
    children: Children,
) -> impl IntoView {
    let ignore_when_busy = move |ev: MouseEvent| {
        if busy.get_untracked() {
            ev.prevent_default();
            ev.stop_immediate_propagation();
        }
    };
    let arc = move || {
        busy.get().then(|| {
            view! {
                <svg class="button-arc" width="16" height="16" viewBox="0 0 20 20" aria-hidden="true">
                    <circle class="arc-all" cx="10" cy="10" r="8"></circle>
                    <path class="arc-left" d="M10 2a8 8 0 0 1 8 8"></path>
                </svg>
            }
        })
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class(kind, size, block)
            name=name
            value=value
            form=form
            autofocus=autofocus
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=ignore_when_busy
        >
            {arc}
            {before(icon)}
            {children()}
        </button>
    }
    .into_any()
}

/// A link that looks like a button. Works without the browser's half.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What it is for.
    #[prop(optional)]
    kind: ButtonKind,
    /// How high it is.
    #[prop(optional)]
    size: ButtonSize,
    /// As wide as its container.
    #[prop(optional)]
    block: bool,
    /// An icon before the label.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The label.
    children: Children,
) -> impl IntoView {
    view! { <a class=class(kind, size, block) href=href>{before(icon)} {children()}</a> }.into_any()
}

/// A square link that shows only an icon, with a name and a tooltip: the tools of the top bar, the menu of a row.
#[component]
pub fn IconLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Which icon.
    icon: IconName,
    /// Its name for assistive technology, also the tooltip.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <a class="tool" href=href aria-label=label.clone() title=label><Icon name=icon size=18 /></a> }
        .into_any()
}

/// A square button that shows only an icon, with a name and a tooltip.
#[component]
pub fn IconButton(
    /// Which icon.
    #[prop(into)]
    icon: Signal<IconName>,
    /// Its name for assistive technology, also the tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// The id of the popover it opens; works without the browser's half.
    #[prop(optional, into)]
    opens: Option<String>,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class="tool"
            aria-label=move || label.get()
            title=move || label.get()
            popovertarget=opens
        >
            {move || view! { <Icon name=icon.get() size=18 /> }}
        </button>
    }
    .into_any()
}
