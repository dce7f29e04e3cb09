//! The step that asks for the kind and the period. What the settings do not allow stays visible, with the reason.

use domain::{
    Problem, Span,
    assignment::{AssignmentKind, AssignmentPreview},
    role::{AssignmentRow, RoleDetail, builtin},
};
use leptos::prelude::*;
use leptos_router::components::Form;

use super::plan::{Plan, instant, kind_value};
use crate::{
    api::assignment::{Lasts, principal_text},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Choice, IconName, Mood, Options, Ruler, Strip, TextField,
        time, use_now,
    },
    when::use_zone,
};

#[component]
pub(super) fn HowLongStep(
    plan: Plan,
    role: RoleDetail,
    preview: AssignmentPreview,
    problem: Option<Problem>,
) -> impl IntoView {
    let rules = plan.kind.rules(&role.settings);
    let lasts = match plan.lasts {
        Lasts::Forever if !rules.permanent => "for",
        _ => plan.lasts_value(),
    };
    let sentence = problem.as_ref().map(Problem::sentence);
    let is_built_in = builtin::is(role.row.role.id);
    let who = plan.who.map(principal_text).unwrap_or_default();
    view! {
        <h1 class="title">{format!("How long may {} have it?", preview.principal.name)}</h1>
        <p class="muted">
            {format!("An activation lasts {} at most in any case.", role.settings.activation.longest.words())}
        </p>
        {preview.there.first().map(|there| view! { <There there=there.clone() name=preview.principal.name.clone() /> })}
        <Kinds plan=plan.clone() />
        <Form action=Plan::page(plan.role) method="get">
            <div class="form-rows assign-period">
                <input type="hidden" name="who" value=who />
                <input type="hidden" name="kind" value=kind_value(plan.kind) />
                <input type="hidden" name="step" value="check" />
                {sentence.map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <Options name="lasts" label="Period" options=lengths(rules.permanent) value=lasts />
                <div class="only-for"><Length plan=plan.clone() longest=rules.longest /></div>
                <div class="only-dates"><Dates plan=plan.clone() problem=problem.clone() /></div>
                {(!is_built_in).then(|| view! {
                    <TextField
                        name="scope"
                        label="Where"
                        bound="/ is everything"
                        value=if plan.scope.is_empty() { "/".to_owned() } else { plan.scope.clone() }
                        placeholder="/finance/payroll"
                        maxlength=200_u32
                        mono=true
                        error=wrong(problem.as_ref(), "scope")
                    />
                })}
            </div>
            <div class="assign-foot">
                <ButtonLink href=Plan::page(plan.role) size=ButtonSize::Large icon=IconName::ArrowLeft>"Back"</ButtonLink>
                <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true>"Next: check"</Button>
            </div>
        </Form>
    }
    .into_any()
}

fn wrong(problem: Option<&Problem>, field: &str) -> Option<String> {
    problem.and_then(|problem| problem.of_field(field)).map(Problem::sentence)
}

fn lengths(permanent: bool) -> Vec<Choice> {
    let forever = if permanent {
        Choice::new("forever", "No end").text("Until somebody ends it.")
    } else {
        Choice::new("forever", "No end").text("The policy of this role does not allow it.").locked()
    };
    vec![
        Choice::new("for", "For a time").text("From now on."),
        Choice::new("dates", "Set dates").text("It may start later."),
        forever,
    ]
}

/// The two kinds, as links: what may be chosen below depends on them.
#[component]
fn Kinds(plan: Plan) -> impl IntoView {
    let kinds = [
        (AssignmentKind::Eligible, "Eligible", "Off until activated, with what the role asks for."),
        (AssignmentKind::Active, "Active", "On all the time, without activating it."),
    ];
    let kinds = kinds
        .into_iter()
        .map(|(kind, name, text)| {
            let is_here = kind == plan.kind;
            let href = Plan { kind, lasts: Lasts::For, seconds: String::new(), ..plan.clone() }.href(false);
            view! {
                <a class="option option-link" href=href aria-current=is_here.then_some("true")>
                    <span class="option-dot" aria-hidden="true"></span>
                    <span class="option-name">{name}</span>
                    <span class="option-text">{text}</span>
                </a>
            }
        })
        .collect_view();
    view! { <nav class="options" aria-label="Type">{kinds}</nav> }
}

#[component]
fn Length(plan: Plan, longest: Span) -> impl IntoView {
    let most = longest.as_seconds();
    let day = 86_400;
    // Whole days where there is room for them.
    let (least, most) = if most >= 2 * day { (day, most - most % day) } else { (most.min(300), most) };
    let value = RwSignal::new(plan.length(Span::seconds(most)));
    let (zone, now) = (use_zone(), use_now().get_untracked());
    let ends = Callback::new(move |seconds: i64| {
        let end = instant(now + seconds);
        format!("until {}, {}", zone.day(end, instant(now)), time::relative(now + seconds, now))
    });
    let choices: Vec<i64> =
        [30, 90, 180, 365].into_iter().map(|days| days * day).filter(|seconds| *seconds <= most).collect();
    let limit = format!("{}, max", zone.day(instant(now + most), instant(now)));
    view! { <Ruler name="seconds" label="Period" value least most start="today" limit ends choices /> }
}

#[component]
fn Dates(plan: Plan, problem: Option<Problem>) -> impl IntoView {
    let zone = use_zone();
    let place = zone.place();
    view! {
        <div class="form-pair">
            <TextField name="from" label="From" kind="datetime-local" bound=format!("{place}, now when empty") value=plan.from error=wrong(problem.as_ref(), "starts_at") />
            <TextField name="until" label="Until" kind="datetime-local" bound=place value=plan.until error=wrong(problem.as_ref(), "ends_at") />
        </div>
    }
}

/// What they have of this role already.
#[component]
fn There(there: AssignmentRow, name: String) -> impl IntoView {
    let now = use_now().with_untracked(|seconds| instant(*seconds));
    let kind = match there.kind {
        AssignmentKind::Eligible => "is eligible for it",
        AssignmentKind::Active => "has it by assignment",
    };
    let until = there
        .ends_at
        .map_or_else(|| "without an end".to_owned(), |end| format!("until {}", use_zone().day(end, now)));
    view! {
        <Strip lead=format!("{name} {kind} already, {until}.")>
            <a href=format!("/assignments/{}", there.id)>"Change that one"</a>
        </Strip>
    }
}
