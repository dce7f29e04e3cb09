//! One assignment: what it is, and until when it lasts.

use crate::ui::PageTitle;
use domain::{
    assignment::{AssignmentId, AssignmentKind, Standing},
    person::{Principal, PrincipalRef},
    role::{AssignmentRow, RoleDetail},
};
use leptos::prelude::*;

use super::plan::instant;
use crate::{
    act::{ActForm, FormAct},
    api::{
        assignment::{AssignmentChange, assignment_get},
        role::{Seen, role_get},
    },
    form::{FormKey, refusal, typed},
    load::Load,
    loading::{Loading, loading},
    pages::id_param,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{
        Avatar, AvatarSize, Button, ButtonKind, ButtonLink, ButtonSize, Choice, Fact, Facts, IconName,
        LevelTag, Options, PageHead, SkeletonShape, TextArea, TextField, TopBar, time, use_now,
    },
    when::use_zone,
};

/// One assignment.
#[component]
pub fn AssignmentPage() -> impl IntoView {
    let both = with_role();
    view! {
        <Load resource=both shape=SkeletonShape::Lines let:both>
            <Assignment both=both.get_untracked() />
        </Load>
    }
}

/// The assignment and its role.
pub(super) type Both = (Seen<AssignmentRow>, RoleDetail);

/// The assignment that the path names, with its role.
pub(super) fn with_role() -> Loading<Both> {
    let id = id_param::<AssignmentId>();
    loading(
        move || id.get(),
        |id| async move {
            let row = assignment_get(id?).await?;
            let role = role_get(row.what.role.id).await?;
            Ok((row, role.what))
        },
    )
}

/// What it is, and the form; drawn once, from what was there at first.
#[component]
pub(super) fn Assignment(both: Both) -> impl IntoView {
    let (Seen { what: row, may_change, proved_until }, role) = both;
    let PrincipalRef { principal, name } = row.principal.clone();
    let back = format!("/roles/{}", row.role.id);
    let above = vec![("Roles".to_owned(), "/roles".to_owned()), (row.role.name.clone(), back)];
    let lead = match principal {
        Principal::Person(id) => {
            view! { <Avatar name=name.clone() id=id.to_string() size=AvatarSize::Large /> }
        }
        Principal::Group(id) => {
            view! { <Avatar name=name.clone() id=id.to_string() icon=IconName::Group size=AvatarSize::Large /> }
        }
    };
    let facts = view! {
        <LevelTag level=row.role.level.rank() label=row.role.level.word() />
        <span>{row.role.name.clone()}</span>
    };
    let can_change = may_change && row.standing != Standing::Ended;
    let remove = can_change
        .then(|| view! { <ButtonLink href=format!("/assignments/{}/remove", row.id) kind=ButtonKind::Deny>"Remove"</ButtonLink> });
    view! {
        <PageTitle text=format!("{name}, {}", row.role.name) />
        <TopBar title=name.clone() above />
        <div class="content form">
            <PageHead title=name lead=lead.into_any() facts=facts.into_any() actions=remove.into_any() />
            <About row=row.clone() />
            {can_change.then(|| view! { <EndForm row role proved_until /> })}
        </div>
    }
}

#[component]
fn About(row: AssignmentRow) -> impl IntoView {
    let (zone, now) = (use_zone(), use_now().with_untracked(|seconds| instant(*seconds)));
    let when = move |at: domain::Instant| {
        format!("{}, {}", zone.short(at, now), time::relative(at.timestamp(), now.timestamp()))
    };
    let kind = match (row.kind, row.ends_at) {
        (AssignmentKind::Eligible, _) => "Eligible",
        (AssignmentKind::Active, None) => "Standing: on all the time",
        (AssignmentKind::Active, Some(_)) => "Active by assignment",
    };
    let ended = row.ended_at.map(|at| view! { <Fact term="Ended">{when(at)}</Fact> });
    let reason = (!row.justification.is_empty())
        .then(|| view! { <Fact term="Reason">{row.justification.clone()}</Fact> });
    view! {
        <Facts wide=true>
            <Fact term="Type">{kind}</Fact>
            {(!row.scope.is_everything()).then(|| view! { <Fact term="Where"><code>{row.scope.to_string()}</code></Fact> })}
            <Fact term="From">{when(row.starts_at)}</Fact>
            <Fact term="Until">{row.ends_at.map_or_else(|| "no end date".to_owned(), when)}</Fact>
            {ended}
            {reason}
            <Fact term="Made by">{format!("{}, {}", row.made_by.map_or_else(|| "Stint".to_owned(), |by| by.name), when(row.made_at))}</Fact>
        </Facts>
    }
}

#[component]
fn EndForm(row: AssignmentRow, role: RoleDetail, proved_until: domain::Instant) -> impl IntoView {
    let change = FormAct::<AssignmentChange>::new();
    let refusal = refusal(change);
    let zone = use_zone();
    let rules = row.kind.rules(&role.settings);
    let forever = if rules.permanent {
        Choice::new("true", "No end").text("Until somebody ends it.")
    } else {
        Choice::new("true", "No end").text("The policy of this role does not allow it.").locked()
    };
    let until =
        Choice::new("false", "Until a date").text(format!("At most {} from now on.", rules.longest.words()));
    let is_forever = row.ends_at.is_none() && rules.permanent;
    let asks = row.kind == AssignmentKind::Active && role.settings.active_justification;
    let ends_at = row.ends_at.map(|end| zone.field(end)).unwrap_or_default();
    let back = format!("/roles/{}", row.role.id);
    view! {
        <ActForm act=change>
            <div class="form-rows assign-period">
                <h2 class="visually-hidden">"Change the end"</h2>
                <RefusalStrip refusal />
                <input type="hidden" name="form[id]" value=row.id.to_string() />
                <input type="hidden" name="form[role]" value=row.role.id.to_string() />
                <input type="hidden" name="form[version]" value=row.version />
                <Options name="form[forever]" label="End" options=vec![until, forever] value={typed::<AssignmentChange>("forever", is_forever.to_string())} />
                <div class="only-dates">
                    <TextField
                        name="form[ends_at]"
                        label="Until"
                        kind="datetime-local"
                        bound=zone.place()
                        value={typed::<AssignmentChange>("ends_at", ends_at)}
                        error=refusal.field("ends_at")
                    />
                </div>
                <TextArea
                    name="form[justification]"
                    label="Reason"
                    bound=if asks { "kept in the record" } else { "kept in the record, may stay empty" }
                    value={typed::<AssignmentChange>("justification", "")}
                    required=asks
                    maxlength=500_u32
                    error=refusal.field("justification")
                />
                <FormKey act=change />
                <AdministratorCode proved_until=Signal::stored(proved_until) refusal />
                <div class="actions end">
                    <ButtonLink href=back size=ButtonSize::Large>"Cancel"</ButtonLink>
                    <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=change.pending()>"Save"</Button>
                </div>
            </div>
        </ActForm>
    }
    .into_any()
}
