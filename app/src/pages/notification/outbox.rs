//! The list of messages, newest first.

use crate::ui::PageTitle;
use domain::{
    notification::{Outbox, OutboxRow},
    page::ListQuery,
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};

use super::State;
use crate::{
    api::notification::notification_outbox,
    load::Load,
    loading::loading,
    refresh::{Topic, changes},
    ui::{Button, ButtonLink, Empty, IconName, Mood, Strip, TextField, TopBar, time, use_now},
    when::use_zone,
};

/// What waits and what went out.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let query = use_query_map();
    let search =
        Memo::new(move |_| query.with(|query| query.get_str("search").unwrap_or_default().to_owned()));
    let cursor = Memo::new(move |_| query.with(|query| query.get_str("after").map(str::to_owned)));
    let changes = changes(&[Topic::Record]);
    let outbox = loading(
        move || (search.get(), cursor.get(), changes.get()),
        |(search, cursor, _)| async move {
            notification_outbox(ListQuery {
                cursor,
                search: Some(search).filter(|search| !search.is_empty()),
            })
            .await
        },
    );
    view! {
        <PageTitle text="Outbox" />
        <TopBar title="Outbox" />
        <div class="content">
            <Load resource=outbox let:outbox>
                {move || outbox.with(above)}
                <div class="stack">
                    <Search search shown=Signal::derive(move || {
                        !search.read().is_empty() || outbox.with(|outbox| !outbox.messages.is_empty())
                    }) />
                    {move || outbox.with(|outbox| list(outbox, search.get()))}
                </div>
            </Load>
        </div>
    }
}

/// Whether messages go out at all, and how many wait.
fn above(outbox: &Outbox) -> Option<AnyView> {
    let waiting = match outbox.waiting {
        0 => return (!outbox.delivers).then(no_server),
        1 => "1 message waits.".to_owned(),
        count => format!("{count} messages wait."),
    };
    if outbox.delivers {
        return Some(view! { <Strip icon=IconName::Clock lead=waiting>"Stint tries again by itself until they are delivered."</Strip> }.into_any());
    }
    Some(
        view! {
            <Strip mood=Mood::Amber lead="No mail server is set.">
                {waiting} " They are kept here, and go out once one is set."
            </Strip>
        }
        .into_any(),
    )
}

fn no_server() -> AnyView {
    view! { <Strip mood=Mood::Amber lead="No mail server is set.">"Messages are kept here until one is."</Strip> }.into_any()
}

/// Search by address.
#[component]
fn Search(search: Memo<String>, shown: Signal<bool>) -> impl IntoView {
    let shown = Memo::new(move |_| shown.get());
    move || {
        shown.get().then(|| view! {
            <Form method="get" action="/outbox" attr:class="filters" attr:role="search" attr:aria-label="Messages">
                <TextField name="search" label="Search messages" label_hidden=true kind="search" maxlength=100_u32
                    placeholder="Address" icon=IconName::Search value=search.get_untracked() />
                <Button submit=true>"Search"</Button>
            </Form>
        })
    }
}

fn list(outbox: &Outbox, search: String) -> AnyView {
    if outbox.messages.is_empty() {
        return nothing(&search);
    }
    let delivers = outbox.delivers;
    let rows = outbox.messages.iter().map(|row| line(row, delivers)).collect_view();
    let zone = use_zone();
    let next = outbox.next.map(|next| {
        let mut query = ParamsMap::new();
        query.insert("after", next.to_string());
        if !search.is_empty() {
            query.insert("search", search);
        }
        format!("/outbox{}", query.to_query_string())
    });
    let pager = next.map(|href| {
        view! {
            <nav class="pager" aria-label="Pages">
                <span></span>
                <span class="actions">
                    <ButtonLink href="/outbox" icon=IconName::ChevronLeft>"Newest"</ButtonLink>
                    <ButtonLink href icon=IconName::ChevronRight>"Older"</ButtonLink>
                </span>
            </nav>
        }
    });
    view! {
        <table class="table outbox">
            <caption class="visually-hidden">"Messages, newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">{move || format!("Written, {}", zone.place())}</th>
                    <th scope="col">"To"</th>
                    <th scope="col">"Subject"</th>
                    <th scope="col">"Delivery"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {pager}
    }
    .into_any()
}

fn nothing(search: &str) -> AnyView {
    if search.is_empty() {
        let text = "Mails that Stint writes to people appear here, and stay until they are delivered.";
        return view! { <Empty title="No messages" text icon=IconName::Envelope /> }.into_any();
    }
    let all = view! { <ButtonLink href="/outbox">"Show all messages"</ButtonLink> }.into_any();
    let text = format!("No message goes to “{search}”.");
    view! { <Empty title="No messages" text icon=IconName::Search actions=all small=true /> }.into_any()
}

fn line(row: &OutboxRow, delivers: bool) -> impl IntoView + use<> {
    let (zone, seconds) = (use_zone(), use_now());
    let at = row.created_at;
    let now = move || chrono::DateTime::from_timestamp(seconds.get(), 0).unwrap_or_default();
    let short = Memo::new(move |_| zone.short(at, now()));
    let ago = Memo::new(move |_| time::relative(at.timestamp().min(seconds.get()), seconds.get()));
    let error = row.last_error.clone().filter(|_| row.delivered_at.is_none());
    view! {
        <tr>
            <td class="fit cell-when">
                <time class="two" datetime=at.to_rfc3339() title=move || zone.full(at)>
                    <span>{move || short.get()}</span>
                    <span>{move || ago.get()}</span>
                </time>
            </td>
            <th scope="row" class="cell-main anywhere">{row.address.clone()}</th>
            <td><a class="row-link row-name" href=format!("/outbox/{}", row.id)>{row.subject.clone()}</a></td>
            <td>
                <State row=row.clone() delivers />
                {error.map(|error| view! { <p class="small tone-danger anywhere">{error}</p> })}
            </td>
        </tr>
    }
    .into_any()
}
