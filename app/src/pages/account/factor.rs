//! The authenticator app, and replacing it: with a code of the present one or a recovery code.

use domain::Code;
use leptos::prelude::*;

use super::{now, since};
use crate::{
    act::{ActForm, FormAct},
    api::sign_in::{
        Enrolling,
        credential::{CredentialBeginFactor, CredentialFinishFactor, OwnAccount, credential_enrolment},
    },
    form::{Refusal, refusal},
    load::Refused,
    loading::loading,
    pages::enrolment::Enrolment,
    ui::{
        Button, ButtonKind, ButtonLink, Card, CodeField, IconName, Mood, Skeleton, SkeletonShape, Strip,
        TextField,
    },
    when::use_zone,
};

/// The card of the authenticator app.
#[component]
pub fn Factor(account: Signal<OwnAccount>, change: Memo<Option<String>>) -> impl IntoView {
    let zone = use_zone();
    let added = move || match account.with(|account| account.security.factor_enrolled_at) {
        Some(at) => format!("Added {}.", since(zone, at, now())),
        None => "None yet.".to_owned(),
    };
    let finish = FormAct::<CredentialFinishFactor>::new();
    let refused = refusal(finish);
    let open = Memo::new(move |_| change.with(|change| change.as_deref() == Some("app")));
    view! {
        <Card title="Authenticator app" icon=IconName::Phone>
            {move || if open.get() {
                view! { <Replace finish refused /> }.into_any()
            } else {
                view! {
                    <div class="line between">
                        <p class="muted">{added}</p>
                        <Begin />
                    </div>
                }
                .into_any()
            }}
        </Card>
    }
    .into_any()
}

#[component]
fn Begin() -> impl IntoView {
    let begin = FormAct::<CredentialBeginFactor>::new();
    let refused = refusal(begin);
    view! {
        <ActForm act=begin>
            <Button submit=true busy=begin.pending()>"Replace"</Button>
            {move || refused.problem().map(|problem| view! { <p class="field-error" role="alert">{problem.sentence()}</p> })}
        </ActForm>
    }
}

#[component]
fn Replace(finish: FormAct<CredentialFinishFactor>, refused: Refusal) -> impl IntoView {
    let enrolling = loading(|| (), |()| credential_enrolment());
    view! {
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Card /> }>
            {move || enrolling.get().map(|enrolling| match enrolling {
                Ok(enrolling) => view! { <Finish enrolling finish refused /> }.into_any(),
                Err(error) if error.problem().code == Code::StepExpired => view! {
                    <div class="stack">
                        <p class="muted">{error.problem().sentence()}</p>
                        <Begin />
                    </div>
                }
                .into_any(),
                Err(error) => view! { <Refused error /> }.into_any(),
            })}
        </Suspense>
    }
}

#[component]
fn Finish(enrolling: Enrolling, finish: FormAct<CredentialFinishFactor>, refused: Refusal) -> impl IntoView {
    view! {
        <div class="stack">
            {move || refused.problem().filter(|problem| problem.field.is_none()).map(|problem| {
                view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> }
            })}
            <Enrolment enrolling />
            <ActForm act=finish>
                <div class="form-rows">
                    <CodeField
                        name="form[code]"
                        label="Code of the new app"
                        small=true
                        error=refused.field("code")
                    />
                    <TextField
                        name="form[proof]"
                        label="Code of the present app, or a recovery code"
                        hint="It shows that it is you who replaces it."
                        autocomplete="off"
                        maxlength=40u32
                        required=true
                        mono=true
                        error=refused.field("proof")
                    />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary submit=true busy=finish.pending()>"Replace the app"</Button>
                        <ButtonLink href="/account" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
                    </div>
                </div>
            </ActForm>
        </div>
    }
    .into_any()
}
