//! The first step of a one-time link: what the person sets or proves.

use crate::ui::PageTitle;
use domain::sign_in::{LinkPurpose, LinkView, PASSWORD_LEAST};
use leptos::prelude::*;

use super::{no_form, steps, token};
use crate::{
    act::{ActForm, FormAct},
    api::sign_in::link::{LinkBegin, link_view},
    form::{Refusal, refusal, typed},
    loading::loading,
    ui::{
        Button, ButtonKind, ButtonSize, CodeField, Mood, PasswordField, Skeleton, SkeletonShape, Strip,
        TextField, use_now,
    },
    when::use_zone,
};

/// What a link asks for.
#[component]
pub fn LinkPage() -> impl IntoView {
    let token = token();
    let link = loading(move || token.get(), link_view);
    let begin = FormAct::<LinkBegin>::new();
    let refused = refusal(begin);
    view! {
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Lines /> }>
            {move || link.get().map(|link| match link {
                Ok(link) => view! { <Begin link token=token.get() begin refused /> }.into_any(),
                Err(error) => view! { <PageTitle text="One-time link" /> {no_form(error)} }.into_any(),
            })}
        </Suspense>
    }
}

#[component]
fn Begin(link: LinkView, token: String, begin: FormAct<LinkBegin>, refused: Refusal) -> impl IntoView {
    let person = link.person_name.clone().unwrap_or_default();
    let (title, words) = words(link.purpose, &person);
    let now = chrono::DateTime::from_timestamp(use_now().get_untracked(), 0).unwrap_or_default();
    let zone = use_zone();
    let until =
        format!("The link works once, until {}, {} time.", zone.short(link.expires_at, now), zone.place());
    let steps = steps(link.purpose);
    let button = if steps > 1 { "Continue" } else { "Set the password" };
    view! {
        <PageTitle text=title.clone() />
        {(steps > 1).then(|| view! { <p class="small muted">"Step 1 of " {steps}</p> })}
        <h1>{title}</h1>
        <p>{words}</p>
        {move || refused.problem().filter(|problem| problem.field.is_none()).map(|problem| {
            view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> }
        })}
        <ActForm act=begin>
            <input type="hidden" name="form[token]" value=token />
            {fields(&link, refused)}
            <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true busy=begin.pending()>
                {button}
            </Button>
        </ActForm>
        <p class="small muted">{until}</p>
    }
    .into_any()
}

fn words(purpose: LinkPurpose, person: &str) -> (String, &'static str) {
    match purpose {
        LinkPurpose::SetUp => (
            "Set up Stint".to_owned(),
            "You become the first person here, who administers Stint. Others are added later.",
        ),
        LinkPurpose::Invitation => (
            format!("Welcome, {person}"),
            "Choose a password. An authenticator app on your phone comes next.",
        ),
        LinkPurpose::Recover => {
            (format!("A new start, {person}"), "Choose a new password. A new authenticator app comes next.")
        }
        LinkPurpose::LostPassword => {
            (format!("A new password, {person}"), "Choose one, and show that it is you with a code.")
        }
        LinkPurpose::LostFactor => {
            (format!("A new authenticator app, {person}"), "Show that it is you with your password.")
        }
    }
}

/// The fields that the purpose asks for.
fn fields(link: &LinkView, refused: Refusal) -> impl IntoView + use<> {
    let purpose = link.purpose;
    let names = match purpose {
        LinkPurpose::SetUp => first_person(refused).into_any(),
        LinkPurpose::Invitation
        | LinkPurpose::Recover
        | LinkPurpose::LostPassword
        | LinkPurpose::LostFactor => own_name(link.sign_in_name.clone().unwrap_or_default()).into_any(),
    };
    let bounds = format!("{PASSWORD_LEAST} characters or more, of any kind. Several words are good.");
    view! {
        {names}
        {purpose.sets_password().then(|| view! {
            <PasswordField
                name="form[password]"
                label="New password"
                new=true
                least=PASSWORD_LEAST
                hint=bounds
                error=refused.field("password")
            />
        })}
        {(purpose == LinkPurpose::LostFactor).then(|| view! {
            <PasswordField name="form[current_password]" label="Password" error=refused.field("current_password") />
        })}
        {(purpose == LinkPurpose::LostPassword)
            .then(|| view! { <CodeField name="form[code]" error=refused.field("code") /> })}
    }
    .into_any()
}

fn first_person(refused: Refusal) -> impl IntoView {
    view! {
        <TextField
            name="form[name]"
            label="Your name"
            hint="As others see it."
            autocomplete="name"
            maxlength=100u32
            required=true
            autofocus=true
            value={typed::<LinkBegin>("name", "")}
            error=refused.field("name")
        />
        <TextField
            name="form[sign_in_name]"
            label="Sign-in name"
            hint="Letters, digits and . _ - + @, such as ada or ada@halden.example."
            autocomplete="username"
            maxlength=100u32
            required=true
            value={typed::<LinkBegin>("sign_in_name", "")}
            error=refused.field("sign_in_name")
        />
    }
}

/// Shown, and for password managers to keep beside the password. Not sent: the link says whose it is.
fn own_name(name: String) -> impl IntoView {
    view! { <TextField name="sign_in_name" label="Sign-in name" autocomplete="username" value=name readonly=true /> }
}
