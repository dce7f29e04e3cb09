//! The filters: one form of kind GET, so that what is asked for stands in the address. Each filter is a button that shows
//! its value and opens its fields.

use chrono::NaiveDate;
use domain::{event::EventKind, role::RoleRef};
use leptos::prelude::*;
use leptos_router::components::Form;

use super::{address, words};
use crate::{
    api::audit::{Asked, Found},
    ui::{Button, ButtonKind, Choice, Icon, IconName, Select, TextField, use_now},
    when::{Zone, use_zone},
};

/// The longest text that is searched for.
const LONGEST: &str = "100";

/// All filters.
#[component]
pub fn Filters(
    /// What is asked for.
    asked: Memo<Asked>,
    /// What was found: it knows the names.
    found: Signal<Found>,
    /// The roles to choose from.
    roles: Signal<Vec<RoleRef>>,
) -> impl IntoView {
    let person =
        Memo::new(move |_| found.with(|found| found.person.as_ref().map(|person| person.name.clone())));
    view! {
        <Form method="get" action="/audit" attr:class="filters drops" attr:role="search" attr:aria-label="Records">
            <div class="field">
                <label class="visually-hidden" for="record-text">"Search the record"</label>
                <div class="input-box">
                    <Icon name=IconName::Search />
                    <input
                        class="input"
                        id="record-text"
                        type="search"
                        name="text"
                        maxlength=LONGEST
                        placeholder="Reason, ticket, address or R-20931"
                        value=asked.with_untracked(|asked| asked.text.clone())
                        prop:value=move || asked.with(|asked| asked.text.clone())
                    />
                </div>
            </div>
            // Drawn anew when something else is asked for, so that they close and show it.
            {move || asked.with(|asked| view! {
                <Time asked=asked.clone() />
                <PersonFilter asked=asked.clone() name=person.get() />
                <RoleFilter asked=asked.clone() roles />
                <KindFilter asked=asked.clone() />
                <OutcomeFilter asked=asked.clone() />
                {address::is_filtered(asked).then(|| view! { <a class="link small" href="/audit">"Clear filters"</a> })}
            })}
        </Form>
    }
    .into_any()
}

/// A button that shows what its filter is set to, and opens it.
#[component]
fn Drop(
    /// What it filters.
    label: &'static str,
    /// What it is set to.
    value: Option<String>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let class = if value.is_some() { "button button-secondary is-set" } else { "button button-secondary" };
    // Drawn anew in the browser it is put into the element that stands open.
    let anew = Owner::current_shared_context().is_none_or(|shared| !shared.during_hydration());
    let panel = NodeRef::<leptos::html::Details>::new();
    Effect::new(move |_| {
        if let Some(panel) = panel.get().filter(|_| anew) {
            panel.set_open(false);
        }
    });
    view! {
        <details class="drop" name="record-filter" node_ref=panel>
            <summary class=class>
                {label} {value.map(|value| view! { " " <strong>{value}</strong> })}
                <Icon name=IconName::ChevronDown />
            </summary>
            <div class="drop-panel">
                {children()}
                <div class="actions"><Button kind=ButtonKind::Primary submit=true>"Show"</Button></div>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Time(asked: Asked) -> impl IntoView {
    let zone = use_zone();
    let value = period(&asked.from, &asked.until);
    let (from, until) = (asked.from.clone(), asked.until.clone());
    let asked = StoredValue::new(asked);
    // Which day it is does not change while one looks, and if it does the next page knows.
    let now = use_now().get_untracked();
    let recent = [("Today", 0), ("7 days", 6), ("30 days", 29)].map(|(label, days)| {
        let wanted = Asked {
            from: day(zone, now, days),
            until: String::new(),
            before: String::new(),
            ..asked.get_value()
        };
        view! { <a class="chip" href=address::href(&wanted)>{label}</a> }
    });
    view! {
        <Drop label="Time" value>
            <div class="chips">{recent.into_iter().collect_view()}</div>
            <div class="form-pair">
                <TextField name="from" label="From" kind="date" value=from />
                <TextField name="until" label="To the end of" kind="date" value=until />
            </div>
        </Drop>
    }
}

#[component]
fn PersonFilter(asked: Asked, name: Option<String>) -> impl IntoView {
    let value = name.or_else(|| Some(asked.who.clone()).filter(|who| !who.is_empty()));
    let others = Asked { person: String::new(), who: String::new(), before: String::new(), ..asked.clone() };
    let fields = if asked.person.is_empty() {
        view! { <TextField name="who" label="Name" value=asked.who autocomplete="off" maxlength=100_u32 hint="Their acts, and what was done to them." /> }.into_any()
    } else {
        view! {
            <input type="hidden" name="person" value=asked.person />
            <p class="small muted">"Their acts, and what was done to them."</p>
            <a class="link" href=address::href(&others)>"Anybody"</a>
        }
        .into_any()
    };
    view! { <Drop label="Person" value>{fields}</Drop> }
}

#[component]
fn RoleFilter(asked: Asked, roles: Signal<Vec<RoleRef>>) -> impl IntoView {
    let known = roles.get_untracked();
    let name = known.iter().find(|role| role.id.to_string() == asked.role).map(|role| role.name.clone());
    let value = Some(asked.role.clone()).filter(|role| !role.is_empty());
    let mut options = vec![Choice::new("", "Any role")];
    options.extend(known.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)));
    if let Some(id) = value.clone().filter(|_| name.is_none()) {
        options.push(Choice::new(id, "One role"));
    }
    let value = value.map(|_| name.unwrap_or_else(|| "one".to_owned()));
    view! { <Drop label="Role" value><Select name="role" label="Role" options value=asked.role /></Drop> }
}

