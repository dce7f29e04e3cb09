//! Blocks that pages are made of: page head, section, facts, card, row of settings, figures, person.

use leptos::prelude::*;

use super::{
    icon::{Icon, IconName},
    tag::{Avatar, AvatarSize},
};

/// The head of an object page: tile or avatar, heading, a line of facts, actions.
#[component]
pub fn PageHead(
    /// The heading, the only h1 of the page.
    #[prop(into)]
    title: String,
    /// A tile or avatar.
    #[prop(optional)]
    lead: Option<AnyView>,
    /// The line below the heading.
    #[prop(optional)]
    facts: Option<AnyView>,
    /// Buttons at the right, below on mobile.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            {lead}
            <div class="page-head-text">
                <h1>{title}</h1>
                {facts.map(|facts| view! { <div class="page-head-facts">{facts}</div> })}
            </div>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </header>
    }
    .into_any()
}

/// A part of a page with a heading of its own.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The id, for links to this part; also ties the heading to it.
    #[prop(into)]
    id: String,
    /// After the heading, lighter: a count, a remark.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    /// At the right of the heading.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <section class="section" id=id aria-labelledby=heading.clone()>
            <div class="section-head">
                <h2 id=heading.clone()>{title}</h2>
                {move || note.get().map(|note| view! { <span class="note">{note}</span> })}
                {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}

/// A card, for pages where things are unrelated. Never inside another card.
#[component]
pub fn Card(
    /// The heading.
    #[prop(into)]
    title: String,
    /// An icon before the heading.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// At the right of the heading, lighter.
    #[prop(optional, into)]
    note: Option<String>,
    /// Buttons at the right of the heading.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// The content is rows ([`Setting`], `.card-row`) that bring their own spacing.
    #[prop(optional)]
    rows: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            <div class="card-head">
                {icon.map(|name| view! { <Icon name size=18 /> })}
                <h2>{title}</h2>
                {note.map(|note| view! { <span class="note">{note}</span> })}
                {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
            </div>
            <div class=if rows { "card-body is-rows" } else { "card-body" }>{children()}</div>
        </section>
    }
    .into_any()
}

/// A description list in rows with hairlines. Children are [`Fact`]s.
#[component]
pub fn Facts(
    /// More room for the terms.
    #[prop(optional)]
    wide: bool,
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class=if wide { "facts wide" } else { "facts" }>{children()}</dl> }.into_any()
}

/// One row of [`Facts`].
#[component]
pub fn Fact(
    /// The term.
    #[prop(into)]
    term: String,
    /// What it is.
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

/// A row of settings: what it is at the left, its knobs at the right.
#[component]
pub fn Setting(
    /// What it is.
    #[prop(into)]
    name: String,
    /// A second line.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// It differs from what is saved: amber edge.
    #[prop(optional, into)]
    changed: Signal<bool>,
    /// The only knob is a [`super::Switch`]: the whole row then is its target.
    #[prop(optional)]
    plain_switch: bool,
    /// What is wrong with it, for knobs that do not say it themselves.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The knobs.
    children: Children,
) -> impl IntoView {
    let class = move || {
        format!(
            "setting{}{}",
            if plain_switch { " is-plain-switch" } else { "" },
            if changed.get() { " is-changed" } else { "" }
        )
    };
    view! {
        <div class=class>
            <div class="setting-text">
                <span class="setting-name">
                    {name}
                    {move || changed.get().then(|| view! { <span class="visually-hidden">", changed"</span> })}
                </span>
                {move || hint.get().map(|hint| view! { <span class="setting-hint">{hint}</span> })}
            </div>
            <div class="setting-knobs">{children()}</div>
            <div class="field-live" aria-live="polite">
                {move || error.get().map(|error| view! { <p class="field-error"><Icon name=IconName::Octagon /> <span>{error}</span></p> })}
            </div>
        </div>
    }
    .into_any()
}

/// A few large numbers with their words.
#[component]
pub fn Figures(
    /// Number, what it counts, and a remark (or nothing).
    items: Vec<(String, String, String)>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(number, what, note)| {
            view! {
                <div>
                    <dt>
                        <span class="figures-number">{number}</span>
                        {what}
                    </dt>
                    <dd>
                        <span class="figures-note">{note}</span>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="figures">{items}</dl> }.into_any()
}

/// Two lines in a cell: the fact above, distance or source below.
#[component]
pub fn Two(
    /// The fact.
    #[prop(into)]
    top: String,
    /// Distance or source.
    #[prop(optional, into)]
    below: String,
) -> impl IntoView {
    view! {
        <span class="two">
            <span>{top}</span>
            <span>{below}</span>
        </span>
    }
    .into_any()
}

/// Avatar, name and a second line.
#[component]
pub fn Person(
    /// The name.
    #[prop(into)]
    name: String,
    /// The identifier the hue is chosen from.
    #[prop(into)]
    id: String,
    /// Department or kind.
    #[prop(optional, into)]
    below: String,
    /// An icon instead of initials: groups and services.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// How large the avatar is.
    #[prop(optional)]
    size: AvatarSize,
) -> impl IntoView {
    let avatar = match icon {
        Some(icon) => view! { <Avatar name=name.clone() id icon size /> }.into_any(),
        None => view! { <Avatar name=name.clone() id size /> }.into_any(),
    };
    view! { <span class="person">{avatar} <Two top=name below /></span> }.into_any()
}
