//! The fields of a request for a role: only those that the role's rules ask for.

use domain::{
    activation::{ActivationForm, EligibleRole},
    role::builtin,
    role_settings::TicketRule,
};
use leptos::prelude::*;

use super::words::{any_of, faces, instant, part};
use crate::{
    act::{ActForm, FormAct},
    api::activation::ActivationRequest,
    form::{FormKey, Refusal, typed},
    ui::{Choice, CodeField, Mood, Ruler, Segmented, Select, Strip, TextArea, TextField, time, use_now},
    when::{Zone, use_zone},
};

/// What was typed before, if the plain form was refused.
fn before(name: &str, otherwise: impl Into<String>) -> String {
    typed::<ActivationRequest>(name, otherwise)
}

/// The form. `duration` and `later` are what the button at the foot speaks of.
#[component]
pub(super) fn RequestFields(
    form: Memo<ActivationForm>,
    action: FormAct<ActivationRequest>,
    refusal: Refusal,
    duration: RwSignal<i64>,
    later: RwSignal<bool>,
    id: &'static str,
) -> impl IntoView {
    let first = form.get_untracked();
    let Some(role) = first.eligible.first().cloned() else { return ().into_any() };
    let rules = role.rules.clone();
    let asks_code = Memo::new(move |_| form.with(|form| form.asks_code));
    focus_first_wrong(action);
    let strip = move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> });
    let starts_at = RwSignal::new(before("starts_at", ""));
    later.set(before("start", "now") == "later");
    let reason = rules.justification.map(|least| view! { <Reason least refusal approval=role.approval /> });
    let ticket = rules.ticket.clone().map(|rule| view! { <TicketNumber rule refusal /> });
    view! {
        <ActForm act=action attr:id=id>
            <input type="hidden" name="form[role]" value=role.role.id.to_string() />
            <FormKey act=action />
            {strip}
            <Grants form />
            <Part eligible=first.eligible.clone() refusal />
            <Duration form=first.clone() role=role.clone() refusal duration later starts_at />
            {rules.start_ahead.map(|_| view! { <Start form=first.clone() role=role.clone() refusal later starts_at /> })}
            {reason}
            {ticket}
            <Show when=move || asks_code.get()>
                <CodeField name="form[code]" error=refusal.field("code") />
            </Show>
            <Approvers form />
        </ActForm>
    }
    .into_any()
}

/// What the role grants, and who holds it now.
#[component]
fn Grants(form: Memo<ActivationForm>) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let grants = form.with_untracked(|form| form.eligible.first().map(|role| role.description.clone()));
    let grants = grants.filter(|words| !words.is_empty());
    let holders = move || form.with(|form| holders(form, zone, instant(now.get_untracked())));
    view! {
        <p class="grants">
            {grants.map(|words| {
                let words = words.trim_end_matches('.').to_owned();
                view! { <strong>"Grants"</strong>" "{words}". " }
            })}
            {holders}
        </p>
    }
    .into_any()
}

fn holders(form: &ActivationForm, zone: Zone, now: domain::Instant) -> String {
    match form.holders.as_slice() {
        [] => "Nobody holds it now.".to_owned(),
        [(one, Some(end))] => format!("{} holds it now, until {}.", one.name, zone.short(*end, now)),
        [(one, None)] => format!("{} holds it now, all the time.", one.name),
        [(one, _), (two, _)] => format!("{} and {} hold it now.", one.name, two.name),
        [(one, _), others @ ..] => format!("{} and {} others hold it now.", one.name, others.len()),
    }
}

