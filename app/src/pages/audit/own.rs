//! One's own record: what one did and what was done to one, in plain words. Everybody has one.

use crate::ui::PageTitle;
use domain::{audit::RecordRow, person::PersonId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    pager,
    row::{When, detail, what},
    thousands,
    words::{self, Who},
};
use crate::{
    api::audit::{Found, audit_own},
    load::Load,
    loading::loading,
    refresh::{Topic, changes},
    ui::{Empty, TopBar},
    when::use_zone,
};

/// The record of whoever is signed in.
#[component]
pub fn OwnRecordPage() -> impl IntoView {
    let query = use_query_map();
    let before =
        Memo::new(move |_| query.with(|query| query.get_str("before").unwrap_or_default().to_owned()));
    let changes = changes(&[Topic::Record]);
    let found =
        loading(move || (before.get(), changes.get()), |(before, _)| async move { audit_own(before).await });
    let above = vec![("Account".to_owned(), "/account".to_owned())];
    view! {
        <PageTitle text="My record" />
        <TopBar title="My record" above heading=true />
        <div class="content narrow">
            <p class="say">"What you did, and what others did that concerns you. It cannot be changed."</p>
            <Load resource=found let:found>
                {move || if found.with(|found| found.page.items.is_empty()) {
                    view! { <Empty title="Nothing older" text="These were all records about you." small=true /> }.into_any()
                } else {
                    view! { <Table found /> }.into_any()
                }}
            </Load>
        </div>
    }
}

#[component]
fn Table(found: Signal<Found>) -> impl IntoView {
    let zone = use_zone();
    let me = Memo::new(move |_| found.with(|found| found.person.as_ref().map(|person| person.id)));
    let href = |before: String| {
        if before.is_empty() { "/record".to_owned() } else { format!("/record?before={before}") }
    };
    view! {
        <div>
            <table class="table record is-own">
                <caption class="visually-hidden">"My record, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">{move || format!("Time, {}", zone.place())}</th>
                        <th scope="col">"What happened"</th>
                        <th scope="col">"Detail"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"Record"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || found.with(|found| found.page.items.clone()) key=|row| row.seq let:row>
                        {line(&row, me.get_untracked())}
                    </For>
                </tbody>
            </table>
            {move || found.with(|found| pager(found, href))}
        </div>
    }
    .into_any()
}

fn line(row: &RecordRow, me: Option<PersonId>) -> impl IntoView + use<> {
    let said = words::said(row, me);
    let who = Who::of(row, me);
    let why = words::reason(row).or_else(|| words::refusal(row).filter(|_| !words::is_done(row)));
    view! {
        <tr>
            <td class="fit cell-when"><When at=row.at /></td>
            <th scope="row" class="cell-main">
                <span class="two">
                    <span>{who.name().to_owned()} " " {what(&said)}</span>
                    <span>{why}</span>
                </span>
            </th>
            <td class="muted">{detail(row, &said)}</td>
            <td class="muted mono">{row.address.clone()}</td>
            <td class="mono fit muted cell-hide">{thousands(row.seq)}</td>
        </tr>
    }
    .into_any()
}
