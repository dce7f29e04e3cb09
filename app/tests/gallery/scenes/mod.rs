//! The pages of the gallery: invented, but made as real pages are.

mod account;
mod admin;
mod work;

use app::ui::*;
use leptos::prelude::*;

use super::NOW;

type Scene = fn() -> AnyView;

/// Name of the file and what is on it.
pub const ALL: &[(&str, Scene)] = &[
    ("roles", work::roles),
    ("activate", work::activate),
    ("request", work::request),
    ("settings", admin::settings),
    ("assignments", admin::assignments),
    ("confirm", admin::confirm),
    ("audit", admin::audit),
    ("security", account::security),
    ("approvals", work::approvals),
    ("how-long", admin::how_long),
    ("states", account::states),
    ("failed", account::failed),
    ("sign-in", account::sign_in),
    ("code", account::code),
];

fn frame(path: &'static str, page: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
    let first = vec![
        NavItem::new("My roles", "/roles", IconName::Clock),
        NavItem::new("Approvals", "/approvals", IconName::Inbox).count(Signal::stored(3), "to decide"),
        NavItem::new("My requests", "/requests", IconName::List),
    ];
    let admin = vec![
        NavItem::new("Overview", "/overview", IconName::Gauge)
            .count(Signal::stored(2), "need attention")
            .amber(),
        NavItem::new("Roles", "/admin/roles", IconName::Roles),
        NavItem::new("People", "/people", IconName::Group),
        NavItem::new("Access reviews", "/reviews", IconName::Clipboard),
        NavItem::new("Audit", "/audit", IconName::Document),
        NavItem::new("Connectors", "/connectors", IconName::Plug),
        NavItem::new("Settings", "/settings", IconName::Sliders),
    ];
    let tabs = first
        .iter()
        .cloned()
        .zip(["Roles", "Approvals", "Requests"])
        .map(|(item, label)| NavItem { label: label.to_owned(), ..item })
        .collect();
    let nav = vec![
        NavGroup { label: String::new(), items: first },
        NavGroup { label: "Administration".into(), items: admin },
    ];
    let whose = Whose {
        name: "Marta Lindqvist".into(),
        id: "marta-1".into(),
        below: "Platform operations".into(),
        href: "/account".into(),
    };
    let duty = |name: &str, starts: i64, left: i64, clock: &str| Duty {
        id: name.into(),
        name: name.into(),
        href: "/requests/1".into(),
        starts_at: NOW - starts,
        ends_at: NOW + left,
        clock: clock.into(),
    };
    let duty = vec![
        duty("Exchange Administrator", 6700, 494, "14:26"),
        duty("orders-prod owner", 7680, 13_920, "18:10"),
    ];
    let tools = || {
        view! {
            <IconLink href="/search" icon=IconName::Search label="Search" />
            <IconButton icon=IconName::Moon label="Dark" />
            <IconLink href="/notices" icon=IconName::Bell label="Notices" />
        }
    };
    let foot = || {
        view! {
            <ButtonLink href="/account" icon=IconName::Shield>"Security"</ButtonLink>
            <Button icon=IconName::Moon>"Dark"</Button>
            <Button icon=IconName::SignOut>"Sign out"</Button>
        }
    };
    view! {
        <Frame
            org="Halden Logistics"
            nav
            tabs
            path=path.to_owned()
            whose
            duty=Signal::stored(duty)
            hide_duty_bar=path == "/roles"
            demo=if path == "/audit" { "Demo. Nothing here is real.".to_owned() } else { String::new() }
            tools
            more_foot=foot
        >
            {page()}
        </Frame>
    }
    .into_any()
}

/// The word of a level.
fn level_word(level: u8) -> &'static str {
    match level {
        1 => "Limited",
        2 => "High",
        _ => "Critical",
    }
}

fn meta(level: u8, icon: IconName, place: &'static str) -> AnyView {
    let label = level_word(level);
    view! {
        <LevelTile level size=20 label=format!("Privilege level: {label}") />
        <Icon name=icon />
        {place}
    }
    .into_any()
}
