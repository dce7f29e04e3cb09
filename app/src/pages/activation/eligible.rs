//! What may be activated: a table with a filter that lives in the address.

use domain::{
    activation::{EligibleRole, State},
    role::LastActivation,
    role_settings::SecondFactor,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::words::{instant, part, state_tag, tile};
use crate::{
    ui::{ButtonLink, Empty, Icon, IconName, Needs, TextField, Two, time, use_now},
    when::{Zone, use_zone},
};

/// Eligibility that ends sooner than this is amber.
const SOON: i64 = 14 * 24 * 3600;

/// The words of the filter, from the address.
pub(super) fn use_filter() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get_str("filter").unwrap_or_default().trim().to_owned()))
}

/// The field of the filter. Filters while typing; as a plain form when sent.
#[component]
pub(super) fn EligibleFilter() -> impl IntoView {
    let filter = use_filter();
    let navigate = use_navigate();
    let on_text = Callback::new(move |text: String| {
        let mut query = leptos_router::params::ParamsMap::new();
        if !text.trim().is_empty() {
            query.insert("filter", text);
        }
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("/{}", query.to_query_string()), options);
    });
    view! {
        <form class="eligible-filter" method="get" action="/" role="search">
            <TextField
                name="filter"
                label="Filter by role"
                label_hidden=true
                kind="search"
                value=filter.get_untracked()
                placeholder="Filter by role"
                autocomplete="off"
                maxlength=100_u32
                icon=IconName::Filter
                on_text
            />
        </form>
    }
    .into_any()
}

/// Whether a role is meant by the filter.
fn meant(role: &EligibleRole, filter: &str) -> bool {
    let filter = filter.to_lowercase();
    [role.role.name.as_str(), role.role.key.as_str(), role.description.as_str(), role.scope.as_str()]
        .iter()
        .chain(role.through.as_deref().iter())
        .any(|text| text.to_lowercase().contains(&filter))
}

/// The table.
#[component]
pub(super) fn Eligible(roles: Memo<Vec<EligibleRole>>) -> impl IntoView {
    let filter = use_filter();
    let shown = Memo::new(move |_| {
        filter.with(|filter| {
            roles.read().iter().filter(|role| meant(role, filter)).cloned().collect::<Vec<_>>()
        })
    });
    let empty = Memo::new(move |_| (roles.read().is_empty(), shown.read().is_empty()));
    move || match empty.get() {
        (true, _) => {
            let text =
                "An administrator of Stint makes people eligible. What you can activate then stands here.";
            view! { <Empty title="Nothing to activate" text small=true /> }.into_any()
        }
        (false, true) => {
            let text = format!("No role that you can activate matches “{}”.", filter.get());
            view! { <Empty title="Nothing found" text icon=IconName::Search small=true /> }.into_any()
        }
        (false, false) => table(shown).into_any(),
    }
}

fn table(shown: Memo<Vec<EligibleRole>>) -> impl IntoView {
    view! {
        <table class="table eligible">
            <thead>
                <tr>
                    <td></td>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Asks for"</th>
                    <th scope="col">"Eligible until"</th>
                    <th scope="col" class="only-wide">"Last time"</th>
                    <td></td>
                </tr>
            </thead>
            <tbody>
                <For each=move || shown.get() key=|role| (role.assignment, role.live.as_ref().map(|live| live.state), role.until) let:role>
                    <EligibleRow role />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn EligibleRow(role: EligibleRole) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let place: Vec<_> = part(&role.scope)
        .into_iter()
        .chain(role.through.as_ref().map(|group| format!("through {group}")))
        .collect();
    let below = if place.is_empty() { role.description.clone() } else { place.join(", ") };
    let until = role.until;
    let soon = Memo::new(move |_| until.is_some_and(|until| until.timestamp() - now.get() < SOON));
    let name = role.role.name.clone();
    view! {
        <tr>
            <td class="fit cell-lead">{tile(&role.role, 34)}</td>
            <th scope="row" class="cell-main">
                <span class="two">
                    <span class="row-name">{name.clone()}</span>
                    <span class="eligible-below">{below}</span>
                </span>
            </th>
            <td><Needs items=needs(&role) otherwise=otherwise(&role) /></td>
            <td class=move || if soon.get() { "tone-warn" } else { "cell-hide" }>{move || until_cell(until, soon.get(), zone, now)}</td>
            <td class="cell-hide only-wide">{role.last.map(|last| last_cell(&last, zone, now))}</td>
            <td class="fit end cell-side">
                {match role.live {
                    Some(live) if matches!(live.state, State::Activating | State::Ending) => state_tag(live.state).into_any(),
                    _ => {
                        view! {
                            <ButtonLink href=format!("/activate/{}", role.role.key)>
                                "Activate"<span class="visually-hidden">" "{name}</span>
                            </ButtonLink>
                        }
                        .into_any()
                    }
                }}
            </td>
        </tr>
    }
    .into_any()
}

/// What an activation asks for.
fn needs(role: &EligibleRole) -> Vec<(IconName, String)> {
    let code = match role.rules.second_factor {
        SecondFactor::Fresh { .. } => Some((IconName::Phone, "Code")),
        SecondFactor::NotAsked | SecondFactor::InSession => None,
    };
    let approval = role.approval.then_some((IconName::PersonCheck, "Approval"));
    let ticket = role.rules.ticket.is_some().then_some((IconName::Ticket, "Ticket"));
    [code, approval, ticket].into_iter().flatten().map(|(icon, word)| (icon, word.to_owned())).collect()
}

fn otherwise(role: &EligibleRole) -> &'static str {
    if role.rules.justification.is_some() { "Reason only" } else { "Nothing" }
}

fn until_cell(until: Option<domain::Instant>, soon: bool, zone: Zone, now: Signal<i64>) -> impl IntoView {
    let Some(until) = until else { return view! { <Two top="No end" /> }.into_any() };
    let at = instant(now.get());
    let (day, distance) = (zone.day(until, at), time::relative(until.timestamp(), at.timestamp()));
    if !soon {
        return view! { <Two top=day below=distance /> }.into_any();
    }
    view! {
        <span class="two">
            <span class="with-icon"><Icon name=IconName::Warning />{day}</span>
            <span>{distance}</span>
        </span>
    }
    .into_any()
}

fn last_cell(last: &LastActivation, zone: Zone, now: Signal<i64>) -> impl IntoView + use<> {
    let top = format!("{}, {}", last.duration.words(), zone.day(last.at, instant(now.get_untracked())));
    let said = last.justification.clone();
    view! {
        <span class="two">
            <span>{top}</span>
            <span class="eligible-below">{said}</span>
        </span>
    }
}
