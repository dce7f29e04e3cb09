//! Notes: the strip at the top of a page (one at most), and the seal of the record.

use leptos::prelude::*;

use super::icon::{Icon, IconName};

/// What a strip or tag is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Plain.
    #[default]
    Neutral,
    /// Good, or running.
    Green,
    /// Soon, or look at this.
    Amber,
    /// Failed, or about to be taken away.
    Red,
    /// Much power. Tags only.
    Purple,
}

/// A full-width note. Says what still works and what happens by itself.
#[component]
pub fn Strip(
    /// What it is about.
    #[prop(optional)]
    mood: Mood,
    /// An icon; one that fits the mood if absent.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The fact, in bold.
    #[prop(optional, into)]
    lead: String,
    /// Announce it when it appears: the count of errors after sending.
    #[prop(optional)]
    announce: bool,
    /// Buttons at the right.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// The rest of the sentence.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, default_icon) = match mood {
        Mood::Green => ("strip strip-green", IconName::Check),
        Mood::Amber => ("strip strip-amber", IconName::Warning),
        Mood::Red => ("strip strip-red", IconName::Octagon),
        Mood::Neutral | Mood::Purple => ("strip", IconName::Info),
    };
    let icon = icon.unwrap_or(default_icon);
    view! {
        <div class=class role=announce.then_some("alert")>
            <Icon name=icon size=18 />
            <p class="strip-text">
                <strong>{lead}</strong>
                " "
                {children.map(|children| children())}
            </p>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

/// Whether a chain of records holds. It cannot be dismissed.
#[component]
pub fn Seal(
    /// It holds.
    intact: bool,
    /// The fact, in bold: "Chain verified up to record 48,211".
    #[prop(into)]
    lead: String,
    /// Buttons at the right.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// Time and anchor, or what to do now.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, icon) = if intact {
        ("strip strip-green", IconName::ShieldCheck)
    } else {
        ("strip strip-red", IconName::Octagon)
    };
    view! {
        <div class=class role=(!intact).then_some("alert")>
            <Icon name=icon size=18 />
            <p class="strip-text">
                <strong>{lead}</strong>
                " "
                {children.map(|children| children())}
            </p>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
    }
    .into_any()
}
