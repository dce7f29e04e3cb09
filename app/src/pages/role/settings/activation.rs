//! Knobs of what an activation must fulfil.

use domain::{Span, role_settings::SecondFactor};
use leptos::prelude::*;

use super::edit::{Edit, first, first_on};
use crate::ui::{Card, Choice, IconName, Ruler, Segmented, Select, Setting, Switch, TextField};

/// Durations to choose from, in minutes.
const PROPOSED: [i64; 8] = [15, 30, 60, 120, 240, 480, 720, 1_440];

/// Spans to choose from, with the present one among them.
pub(super) fn spans(minutes: &[i64], present: Span) -> Vec<Choice> {
    let mut spans: Vec<Span> = minutes.iter().copied().map(Span::minutes).chain([present]).collect();
    spans.sort_unstable();
    spans.dedup();
    spans.into_iter().map(|span| Choice::new(span.as_seconds().to_string(), span.words())).collect()
}

/// The choice of three, and the minutes, of a second factor.
pub(super) fn factor(factor: SecondFactor) -> (&'static str, u8) {
    match factor {
        SecondFactor::NotAsked => ("none", 10),
        SecondFactor::InSession => ("session", 10),
        SecondFactor::Fresh { minutes } => ("fresh", minutes),
    }
}

pub(super) fn factors() -> Vec<Choice> {
    vec![
        Choice::new("none", "None"),
        Choice::new("session", "In session"),
        Choice::new("fresh", "Fresh code"),
    ]
}

/// The finest step of the ruler that reaches the present value.
const fn least(seconds: i64) -> i64 {
    match (seconds % 300, seconds % 60) {
        (0, _) => 300,
        (_, 0) => 60,
        _ => 1,
    }
}

#[component]
pub(super) fn ActivationCard(edit: Edit) -> impl IntoView {
    let rules = edit.saved().activation;
    let longest = first("longest", rules.longest.as_seconds().to_string()).parse().unwrap_or(3_600);
    let value = RwSignal::new(longest);
    let (kind, minutes) = factor(rules.second_factor);
    view! {
        <Card title="Activation" icon=IconName::Lightning rows=true>
            <Setting name="Longest activation" hint="up to 24 h" changed=edit.differs(&["Longest activation"])>
                <Ruler name="form[longest]" label="Longest activation" value least=least(longest) most=86_400 small=true error=edit.wrong("longest") />
            </Setting>
            <Setting name="Suggested at first" changed=edit.differs(&["Suggested at first"])>
                <Select
                    name="form[proposed]"
                    label="Suggested at first"
                    label_hidden=true
                    options=spans(&PROPOSED, rules.proposed)
                    value=first("proposed", rules.proposed.as_seconds().to_string())
                    error=edit.wrong("proposed")
                />
            </Setting>
            <Setting name="Proof of identity" changed=edit.differs(&["Proof of identity"]) error=edit.wrong("second_factor")>
                <Segmented name="form[second_factor]" label="Proof of identity" options=factors() value=first("second_factor", kind) />
            </Setting>
            <Setting name="A fresh code counts for" hint="0: a code every time" changed=edit.differs(&["Proof of identity"])>
                <TextField name="form[fresh]" label="Minutes that a code counts" label_hidden=true kind="number" min="0" max="60" value=first("fresh", minutes.to_string()) />
                "minutes"
            </Setting>
            <Setting name="Reason" hint="at least" changed=edit.differs(&["Reason"])>
                <TextField
                    name="form[least]"
                    label="Least characters of a reason"
                    label_hidden=true
                    kind="number"
                    min="1"
                    max="500"
                    value=first("least", rules.justification.unwrap_or(10).to_string())
                    error=edit.wrong("justification")
                />
                "characters"
                <Switch name="form[reason]" label="Ask for a reason" on=first_on("reason", rules.justification.is_some()) />
            </Setting>
            <TicketKnobs edit />
            <LimitKnobs edit />
        </Card>
    }
    .into_any()
}

#[component]
fn TicketKnobs(edit: Edit) -> impl IntoView {
    let ticket = edit.saved().activation.ticket;
    let is_on = ticket.is_some();
    let (system, pattern, example) =
        ticket.map(|rule| (rule.system, rule.pattern, rule.example)).unwrap_or_default();
    view! {
        <Setting name="Ticket" plain_switch=true changed=edit.differs(&["Ticket"])>
            <Switch name="form[ticket]" label="Ask for a ticket" on=first_on("ticket", is_on) />
        </Setting>
        <Setting name="Ticket system" hint="its name">
            <TextField name="form[ticket_system]" label="Ticket system" label_hidden=true value=first("ticket_system", system) placeholder="Jira" maxlength=64_u32 error=edit.wrong("ticket_system") />
        </Setting>
        <Setting name="Ticket pattern" hint="a regular expression for the whole number; any number when empty">
            <TextField name="form[ticket_pattern]" label="Ticket pattern" label_hidden=true mono=true value=first("ticket_pattern", pattern) placeholder="OPS-[0-9]+" maxlength=200_u32 error=edit.wrong("ticket_pattern") />
        </Setting>
        <Setting name="Ticket example" hint="shown when a number does not fit">
            <TextField name="form[ticket_example]" label="Ticket example" label_hidden=true mono=true value=first("ticket_example", example) placeholder="OPS-1234" maxlength=64_u32 error=edit.wrong("ticket_example") />
        </Setting>
    }
}

#[component]
fn LimitKnobs(edit: Edit) -> impl IntoView {
    let rules = edit.saved().activation;
    view! {
        <Setting name="May start later" hint="up to 90 days ahead" changed=edit.differs(&["May start later"])>
            <TextField
                name="form[ahead]"
                label="How far ahead it may start"
                label_hidden=true
                value=first("ahead", rules.start_ahead.unwrap_or(Span::days(14)).words())
                error=edit.wrong("start_ahead")
            />
            <Switch name="form[later]" label="May start later" on=first_on("later", rules.start_ahead.is_some()) />
        </Setting>
        <Setting name="People at once" hint="planned ones count" changed=edit.differs(&["People at once"])>
            <TextField
                name="form[holders]"
                label="How many may hold it at once"
                label_hidden=true
                kind="number"
                min="1"
                value=first("holders", rules.holders.unwrap_or(1).to_string())
                error=edit.wrong("holders")
            />
            <Switch name="form[limited]" label="Limit how many hold it at once" on=first_on("limited", rules.holders.is_some()) />
        </Setting>
        <Setting name="Pause after an activation" hint="before the next one" changed=edit.differs(&["Pause after an activation"])>
            <TextField
                name="form[pause]"
                label="How long to pause"
                label_hidden=true
                value=first("pause", rules.pause.unwrap_or(Span::minutes(30)).words())
                error=edit.wrong("pause")
            />
            <Switch name="form[pauses]" label="Pause after an activation" on=first_on("pauses", rules.pause.is_some()) />
        </Setting>
    }
}