#[component]
fn KindFilter(asked: Asked) -> impl IntoView {
    let value = EventKind::parse(&asked.kind).map(words::label);
    let mut kinds: Vec<_> =
        EventKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), words::label(*kind))).collect();
    kinds.sort_by(|one, other| one.label.cmp(&other.label));
    kinds.insert(0, Choice::new("", "Anything"));
    view! { <Drop label="Action" value><Select name="kind" label="Action" options=kinds value=asked.kind /></Drop> }
}

#[component]
fn OutcomeFilter(asked: Asked) -> impl IntoView {
    let options = vec![
        Choice::new("", "Done or refused"),
        Choice::new("done", "Done"),
        Choice::new("refused", "Refused"),
    ];
    let value = options.iter().find(|option| !option.value.is_empty() && option.value == asked.outcome);
    let value = value.map(|option| option.label.clone());
    view! { <Drop label="Outcome" value><Select name="outcome" label="Outcome" options value=asked.outcome /></Drop> }
}

/// The day so many days ago, as a field holds it.
fn day(zone: Zone, now: i64, days: i64) -> String {
    let at = chrono::DateTime::from_timestamp(now - days * 86_400, 0).unwrap_or_default();
    zone.field(at).chars().take(10).collect()
}

/// The days in words: "18 Nov to 24 Nov 2026".
fn period(from: &str, until: &str) -> Option<String> {
    let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let words = |day: NaiveDate| day.format("%-d %b %Y").to_string();
    match (read(from), read(until)) {
        (None, None) => None,
        (Some(from), None) => Some(format!("since {}", words(from))),
        (None, Some(until)) => Some(format!("until {}", words(until))),
        (Some(from), Some(until)) if from == until => Some(words(from)),
        (Some(from), Some(until)) if from.format("%Y").to_string() == until.format("%Y").to_string() => {
            Some(format!("{} to {}", from.format("%-d %b"), words(until)))
        }
        (Some(from), Some(until)) => Some(format!("{} to {}", words(from), words(until))),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_period_is_said_as_short_as_it_is_clear() {
        for (from, until, text) in [
            ("", "", None),
            ("2026-11-18", "", Some("since 18 Nov 2026")),
            ("", "2026-11-24", Some("until 24 Nov 2026")),
            ("2026-11-18", "2026-11-24", Some("18 Nov to 24 Nov 2026")),
            ("2025-12-30", "2026-01-02", Some("30 Dec 2025 to 2 Jan 2026")),
            ("2026-11-24", "2026-11-24", Some("24 Nov 2026")),
            ("soon", "", None),
        ] {
            assert_eq!(super::period(from, until).as_deref(), text);
        }
    }
}
