//! Requests of others: the list at the left, one of them at the right; on mobile one of the two.

use crate::ui::PageTitle;
use domain::activation::{ActivationId, ActivationRow, State};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_params_map, use_query_map},
};

use super::{
    decide::provide_decide,
    words::{instant, state_tag, tile},
};
use crate::{
    api::activation::{activation_decided, activation_to_decide},
    load::Load,
    loading::{Loading, loading},
    refresh::{Topic, changes},
    ui::{Arc, Avatar, Empty, Icon, IconName, Segments, TabItem, TopBar, time, use_now},
    when::use_zone,
};

/// What waits for this person's decision, in the order in which it lapses. For the detail beside the list too.
#[derive(Clone, Copy)]
pub(super) struct ToDecide(pub Signal<Vec<ActivationRow>>);

/// The list, with the place for a detail.
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let changes = changes(&[Topic::Activation, Topic::Role, Topic::Group]);
    let query = use_query_map();
    let decided_tab = Memo::new(move |_| query.with(|query| query.get_str("tab") == Some("decided")));
    let waiting = loading(move || changes.get(), |_| activation_to_decide());
    let decided = loading(
        move || (decided_tab.get(), changes.get()),
        |(wanted, _)| async move { if wanted { activation_decided().await } else { Ok(Vec::new()) } },
    );
    let params = use_params_map();
    let open = Memo::new(move |_| {
        params.with(|params| params.get_str("id").and_then(|id| id.parse::<ActivationId>().ok()))
    });
    provide_decide();
    view! {
        <Load resource=waiting let:waiting>
            <Split waiting decided decided_tab open />
        </Load>
    }
    .into_any()
}

#[component]
fn Split(
    waiting: Signal<Vec<ActivationRow>>,
    decided: Loading<Vec<ActivationRow>>,
    decided_tab: Memo<bool>,
    open: Memo<Option<ActivationId>>,
) -> impl IntoView {
    let now = use_now();
    let waiting = Memo::new(move |_| {
        let lapsed = |row: &ActivationRow| row.lapses_at.is_some_and(|lapse| lapse.timestamp() <= now.get());
        waiting.with(|rows| rows.iter().filter(|row| !lapsed(row)).cloned().collect::<Vec<_>>())
    });
    provide_context(ToDecide(waiting.into()));
    let count = Memo::new(move |_| u32::try_from(waiting.read().len()).unwrap_or(u32::MAX));
    let to_decide = move || {
        if count.get() == 0 { "Nothing to decide".to_owned() } else { format!("{} to decide", count.get()) }
    };
    let tabs = move || {
        let items = vec![
            TabItem::new("To decide", "/approvals").count(count.get()).current(!decided_tab.get()),
            TabItem::new("Decided", "/approvals?tab=decided").current(decided_tab.get()),
        ];
        view! { <Segments items label="Which approvals" /> }
    };
    let class = move || if open.get().is_some() { "split has-detail" } else { "split" };
    view! {
        <PageTitle text=move || format!("{}, Approvals", to_decide()) />
        <div class=move || if open.get().is_some() { "bar-of-list has-detail" } else { "bar-of-list" }>
            <TopBar title="Approvals" note=Signal::derive(move || Some(to_decide())) />
        </div>
        <div class=class>
            <div class="split-list stack">
                {tabs}
                <Show when=move || decided_tab.get() fallback=move || view! { <WaitingList rows=waiting open /> }>
                    <Load resource=decided let:rows>
                        <DecidedList rows open />
                    </Load>
                </Show>
            </div>
            <div class="split-detail">
                <Outlet />
            </div>
        </div>
    }
    .into_any()
}

/// Beside the list when no request is open. On mobile there is only the list.
#[component]
pub fn NoApprovalPage() -> impl IntoView {
    let waiting = use_context::<ToDecide>();
    let none = move || waiting.is_none_or(|waiting| waiting.0.read().is_empty());
    move || {
        if none() {
            view! { <Empty title="Nothing to decide" text="When somebody asks for a role that you approve, the request stands here, and you get a mail." /> }
                .into_any()
        } else {
            view! { <Empty title="Choose a request" text="The one that lapses first stands on top." icon=IconName::Inbox /> }.into_any()
        }
    }
}

