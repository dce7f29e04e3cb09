//! One-time links: the first person, new people, and what was lost. First what the person sets, then the authenticator app.

mod app;
mod begin;

use domain::{Code, sign_in::LinkPurpose};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use crate::{AppError, load::Refused, ui::ButtonLink};

pub use app::LinkAppPage;
pub use begin::LinkPage;

/// The token in the path.
fn token() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("token").unwrap_or_default().to_owned()))
}

/// The page of the first step of this link.
fn first_page() -> String {
    let path = use_location().pathname.get_untracked();
    path.strip_suffix("/app").unwrap_or(&path).to_owned()
}

/// How many steps there are, the recovery codes among them.
const fn steps(purpose: LinkPurpose) -> u8 {
    if purpose.sets_factor() { 3 } else { 1 }
}

/// Why there is no form.
fn no_form(error: AppError) -> impl IntoView {
    let problem = error.problem();
    let title = match problem.code {
        Code::LinkInvalid => "This link is not valid any more",
        Code::StepExpired => "Start again",
        _ => {
            return view! {
                <h1 class="visually-hidden">"One-time link"</h1>
                <Refused error />
            }
            .into_any();
        }
    };
    #[cfg(feature = "ssr")]
    crate::api::server::answer_with(crate::api::server::status(&problem));
    let (href, label) = match problem.code {
        Code::StepExpired => (first_page(), "Open the link again"),
        _ => ("/sign-in".to_owned(), "Sign in"),
    };
    view! {
        <h1>{title}</h1>
        <p>{why(problem.code)}</p>
        <ButtonLink href>{label}</ButtonLink>
    }
    .into_any()
}

const fn why(code: Code) -> &'static str {
    match code {
        Code::StepExpired => "This took more than 5 minutes. Nothing was changed.",
        _ => "It was used, it is too old, or a newer one was made. Ask for a new one.",
    }
}
