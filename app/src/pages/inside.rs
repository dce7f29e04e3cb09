//! The frame around all pages of people who are signed in: navigation, what is on duty, who one is.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

use crate::{
    api::theme::{Theme, ThemeChoose},
    app::use_about,
    ui::{Frame, IconName, NavGroup, NavItem, Whose},
    when::provide_zone,
};

const DEMO: &str = "Demo. Nothing here is real, and it is gone at the next start.";

/// Sidebar, tab bar and the page between them.
#[component]
pub fn Inside() -> impl IntoView {
    let about = use_about();
    let location = use_location();
    provide_zone(Signal::stored("UTC".to_owned()));
    let whose = Whose {
        name: "Account".to_owned(),
        id: String::new(),
        below: String::new(),
        href: "/account".to_owned(),
    };
    view! {
        <Frame
            org=about.organisation
            nav=navigation()
            tabs=tabs()
            path=location.pathname
            whose
            demo=if about.demo { DEMO } else { "" }
            tools=ViewFn::from(|| view! { <ThemeButtons /> })
            more_foot=ViewFn::from(|| view! { <ThemeButtons /> })
        >
            <Outlet />
        </Frame>
    }
}

fn navigation() -> Vec<NavGroup> {
    vec![NavGroup {
        label: String::new(),
        items: vec![
            NavItem::new("My roles", "/", IconName::Lightning),
            NavItem::new("My requests", "/requests", IconName::Clipboard),
            NavItem::new("Approvals", "/approvals", IconName::Inbox),
        ],
    }]
}

fn tabs() -> Vec<NavItem> {
    vec![
        NavItem::new("Roles", "/", IconName::Lightning),
        NavItem::new("Requests", "/requests", IconName::Clipboard),
        NavItem::new("Approvals", "/approvals", IconName::Inbox),
    ]
}

/// Light, dark, or as the system does: one button that goes on to the next.
#[component]
fn ThemeButtons() -> impl IntoView {
    let choose = ServerAction::<ThemeChoose>::new();
    let chosen = RwSignal::new(use_about().theme);
    let next = move || match chosen.get() {
        Theme::System => Theme::Dark,
        Theme::Dark => Theme::Light,
        Theme::Light => Theme::System,
    };
    let label = move || match next() {
        Theme::Dark => "Dark colours",
        Theme::Light => "Light colours",
        Theme::System => "Colours of the system",
    };
    Effect::new(move |before: Option<usize>| {
        let version = choose.version().get();
        if before.is_some_and(|before| before != version) {
            chosen.set(next());
            show(chosen.get_untracked());
        }
        version
    });
    view! {
        <ActionForm action=choose>
            <input type="hidden" name="form[theme]" value=move || next().word().unwrap_or("system") />
            <button type="submit" class="icon-button" aria-label=label title=label>
                {move || match next() {
                    Theme::Dark => view! { <crate::ui::Icon name=IconName::Moon /> },
                    Theme::Light => view! { <crate::ui::Icon name=IconName::Sun /> },
                    Theme::System => view! { <crate::ui::Icon name=IconName::Laptop /> },
                }}
            </button>
        </ActionForm>
    }
}

/// Puts the theme on the document at once.
#[cfg(feature = "hydrate")]
fn show(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    // A theme that cannot be shown at once is shown with the next page.
    let _ = match theme.word() {
        Some(word) => root.set_attribute("data-theme", word),
        None => root.remove_attribute("data-theme"),
    };
}

#[cfg(not(feature = "hydrate"))]
const fn show(_theme: Theme) {}
