//! The head of all pages of one role: what it is, and the tabs.

use domain::role::{RoleDetail, RoleId};
use leptos::prelude::*;

use super::words::{count, tile};
use crate::{
    api::role::Seen,
    ui::{
        ButtonKind, ButtonLink, IconLink, IconName, LevelTag, Mood, PageHead, Strip, TabItem, Tabs, TopBar,
    },
};

/// One of the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Assignments,
    Settings,
    History,
}

/// Breadcrumb, heading with the level, tabs, and a strip when the role is switched off.
#[component]
pub(super) fn RoleHead(role: Signal<Seen<RoleDetail>>, tab: Tab) -> impl IntoView {
    // Only what is in the head, so that figures that change elsewhere do not draw it anew.
    let head = Memo::new(move |_| {
        role.with(|seen| {
            let row = &seen.what.row;
            (
                row.role.clone(),
                row.description.clone(),
                seen.what.link.clone(),
                row.disabled_at.is_some(),
                seen.may_change,
            )
        })
    });
    let assignments = Memo::new(move |_| role.with(|seen| seen.what.row.eligible + seen.what.row.standing));
    move || {
        let (of, description, link, is_off, may_change) = head.get();
        let add = format!("/roles/{}/assign", of.id);
        let facts = view! {
            <LevelTag level=of.level.rank() label=of.level.word() />
            <span>{description}</span>
            {link.map(|href| view! { <a href=href rel="noreferrer">"Open where it is used"</a> })}
        };
        let change = format!("/roles/{}/change", of.id);
        let (may_add, to_add) = (may_change && !is_off, add.clone());
        let actions = may_change.then(|| {
            view! {
                <ButtonLink href=change icon=IconName::Pencil>"Change"</ButtonLink>
                {may_add.then(|| view! { <ButtonLink href=to_add kind=ButtonKind::Primary icon=IconName::Plus>"Add assignment"</ButtonLink> })}
            }
            .into_any()
        });
        let tools = may_add
            .then(|| view! { <span class="only-mobile"><IconLink href=add icon=IconName::Plus label="Add assignment" /></span> });
        view! {
            <TopBar title=of.name.clone() above=vec![("Roles".to_owned(), "/roles".to_owned())] actions=tools.into_any() />
            <div class="content head-only role-head">
                <PageHead title=of.name.clone() lead=tile(&of, 44).into_any() facts=facts.into_any() actions=actions.into_any() />
            </div>
            {move || view! { <Tabs items=tabs(of.id, tab, assignments.get()) label=of.name.clone() /> }}
            {is_off.then(|| view! { <Off id=of.id may_change /> })}
        }
        .into_any()
    }
}

fn tabs(id: RoleId, tab: Tab, assignments: u32) -> Vec<TabItem> {
    vec![
        TabItem::new("Assignments", format!("/roles/{id}"))
            .count(assignments)
            .current(tab == Tab::Assignments),
        TabItem::new("Settings", format!("/roles/{id}/settings")).current(tab == Tab::Settings),
        TabItem::new("History", format!("/roles/{id}/history")).current(tab == Tab::History),
    ]
}

#[component]
fn Off(id: RoleId, may_change: bool) -> impl IntoView {
    let actions = may_change
        .then(|| view! { <ButtonLink href=format!("/roles/{id}/change")>"Switch on"</ButtonLink> })
        .into_any();
    view! {
        <div class="content head-only">
            <Strip icon=IconName::Lock lead="This role is switched off." actions>
                "Nobody can activate it. Those who are eligible stay so."
            </Strip>
        </div>
    }
}

/// What stands over a role's assignments when people have it all day.
#[component]
pub(super) fn AllDay(standing: Signal<usize>, is_administration: bool) -> impl IntoView {
    let text = if is_administration {
        "One has to stay, so that somebody can administer Stint. The others could be eligible."
    } else {
        "Only emergency accounts should. Make the others eligible instead."
    };
    move || {
        let standing = standing.get();
        let has = if standing == 1 { "has" } else { "have" };
        (standing > 0).then(|| {
            let lead = format!(
                "{} {has} this role all day.",
                count(standing, "standing assignment", "standing assignments")
            );
            view! { <Strip mood=Mood::Amber lead>{text}</Strip> }
        })
    }
}
