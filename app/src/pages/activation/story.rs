//! What has happened to a request, in order, and what is to come.

use domain::{
    Instant, Span,
    activation::{ActivationDetail, State, Step},
    event::EventKind,
};
use leptos::prelude::*;

use super::words::instant;
use crate::{
    ui::{self, Dot, IconName, Mood, Timeline, time, use_now},
    when::{Zone, use_zone},
};

/// A step in words.
struct Told {
    dot: Dot,
    lead: &'static str,
    text: String,
    quote: Option<String>,
}

/// The timeline.
#[component]
pub(super) fn Story(detail: ActivationDetail) -> impl IntoView {
    let zone = use_zone();
    let ahead = ahead(&detail, zone);
    let steps: Vec<_> = shown(&detail.steps).collect();
    let last = steps.len().saturating_sub(1);
    let mut lines = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let next = steps.get(n + 1).map(|next| next.at);
        let duty = step.kind == EventKind::ActivationActivated;
        let Told { dot, lead, text, quote } = told(step, &detail);
        let (clock, full_time) = (zone.clock_seconds(step.at), zone.full(step.at));
        let span = match (duty, n == last && ahead.is_some()) {
            (true, _) => ui::Span::Duty,
            (false, true) => ui::Span::Ahead,
            (false, false) => ui::Span::Past,
        };
        let wait = wait(step.at, next, duty && detail.row.state == State::Active, duty, zone);
        lines.push(match quote {
            Some(quote) => {
                view! { <ui::Step time=clock full_time dot lead text quote wait span /> }.into_any()
            }
            None => view! { <ui::Step time=clock full_time dot lead text wait span /> }.into_any(),
        });
    }
    view! { <Timeline>{lines} {ahead}</Timeline> }.into_any()
}

/// One line a fact: who agreed last approved it, and what nobody waits for is not told.
fn shown(steps: &[Step]) -> impl Iterator<Item = &Step> {
    steps.iter().filter(|step| step.kind != EventKind::ActivationScheduled)
}

/// How long until the next step, and on which day that was if on another one.
fn wait(from: Instant, next: Option<Instant>, running: bool, duty: bool, zone: Zone) -> MaybeProp<String> {
    let now = use_now();
    MaybeProp::derive(move || {
        let until = match next {
            Some(next) => next,
            None if running => instant(now.get()),
            None => return None,
        };
        let seconds = Span::between(from, until).as_seconds();
        let day = zone.day(until, from);
        let other_day = (day != zone.day(from, from)).then_some(day);
        let length = (seconds >= 60 || duty).then(|| exact(seconds, duty));
        let words: Vec<_> = length.into_iter().chain(other_day).collect();
        (!words.is_empty()).then(|| words.join(", "))
    })
}

/// "6 min 12 s", "2 h 8 min on duty".
fn exact(seconds: i64, duty: bool) -> String {
    let length = time::countdown(seconds);
    if duty { format!("{length} on duty") } else { length }
}

fn told(step: &Step, detail: &ActivationDetail) -> Told {
    let by = |verb: &str| step.by.as_ref().map_or_else(String::new, |by| format!("{verb}by {}", by.name));
    let who = |icon| match &step.by {
        Some(by) => Dot::Person(by.name.clone(), by.id.to_string()),
        None => Dot::Icon(icon, Mood::Neutral),
    };
    let (dot, lead, text) = match step.kind {
        EventKind::ActivationRequested => {
            let length = detail.row.duration.words();
            (who(IconName::Person), "Asked", format!("{} for {length}", by("")))
        }
        EventKind::ActivationAgreed => {
            (who(IconName::Check), "Approved", format!("{}, and more must agree", by("")))
        }
        EventKind::ActivationApproved => (who(IconName::Check), "Approved", by("")),
        EventKind::ActivationDenied => (who(IconName::Cross), "Denied", by("")),
        EventKind::ActivationActivated => (
            Dot::Icon(IconName::Lightning, Mood::Green),
            "Active",
            "the role is held from here on".to_owned(),
        ),
        EventKind::ActivationCanceled => {
            (who(IconName::Cross), if detail.own { "Withdrawn" } else { "Canceled" }, canceled(step, detail))
        }
        EventKind::ActivationTimedOut => {
            (Dot::Icon(IconName::Clock, Mood::Neutral), "Lapsed", "nobody decided in time".to_owned())
        }
        EventKind::ActivationFailed => {
            (Dot::Icon(IconName::Octagon, Mood::Red), "Failed", cause_words(detail))
        }
        EventKind::ActivationEndAnnounced => {
            (Dot::Icon(IconName::Bell, Mood::Neutral), "Reminded", "that it ends soon".to_owned())
        }
        EventKind::ActivationEnded => ended(step, detail),
        _ => (Dot::Icon(IconName::Info, Mood::Neutral), "Recorded", step.kind.as_str().to_owned()),
    };
    Told { dot, lead, text, quote: said(step, detail) }
}

fn canceled(step: &Step, detail: &ActivationDetail) -> String {
    match &step.by {
        Some(by) => format!("by {}", by.name),
        None => cause_words(detail),
    }
}

fn ended(step: &Step, detail: &ActivationDetail) -> (Dot, &'static str, String) {
    let back = detail.given_back.map(|span| format!("{} given back", time::span(span.as_seconds())));
    match &step.by {
        Some(by) => {
            let dot = Dot::Person(by.name.clone(), by.id.to_string());
            let lead = if by.id == detail.row.person.id { "Deactivated" } else { "Ended" };
            let words: Vec<_> = [format!("by {}", by.name)].into_iter().chain(back).collect();
            (dot, lead, words.join(", "))
        }
        None => (Dot::Icon(IconName::Check, Mood::Neutral), "Ended", cause_words(detail)),
    }
}

fn cause_words(detail: &ActivationDetail) -> String {
    detail.row.cause.map(|cause| cause.words().to_owned()).unwrap_or_default()
}

/// What somebody wrote: the reason without the cause that the record puts before it.
fn said(step: &Step, detail: &ActivationDetail) -> Option<String> {
    let reason = step.reason.as_deref()?;
    let reason = match detail.row.cause.map(domain::activation::Cause::as_str) {
        Some(cause) if reason == cause => "",
        Some(cause) => reason.strip_prefix(cause).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason),
        None => reason,
    };
    Some(reason.to_owned()).filter(|reason| !reason.is_empty())
}

/// The present moment and the next one that matters, while there is one.
fn ahead(detail: &ActivationDetail, zone: Zone) -> Option<AnyView> {
    let now = use_now();
    let (due, words) = match detail.row.state {
        State::Active => (detail.row.ends_at?, "Ends by itself"),
        State::PendingApproval => (detail.row.lapses_at?, "Lapses, if nobody decides"),
        State::Scheduled => (detail.row.requested_start?, "Starts by itself"),
        _ => return None,
    };
    let left = move || time::countdown(due.timestamp() - now.get());
    let view = move || {
        let at = instant(now.get());
        let (clock, day) = (zone.clock(due), zone.day(due, at));
        let text = if day == zone.day(at, at) { words.to_owned() } else { format!("{words}, {day}") };
        view! {
            <ui::Step time=zone.clock(at) dot=Dot::Now lead="Now" text=format!("{} left", left()) span=ui::Span::Ahead />
            <ui::Step time=clock full_time=zone.full(due) dot=Dot::Icon(IconName::Clock, Mood::Neutral) lead="" text span=ui::Span::Ahead />
        }
    };
    Some(view.into_any())
}