#[component]
fn WaitingList(rows: Memo<Vec<ActivationRow>>, open: Memo<Option<ActivationId>>) -> impl IntoView {
    let none = Memo::new(move |_| rows.read().is_empty());
    // Where there is no room for a detail, the list itself says that it is empty.
    let empty = || view! { <div class="only-mobile"><Empty title="Nothing to decide" text="When somebody asks for a role that you approve, the request stands here, and you get a mail." /></div> };
    view! {
        <Show when=move || !none.get() fallback=empty>
            <div>
                <For each=move || rows.get() key=|row| (row.id, row.state, row.ends_at, row.settled_at) let:row>
                    <WaitingPick row open />
                </For>
            </div>
        </Show>
    }
    .into_any()
}

#[component]
fn WaitingPick(row: ActivationRow, open: Memo<Option<ActivationId>>) -> impl IntoView {
    let now = use_now();
    let (id, asked_at) = (row.id, row.requested_at.timestamp());
    let lapses_at = row.lapses_at.map_or(asked_at, |lapse| lapse.timestamp());
    let left = Signal::derive(move || (lapses_at - now.get()).max(0));
    let total = Signal::stored(lapses_at - asked_at);
    let tone = Signal::derive(move || time::tone_to_decide(left.get()));
    let zone = use_zone();
    let start = row.requested_start;
    let length = row.duration.words();
    let asked = move || {
        let at = instant(now.get());
        let from = start.map(|start| format!(" from {}", zone.short(start, at))).unwrap_or_default();
        format!("{length}{from}, asked {}", time::relative(asked_at, now.get()))
    };
    view! {
        <a class="pick" href=format!("/approvals/{id}") aria-current=move || (open.get() == Some(id)).then_some("true")>
            <Avatar name=row.person.name.clone() id=row.person.id.to_string() />
            <span>{row.person.name.clone()}</span>
            <span class="with-icon small muted">
                <Arc total left size=16 tone />
                {move || time::span(left.get())}
                <span class="visually-hidden">" left to decide"</span>
            </span>
            <span class="pick-text line">{tile(&row.role, 20)} <strong>{row.role.name.clone()}</strong></span>
            <span class="pick-text">{asked}</span>
            {said(&row)}
        </a>
    }
    .into_any()
}

fn said(row: &ActivationRow) -> impl IntoView + use<> {
    let said = row.justification.clone();
    (!said.is_empty()).then(|| view! { <span class="pick-text pick-said">"“"{said}"”"</span> })
}

#[component]
fn DecidedList(rows: Signal<Vec<ActivationRow>>, open: Memo<Option<ActivationId>>) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let none = Memo::new(move |_| rows.read().is_empty());
    let empty = || view! { <Empty title="Nothing decided yet" text="What you approve or deny stands here." small=true /> };
    view! {
        <Show when=move || !none.get() fallback=empty>
            <div>
                <For each=move || rows.get() key=|row| (row.id, row.state, row.ends_at, row.settled_at) let:row>
                    {
                        let id = row.id;
                        let asked = format!("{}, asked {}", row.duration.words(), zone.short(row.requested_at, instant(now.get_untracked())));
                        view! {
                            <a class="pick" href=format!("/approvals/{id}?tab=decided") aria-current=move || (open.get() == Some(id)).then_some("true")>
                                <Avatar name=row.person.name.clone() id=row.person.id.to_string() />
                                <span>{row.person.name.clone()}</span>
                                <span>{state_tag(row.state)}</span>
                                <span class="pick-text line">{tile(&row.role, 20)} <strong>{row.role.name.clone()}</strong></span>
                                <span class="pick-text">{asked}</span>
                                {said(&row)}
                            </a>
                        }
                    }
                </For>
                <p class="field-note decided-note"><Icon name=IconName::Info />"The 50 that you decided last."</p>
            </div>
        </Show>
    }
    .into_any()
}

/// The state as approvers speak of it.
pub(super) fn is_waiting(row: &ActivationRow, now: i64) -> bool {
    row.state == State::PendingApproval && row.lapses_at.is_none_or(|lapse| lapse.timestamp() > now)
}
