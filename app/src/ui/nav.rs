//! Entries of the navigation, who is signed in, and the tab bar on mobile with everything else under More.

use leptos::{html, prelude::*};

use super::{
    icon::{Icon, IconName},
    tag::{Avatar, AvatarSize, Badge},
};

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// What people read.
    pub label: String,
    /// Where it leads; also current for everything below it.
    pub href: String,
    /// Its icon.
    pub icon: IconName,
    /// How many wait there. Zero shows nothing.
    pub count: Signal<u32>,
    /// What is counted, for assistive technology: "to decide".
    pub counted: String,
    /// The count is amber: look at this.
    pub amber: bool,
}

impl NavItem {
    /// An entry without a count.
    pub fn new(label: impl Into<String>, href: impl Into<String>, icon: IconName) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            icon,
            count: Signal::stored(0),
            counted: String::new(),
            amber: false,
        }
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: impl Into<Signal<u32>>, counted: impl Into<String>) -> Self {
        self.count = count.into();
        self.counted = counted.into();
        self
    }

    /// With an amber count.
    #[must_use]
    pub const fn amber(mut self) -> Self {
        self.amber = true;
        self
    }
}

/// Entries under one heading.
#[derive(Clone, Debug)]
pub struct NavGroup {
    /// The heading; none for the first group.
    pub label: String,
    /// The entries.
    pub items: Vec<NavItem>,
}

/// Who is signed in, as the frame shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The name.
    pub name: String,
    /// What the hue is chosen from.
    pub id: String,
    /// Department.
    pub below: String,
    /// The page of the account.
    pub href: String,
}

/// True where `href` is the page or something above it.
pub(super) fn leads_here(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

/// A link of the navigation.
pub(super) fn entry(item: NavItem, path: Signal<String>, class: &'static str, size: u16) -> impl IntoView {
    let NavItem { label, href, icon, count, counted, amber } = item;
    let to = href.clone();
    let current = move || leads_here(&path.read(), &href).then_some("page");
    view! {
        <a class=class href=to aria-current=current>
            <Icon name=icon size />
            <span class="nav-label">{label}</span>
            <Badge count amber label=counted />
        </a>
    }
    .into_any()
}

/// The tabs on mobile, and the sheet with everything else. The sheet is a popover: it needs no script.
#[component]
pub(super) fn TabBar(
    tabs: Vec<NavItem>,
    more: Signal<Vec<NavItem>>,
    path: Signal<String>,
    whose: Whose,
    foot: ViewFn,
) -> impl IntoView {
    let sheet = NodeRef::<html::Div>::new();
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            // Already closed is as good.
            let _ = sheet.hide_popover();
        }
    };
    let in_more = move || {
        more.with(|more| more.iter().any(|item| leads_here(&path.read(), &item.href))).then_some("page")
    };
    let tabs = tabs.into_iter().map(|item| entry(item, path, "tab", 22)).collect_view();
    let line = move |item| view! { <li>{entry(item, path, "nav-item", 22)}</li> };
    let more = move || more.get().into_iter().map(line).collect_view();
    view! {
        <nav class="tabbar" aria-label="Main, short">
            {tabs}
            <button type="button" class="tab" popovertarget="more" aria-current=in_more>
                <Icon name=IconName::Menu size=22 />
                <span class="nav-label">"More"</span>
            </button>
        </nav>
        <div class="from-below" id="more" popover="auto" role="dialog" aria-label="More" node_ref=sheet on:click=close>
            <a class="more-person" href=whose.href>
                <Avatar name=whose.name.clone() id=whose.id size=AvatarSize::Large />
                <span class="two">
                    <span>{whose.name}</span>
                    <span>{whose.below}</span>
                </span>
                <Icon name=IconName::ChevronRight />
            </a>
            <ul>{more}</ul>
            <div class="more-foot">{foot.run()}</div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_current_for_everything_below_it() {
        assert!(leads_here("/roles", "/roles"));
        assert!(leads_here("/roles/7/settings", "/roles"));
        assert!(!leads_here("/roles-old", "/roles"));
        assert!(!leads_here("/roles", "/"));
        assert!(leads_here("/", "/"));
    }
}
