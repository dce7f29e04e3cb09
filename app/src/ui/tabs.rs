//! Ways around a page: tabs, breadcrumb, pager, and links as a segmented control. All are links; the address says where one is.

use leptos::prelude::*;

use super::{
    button::ButtonLink,
    icon::{Icon, IconName},
};

/// One tab, crumb or segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabItem {
    /// What people read.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// This is where one is.
    pub current: bool,
    /// How many are behind it.
    pub count: Option<u32>,
}

impl TabItem {
    /// A tab that leads elsewhere.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false, count: None }
    }

    /// Whether this is where one is.
    #[must_use]
    pub const fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// With a count after the label.
    #[must_use]
    pub const fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }
}

fn links(items: Vec<TabItem>) -> impl IntoView {
    items
        .into_iter()
        .map(|item| {
            view! {
                <a href=item.href aria-current=item.current.then_some("page")>
                    {item.label}
                    {item.count.map(|count| view! { <span class="count">{count}</span> })}
                </a>
            }
        })
        .collect_view()
}

/// Tabs below a page's heading.
#[component]
pub fn Tabs(
    /// The tabs; one is current.
    items: Vec<TabItem>,
    /// What they belong to, for assistive technology.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{links(items)}</nav> }.into_any()
}

/// Links as a segmented control: filters of a list.
#[component]
pub fn Segments(
    /// The links; one is current.
    items: Vec<TabItem>,
    /// What they filter, for assistive technology.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <nav class="segmented" aria-label=label>{links(items)}</nav> }.into_any()
}

/// Where one is, from the outside to the inside. The last is the page itself.
#[component]
pub fn Breadcrumb(
    /// Label and address of what is above.
    above: Vec<(String, String)>,
    /// The page itself.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    let above = above
        .into_iter()
        .map(|(label, href)| view! { <li><a class="crumb" href=href>{label}</a> <Icon name=IconName::ChevronRight size=14 /></li> })
        .collect_view();
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>
                {above}
                <li>
                    <span aria-current="page">{here}</span>
                </li>
            </ol>
        </nav>
    }
    .into_any()
}

/// Earlier and later pages of a list.
#[component]
pub fn Pager(
    /// What is shown: "1 to 50 of 1,284".
    #[prop(into)]
    shown: String,
    /// Address of the page before.
    #[prop(optional, into)]
    previous: Option<String>,
    /// Address of the page after.
    #[prop(optional, into)]
    next: Option<String>,
) -> impl IntoView {
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{shown}</span>
            <span class="actions">
                {previous.map(|href| view! { <ButtonLink href icon=IconName::ChevronLeft>"Previous"</ButtonLink> })}
                {next.map(|href| view! { <ButtonLink href icon=IconName::ChevronRight>"Next"</ButtonLink> })}
            </span>
        </nav>
    }
    .into_any()
}
