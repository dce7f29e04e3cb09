//! The facts of a request, and the card on top of them: the ring while it is on, the bar of time used when it is over.

use domain::{
    Span,
    activation::{ActivationDetail, ActivationRow, Move, State},
};
use leptos::prelude::*;

use super::{
    end::{CancelForm, DeactivateForm, Ends},
    end_dialog::EndLink,
    watch::opens,
    words::{any_of, instant, part},
};
use crate::{
    ui::{ButtonKind, ButtonLink, Fact, Facts, LevelTag, Meter, Ring, Seal, Tone, time, use_now},
    when::{Zone, use_zone},
};

/// The card on top, by the state of the request.
#[component]
pub(super) fn Standing(detail: ActivationDetail, ends: Ends) -> impl IntoView {
    match detail.row.state {
        State::Active => view! { <Running detail ends /> }.into_any(),
        State::PendingApproval | State::Scheduled => view! { <Ahead detail ends /> }.into_any(),
        State::Ended => used(&detail).into_any(),
        State::Activating
        | State::Ending
        | State::Denied
        | State::Canceled
        | State::TimedOut
        | State::Failed => ().into_any(),
    }
}

#[component]
fn Running(detail: ActivationDetail, ends: Ends) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let row = detail.row.clone();
    let Some((from, end)) = row.effective_at.zip(row.ends_at) else { return ().into_any() };
    let left = Signal::derive(move || (end.timestamp() - now.get()).max(0));
    let total = Signal::stored(Span::between(from, end).as_seconds());
    let name = row.role.name.clone();
    let open = detail.role_link.clone().map(|link| opens(link, &name));
    let deactivate = detail.may.contains(&Move::Deactivate);
    view! {
        <div class="card ring-card">
            <Ring total left large=true />
            <p>
                <strong>"Ends " {move || zone.short(end, instant(now.get()))}</strong>
                {move || format!(", in {}", time::countdown(left.get()))}
                {open.map(|open| view! { <br /> {open} })}
            </p>
            <div class="actions even">
                {deactivate.then(|| view! { <DeactivateForm ends id=row.id name kind=ButtonKind::Primary /> })}
                <EndLink detail />
            </div>
        </div>
    }
    .into_any()
}

/// It waits: for others, or for its start.
#[component]
fn Ahead(detail: ActivationDetail, ends: Ends) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let row = detail.row.clone();
    let pending = row.state == State::PendingApproval;
    let Some(due) = (if pending { row.lapses_at } else { row.requested_start }) else { return ().into_any() };
    let left = Signal::derive(move || (due.timestamp() - now.get()).max(0));
    let total = Signal::stored(Span::between(row.requested_at, due).as_seconds());
    let tone = Signal::derive(move || if pending { time::tone_to_decide(left.get()) } else { Tone::Unlit });
    let label = if pending { "left to decide" } else { "until it starts" };
    let words = if pending { "Lapses " } else { "Starts " };
    let own = detail.own && detail.may.contains(&Move::Cancel);
    let decides = detail.may.contains(&Move::Decide);
    let name = row.role.name.clone();
    let cancel = if pending { "Withdraw" } else { "Cancel start" };
    view! {
        <div class="card ring-card">
            <Ring total left tone large=true label />
            <p>
                <strong>{words} {move || zone.short(due, instant(now.get()))}</strong>
                {move || format!(", in {}", time::countdown(left.get()))}
                {pending.then(|| view! { <br /> <span class="muted">{format!("{} can decide", any_of(&row.approvers))}</span> })}
            </p>
            <div class="actions even">
                {own.then(|| view! { <CancelForm ends id=row.id label=cancel name /> })}
                <EndLink detail />
                {decides.then(|| view! { <ButtonLink href=format!("/approvals/{}", row.id) kind=ButtonKind::Primary>"Review and decide"</ButtonLink> })}
            </div>
        </div>
    }
    .into_any()
}

/// The bar of time used and given back.
fn used(detail: &ActivationDetail) -> impl IntoView + use<> {
    let row = &detail.row;
    let (Some(from), Some(over)) = (row.effective_at, row.settled_at.or(row.ends_at)) else {
        return ().into_any();
    };
    let used = Span::between(from, over).as_seconds();
    let back = detail.given_back.unwrap_or_default().as_seconds();
    let (used_words, back_words) =
        (format!("{} used", time::span(used)), format!("{} given back", time::span(back)));
    let label = if back > 0 { format!("{used_words}, {back_words}") } else { used_words.clone() };
    let count = |seconds: i64| u32::try_from(seconds).unwrap_or(u32::MAX);
    view! {
        <div class="used">
            <Meter value=count(used) most=count(used + back).max(1) label tone="live" />
            <p class="line between small">
                <strong>{used_words}</strong>
                {(back > 0).then(|| view! { <span class="muted">{back_words}</span> })}
            </p>
        </div>
    }
    .into_any()
}

/// Everything that was asked for, and what judges it.
#[component]
pub(super) fn RequestFacts(detail: ActivationDetail) -> impl IntoView {
    let zone = use_zone();
    let now = instant(use_now().get_untracked());
    let ActivationDetail { row, steps, stage, settings_version, .. } = detail;
    let records = steps.iter().map(|step| step.record);
    let records = records.clone().min().zip(records.max());
    let ActivationRow { role, justification, ticket, approvers, .. } = row.clone();
    view! {
        <div class="stack">
            <Facts>
                <Fact term="Role">
                    {role.name} " " <LevelTag level=role.level.rank() label=role.level.word() />
                </Fact>
                {part(&row.scope).map(|part| view! { <Fact term="Part">{part}</Fact> })}
                <Fact term="Asked">{zone.short(row.requested_at, now)}</Fact>
                <Fact term="Runs">{runs(&row, zone, now)}</Fact>
                {(!justification.is_empty()).then(|| view! { <Fact term="Reason">{justification}</Fact> })}
                {ticket.map(|ticket| view! { <Fact term="Ticket">{format!("{}, {}", ticket.number, ticket.system)}</Fact> })}
                {stage.is_some().then(|| view! { <Fact term="Decides">{any_of(&approvers)}</Fact> })}
                <Fact term="Rules">{format!("Version {} of the role’s settings", settings_version)}</Fact>
            </Facts>
            {records.map(|(first, last)| view! { <Seal intact=true lead="On record.">{numbers(first, last)}</Seal> })}
        </div>
    }
    .into_any()
}

/// "2 h, on approval", "1 h from 18:00".
pub(super) fn runs(row: &ActivationRow, zone: Zone, now: domain::Instant) -> String {
    let length = row.duration.words();
    match (row.effective_at.zip(row.ends_at), row.requested_start) {
        (Some((from, end)), _) => format!("{length}, {} to {}", zone.short(from, now), zone.short(end, from)),
        (None, Some(start)) => format!("{length} from {}", zone.short(start, now)),
        (None, None) => length,
    }
}

/// "Record 222", "Records 213 to 217".
fn numbers(first: i64, last: i64) -> String {
    if first == last { format!("Record {first}") } else { format!("Records {first} to {last}") }
}