/// Which part of the organisation: a choice when there are several, and a narrower one by hand.
#[component]
fn Part(eligible: Vec<EligibleRole>, refusal: Refusal) -> impl IntoView {
    let scopes: Vec<_> = eligible.iter().map(|role| role.scope.clone()).collect();
    let first = scopes.first().map(ToString::to_string).unwrap_or_default();
    let choice = match scopes.as_slice() {
        [_] => view! { <input type="hidden" name="form[scope]" value=first.clone() /> }.into_any(),
        _ => {
            let name = |scope| part(scope).unwrap_or_else(|| "Everything".to_owned());
            let options = scopes.iter().map(|scope| Choice::new(scope.to_string(), name(scope))).collect();
            view! { <Select name="form[scope]" label="For which part" options value=before("scope", first.clone()) /> }.into_any()
        }
    };
    // Roles of Stint itself have no parts.
    let whole = eligible.first().is_some_and(|role| builtin::is(role.role.id));
    let narrower = (!whole).then(|| {
        let typed = before("narrower", "");
        let open = !typed.is_empty();
        view! {
            <details class="narrower" open=move || open || refusal.problem().is_some_and(|problem| problem.of_field("scope").is_some())>
                <summary>"Only for a part of it"</summary>
                <TextField
                    name="form[narrower]"
                    label="Part of the organisation"
                    value=typed
                    placeholder="/finance/payroll"
                    hint="A path below what you are eligible for. Empty for all of it."
                    error=refusal.field("scope")
                    maxlength=200_u32
                    autocomplete="off"
                />
            </details>
        }
    });
    view! { {choice} {narrower} }.into_any()
}

/// For how long.
#[component]
fn Duration(
    form: ActivationForm,
    role: EligibleRole,
    refusal: Refusal,
    duration: RwSignal<i64>,
    later: RwSignal<bool>,
    starts_at: RwSignal<String>,
) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let (least, most) = (form.shortest.as_seconds().max(1), role.rules.longest.as_seconds());
    let proposed = role.rules.proposed.as_seconds().clamp(least, most.max(least));
    let typed = before("duration", "").parse::<i64>().ok();
    duration.set(typed.unwrap_or(proposed));
    // Several parts may end at different times.
    let until = role.until.filter(|_| form.eligible.len() == 1);
    let approval = role.approval;
    let ends = Callback::new(move |seconds: i64| {
        let at = instant(now.get());
        let start = later.get().then(|| zone.read(&starts_at.read())).flatten().filter(|start| *start > at);
        let end = domain::Span::seconds(seconds).after(start.unwrap_or(at));
        let end = until.map_or(end, |until| end.min(until));
        let about = if approval && start.is_none() { "about " } else { "" };
        format!("ends {about}{}", day_and_clock(end, at, zone))
    });
    let limit = format!("{} max", time::span(most));
    view! {
        <Ruler
            name="form[duration]"
            label="For how long"
            value=duration
            least
            most
            limit
            ends
            choices=choices(least, most, proposed)
            error=refusal.field("duration")
        />
    }
    .into_any()
}

/// "15:48 today", "00:10 tomorrow", "25 Nov 00:10".
fn day_and_clock(at: domain::Instant, now: domain::Instant, zone: Zone) -> String {
    let tomorrow = domain::Span::days(1).after(now);
    match zone.day(at, now) {
        day if day == zone.day(now, now) => format!("{} today", zone.clock(at)),
        day if day == zone.day(tomorrow, now) => format!("{} tomorrow", zone.clock(at)),
        _ => zone.short(at, now),
    }
}

/// At most five quick choices, with the proposed one and the limit among them.
fn choices(least: i64, most: i64, proposed: i64) -> Vec<i64> {
    const ROUND: [i64; 7] = [900, 1800, 3600, 7200, 14_400, 28_800, 43_200];
    let mut all: Vec<i64> = ROUND
        .into_iter()
        .chain([proposed, most])
        .filter(|seconds| (least..=most).contains(seconds))
        .collect();
    all.sort_unstable();
    all.dedup();
    while all.len() > 5 {
        // The shortest goes first; neither the proposal nor the limit ever does.
        let Some(out) = all.iter().position(|seconds| *seconds != proposed && *seconds != most) else {
            break;
        };
        all.remove(out);
    }
    all
}

