//! The frame around all pages of people who are signed in: navigation, what is on duty, who one is.

use domain::access::{Holds, Permission};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

use super::{
    activation::{duty_actions, on_duty},
    sign_out::SignOut,
};
use crate::{
    AppResult,
    act::{ActForm, FormAct},
    api::theme::{Theme, ThemeChoose},
    app::use_about,
    load::Refused,
    reader::{self, Reader, Reading},
    refresh::{Topic, changes},
    ui::{Frame, IconName, NavGroup, NavItem, Skeleton, SkeletonShape, Whose},
    when::{provide_zone, use_zone},
};

const DEMO: &str = "Demo. Nothing here is real, nothing stays.";

/// Sidebar, tab bar and the page between them.
#[component]
pub fn Inside() -> impl IntoView {
    let changes = changes(&[Topic::Activation, Topic::Assignment, Topic::Role, Topic::Group, Topic::Person]);
    let reading = reader::follow(changes);
    let outcome =
        Memo::new(move |_| reading.with(|read| read.as_ref().map(|read| read.as_ref().err().cloned())));
    move || match outcome.get() {
        None => view! { <Skeleton shape=SkeletonShape::Card /> }.into_any(),
        Some(Some(error)) => view! { <main><Refused error /></main> }.into_any(),
        Some(None) => view! { <Around reading=last_good(reading) /> }.into_any(),
    }
}

/// The last good answer.
fn last_good(reading: ReadSignal<Option<AppResult<Reading>>>) -> Signal<Reading> {
    Memo::new(move |before: Option<&Reading>| {
        let good = reading.with(|read| read.as_ref().and_then(|read| read.as_ref().ok().cloned()));
        good.or_else(|| before.cloned()).expect("invariant: only built when there is a good answer")
    })
    .into()
}

/// The frame, once it is known who reads.
#[component]
fn Around(reading: Signal<Reading>) -> impl IntoView {
    let about = use_about();
    let path = use_location().pathname;
    let reader = Reader::of(reading);
    provide_context(reader);
    provide_zone(Memo::new(move |_| reader.me.with(|me| me.zone.clone())));
    let zone = use_zone();
    let duty = Signal::derive(move || reader.roles.with(|roles| on_duty(roles, zone)));
    let to_decide = Signal::derive(move || reader.me.with(|me| me.to_decide));
    let holds = Memo::new(move |_| reader.me.with(|me| me.holds));
    let whose = reader.me.with_untracked(|me| Whose {
        name: me.name.clone(),
        id: me.id.to_string(),
        below: me.sign_in_name.clone(),
        href: "/account".to_owned(),
    });
    view! {
        <Frame
            org=about.organisation
            nav=Signal::derive(move || navigation(holds.get(), to_decide))
            tabs=tabs(to_decide)
            path
            whose
            duty
            duty_actions=duty_actions()
            // My roles says it itself.
            hide_duty_bar=Signal::derive(move || path.with(|path| path == "/" || path.starts_with("/activate/")))
            demo=if about.demo { DEMO } else { "" }
            tools=ViewFn::from(|| view! { <ThemeButtons /> })
            more_foot=ViewFn::from(|| view! { <ThemeButtons /> <SignOut /> })
        >
            <Outlet />
        </Frame>
    }
}

/// What is open to the reader: their own things, then what their roles of Stint allow.
fn navigation(holds: Holds, to_decide: Signal<u32>) -> Vec<NavGroup> {
    let own = vec![
        NavItem::new("My roles", "/", IconName::Lightning),
        NavItem::new("Approvals", "/approvals", IconName::Inbox).count(to_decide, "to decide"),
        NavItem::new("My requests", "/requests", IconName::List),
    ];
    let administration: Vec<_> = [
        (Permission::ReadRoles, "Roles", "/roles", IconName::Roles),
        (Permission::ReadPeople, "People", "/people", IconName::Person),
        (Permission::ReadPeople, "Groups", "/groups", IconName::Group),
        (Permission::ReadRecord, "Audit", "/audit", IconName::Document),
        (Permission::ReadOutbox, "Outbox", "/outbox", IconName::Envelope),
    ]
    .into_iter()
    .filter(|(permission, ..)| holds.allow(*permission))
    .map(|(_, label, href, icon)| NavItem::new(label, href, icon))
    .collect();
    let mut groups = vec![NavGroup { label: String::new(), items: own }];
    if !administration.is_empty() {
        groups.push(NavGroup { label: "Administration".to_owned(), items: administration });
    }
    groups
}

fn tabs(to_decide: Signal<u32>) -> Vec<NavItem> {
    vec![
        NavItem::new("Roles", "/", IconName::Lightning),
        NavItem::new("Approvals", "/approvals", IconName::Inbox).count(to_decide, "to decide"),
        NavItem::new("Requests", "/requests", IconName::List),
    ]
}

/// Light, dark, or as the system does: one button that goes on to the next.
#[component]
fn ThemeButtons() -> impl IntoView {
    let choose = FormAct::<ThemeChoose>::new();
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
        <ActForm act=choose>
            <input type="hidden" name="form[theme]" value=move || next().word().unwrap_or("system") />
            <button type="submit" class="tool" aria-label=label title=label>
                {move || match next() {
                    Theme::Dark => view! { <crate::ui::Icon name=IconName::Moon /> },
                    Theme::Light => view! { <crate::ui::Icon name=IconName::Sun /> },
                    Theme::System => view! { <crate::ui::Icon name=IconName::Laptop /> },
                }}
            </button>
        </ActForm>
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
