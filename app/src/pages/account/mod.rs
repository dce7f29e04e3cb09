//! One's own account: how well it is protected, where one is signed in, password, times and colours.

mod client;
mod devices;
mod factor;
mod password;
mod recovery;
mod view;

use crate::ui::PageTitle;
use domain::{Instant, sign_in::Security};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{
    devices::Devices,
    factor::Factor,
    password::PasswordCard,
    recovery::RecoveryCodes,
    view::{Record, ViewCard},
};
use crate::{
    act::FormAct,
    api::{
        session::{SessionEnd, SessionEndOthers},
        sign_in::credential::credential_security,
    },
    load::Load,
    loading::loading,
    pages::sign_out::SignOut,
    refresh::{Topic, changes},
    ui::{IconName, Mood, SkeletonShape, Strip, Tag, TopBar, time, use_now},
    when::Zone,
};

/// Fewer recovery codes than these are pointed out.
const FEW: u32 = 3;

/// Everything about one's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let query = use_query_map();
    let change = Memo::new(move |_| query.with(|query| query.get_str("change").map(str::to_owned)));
    let done = Memo::new(move |_| query.with(|query| query.get_str("done").map(str::to_owned)));
    let changes = changes(&[Topic::SignIn]);
    let (end, end_others) = (FormAct::<SessionEnd>::new(), FormAct::<SessionEndOthers>::new());
    // What was ended may lead to the page that is shown already.
    let ended = Memo::new(move |_| (end.version().get(), end_others.version().get()));
    let account = loading(
        move || (change.get(), done.get(), changes.get(), ended.get()),
        |_| async move { credential_security().await },
    );
    view! {
        <PageTitle text="Account" />
        <TopBar title="Account" />
        <div class="content">
            <Load resource=account shape=SkeletonShape::Card let:account>
                {move || done.with(|done| said(done.as_deref()))}
                {move || account.with(|account| protection(&account.security))}
                <div class="columns">
                    <div class="stack">
                        <Factor account change />
                        <Devices account end end_others />
                    </div>
                    <div class="stack">
                        <RecoveryCodes account change />
                        <PasswordCard account change />
                        <ViewCard account change />
                        <Record />
                    </div>
                </div>
                <div class="actions"><SignOut /></div>
            </Load>
        </div>
    }
}

/// What was done a moment ago.
fn said(done: Option<&str>) -> Option<AnyView> {
    let (lead, rest) = match done? {
        "password" => ("Your password is changed.", "You were signed out everywhere else."),
        "app" => (
            "Your authenticator app is replaced.",
            "You were signed out everywhere else. Codes of the former one do not work any more.",
        ),
        "session" => ("Signed out there.", ""),
        "sessions" => ("Signed out everywhere else.", ""),
        "zone" => ("Your time zone is changed.", ""),
        _ => return None,
    };
    Some(view! { <Strip mood=Mood::Green lead announce=true>{rest}</Strip> }.into_any())
}

/// One line that says how well the account is protected.
fn protection(security: &Security) -> impl IntoView + use<> {
    let enough = security.recovery_codes_left >= FEW;
    let (lead, rest) = match (security.factor_enrolled_at.is_some(), enough) {
        (true, true) => ("Your account is well protected.", "A code is asked for at each sign-in."),
        (true, false) => ("Few recovery codes are left.", "Make a new set before you lose your phone."),
        (false, _) => ("Your account has no second factor.", "Ask an administrator of Stint for a link."),
    };
    view! {
        <div class="line protection">
            {badge("Password", security.password_set_at.is_some())}
            {badge("Code", security.factor_enrolled_at.is_some())}
            {badge("Recovery", enough)}
            <p class="muted"><strong>{lead}</strong> " " {rest}</p>
        </div>
    }
    .into_any()
}

fn badge(word: &'static str, good: bool) -> impl IntoView {
    if good {
        return view! { <Tag mood=Mood::Green round=true icon=IconName::Check>{word}</Tag> }.into_any();
    }
    view! { <Tag mood=Mood::Amber round=true icon=IconName::Warning>{word}</Tag> }.into_any()
}

/// The shared instant.
fn now() -> Instant {
    chrono::DateTime::from_timestamp(use_now().get(), 0).unwrap_or_default()
}

/// The day and how long ago: "12 Mar 2025, 8 months ago".
fn since(zone: Zone, at: Instant, now: Instant) -> String {
    match (now - at).num_seconds() {
        ..60 => "a moment ago".to_owned(),
        seconds => format!("{}, {} ago", zone.short(at, now), time::distance(seconds)),
    }
}
