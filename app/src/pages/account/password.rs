//! The password, and changing it.

use domain::sign_in::PASSWORD_LEAST;
use leptos::prelude::*;

use super::{now, since};
use crate::{
    act::{ActForm, FormAct},
    api::sign_in::credential::{CredentialChangePassword, OwnAccount},
    form::{Refusal, refusal},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Card, IconName, Mood, PasswordField, Strip},
    when::use_zone,
};

/// The card of the password.
#[component]
pub fn PasswordCard(account: Signal<OwnAccount>, change: Memo<Option<String>>) -> impl IntoView {
    let zone = use_zone();
    let set = move || match account.with(|account| account.security.password_set_at) {
        Some(at) => format!("Set {}.", since(zone, at, now())),
        None => "None yet.".to_owned(),
    };
    let act = FormAct::<CredentialChangePassword>::new();
    let refused = refusal(act);
    let open = Memo::new(move |_| change.with(|change| change.as_deref() == Some("password")));
    let link =
        view! { <ButtonLink href="/account?change=password" size=ButtonSize::Small>"Change"</ButtonLink> };
    view! {
        <Card title="Password" icon=IconName::Key actions=link.into_any()>
            {move || if open.get() {
                view! { <Change account act refused /> }.into_any()
            } else {
                view! { <p class="small muted">{set}</p> }.into_any()
            }}
        </Card>
    }
    .into_any()
}

#[component]
fn Change(
    account: Signal<OwnAccount>,
    act: FormAct<CredentialChangePassword>,
    refused: Refusal,
) -> impl IntoView {
    let name = account.with_untracked(|account| account.security.sign_in_name.clone());
    let bounds = format!("{PASSWORD_LEAST} characters or more, of any kind.");
    view! {
        <ActForm act=act>
            <div class="form-rows">
                {move || refused.problem().filter(|problem| problem.field.is_none()).map(|problem| {
                    view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> }
                })}
                // For password managers, which keep a password beside a name.
                <input class="visually-hidden" type="text" autocomplete="username" value=name readonly tabindex="-1" aria-hidden="true" />
                <PasswordField
                    name="form[current_password]"
                    label="Present password"
                    error=refused.field("current_password")
                />
                <PasswordField
                    name="form[password]"
                    label="New password"
                    new=true
                    least=PASSWORD_LEAST
                    hint=bounds
                    error=refused.field("password")
                />
                <p class="small muted">"You are signed out everywhere else."</p>
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=act.pending()>"Change the password"</Button>
                    <ButtonLink href="/account" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
                </div>
            </div>
        </ActForm>
    }
    .into_any()
}
