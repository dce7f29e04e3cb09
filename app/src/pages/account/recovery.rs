//! Recovery codes: how many are left, and a new set.

use domain::{
    role_settings::{ADMINISTRATOR_FRESH_MINUTES, SecondFactor},
    session::{Act, Mfa},
};
use leptos::prelude::*;

use super::{now, since};
use crate::{
    act::{ActForm, FormAct},
    api::sign_in::credential::{CredentialNewRecoveryCodes, OwnAccount},
    form::refusal,
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Card, CodeField, IconName, Meter, Mood, Strip},
    when::use_zone,
};

const MOST: u32 = 10;

/// The card of the recovery codes.
#[component]
pub fn RecoveryCodes(account: Signal<OwnAccount>, change: Memo<Option<String>>) -> impl IntoView {
    let zone = use_zone();
    let left = Memo::new(move |_| account.with(|account| account.security.recovery_codes_left));
    let made = move || {
        let made_at = account.with(|account| account.security.recovery_codes_made_at);
        made_at.map(|at| format!(", made {}", since(zone, at, now())))
    };
    let open = Memo::new(move |_| change.with(|change| change.as_deref() == Some("codes")));
    let link =
        view! { <ButtonLink href="/account?change=codes" size=ButtonSize::Small>"New set"</ButtonLink> };
    view! {
        <Card title="Recovery codes" icon=IconName::Lock actions=link.into_any()>
            <div class="stack">
                {move || view! { <Meter value=left.get() most=MOST label=format!("{} of {MOST} left", left.get()) /> }}
                <p class="small muted">
                    <strong>{move || format!("{} of {MOST} left", left.get())}</strong>
                    {made}
                </p>
                {move || open.get().then(|| view! { <NewSet account /> })}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn NewSet(account: Signal<OwnAccount>) -> impl IntoView {
    let make = FormAct::<CredentialNewRecoveryCodes>::new();
    let refused = refusal(make);
    // Decided once, so that the field does not come while somebody reads; a refusal brings it too.
    let stale = account.with_untracked(asks_for_code);
    let asks = move || stale || refused.problem().is_some();
    view! {
        <ActForm act=make>
            <div class="form-rows">
                {move || refused.problem().filter(|problem| problem.field.is_none()).map(|problem| {
                    view! { <Strip mood=Mood::Red lead=problem.sentence() announce=true /> }
                })}
                <p class="small">"You get ten new ones. Those that you have stop working."</p>
                {move || if asks() {
                    view! { <CodeField name="form[code]" small=true error=refused.field("code") /> }.into_any()
                } else {
                    // A form needs a field.
                    view! { <input type="hidden" name="form[code]" value="" /> }.into_any()
                }}
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=make.pending()>"Make new codes"</Button>
                    <ButtonLink href="/account" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
                </div>
            </div>
        </ActForm>
    }
    .into_any()
}

/// Whether the last code is too old for this: the same rule that refuses on the server.
fn asks_for_code(account: &OwnAccount) -> bool {
    let now = untrack(now);
    let object = uuid::Uuid::nil();
    let mfa = Mfa { session: domain::Id::new(object), at: account.me.mfa_at, step_up: None };
    let fresh = SecondFactor::Fresh { minutes: ADMINISTRATOR_FRESH_MINUTES };
    fresh.prove(&mfa, Act::Credentials, object, now).is_err()
}