/// Now, or at a set time in the person's zone.
#[component]
fn Start(
    form: ActivationForm,
    role: EligibleRole,
    refusal: Refusal,
    later: RwSignal<bool>,
    starts_at: RwSignal<String>,
) -> impl IntoView {
    let zone = use_zone();
    let now = if role.approval { "On approval" } else { "Now" };
    let options = vec![Choice::new("now", now), Choice::new("later", "At a set time")];
    let latest = role.rules.start_ahead.map(|ahead| zone.field(ahead.after(form.now)));
    let hint =
        role.rules.start_ahead.map(|ahead| format!("{} time, at most {} ahead", zone.place(), ahead.words()));
    let value = before("start", "now");
    let on_choice = Some(Callback::new(move |choice: String| later.set(choice == "later")));
    view! {
        <div class="start">
            <div class="line between">
                <span class="start-label">"Start"</span>
                <Segmented name="form[start]" label="Start" options value on_choice />
            </div>
            <div class="start-at">
                <TextField
                    name="form[starts_at]"
                    label="Date and time"
                    kind="datetime-local"
                    value=starts_at.get_untracked()
                    min=zone.field(form.now)
                    max=latest.unwrap_or_default()
                    hint=hint.unwrap_or_default()
                    error=refusal.field("starts_at")
                    on_text=Callback::new(move |text| starts_at.set(text))
                />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Reason(least: u16, refusal: Refusal, approval: bool) -> impl IntoView {
    let bound = if approval { "approvers and the record show it" } else { "the record shows it" };
    view! {
        <TextArea
            name="form[justification]"
            label="Reason"
            value=before("justification", "")
            least=usize::from(least)
            maxlength=500_u32
            bound
            placeholder="What you are going to do"
            error=refusal.field("justification")
        />
    }
    .into_any()
}

#[component]
fn TicketNumber(rule: TicketRule, refusal: Refusal) -> impl IntoView {
    let placeholder = Some(rule.example).filter(|example| !example.is_empty()).unwrap_or_default();
    view! {
        <TextField
            name="form[ticket]"
            label="Ticket"
            value=before("ticket", "")
            bound=rule.system
            placeholder
            maxlength=64_u32
            autocomplete="off"
            icon=crate::ui::IconName::Ticket
            error=refusal.field("ticket")
        />
    }
    .into_any()
}

/// Who would decide, and until when.
#[component]
fn Approvers(form: Memo<ActivationForm>) -> impl IntoView {
    move || {
        form.with(|form| {
            let stage = form.stage.as_ref()?;
            let names = any_of(&form.approvers);
            let who = match stage.needed {
                0 | 1 => format!("{names} approves"),
                needed => format!("{needed} of them approve: {names}"),
            };
            let lapses = format!("The request lapses after {}.", stage.timeout.words());
            Some(view! {
                <div class="who-decides">
                    {faces(&form.approvers)}
                    <span class="two">
                        <span>{who}</span>
                        <span>{lapses}</span>
                    </span>
                </div>
            })
        })
    }
}

/// After a refusal the focus goes to the first field that needs attention.
#[cfg(feature = "hydrate")]
fn focus_first_wrong(action: FormAct<ActivationRequest>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
    Effect::new(move |before: Option<usize>| {
        let version = action.version().get();
        if before.is_some_and(|before| before != version) {
            // The sentences are drawn after this effect.
            request_animation_frame(|| {
                let wrong = document().query_selector("dialog [aria-invalid=true]").ok().flatten();
                if let Some(field) = wrong.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                    // What cannot have the focus leaves it where it is.
                    let _ = field.focus();
                }
            });
        }
        version
    });
}

#[cfg(not(feature = "hydrate"))]
const fn focus_first_wrong(_action: FormAct<ActivationRequest>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_choices_are_few_and_hold_the_proposal_and_the_limit() {
        assert_eq!(choices(300, 14_400, 5400), [1800, 3600, 5400, 7200, 14_400]);
        assert_eq!(choices(300, 28_800, 3600), [1800, 3600, 7200, 14_400, 28_800]);
        assert_eq!(choices(5, 60, 20), [20, 60]);
    }
}
