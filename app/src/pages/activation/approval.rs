//! One request as those see it who may decide it: a sentence, the facts, the reason, and the bar to decide with.

use crate::ui::PageTitle;
use domain::{
    activation::{ActivationDetail, ActivationId, DecisionRow, Move, State, Verdict},
    role_settings::Stage,
};
use leptos::prelude::*;

use super::{
    approvals::{ToDecide, is_waiting},
    decide::DecideBar,
    request_facts::runs,
    words::{instant, part},
};
use crate::{
    api::activation::activation_get,
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changes},
    ui::{
        Avatar, AvatarSize, ButtonLink, Fact, Facts, LevelTag, Mood, SkeletonShape, Strip, TopBar, time,
        use_now,
    },
    when::{Zone, use_zone},
};

/// One request to decide, beside the list.
#[component]
pub fn ApprovalPage() -> impl IntoView {
    let id = id_param::<ActivationId>();
    let changes = changes(&[Topic::Activation]);
    let detail =
        loading(move || (id.get(), changes.get()), |(id, _)| async move { activation_get(id?).await });
    view! {
        <Load resource=detail shape=SkeletonShape::Lines let:detail>
            <Approval detail />
        </Load>
    }
    .into_any()
}

#[component]
fn Approval(detail: Signal<ActivationDetail>) -> impl IntoView {
    let now = use_now();
    let id = Memo::new(move |_| detail.with(|detail| detail.row.id));
    let number = Memo::new(move |_| detail.with(|detail| format!("R-{}", detail.row.number)));
    let decides = Memo::new(move |_| {
        detail.with(|detail| detail.may.contains(&Move::Decide) && is_waiting(&detail.row, now.get()))
    });
    let sentence = Memo::new(move |_| detail.with(sentence));
    view! {
        <PageTitle text=move || format!("{}, Approvals", sentence.get()) />
        {move || mobile_bar(number.get(), id.get())}
        <div class="content">
            {move || detail.with(|detail| head(detail, sentence.get()))}
            {move || (!decides.get()).then(|| view! { <Settled detail=detail.get() /> })}
            {move || detail.with(facts)}
            {move || detail.with(reason)}
            {move || detail.with(agreed)}
        </div>
        // A bar of its own for each request: nothing typed for one is ever sent with another.
        {move || {
            let id = id.get();
            decides.get().then(|| view! { <DecideBar id detail /> })
        }}
    }
    .into_any()
}

/// On mobile the detail is a page of its own, with the way back and its place in the list.
fn mobile_bar(number: String, id: ActivationId) -> impl IntoView {
    let place = Signal::derive(move || {
        let ToDecide(waiting) = use_context::<ToDecide>()?;
        let rows = waiting.read();
        let at = rows.iter().position(|row| row.id == id)?;
        Some(format!("{} of {}", at + 1, rows.len()))
    });
    let above = vec![("Approvals".to_owned(), "/approvals".to_owned())];
    view! { <div class="bar-of-detail"><TopBar title=number above note=place heading=true /></div> }
}

fn sentence(detail: &ActivationDetail) -> String {
    let row = &detail.row;
    format!("{} asks for {} for {}", row.person.name, row.role.name, row.duration.words())
}

fn head(detail: &ActivationDetail, sentence: String) -> impl IntoView + use<> {
    let (now, zone) = (use_now(), use_zone());
    let (name, id) = (detail.row.person.name.clone(), detail.row.person.id.to_string());
    let asked_at = detail.row.requested_at;
    let asked = move || {
        let at = instant(now.get());
        format!(
            "Asked {}, {}",
            zone.short(asked_at, at),
            time::relative(asked_at.timestamp(), at.timestamp())
        )
    };
    view! {
        <header class="page-head">
            <Avatar name id size=AvatarSize::Large />
            <div class="page-head-text">
                <h2 class="title">{sentence}</h2>
                <div class="page-head-facts">{asked}</div>
            </div>
        </header>
    }
}

