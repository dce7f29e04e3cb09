//! Showing what a server function answers: still shapes while it is on its way, the page, or why there is none.

use std::sync::Arc;

use domain::{Code, Problem, problem::Kind};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::de::DeserializeOwned;

use crate::{
    AppError, AppResult, ReturnPath,
    loading::Loading,
    ui::{ButtonKind, ButtonLink, Empty, ErrorPanel, IconName, Skeleton, SkeletonShape},
};

/// Shows a resource. The children are built once and get a signal; when the resource loads again, only what reads a
/// changed part of it is drawn again, so that what somebody has opened or typed stays.
#[component]
pub fn Load<T, F, V>(
    /// What is loaded.
    resource: Loading<T>,
    /// The shape of what comes.
    #[prop(optional)]
    shape: SkeletonShape,
    /// The page, from what was loaded.
    children: F,
) -> impl IntoView
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    F: Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let outcome = Arc::new(move || {
        resource.with(|answer| answer.map(|answer| answer.as_ref().map(|_| ()).map_err(Clone::clone)))
    });
    load(outcome, shape, Arc::new(move || untrack(|| children(kept(resource)).into_any())))
}

/// What is known of an answer: nothing yet, that it is good, or why there is none.
type Outcome = Arc<dyn Fn() -> Option<AppResult<()>> + Send + Sync>;

/// The same for all types, so that it is compiled once.
fn load(outcome: Outcome, shape: SkeletonShape, page: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let inside = move || {
        let (outcome, page) = (outcome.clone(), page.clone());
        let outcome = Memo::new(move |before| or_before(outcome(), before));
        move || match outcome.get() {
            None => ().into_any(),
            Some(Ok(())) => {
                let page = page.clone();
                once(move || page()).into_any()
            }
            Some(Err(error)) => view! { <Refused error /> }.into_any(),
        }
    };
    view! { <Transition fallback=move || view! { <Skeleton shape /> }>{inside()}</Transition> }.into_any()
}

/// What is known now; what was good before while there is no answer, so that it goes on being shown, with what was typed
/// into it.
pub(crate) fn or_before<T: Clone>(
    now: Option<AppResult<T>>,
    before: Option<&Option<AppResult<T>>>,
) -> Option<AppResult<T>> {
    match (&now, before) {
        (Some(Err(error)), Some(good @ Some(Ok(_)))) if error.is_passing() => good.clone(),
        _ => now,
    }
}

/// A view that is built once. The server walks through a boundary first, to find what it waits for, and builds what it
/// walks through; what makes resources would make them twice, and the browser, which makes them once, would take the
/// wrong ones. So nothing is built at the first look.
fn once(build: impl FnOnce() -> AnyView + Send + 'static) -> Suspend<AnyView> {
    Suspend::new(async move {
        #[cfg(feature = "ssr")]
        second_look().await;
        build()
    })
}

#[cfg(feature = "ssr")]
fn second_look() -> impl Future<Output = ()> + Send {
    let mut looked = false;
    std::future::poll_fn(move |cx| {
        if std::mem::replace(&mut looked, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
}

/// The last good answer.
fn kept<T>(resource: Loading<T>) -> Signal<T>
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&T>| {
        let answer = resource.with(|answer| answer.and_then(|answer| answer.as_ref().ok().cloned()));
        answer.or_else(|| before.cloned()).expect("invariant: only built when there is a good answer")
    })
    .into()
}

/// Why there is no page: each kind of problem in its own way, with the status that fits it.
#[component]
pub fn Refused(
    /// What was answered.
    error: AppError,
) -> impl IntoView {
    let problem = match error {
        AppError::Problem(problem) => problem,
        AppError::Unreachable => return unreachable_panel().into_any(),
    };
    #[cfg(feature = "ssr")]
    crate::api::server::answer_with(crate::api::server::status(&problem));
    match problem.code.kind() {
        Kind::SignedOut => signed_out(&problem).into_any(),
        Kind::NotFound => view! { <NotFound text=problem.sentence() /> }.into_any(),
        Kind::Forbidden | Kind::StepUp => {
            view! { <Empty title="You do not have access to this" text=problem.sentence() icon=IconName::Lock /> }.into_any()
        }
        Kind::Invalid | Kind::Conflict | Kind::Limited => {
            view! { <Empty title="This cannot be shown" text=problem.sentence() icon=IconName::Warning /> }.into_any()
        }
        Kind::Unavailable | Kind::Internal => failed(&problem).into_any(),
    }
}

/// Nothing is here: the panel of the not-found page and of what may not be known.
#[component]
pub fn NotFound(
    /// One sentence.
    #[prop(default = Problem::new(Code::NotFound).sentence(), into)]
    text: String,
) -> impl IntoView {
    let home = view! { <ButtonLink href="/" kind=ButtonKind::Secondary>"My roles"</ButtonLink> }.into_any();
    view! { <Empty title="Nothing is here" text icon=IconName::Search actions=home /> }
}

fn signed_out(problem: &Problem) -> impl IntoView + use<> {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        match location.search.get_untracked() {
            search if search.is_empty() => String::new(),
            search => format!("?{search}"),
        }
    );
    let href = ReturnPath::or_home(Some(&here)).sign_in();
    let sign_in = view! { <ButtonLink href kind=ButtonKind::Primary>"Sign in"</ButtonLink> }.into_any();
    view! { <Empty title="You are signed out" text=problem.sentence() icon=IconName::Lock actions=sign_in /> }
}

fn failed(problem: &Problem) -> impl IntoView + use<> {
    let text = Problem { limit: None, ..problem.clone() }.sentence();
    let text = text.trim_end_matches(": .").to_owned();
    match problem.limit.clone() {
        Some(number) => view! { <ErrorPanel text number /> }.into_any(),
        None => view! { <ErrorPanel text /> }.into_any(),
    }
}

fn unreachable_panel() -> impl IntoView {
    view! { <ErrorPanel title="No connection" text="Countdowns go on, changes wait. Load the page again when you are online." /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_stays_while_there_is_no_answer_and_goes_when_stint_says_no() {
        let good = Some(Ok("a page"));
        assert_eq!(or_before(Some(Err(AppError::Unreachable)), Some(&good)), good);
        assert_eq!(or_before(Some(Err(Code::Unavailable.into())), Some(&good)), good);
        let no: Option<AppResult<&str>> = Some(Err(Code::Forbidden.into()));
        assert_eq!(or_before(no.clone(), Some(&good)), no);
        let lost: Option<AppResult<&str>> = Some(Err(AppError::Unreachable));
        assert_eq!(or_before(lost.clone(), Some(&no)), lost);
        assert_eq!(or_before(lost.clone(), None), lost);
    }
}
