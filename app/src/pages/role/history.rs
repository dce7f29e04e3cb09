//! What the settings of a role were: who changed what from what to what.

use crate::ui::PageTitle;
use domain::role::{RoleDetail, RoleId, SettingsVersion};
use leptos::prelude::*;

use super::{
    head::{RoleHead, Tab},
    words::{count, instant},
};
use crate::{
    api::role::{Seen, role_get, role_history},
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changes},
    ui::{Avatar, AvatarSize, Icon, IconName, Two, time, use_now},
    when::use_zone,
};

/// The history of one role's settings.
#[component]
pub fn RoleHistoryPage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let changes = changes(&[Topic::Role]);
    let both = loading(
        move || (id.get(), changes.get()),
        |(id, _)| async move {
            let id = id?;
            Ok((role_get(id).await?, role_history(id).await?))
        },
    );
    view! {
        <Load resource=both let:both>
            <History both />
        </Load>
    }
}

#[component]
fn History(both: Signal<(Seen<RoleDetail>, Vec<SettingsVersion>)>) -> impl IntoView {
    let role = Signal::derive(move || both.with(|(role, _)| role.clone()));
    let versions = move || both.with(|(_, versions)| versions.clone());
    let in_force = move || {
        let now = use_now().with_untracked(|seconds| instant(*seconds));
        let newest = both.with(|(_, versions)| versions.first().map(|newest| (newest.version, newest.at)));
        newest
            .map(|(version, at)| format!("Version {version} is in force since {}", use_zone().short(at, now)))
    };
    view! {
        <PageTitle text=move || format!("History, {}", role.with(|role| role.what.row.role.name.clone())) />
        <RoleHead role tab=Tab::History />
        <div class="content">
            <p class="muted">{in_force}</p>
            <ol class="history">
                <For each=versions key=|version| version.version let:version>
                    <Version version />
                </For>
            </ol>
        </div>
    }
}

#[component]
fn Version(version: SettingsVersion) -> impl IntoView {
    let (zone, now) = (use_zone(), use_now());
    let at = version.at;
    let day = zone.short(at, now.with_untracked(|seconds| instant(*seconds)));
    let away = time::relative(at.timestamp(), now.get_untracked());
    let (avatar, name) = match version.by {
        Some(by) => (
            view! { <Avatar name=by.name.clone() id=by.id.to_string() size=AvatarSize::Small /> }.into_any(),
            by.name,
        ),
        None => (
            view! { <Avatar name="Stint" id="stint" icon=IconName::Roles size=AvatarSize::Small /> }
                .into_any(),
            "Stint".to_owned(),
        ),
    };
    let number = version.version;
    let what = match version.changes.len() {
        0 => " made the role with the usual settings".to_owned(),
        changes => {
            format!(" changed {}, version {} to {number}", count(changes, "setting", "settings"), number - 1)
        }
    };
    let changes = (!version.changes.is_empty()).then(|| {
        let rows = version
            .changes
            .into_iter()
            .map(|(what, from, to)| view! { <Change what from to /> })
            .collect_view();
        view! { <dl class="changes">{rows}</dl> }
    });
    view! {
        <li>
            <span class="history-when" title=zone.full(at)><Two top=day below=away /></span>
            {avatar}
            <div class="history-what">
                <p><strong>{name}</strong> {what}</p>
                {changes}
            </div>
        </li>
    }
    .into_any()
}

/// What changed: the old value struck through, the new one bold.
#[component]
pub(super) fn Change(what: String, from: String, to: String) -> impl IntoView {
    view! {
        <div>
            <dt>{what}</dt>
            <dd>
                <del><span class="visually-hidden">"from "</span>{from}</del>
                <Icon name=IconName::ArrowRight />
                <strong><span class="visually-hidden">"to "</span>{to}</strong>
            </dd>
        </div>
    }
    .into_any()
}
