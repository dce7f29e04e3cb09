//! The bar to decide with: one form, two buttons. On mobile it is fixed at the bottom edge.

use domain::{
    Code,
    activation::{ActivationDetail, ActivationId, ActivationRow, Move, State},
    role_settings::ApproverJustification,
};
use leptos::prelude::*;

use super::{end::after, words::instant};
use crate::{
    act::{ActForm, FormAct},
    api::activation::ActivationDecide,
    form::{FormKey, refusal, typed},
    ui::{Arc, Button, ButtonKind, ButtonSize, CodeField, IconName, Mood, Strip, TextField, time, use_now},
    when::use_zone,
};

/// The act, made by the page around list and detail: it outlives the detail.
#[derive(Clone, Copy)]
struct Deciding(FormAct<ActivationDecide>);

/// Makes the act.
pub(super) fn provide_decide() {
    let (now, zone) = (use_now(), use_zone());
    let action = FormAct::<ActivationDecide>::new();
    provide_context(Deciding(action));
    let clock = move |at| zone.short(at, instant(now.get_untracked()));
    after(action, move |row| match row {
        Some(row) => outcome(row, clock),
        None => ("Decided.".to_owned(), String::new()),
    });
}

/// What came of a decision.
fn outcome(row: &ActivationRow, clock: impl Fn(domain::Instant) -> String) -> (String, String) {
    let (person, role) = (&row.person.name, &row.role.name);
    let (lead, text) = match (row.state, row.ends_at, row.requested_start) {
        (State::Active, Some(end), _) => {
            ("Approved.", format!("{person} holds {role} until {}.", clock(end)))
        }
        (State::Scheduled, _, Some(start)) => {
            ("Approved.", format!("{role} starts {} for {person}.", clock(start)))
        }
        (State::Denied, ..) => ("Denied.", format!("{person} is told.")),
        (State::PendingApproval, ..) => ("Approved.", "More must agree.".to_owned()),
        _ => ("Decided.", format!("{person} is told.")),
    };
    (lead.to_owned(), text)
}

/// The bar. It stands as long as the request waits for this person.
#[component]
pub(super) fn DecideBar(id: ActivationId, detail: Signal<ActivationDetail>) -> impl IntoView {
    let (now, zone) = (use_now(), use_zone());
    let action = expect_context::<Deciding>().0;
    let refusal = refusal(action);
    let shown = detail.get_untracked();
    let first_name = shown.row.person.name.split_whitespace().next().unwrap_or_default().to_owned();
    let asked = shown.stage.as_ref().map_or(ApproverJustification::ToDeny, |stage| stage.justification);
    let asks_code = Memo::new(move |_| detail.with(|detail| detail.asks_code.contains(&Move::Decide)));
    // What was refused for another request is none of this one's business.
    action.clear();
    let placeholder = format!("Why? {first_name} and the record see this");
    let error = {
        let reads = format!("Say why. {first_name} reads this.");
        Signal::derive(move || {
            let problem = refusal.problem()?;
            let problem = problem.of_field("justification")?.clone();
            Some(if problem.code == Code::JustificationRequired { reads.clone() } else { problem.sentence() })
        })
    };
    let lapses_at = shown.row.lapses_at.unwrap_or(shown.row.requested_at);
    let total = Signal::stored((lapses_at - shown.row.requested_at).num_seconds());
    let left = Signal::derive(move || (lapses_at.timestamp() - now.get()).max(0));
    let tone = Signal::derive(move || time::tone_to_decide(left.get()));
    let lapses = move || {
        let clock = zone.short(lapses_at, instant(now.get()));
        format!("Lapses {clock}, in {}, if nobody decides", time::countdown(left.get()))
    };
    let strip = move || {
        let lead = refusal.lead()?;
        Some(view! { <div class="decide-note"><Strip mood=Mood::Red lead announce=true /></div> })
    };
    let before = typed::<ActivationDecide>("justification", "");
    view! {
        <ActForm act=action attr:class="decide-bar">
            // A disabled first button: Enter in a field decides nothing.
            <button type="submit" disabled hidden></button>
            <input type="hidden" name="form[id]" value=id.to_string() />
            <input type="hidden" name="form[digest]" value=shown.row.digest.clone() />
            <FormKey act=action />
            {strip}
            <TextField
                name="form[justification]"
                label="Justification"
                value=before
                bound=bound(asked)
                placeholder
                maxlength=500_u32
                autocomplete="off"
                error
            />
            <Show when=move || asks_code.get()>
                <CodeField name="form[code]" label="Code from your app" small=true error=refusal.field("code") />
            </Show>
            <div class="actions">
                <Button
                    kind=ButtonKind::Deny
                    size=ButtonSize::Large
                    submit=true
                    icon=IconName::Cross
                    name="form[verdict]"
                    value="denied"
                    busy=action.sends("verdict", "denied".to_owned())
                >
                    "Deny"
                </Button>
                <Button
                    kind=ButtonKind::Primary
                    size=ButtonSize::Large
                    submit=true
                    icon=IconName::Check
                    name="form[verdict]"
                    value="approved"
                    busy=action.sends("verdict", "approved".to_owned())
                >
                    {format!("Approve for {}", shown.row.duration.words())}
                </Button>
            </div>
            <p class="decide-note with-icon small muted"><Arc total left tone size=16 /> {lapses}</p>
        </ActForm>
    }
    .into_any()
}

/// What is said at the right of the label.
const fn bound(asked: ApproverJustification) -> &'static str {
    match asked {
        ApproverJustification::Always => "needed",
        ApproverJustification::ToDeny => "needed to deny, optional to approve",
        ApproverJustification::Never => "optional",
    }
}
