//! Activating one role: a sheet over *My roles*, at an address of its own that can be mailed and kept.

use crate::ui::PageTitle;
use domain::{
    activation::{ActivationForm, ActivationRow, EligibleRole, State},
    role::LiveActivation,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    end::after,
    request_form::RequestFields,
    words::{any_of, instant},
};
use crate::{
    AppError, AppResult,
    act::FormAct,
    api::activation::{ActivationRequest, activation_form},
    form::{Refusal, refusal},
    load::{Refused, or_before},
    loading::{Loading, loading},
    refresh::{Topic, changes},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, LevelTag, LevelTile, Mood, Sheet, Strip, time, use_now,
    },
    when::use_zone,
};

/// The id of the form, for the button at the foot of the sheet.
const FORM: &str = "activate";

/// The act, made by the page below the sheet: it outlives the sheet, so that what came of it can still be said.
#[derive(Clone, Copy)]
struct Request(FormAct<ActivationRequest>);

/// Makes the act.
pub(super) fn provide_request() {
    let (now, zone) = (use_now(), use_zone());
    let action = FormAct::<ActivationRequest>::new();
    provide_context(Request(action));
    after(action, move |sent| {
        let at = instant(now.get_untracked());
        let until = |end: domain::Instant| {
            format!("{}, {}", zone.short(end, at), time::relative(end.timestamp(), at.timestamp()))
        };
        match sent {
            Some(sent) => outcome(sent, until),
            None => ("Sent.".to_owned(), String::new()),
        }
    });
}

/// What came of a request.
fn outcome(sent: &ActivationRow, until: impl Fn(domain::Instant) -> String) -> (String, String) {
    let name = &sent.role.name;
    match (sent.state, sent.ends_at, sent.lapses_at, sent.requested_start) {
        (State::Active, Some(end), ..) => ("Active.".to_owned(), format!("{name} ends {}.", until(end))),
        (State::PendingApproval, _, Some(lapse), _) => {
            ("Asked.".to_owned(), format!("{} decides before {}.", any_of(&sent.approvers), until(lapse)))
        }
        (State::Scheduled, .., Some(start)) => {
            ("Planned.".to_owned(), format!("{name} starts {}.", until(start)))
        }
        _ => ("Sent.".to_owned(), name.clone()),
    }
}

/// The sheet.
#[component]
pub fn ActivateSheet() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get_str("key").unwrap_or_default().to_owned()));
    let changes = changes(&[Topic::Activation, Topic::Assignment, Topic::Role]);
    let form = loading(move || (key.get(), changes.get()), |(key, _)| activation_form(key));
    let action = expect_context::<Request>().0;
    let refusal = refusal(action);
    // Of an earlier request nothing must be left.
    action.clear();
    let outcome = move || {
        let outcome = Memo::new(move |before| {
            let now =
                form.with(|answer| answer.map(|answer| answer.as_ref().map(names).map_err(Clone::clone)));
            or_before(now, before)
        });
        // The sheet is built once for each role: what was typed outlives whatever changes elsewhere.
        let key = |shown: &Shown| match shown {
            Ok(role) => role.as_ref().map(|role| role.id.to_string()),
            Err(error) => Some(format!("{error:?}")),
        };
        let sheet = move |shown: Shown| match shown {
            Err(error) => view! { <Closed error /> }.into_any(),
            Ok(_) => open(form, action, refusal).into_any(),
        };
        view! { <For each=move || outcome.get() key children=sheet /> }
    };
    view! { <Transition>{outcome()}</Transition> }.into_any()
}

/// Whose form is shown, or why none is.
type Shown = AppResult<Option<domain::role::RoleRef>>;

fn open(
    form: Loading<ActivationForm>,
    action: FormAct<ActivationRequest>,
    refusal: Refusal,
) -> impl IntoView {
    let answer = move || form.get().and_then(Result::ok);
    let first = untrack(answer)?;
    let kept = Memo::new(move |_| answer().unwrap_or_else(|| first.clone()));
    Some(view! { <Open form=kept action refusal /> })
}

/// What makes it another form.
fn names(form: &ActivationForm) -> Option<domain::role::RoleRef> {
    form.eligible.first().map(|role| role.role.clone())
}

/// A role that cannot be activated, or that nobody knows of.
#[component]
fn Closed(error: AppError) -> impl IntoView {
    view! {
        <PageTitle text="Activate" />
        <Sheet title="Activate" close="/">
            <Refused error />
        </Sheet>
    }
    .into_any()
}

#[component]
fn Open(form: Memo<ActivationForm>, action: FormAct<ActivationRequest>, refusal: Refusal) -> impl IntoView {
    let Some(role) = form.with_untracked(|form| form.eligible.first().cloned()) else { return ().into_any() };
    let in_the_way = Memo::new(move |_| form.with(|form| in_the_way(&form.eligible)));
    let duration = RwSignal::new(0_i64);
    let later = RwSignal::new(false);
    let button = {
        let approval = role.approval;
        move || match (approval, later.get()) {
            (true, _) => "Request activation".to_owned(),
            (false, true) => format!("Plan {}", time::span(duration.get())),
            (false, false) => format!("Activate for {}", time::span(duration.get())),
        }
    };
    let busy = action.pending();
    let foot = view! {
        <ButtonLink href="/" kind=ButtonKind::Quiet size=ButtonSize::Large>"Cancel"</ButtonLink>
        <Show when=move || in_the_way.read().is_none()>
            <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form=FORM busy>{button}</Button>
        </Show>
    };
    let name = format!("Activate {}", role.role.name);
    let facts = view! { <LevelTag level=role.role.level.rank() label=role.role.level.word() /> };
    // The tag beside it says the same.
    let lead = view! { <LevelTile level=role.role.level.rank() size=40 label="" /> };
    view! {
        <PageTitle text=name.clone() />
        <Sheet title=name close="/" lead=lead.into_any() facts=facts.into_any() foot=foot.into_any()>
            <Show
                when=move || in_the_way.read().is_none()
                fallback=move || in_the_way.get().map(|live| view! { <InTheWay live /> })
            >
                <RequestFields form action refusal duration later id=FORM />
            </Show>
        </Sheet>
    }
    .into_any()
}

/// The live activation that leaves nothing to ask for.
fn in_the_way(eligible: &[EligibleRole]) -> Option<LiveActivation> {
    let live = eligible.iter().map(|role| role.live.clone()).collect::<Option<Vec<_>>>()?;
    live.into_iter().next()
}

/// What is on or waits already.
#[component]
fn InTheWay(live: LiveActivation) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let says = match (live.state, live.ends_at) {
        (State::Active, Some(end)) => {
            format!("You hold this role until {}.", zone.short(end, instant(now.get_untracked())))
        }
        (State::Active | State::Activating | State::Ending, _) => "You hold this role already.".to_owned(),
        _ => "You asked for this already.".to_owned(),
    };
    let see = view! { <ButtonLink href=format!("/requests/{}", live.id)>{format!("See R-{}", live.number)}</ButtonLink> };
    view! { <Strip mood=Mood::Amber lead=says actions=see.into_any()>"Nothing is left to activate."</Strip> }
        .into_any()
}
