//! The assignments of a person or a group as a table: what they are eligible for, what they hold, until when, and by
//! which way.

use domain::{
    Instant,
    activation::State,
    assignment::{AssignmentKind, Standing},
    person::Principal,
    role::AssignmentRow,
};
use leptos::prelude::*;

use crate::{
    ui::{IconName, LevelTile, Mood, Tag, Two, time, use_now},
    when::{Zone, shown_at, use_zone},
};

/// From so many days before its end an eligibility is pointed out.
const SOON_DAYS: i64 = 14;

/// Roles, one a line.
#[component]
pub(super) fn Assigned(
    /// The assignments, in the order in which they are shown.
    #[prop(into)]
    rows: Signal<Vec<AssignmentRow>>,
) -> impl IntoView {
    let zone = use_zone();
    let lines = move || {
        let now = shown_at();
        rows.get().into_iter().map(|row| line(row, zone, now)).collect_view()
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"Period"</th>
                    <th scope="col">"Now"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: AssignmentRow, zone: Zone, now: Instant) -> impl IntoView {
    let role = row.role.clone();
    let label = format!("Privilege level: {}", role.level.word());
    let soon = row.kind == AssignmentKind::Eligible
        && row.ends_at.is_some_and(|end| (end - now).num_days() < SOON_DAYS);
    let (top, below) = period(&row, zone, now);
    view! {
        <tr>
            <td class="fit cell-lead">
                <LevelTile level=role.level.rank() label />
            </td>
            <th scope="row" class="cell-main">
                <span class="two">
                    <span>
                        <a class="row-link row-name" href=format!("/roles/{}", role.id)>{role.name}</a>
                    </span>
                    <span>{way(&row)}</span>
                </span>
            </th>
            <td>{kind(&row)}</td>
            <td class=soon.then_some("tone-warn")>
                <Two top below />
            </td>
            <td>{state(row, zone, now)}</td>
        </tr>
    }
}

/// By which way, and where: "through Exchange Operators, /finance".
fn way(row: &AssignmentRow) -> String {
    let way = match row.principal.principal {
        Principal::Person(_) => "direct".to_owned(),
        Principal::Group(_) => format!("through {}", row.principal.name),
    };
    if row.scope.is_everything() { way } else { format!("{way}, {}", row.scope) }
}

fn kind(row: &AssignmentRow) -> AnyView {
    match (row.kind, row.ends_at) {
        (AssignmentKind::Eligible, _) => "Eligible".into_any(),
        (AssignmentKind::Active, Some(_)) => "Active".into_any(),
        (AssignmentKind::Active, None) => view! { <strong class="tone-power">"Standing"</strong> }.into_any(),
    }
}

/// The end, or the beginning of what has none, and how far away it is.
fn period(row: &AssignmentRow, zone: Zone, now: Instant) -> (String, String) {
    let distance = |at: Instant| time::relative(at.timestamp(), now.timestamp());
    match (row.standing, row.ends_at) {
        (Standing::Planned, _) => (format!("from {}", zone.day(row.starts_at, now)), distance(row.starts_at)),
        (Standing::Live | Standing::Ended, Some(end)) => {
            let near = (end - now).num_days() < 2;
            let clock = if near { zone.short(end, now) } else { zone.day(end, now) };
            (format!("until {clock}"), distance(end))
        }
        (Standing::Live | Standing::Ended, None) => {
            ("no end date".to_owned(), format!("since {}", zone.day(row.starts_at, now)))
        }
    }
}

fn state(row: AssignmentRow, zone: Zone, now: Instant) -> AnyView {
    let clock = use_now();
    let standing = row.kind == AssignmentKind::Active && row.ends_at.is_none();
    match (row.standing, row.live) {
        (Standing::Planned, _) => view! { <Tag icon=IconName::Calendar>"Starts later"</Tag> }.into_any(),
        (_, Some(live)) => {
            let href = format!("/requests/{}", live.id);
            let words = move || match (live.state, live.ends_at) {
                (State::Active, Some(end)) => {
                    format!("Active, {} left", time::countdown(end.timestamp() - clock.get()))
                }
                (State::PendingApproval, _) => "Waiting for approval".to_owned(),
                (State::Scheduled, _) => "Starts later".to_owned(),
                _ => "Active".to_owned(),
            };
            let mood = if live.state == State::Active { Mood::Green } else { Mood::Neutral };
            view! { <a href=href><Tag mood icon=IconName::Lightning>{words}</Tag></a> }.into_any()
        }
        (_, None) if standing => {
            view! { <Tag mood=Mood::Amber icon=IconName::Warning>"Always on"</Tag> }.into_any()
        }
        (_, None) => match row.last {
            Some(last) => {
                let ago = time::relative(last.at.timestamp(), now.timestamp());
                let full = zone.full(last.at);
                view! { <span class="muted" title=full>{format!("Last used {ago}")}</span> }.into_any()
            }
            None => ().into_any(),
        },
    }
}
