//! The last step: what will be, as a sentence, with its effects; the reason, and the code where one is asked.

use domain::{
    assignment::{AssignmentKind, AssignmentPreview},
    person::{PersonRef, Principal},
    role::RoleDetail,
};
use leptos::prelude::*;

use super::{
    assign::is_of_period,
    plan::{Period, Plan, instant, kind_value},
};
use crate::{
    act::{ActForm, FormAct},
    api::{
        assignment::{AssignmentMake, principal_text},
        role::Seen,
    },
    form::{FormKey, Refusal, typed},
    step_up::{AdministratorCode, RefusalStrip},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Fact, Facts, IconName, Mood, Strip, TextArea, time,
        use_now,
    },
    when::use_zone,
};

#[component]
pub(super) fn CheckStep(
    plan: Plan,
    role: Seen<RoleDetail>,
    preview: AssignmentPreview,
    period: Period,
    make: FormAct<AssignmentMake>,
    refusal: Refusal,
) -> impl IntoView {
    let asks = plan.kind == AssignmentKind::Active && role.what.settings.active_justification;
    let back = plan.href(false);
    let to_period = back.clone();
    let elsewhere = move || {
        let is_there = refusal.problem().is_some_and(|problem| is_of_period(&problem));
        let href = to_period.clone();
        is_there.then(|| view! { <p><a href=href>"Change the period"</a></p> })
    };
    view! {
        <h1 class="title">"Check and assign"</h1>
        <Outcome plan=plan.clone() role=role.what.clone() preview=preview.clone() period />
        <Effects plan=plan.clone() role=role.what.clone() preview=preview.clone() />
        <Warnings preview />
        <ActForm act=make>
            <div class="form-rows">
                <RefusalStrip refusal />
                {elsewhere}
                <input type="hidden" name="form[role]" value=plan.role.to_string() />
                <input type="hidden" name="form[principal]" value=plan.who.map(principal_text).unwrap_or_default() />
                <input type="hidden" name="form[kind]" value=kind_value(plan.kind) />
                <input type="hidden" name="form[scope]" value=plan.scope.clone() />
                <input type="hidden" name="form[lasts]" value=plan.lasts_value() />
                <input type="hidden" name="form[seconds]" value=plan.length(plan.kind.rules(&role.what.settings).longest) />
                <input type="hidden" name="form[starts_at]" value=plan.from.clone() />
                <input type="hidden" name="form[ends_at]" value=plan.until.clone() />
                <TextArea
                    name="form[justification]"
                    label="Reason"
                    bound=if asks { "kept in the record" } else { "kept in the record, may stay empty" }
                    value={typed::<AssignmentMake>("justification", "")}
                    required=asks
                    maxlength=500_u32
                    error=refusal.field("justification")
                />
                <FormKey act=make />
                <AdministratorCode proved_until=Signal::stored(role.proved_until) refusal />
            </div>
            <div class="assign-foot">
                <ButtonLink href=back size=ButtonSize::Large icon=IconName::ArrowLeft>"Back"</ButtonLink>
                <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=make.pending()>"Assign"</Button>
            </div>
        </ActForm>
    }
    .into_any()
}