fn facts(detail: &ActivationDetail) -> impl IntoView + use<> {
    let (now, zone) = (use_now(), use_zone());
    let (row, number) = (detail.row.clone(), format!("R-{}", detail.row.number));
    let href = format!("/requests/{}", row.id);
    let what = Some(detail.role_description.clone())
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| row.role.name.clone());
    let ticket = row
        .ticket
        .clone()
        .map(|ticket| view! { <Fact term="Ticket">{format!("{}, {}", ticket.number, ticket.system)}</Fact> });
    view! {
        <Facts wide=true>
            <Fact term="Role"><LevelTag level=row.role.level.rank() label=row.role.level.word() /> {what}</Fact>
            {part(&row.scope).map(|part| view! { <Fact term="Part">{part}</Fact> })}
            <Fact term="Runs">{move || when(&row, zone, now.get())}</Fact>
            {ticket}
            <Fact term="Request"><a class="link" href=href>{number}</a></Fact>
        </Facts>
    }
}

/// "2 h, on approval until about 16:18".
fn when(row: &domain::activation::ActivationRow, zone: Zone, now: i64) -> String {
    let at = instant(now);
    match (row.state, row.requested_start.filter(|start| *start > at)) {
        (State::PendingApproval, None) => {
            format!(
                "{}, on approval until about {}",
                row.duration.words(),
                zone.short(row.duration.after(at), at)
            )
        }
        _ => runs(row, zone, at),
    }
}

fn reason(detail: &ActivationDetail) -> impl IntoView + use<> {
    let said = detail.row.justification.clone();
    (!said.is_empty()).then(|| view! { <blockquote class="quote">"“"{said}"”"</blockquote> })
}

/// How many of those who are needed have agreed so far.
fn agreed(detail: &ActivationDetail) -> impl IntoView + use<> {
    let needed = detail.stage.as_ref().map_or(1, |stage: &Stage| stage.needed);
    let names: Vec<_> = detail
        .decisions
        .iter()
        .filter(|decision| decision.verdict == Verdict::Approved)
        .map(|decision| decision.by.name.clone())
        .collect();
    let open = detail.row.state == State::PendingApproval;
    (needed > 1 && open).then(|| {
        let who = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        view! { <p class="muted">{format!("{} of {needed} agreed so far{who}.", names.len())}</p> }
    })
}

/// Why there is nothing to decide: it is one's own, one has decided, somebody was faster, or it is over.
#[component]
fn Settled(detail: ActivationDetail) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let see =
        view! { <ButtonLink href=format!("/requests/{}", detail.row.id)>"See the request"</ButtonLink> };
    let lead = move || why_not(&detail, zone, now.get());
    view! { {move || view! { <Strip mood=Mood::Neutral lead=lead() /> }} <div class="actions">{see}</div> }
        .into_any()
}

fn why_not(detail: &ActivationDetail, zone: Zone, now: i64) -> String {
    let row = &detail.row;
    if is_waiting(row, now) {
        return match detail.decisions.last() {
            _ if detail.own => domain::Problem::new(domain::Code::OwnRequest).sentence(),
            Some(decision) => format!("{} More must agree.", decided(decision, zone, now)),
            None => domain::Problem::new(domain::Code::NotAnApprover).sentence(),
        };
    }
    match (row.state, detail.decisions.last()) {
        (State::Canceled, _) => "It was withdrawn before anybody decided.".to_owned(),
        (State::TimedOut | State::PendingApproval, _) => "Nobody decided in time.".to_owned(),
        (_, Some(decision)) => decided(decision, zone, now),
        (state, None) => domain::Problem::new(domain::Code::NoLongerPending).limit(state.word()).sentence(),
    }
}

/// "Priya Raman approved this at 14:19, 1 min ago."
fn decided(decision: &DecisionRow, zone: Zone, now: i64) -> String {
    let verb = match decision.verdict {
        Verdict::Approved => "approved",
        Verdict::Denied => "denied",
    };
    let ago = time::relative(decision.at.timestamp(), now);
    let why = if decision.justification.is_empty() {
        ".".to_owned()
    } else {
        format!(": “{}”", decision.justification)
    };
    format!("{} {verb} this at {}, {ago}{why}", decision.by.name, zone.short(decision.at, instant(now)))
}
