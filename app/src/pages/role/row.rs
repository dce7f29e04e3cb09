//! An assignment as a row of its role's table.

use domain::{
    Instant,
    activation::State,
    assignment::{AssignmentKind, Standing},
    person::{Principal, PrincipalRef},
    role::{AssignmentRow, LiveActivation},
};
use leptos::prelude::*;

use super::words::instant;
use crate::{
    ui::{Arc, ButtonLink, ButtonSize, IconName, Mood, Person, Tag, Two, time, use_now},
    when::{Zone, use_zone},
};

/// Who, what, until when, last time, now, and what can be done about it.
#[component]
pub(super) fn Row(row: AssignmentRow, may_change: bool) -> impl IntoView {
    let zone = use_zone();
    let now = use_now();
    // Distances on this page are of hours and days: told once, not each second.
    let at = now.with_untracked(|seconds| instant(*seconds));
    let (top, below) = period(&row, zone, at);
    let soon = row.standing != Standing::Ended && ends_soon(&row, at);
    let last = row.last.clone().map(|last| {
        let below = format!("{}, {}", last.duration.words(), last.justification);
        (zone.short(last.at, at), below.trim_end_matches(", ").to_owned())
    });
    let (last_top, last_below) = last.unwrap_or_else(|| match row.kind {
        AssignmentKind::Eligible if matches!(row.principal.principal, Principal::Person(_)) => {
            ("never".to_owned(), String::new())
        }
        _ => ("–".to_owned(), String::new()),
    });
    let is_open = row.standing != Standing::Ended;
    let id = row.id;
    let name = row.principal.name.clone();
    let actions = (may_change && is_open).then(|| {
        let of_remove = name.clone();
        view! {
            <span class="actions">
                <ButtonLink href=format!("/assignments/{id}") size=ButtonSize::Small>"Change" <span class="visually-hidden">" "{name}</span></ButtonLink>
                <ButtonLink href=format!("/assignments/{id}/remove") size=ButtonSize::Small>"Remove" <span class="visually-hidden">" "{of_remove}</span></ButtonLink>
            </span>
        }
    });
    view! {
        <tr>
            <th scope="row" class="cell-main">{who(&row)}</th>
            <td>{kind(&row)}</td>
            <td class:ends-soon=soon title=row.ends_at.map(|end| zone.full(end))><Two top below /></td>
            <td class="cell-hide only-wide"><Two top=last_top below=last_below /></td>
            <td>{state(&row, now)}</td>
            <td class="fit end cell-side">{actions}</td>
        </tr>
    }
    .into_any()
}

fn who(row: &AssignmentRow) -> AnyView {
    let PrincipalRef { principal, name } = row.principal.clone();
    let scope = (!row.scope.is_everything()).then(|| format!("in {}", row.scope));
    match principal {
        Principal::Person(id) => {
            view! { <a class="row-link" href=format!("/people/{id}")><Person name id=id.to_string() below=scope.unwrap_or_default() /></a> }
                .into_any()
        }
        Principal::Group(id) => {
            let below = scope.map_or_else(|| "Group".to_owned(), |scope| format!("Group, {scope}"));
            view! { <a class="row-link" href=format!("/groups/{id}")><Person name id=id.to_string() icon=IconName::Group below /></a> }
                .into_any()
        }
    }
}

fn kind(row: &AssignmentRow) -> AnyView {
    match (row.kind, row.ends_at) {
        (AssignmentKind::Eligible, _) => "Eligible".into_any(),
        (AssignmentKind::Active, None) => view! { <strong class="tone-power">"Standing"</strong> }.into_any(),
        (AssignmentKind::Active, Some(_)) => {
            view! { <strong class="tone-power">"Active"</strong> }.into_any()
        }
    }
}

/// From when or until when, and how far away that is.
fn period(row: &AssignmentRow, zone: Zone, now: Instant) -> (String, String) {
    let away = |at: Instant| time::relative(at.timestamp(), now.timestamp());
    match (row.standing, row.ended_at, row.ends_at) {
        (Standing::Ended, Some(ended), _) => (format!("ended {}", zone.short(ended, now)), away(ended)),
        (Standing::Planned, _, end) => {
            let until =
                end.map_or_else(|| "no end date".to_owned(), |end| format!("until {}", zone.day(end, now)));
            (format!("from {}", zone.short(row.starts_at, now)), until)
        }
        (_, _, Some(end)) if (end - now).num_hours() < 48 => {
            (format!("until {}", zone.short(end, now)), away(end))
        }
        (_, _, Some(end)) => (format!("until {}", zone.day(end, now)), away(end)),
        (_, _, None) => ("no end date".to_owned(), format!("since {}", zone.day(row.starts_at, now))),
    }
}

/// Within the fortnight in which the holder is told.
fn ends_soon(row: &AssignmentRow, now: Instant) -> bool {
    row.ends_at.is_some_and(|end| (end - now).num_days() < 14)
}

fn state(row: &AssignmentRow, now: Signal<i64>) -> AnyView {
    if row.standing == Standing::Ended {
        return view! { <span class="muted">"Ended"</span> }.into_any();
    }
    let unfit = (!row.fits_settings)
        .then(|| view! { <Tag mood=Mood::Amber icon=IconName::Warning>"No longer fits"</Tag> });
    let present = match (row.standing, row.kind, row.ends_at, row.live.clone()) {
        (Standing::Planned, ..) => view! { <Tag icon=IconName::Clock>"Planned"</Tag> }.into_any(),
        (_, AssignmentKind::Active, None, _) => {
            view! { <Tag mood=Mood::Amber icon=IconName::Warning>"Always on"</Tag> }.into_any()
        }
        (_, AssignmentKind::Active, Some(_), _) => view! { <Tag mood=Mood::Green>"On"</Tag> }.into_any(),
        (_, AssignmentKind::Eligible, _, Some(live)) => activation(live, row, now),
        (_, AssignmentKind::Eligible, _, None) => view! { <span class="muted">"Idle"</span> }.into_any(),
    };
    view! { <span class="line">{present} {unfit}</span> }.into_any()
}

/// Where the live activation stands; counts down while it is active.
fn activation(live: LiveActivation, row: &AssignmentRow, now: Signal<i64>) -> AnyView {
    let href = format!("/requests/{}", live.id);
    let tag = match (live.state, live.ends_at) {
        (State::Active, Some(end)) => {
            let total = row.last.as_ref().map_or(3_600, |last| last.duration.as_seconds());
            let left = Signal::derive(move || (end.timestamp() - now.get()).max(0));
            view! { <Tag mood=Mood::Green><Arc total left size=14 /> "Active, " {move || time::countdown(left.get())} " left"</Tag> }.into_any()
        }
        (State::PendingApproval, _) => {
            view! { <Tag icon=IconName::Clock>"Waiting for approval"</Tag> }.into_any()
        }
        (state, _) => {
            let word = state.word();
            let word =
                word.get(..1).map(str::to_uppercase).unwrap_or_default() + word.get(1..).unwrap_or_default();
            view! { <Tag>{word}</Tag> }.into_any()
        }
    };
    view! { <a class="row-link" href=href>{tag}</a> }.into_any()
}