/// What will be, in one sentence.
#[component]
fn Outcome(plan: Plan, role: RoleDetail, preview: AssignmentPreview, period: Period) -> impl IntoView {
    let (zone, now) = (use_zone(), use_now().with_untracked(|seconds| instant(*seconds)));
    let (starts_at, ends_at) = period;
    let group =
        matches!(preview.principal.principal, Principal::Group(_)).then_some("Everyone in the group ");
    let (may, at_a_time) = match plan.kind {
        AssignmentKind::Eligible => {
            (" may activate ", Some((" for up to ", role.settings.activation.longest.words(), " at a time")))
        }
        AssignmentKind::Active => (" has ", None),
    };
    let place = plan
        .scope()
        .ok()
        .filter(|scope| !scope.is_everything())
        .map(|scope| view! { " in " <strong>{scope.to_string()}</strong> });
    let from = (starts_at > now).then(|| view! { ", from " <strong>{zone.short(starts_at, now)}</strong> });
    let until = match ends_at {
        None => view! { ", " <strong>"without an end"</strong> }.into_any(),
        Some(end) => view! {
            ", until " <strong title=zone.full(end)>{zone.short(end, now)}</strong>
            " (" {zone.place()} "), " {time::relative(end.timestamp(), now.timestamp())}
        }
        .into_any(),
    };
    view! {
        <p class="say">
            {group} <strong>{preview.principal.name}</strong> {may} <strong>{role.row.role.name}</strong> {place}
            {at_a_time.map(|(before, time, after)| view! { {before} <strong>{time}</strong> {after} })}
            {(plan.kind == AssignmentKind::Active).then_some(", all the time and without activating it")} {from} {until} "."
        </p>
    }
    .into_any()
}

#[component]
fn Effects(plan: Plan, role: RoleDetail, preview: AssignmentPreview) -> impl IntoView {
    let told = match (preview.principal.principal, preview.people) {
        (Principal::Person(_), _) => format!("{}, and the administrators", preview.principal.name),
        (Principal::Group(_), 1) => "1 person, and the administrators".to_owned(),
        (Principal::Group(_), people) => format!("{people} people, and the administrators"),
    };
    let (before, what) = match plan.kind {
        AssignmentKind::Eligible => (role.row.eligible, "Eligible then"),
        AssignmentKind::Active => (role.row.standing, "Active by assignment then"),
    };
    let then = format!(
        "{}, before: {before}",
        if before == 0 { "1 assignment".to_owned() } else { format!("{} assignments", before + 1) }
    );
    let asks = (plan.kind == AssignmentKind::Eligible)
        .then(|| view! { <Fact term="Asks for">{asks_for(&role)}</Fact> });
    let privileged = (!preview.made_privileged.is_empty()).then(|| {
        view! {
            <Fact term="Made privileged">
                <span>{names(&preview.made_privileged)}</span>
                <span class="muted">": nothing to do with any role before. Their open one-time links are void."</span>
            </Fact>
        }
    });
    view! {
        <Facts wide=true>
            {asks}
            <Fact term="Told by mail">{told}</Fact>
            <Fact term=what>{then}</Fact>
            {privileged}
        </Facts>
    }
    .into_any()
}

/// What an activation asks for, in the words of the settings.
fn asks_for(role: &RoleDetail) -> String {
    let facts = role.settings.facts();
    let asked = |what: &str| facts.iter().find(|(of, _)| *of == what).map(|(_, value)| value.as_str());
    let mut asks = Vec::new();
    for (what, word) in [("Proof of identity", ""), ("Reason", "a reason of "), ("Ticket", "a ticket of ")] {
        if let Some(value) = asked(what).filter(|value| *value != "not asked") {
            asks.push(format!("{word}{value}"));
        }
    }
    if role.settings.approval.required {
        let needed = role.settings.stage().map_or(1, |stage| stage.needed);
        asks.push(if needed == 1 { "1 approval".to_owned() } else { format!("{needed} approvals") });
    }
    if asks.is_empty() { "nothing".to_owned() } else { asks.join(", ") }
}

fn names(people: &[PersonRef]) -> String {
    let names: Vec<_> = people.iter().take(5).map(|person| person.name.as_str()).collect();
    match people.len().saturating_sub(names.len()) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

#[component]
fn Warnings(preview: AssignmentPreview) -> impl IntoView {
    let bare = preview.without_second_factor;
    (!bare.is_empty()).then(|| {
        let has = if bare.len() == 1 { "has" } else { "have" };
        view! {
            <Strip mood=Mood::Amber lead=format!("{} {has} no authenticator app yet.", names(&bare))>
                "Until there is one, nobody can sign in as them and activate anything."
            </Strip>
        }
    })
}
