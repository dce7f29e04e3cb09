//! The steps of a new assignment with what is chosen in each: a list at the left, a bar in four parts on mobile.

use domain::assignment::AssignmentKind;
use leptos::prelude::*;

use super::plan::Plan;
use crate::{
    api::assignment::Lasts,
    ui::{Icon, IconName},
};

/// Which step is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    Who = 2,
    HowLong = 3,
    Check = 4,
}

/// The steps, with a way back to those that are done.
#[component]
pub(super) fn Steps(at: At, plan: Plan, role: String, who: String) -> impl IntoView {
    let kind = match plan.kind {
        AssignmentKind::Eligible => "Eligible",
        AssignmentKind::Active => "Active",
    };
    let long = match plan.lasts {
        Lasts::Forever => format!("{kind}, no end date"),
        Lasts::For | Lasts::Dates => format!("{kind}, with an end date"),
    };
    let bars = (1..=4)
        .map(|n| view! { <span class=if n <= at as u8 { "is-done" } else { "" }></span> })
        .collect_view();
    let step = |number: u8, name: &'static str, chosen: String, change: String| {
        let (is_done, is_here) = (number < at as u8, number == at as u8);
        let class = if is_done { "is-done" } else { "" };
        let mark = if is_done {
            view! { <Icon name=IconName::Check size=14 /> }.into_any()
        } else {
            number.into_any()
        };
        view! {
            <li class=class aria-current=is_here.then_some("step")>
                <span class="steps-mark" aria-hidden="true">{mark}</span>
                <span class="two"><span>{name}</span> {is_done.then(|| view! { <span>{chosen}</span> })}</span>
                {is_done.then(|| view! { <a class="steps-change" href=change>"Change" <span class="visually-hidden">" "{name}</span></a> })}
            </li>
        }
    };
    view! {
        <nav class="steps" aria-label="Steps">
            <ol>
                {step(1, "Role", role, "/roles".to_owned())}
                {step(2, "Who", who, Plan::page(plan.role))}
                {step(3, "How long", long, plan.href(false))}
                {step(4, "Check", String::new(), String::new())}
            </ol>
            <div class="steps-bar" aria-hidden="true">{bars}</div>
            <p class="steps-count">{format!("Step {} of 4", at as u8)}</p>
        </nav>
    }
    .into_any()
}
