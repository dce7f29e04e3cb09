//! What somebody else saved while this form was open, to be seen before saving over it.

use domain::{
    Code,
    role::{RoleId, SettingsVersion},
};
use leptos::prelude::*;

use super::super::{history::Change, words::instant};
use crate::{
    api::role::role_history,
    form::Refusal,
    loading::loading,
    ui::{Mood, Strip, use_now},
    when::use_zone,
};

/// Shown when the form is behind, or was refused because it is.
#[component]
pub(super) fn Meanwhile(id: RoleId, is_behind: Memo<bool>, refusal: Refusal) -> impl IntoView {
    let is_shown = Memo::new(move |_| {
        is_behind.get() || refusal.problem().is_some_and(|problem| problem.code == Code::Conflict)
    });
    let newest = loading(
        move || is_shown.get(),
        move |is_shown| async move {
            Ok(if is_shown { role_history(id).await?.into_iter().next() } else { None })
        },
    );
    let strip = move || {
        newest.get()?.ok().flatten().filter(|_| is_shown.get()).map(|version| view! { <Newest id version /> })
    };
    view! { <Transition>{strip}</Transition> }
}

#[component]
fn Newest(id: RoleId, version: SettingsVersion) -> impl IntoView {
    let now = use_now().with_untracked(|seconds| instant(*seconds));
    let by = version.by.map_or_else(|| "Stint".to_owned(), |by| by.name);
    let lead = format!("{by} saved version {} at {}.", version.version, use_zone().short(version.at, now));
    let changes =
        version.changes.into_iter().map(|(what, from, to)| view! { <Change what from to /> }).collect_view();
    // A whole new page: what is typed here goes with it, and the person is told so by the label.
    let load = view! {
        <a class="button button-secondary" rel="external" href=format!("/roles/{id}/settings")>
            {format!("Drop my changes and load version {}", version.version)}
        </a>
    };
    view! {
        <div class="stack tight">
            <Strip mood=Mood::Amber lead announce=true actions=load.into_any()>"See the difference before you save."</Strip>
            <dl class="changes">{changes}</dl>
        </div>
    }
}
