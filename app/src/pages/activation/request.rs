//! One request: what happened to it, what it is about, and what its reader may do to it now.

use crate::ui::PageTitle;
use domain::activation::{ActivationDetail, ActivationId, State};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    end::{EndRefusals, Ends, ends},
    end_dialog::{ASKED, EndDialog, Takes, takes},
    request_facts::{RequestFacts, Standing},
    story::Story,
    words::{instant, state_tag, tile},
};
use crate::{
    api::activation::activation_get,
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changes},
    ui::{ButtonLink, IconName, PageHead, SkeletonShape, TopBar, time, use_now},
    when::{Zone, use_zone},
};

/// A request.
#[component]
pub fn RequestPage() -> impl IntoView {
    let id = id_param::<ActivationId>();
    let changes = changes(&[Topic::Activation]);
    let detail =
        loading(move || (id.get(), changes.get()), |(id, _)| async move { activation_get(id?).await });
    let (ends, takes) = (ends(), takes());
    view! {
        <Load resource=detail shape=SkeletonShape::Lines let:detail>
            <Request detail ends takes />
        </Load>
    }
    .into_any()
}

#[component]
fn Request(detail: Signal<ActivationDetail>, ends: Ends, takes: Takes) -> impl IntoView {
    let now = use_now();
    let query = use_query_map();
    let asked = Signal::derive(move || query.with(|query| query.get_str(ASKED).is_some()));
    let number = Memo::new(move |_| detail.with(|detail| format!("R-{}", detail.row.number)));
    let own = Memo::new(move |_| detail.with(|detail| detail.own));
    // What has ended by the clock is shown as ended, whether or not it is recorded yet.
    let shown = Memo::new(move |_| by_the_clock(detail.get(), now.get()));
    let top = move || {
        let above = if own.get() { ("My requests", "/requests") } else { ("Approvals", "/approvals") };
        view! { <TopBar title=number.get() above=vec![(above.0.to_owned(), above.1.to_owned())] /> }
    };
    view! {
        <PageTitle text=move || shown.with(|detail| title(detail, now.get())) />
        {top}
        <div class="content narrow">
            <EndRefusals ends />
            {move || head(&shown.read())}
            <div class="columns main-side">
                {move || view! { <Story detail=shown.get() /> }}
                <div class="aside stack">
                    {move || view! { <Standing detail=shown.get() ends /> }}
                    {move || view! { <RequestFacts detail=shown.get() /> }}
                </div>
            </div>
        </div>
        <EndDialog detail=shown takes asked />
    }
    .into_any()
}

/// The same request with a due end taken as happened.
fn by_the_clock(mut detail: ActivationDetail, now: i64) -> ActivationDetail {
    let due = |at: Option<domain::Instant>| at.is_some_and(|at| at.timestamp() <= now);
    let row = &mut detail.row;
    match row.state {
        State::Active if due(row.ends_at) => row.state = State::Ended,
        State::PendingApproval if due(row.lapses_at) => row.state = State::TimedOut,
        _ => return detail,
    }
    detail.may.clear();
    detail
}

fn title(detail: &ActivationDetail, now: i64) -> String {
    let row = &detail.row;
    let name = format!("R-{}, {}", row.number, row.role.name);
    match (row.state, row.ends_at) {
        (State::Active, Some(end)) => format!("{}, {name}", time::span(end.timestamp() - now)),
        _ => name,
    }
}

fn head(detail: &ActivationDetail) -> impl IntoView + use<> {
    let row = &detail.row;
    let zone = use_zone();
    let title = format!("{}, {}", row.person.name, row.role.name);
    let facts = {
        let row = row.clone();
        let now = use_now();
        view! { {state_tag(row.state)} <span>{move || since(&row, zone, now.get())}</span> }
    };
    let again = detail.own && row.state.is_settled();
    let actions = again.then(|| {
        let href = format!("/activate/{}", row.role.key);
        view! { <ButtonLink href icon=IconName::Refresh>"Ask again"</ButtonLink> }.into_any()
    });
    let lead = tile(&row.role, 44).into_any();
    match actions {
        Some(actions) => view! { <PageHead title lead facts=facts.into_any() actions /> }.into_any(),
        None => view! { <PageHead title lead facts=facts.into_any() /> }.into_any(),
    }
}

/// When it began, or was over.
fn since(row: &domain::activation::ActivationRow, zone: Zone, now: i64) -> String {
    let at = instant(now);
    let ago = |when: domain::Instant| time::relative(when.timestamp(), now);
    match (row.state, row.effective_at, row.settled_at.or(row.ends_at)) {
        (State::Active, Some(from), _) => format!("since {}, {}", zone.short(from, at), ago(from)),
        (State::Ended, Some(from), Some(over)) => {
            format!(
                "{}, {} to {}, {}",
                zone.heading(from),
                zone.clock(from),
                zone.short(over, from),
                ago(over)
            )
        }
        (State::Denied | State::Canceled | State::TimedOut | State::Failed, _, Some(over)) => {
            format!("{}, {}", zone.short(over, at), ago(over))
        }
        (State::Scheduled, ..) => match row.requested_start {
            Some(start) => format!("{}, {}", zone.short(start, at), ago(start)),
            None => String::new(),
        },
        _ => format!("asked {}, {}", zone.short(row.requested_at, at), ago(row.requested_at)),
    }
}
