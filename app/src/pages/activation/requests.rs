//! My requests, newest first, with a search that lives in the address.

use crate::ui::PageTitle;
use domain::{
    Page,
    activation::{ActivationRow, State},
    page::ListQuery,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::words::{instant, part, state_tag, tile};
use crate::{
    api::activation::activation_mine,
    load::Load,
    loading::loading,
    refresh::{Topic, changes},
    ui::{Button, ButtonLink, Empty, IconName, Pager, TextField, TopBar, Two, time, use_now},
    when::{Zone, use_zone},
};

/// My requests.
#[component]
pub fn RequestsPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let of = |name: &str| {
            query.with(|query| query.get_str(name).filter(|text| !text.is_empty()).map(str::to_owned))
        };
        ListQuery { cursor: of("cursor"), search: of("search") }
    });
    let changes = changes(&[Topic::Activation]);
    let requests = loading(move || (wanted.get(), changes.get()), |(query, _)| activation_mine(query));
    view! {
        <PageTitle text="My requests" />
        <TopBar title="My requests" />
        <div class="content">
            <Search search=Signal::derive(move || wanted.with(|wanted| wanted.search.clone().unwrap_or_default())) />
            <Load resource=requests let:requests>
                <List requests wanted />
            </Load>
        </div>
    }
    .into_any()
}

#[component]
fn Search(search: Signal<String>) -> impl IntoView {
    view! {
        <leptos_router::components::Form method="GET" action="/requests" attr:class="filters" attr:role="search">
            <TextField
                name="search"
                label="Search in my requests"
                label_hidden=true
                kind="search"
                value=search.get_untracked()
                placeholder="Role, reason or R-number"
                maxlength=100_u32
                autocomplete="off"
                icon=IconName::Search
            />
            <Button submit=true>"Search"</Button>
        </leptos_router::components::Form>
    }
    .into_any()
}

#[component]
fn List(requests: Signal<Page<ActivationRow>>, wanted: Memo<ListQuery>) -> impl IntoView {
    let rows = Memo::new(move |_| requests.with(|page| page.items.clone()));
    let none = Memo::new(move |_| rows.read().is_empty());
    let next = Memo::new(move |_| requests.with(|page| page.next.clone()));
    let empty = move || {
        let searched = wanted.with(|wanted| wanted.search.clone());
        match searched {
            Some(search) => {
                let text = format!("None of your requests speaks of “{search}”.");
                view! { <Empty title="Nothing found" text icon=IconName::Search /> }.into_any()
            }
            None => {
                let actions = view! { <ButtonLink href="/">"My roles"</ButtonLink> }.into_any();
                view! { <Empty title="No requests yet" text="What you ask for stands here, with everything that came of it." actions /> }
                    .into_any()
            }
        }
    };
    view! {
        <Show when=move || !none.get() fallback=empty>
            <table class="table requests">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Asked"</th>
                        <th scope="col">"Runs"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| (row.id, row.state, row.ends_at, row.settled_at) let:row>
                        <Line row />
                    </For>
                </tbody>
            </table>
            {move || pager(rows.read().len(), next.get(), &wanted.read())}
        </Show>
    }
    .into_any()
}

#[component]
fn Line(row: ActivationRow) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let state = Memo::new({
        let row = row.clone();
        move |_| match (row.state, row.ends_at, row.lapses_at) {
            (State::Active, Some(end), _) if end.timestamp() <= now.get() => State::Ended,
            (State::PendingApproval, _, Some(lapse)) if lapse.timestamp() <= now.get() => State::TimedOut,
            (state, ..) => state,
        }
    });
    let below: Vec<_> = [format!("R-{}", row.number)]
        .into_iter()
        .chain(part(&row.scope))
        .chain((!row.justification.is_empty()).then(|| row.justification.clone()))
        .collect();
    let asked_at = row.requested_at;
    let asked = move || {
        let at = instant(now.get());
        view! { <Two top=zone.short(asked_at, at) below=time::relative(asked_at.timestamp(), at.timestamp()) /> }
    };
    let href = format!("/requests/{}", row.id);
    let name = row.role.name.clone();
    view! {
        <tr>
            <td class="fit cell-lead">{tile(&row.role, 34)}</td>
            <th scope="row" class="cell-main">
                <span class="two">
                    <a class="row-name row-link" href=href>{name}</a>
                    <span class="eligible-below">{below.join(", ")}</span>
                </span>
            </th>
            <td>{asked}</td>
            <td>{move || length(&row, state.get(), zone, now.get())}</td>
            <td class="fit">{move || state_tag(state.get())}</td>
        </tr>
    }
    .into_any()
}

/// How long it was asked for, and what came of that.
fn length(row: &ActivationRow, state: State, zone: Zone, now: i64) -> impl IntoView + use<> {
    let below = match (state, row.effective_at, row.ends_at, row.settled_at, row.requested_start) {
        (State::Active, _, Some(end), ..) => format!("ends {}", zone.short(end, instant(now))),
        (State::Ended, Some(from), _, Some(over), _) => {
            format!("{} used", time::span(domain::Span::between(from, over).as_seconds()))
        }
        (State::Scheduled, .., Some(start)) => format!("from {}", zone.short(start, instant(now))),
        _ => String::new(),
    };
    view! { <Two top=row.duration.words() below /> }
}

fn pager(count: usize, next: Option<String>, wanted: &ListQuery) -> impl IntoView + use<> {
    let link = |cursor: Option<String>| {
        let mut query = ParamsMap::new();
        for (name, value) in [("search", wanted.search.clone()), ("cursor", cursor)] {
            if let Some(value) = value {
                query.insert(name, value);
            }
        }
        format!("/requests{}", query.to_query_string())
    };
    let shown = if count == 1 { "1 request".to_owned() } else { format!("{count} requests") };
    let first = wanted.cursor.is_some().then(|| link(None));
    match (first, next.map(|next| link(Some(next)))) {
        (None, None) => ().into_any(),
        (Some(previous), Some(next)) => view! { <Pager shown previous next /> }.into_any(),
        (Some(previous), None) => view! { <Pager shown previous /> }.into_any(),
        (None, Some(next)) => view! { <Pager shown next /> }.into_any(),
    }
}
