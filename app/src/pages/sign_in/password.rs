//! The first step of signing in: name and password. Does not say which of the two was wrong.

use crate::ui::PageTitle;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::demo::DemoPeople;
use crate::{
    ReturnPath,
    act::{ActForm, FormAct},
    api::sign_in::SignInPasswordStep,
    app::use_about,
    form::{refusal, typed},
    ui::{Button, ButtonKind, ButtonSize, Mood, PasswordField, Strip, TextField},
};

/// Name and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let to = Memo::new(move |_| query.with(|query| ReturnPath::or_home(query.get_str("to")).to_string()));
    let step = FormAct::<SignInPasswordStep>::new();
    let refused = refusal(step);
    let wrong = Signal::derive(move || refused.problem().map(|problem| problem.sentence()));
    let about = use_about();
    let whose = match about.organisation.as_str() {
        "" => "Use your Stint account.".to_owned(),
        organisation => format!("Use your {organisation} account."),
    };
    view! {
        <PageTitle text="Sign in" />
        <h1>"Sign in to Stint"</h1>
        <p>{move || if to.read().as_str() == "/" { whose.clone() } else { "Sign in to go on where you were.".to_owned() }}</p>
        {move || said(query.with(|query| word(query.get_str("done"), query.get_str("again"))))}
        <ActForm act=step>
            <input type="hidden" name="form[to]" value=move || to.get() />
            <TextField
                name="form[name]"
                label="Sign-in name"
                autocomplete="username"
                maxlength=100u32
                required=true
                autofocus=true
                value={typed::<SignInPasswordStep>("name", "")}
            />
            <PasswordField name="form[password]" label="Password" error=wrong />
            <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true busy=step.pending()>
                "Continue"
            </Button>
        </ActForm>
        <p class="small muted">
            "No access? Ask " {about.service_desk.unwrap_or_else(|| "an administrator of Stint".to_owned())}
            ". Stint never sends passwords."
        </p>
        <DemoPeople to />
    }
}

/// What led here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    SignedOut,
    PasswordSet,
    StartAgain,
}

fn word(done: Option<&str>, again: Option<&str>) -> Option<Before> {
    match (done, again) {
        (Some("out"), _) => Some(Before::SignedOut),
        (Some("password"), _) => Some(Before::PasswordSet),
        (_, Some(_)) => Some(Before::StartAgain),
        _ => None,
    }
}

fn said(before: Option<Before>) -> impl IntoView {
    before.map(|before| match before {
        Before::SignedOut => view! { <Strip mood=Mood::Green lead="You are signed out." /> }.into_any(),
        Before::PasswordSet => {
            view! { <Strip mood=Mood::Green lead="Your new password is set.">"Sign in with it."</Strip> }
                .into_any()
        }
        Before::StartAgain => view! {
            <Strip mood=Mood::Amber lead="Start again." announce=true>
                "That took more than 5 minutes, or too many codes were wrong."
            </Strip>
        }
        .into_any(),
    })
}
