//! The second step of a one-time link: the new authenticator app, and the first code that it shows.

use crate::ui::PageTitle;
use leptos::prelude::*;

use super::{no_form, token};
use crate::{
    act::{ActForm, FormAct},
    api::sign_in::{
        Enrolling,
        link::{LinkFinish, link_enrolment},
    },
    form::{Refusal, refusal},
    loading::loading,
    pages::enrolment::Enrolment,
    ui::{Button, ButtonKind, ButtonSize, CodeField, Mood, Skeleton, SkeletonShape, Strip},
};

/// QR code, key and code.
#[component]
pub fn LinkAppPage() -> impl IntoView {
    let token = token();
    let enrolling = loading(move || token.get(), link_enrolment);
    let finish = FormAct::<LinkFinish>::new();
    let refused = refusal(finish);
    view! {
        <PageTitle text="Your authenticator app" />
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Lines /> }>
            {move || enrolling.get().map(|enrolling| match enrolling {
                Ok(enrolling) => view! { <Finish enrolling token=token.get() finish refused /> }.into_any(),
                Err(error) => no_form(error).into_any(),
            })}
        </Suspense>
    }
}

#[component]
fn Finish(
    enrolling: Enrolling,
    token: String,
    finish: FormAct<LinkFinish>,
    refused: Refusal,
) -> impl IntoView {
    let again = super::first_page();
    view! {
        <p class="small muted">"Step 2 of 3"</p>
        <h1>"Your authenticator app"</h1>
        <p>"It shows a new code every 30 seconds. You need one at each sign-in. This step is open for 5 minutes."</p>
        {move || refused.problem().filter(|problem| problem.field.is_none()).map(|problem| {
            let again = again.clone();
            view! {
                <Strip mood=Mood::Red lead=problem.sentence() announce=true>
                    <a href=again>"Open the link again"</a>
                </Strip>
            }
        })}
        <Enrolment enrolling />
        <ActForm act=finish>
            <input type="hidden" name="form[token]" value=token />
            <CodeField
                name="form[code]"
                label="Code"
                auto_send=true
                autofocus=true
                error=refused.field("code")
            />
            <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true busy=finish.pending()>
                "Verify"
            </Button>
        </ActForm>
    }
    .into_any()
}
