//! A new assignment: who, how long, check.

use crate::ui::PageTitle;
use domain::{
    assignment::AssignmentPreview,
    problem::Kind,
    role::{RoleDetail, RoleId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    check::CheckStep,
    how_long::HowLongStep,
    plan::{Plan, instant},
    steps::{At, Steps},
    who::WhoStep,
};
use crate::{
    AppError,
    act::FormAct,
    api::{
        assignment::{AssignmentMake, assignment_preview},
        role::{Seen, role_get},
    },
    form::refusal,
    load::{Load, Refused},
    loading::loading,
    pages::id_param,
    ui::{SkeletonShape, TopBar, use_now},
    when::use_zone,
};

/// A new assignment of one role.
#[component]
pub fn AssignPage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let query = use_query_map();
    let who = Memo::new(move |_| {
        query.with(|query| query.get("who")).and_then(|text| crate::api::assignment::principal_of(&text))
    });
    let all = loading(
        move || (id.get(), who.get()),
        |(id, who)| async move {
            let id = id?;
            let role = role_get(id).await?;
            let preview = match who {
                Some(who) => Some(assignment_preview(id, who).await?),
                None => None,
            };
            Ok((role, preview))
        },
    );
    view! {
        <Load resource=all shape=SkeletonShape::Lines let:all>
            <Assign all />
        </Load>
    }
}

#[component]
fn Assign(all: Signal<(Seen<RoleDetail>, Option<AssignmentPreview>)>) -> impl IntoView {
    let query = use_query_map();
    let make = FormAct::<AssignmentMake>::new();
    let refusal = refusal(make);
    let plan = Memo::new(move |_| {
        let role = all.with(|(role, _)| role.what.row.role.id);
        query.with(|query| Plan::read(role, query))
    });
    let named = Memo::new(move |_| all.with(|(role, _)| role.what.row.role.clone()));
    if !all.with_untracked(|(role, _)| role.may_change) {
        return view! { <TopBar title="Add assignment" above=vec![("Roles".to_owned(), "/roles".to_owned())] heading=true /> <Refused error=AppError::from(domain::Code::Forbidden) /> }
            .into_any();
    }
    let top = move || {
        let of = named.get();
        let above =
            vec![("Roles".to_owned(), "/roles".to_owned()), (of.name.clone(), format!("/roles/{}", of.id))];
        view! { <TopBar title="Add assignment" above /> }
    };
    let step = move || {
        let (role, preview) = all.get();
        let plan = plan.get();
        let name = role.what.row.role.name.clone();
        let who = preview.as_ref().map(|preview| preview.principal.name.clone()).unwrap_or_default();
        let now = use_now().with_untracked(|seconds| instant(*seconds));
        let period = plan.period(&role.what, use_zone(), now);
        let (at, body) = match (preview, &period) {
            (None, _) => (At::Who, view! { <WhoStep role=role.what /> }.into_any()),
            (Some(preview), Ok(period)) if plan.is_planned => (
                At::Check,
                view! { <CheckStep plan=plan.clone() role preview period=*period make refusal /> }.into_any(),
            ),
            (Some(preview), period) => {
                let problem = period.as_ref().err().filter(|_| plan.is_planned).cloned();
                (
                    At::HowLong,
                    view! { <HowLongStep plan=plan.clone() role=role.what preview problem /> }.into_any(),
                )
            }
        };
        view! {
            <div class="assign">
                <Steps at plan role=name who />
                <div class="assign-step">{body}</div>
            </div>
        }
    };
    view! {
        <PageTitle text=move || format!("Add assignment, {}", named.get().name) />
        {top}
        {step}
    }
    .into_any()
}

/// Whether a problem belongs to the step before the last one.
pub(super) fn is_of_period(problem: &domain::Problem) -> bool {
    let field = problem.field.as_deref().unwrap_or_default();
    problem.code.kind() != Kind::StepUp && ["starts_at", "ends_at", "scope"].contains(&field)
}
