//! When there is nothing, nothing yet, or something failed.

use leptos::prelude::*;

use super::{
    icon::{Icon, IconName},
    ring::StillRing,
};

/// An empty page or section: one sentence says what will fill it.
#[component]
pub fn Empty(
    /// The heading: "You are not on duty".
    #[prop(into)]
    title: String,
    /// One sentence that says what will fill it.
    #[prop(optional, into)]
    text: String,
    /// An icon instead of the still ring.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Smaller, inside a section.
    #[prop(optional)]
    small: bool,
    /// Two buttons at most.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    let sign = match icon {
        Some(name) => view! { <Icon name size=22 /> }.into_any(),
        None => view! { <StillRing /> }.into_any(),
    };
    view! {
        <div class=if small { "empty is-small" } else { "empty" }>
            {sign}
            <h2>{title}</h2>
            <p>{text}</p>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

/// Something failed. The number leads the service desk to the log.
#[component]
pub fn ErrorPanel(
    /// The heading.
    #[prop(default = "This page could not be loaded".into(), into)]
    title: String,
    /// What still works and what to do.
    #[prop(
        default = "Something failed on the server. What is active stays active and ends at its time. Try again; if it fails again, give the service desk this number.".into(),
        into
    )]
    text: String,
    /// The number to pass on.
    #[prop(optional, into)]
    number: Option<String>,
    /// When it happened: "14:18:07".
    #[prop(optional, into)]
    time: Option<String>,
    /// Two buttons at most.
    #[prop(optional)]
    actions: Option<AnyView>,
) -> impl IntoView {
    let number = number.map(|number| {
        view! {
            <p class="number-box">
                <code>{number}</code>
                {time.map(|time| view! { <span>{time}</span> })}
            </p>
        }
    });
    view! {
        <div class="empty is-failed" role="alert">
            <Icon name=IconName::Octagon size=22 />
            <h2>{title}</h2>
            <p>{text}</p>
            {number}
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
    }
    .into_any()
}

/// The shape of what comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkeletonShape {
    /// Rows of a list: tile, two lines, two columns, a button.
    #[default]
    Rows,
    /// Lines of text.
    Lines,
    /// A card.
    Card,
}

/// Still grey shapes, shown after 200 ms of waiting.
#[component]
pub fn Skeleton(
    /// The shape of what comes.
    #[prop(optional)]
    shape: SkeletonShape,
    /// How many.
    #[prop(default = 5)]
    count: u8,
    /// What is loading, for assistive technology.
    #[prop(default = "Loading".into(), into)]
    label: String,
) -> impl IntoView {
    // Widths differ a little, so that it looks like text.
    let wide =
        |n: u8| ["15%", "12%", "14%", "11.5%", "16%"].into_iter().cycle().nth(n.into()).unwrap_or("14%");
    let shapes = (0..count)
        .map(|n| match shape {
            SkeletonShape::Rows => view! {
                <svg class="skeleton-row">
                    <rect x="0" y="9" width="34" height="34" rx="9"></rect>
                    <rect x="48" y="11" width=wide(n) height="12" rx="4"></rect>
                    <rect x="48" y="31" width="9%" height="10" rx="4"></rect>
                    <rect x="34%" y="20" width="10%" height="10" rx="4"></rect>
                    <rect x="58%" y="20" width="12%" height="10" rx="4"></rect>
                    <rect x="91%" y="10" width="9%" height="32" rx="8"></rect>
                </svg>
            }
            .into_any(),
            SkeletonShape::Lines => view! {
                <svg class="skeleton-line">
                    <rect y="6" width=if n % 2 == 0 { "70%" } else { "54%" } height="12" rx="4"></rect>
                </svg>
            }
            .into_any(),
            SkeletonShape::Card => {
                view! { <svg class="skeleton-box"><rect width="100%" height="100%" rx="12"></rect></svg> }
                    .into_any()
            }
        })
        .collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {shapes}
        </div>
    }
    .into_any()
}
