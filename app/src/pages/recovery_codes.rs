//! Recovery codes, shown once: after the first authenticator app, and when somebody made new ones.

use crate::ui::PageTitle;
use domain::Code;
use leptos::prelude::*;

use crate::{
    AppError,
    api::sign_in::sign_in_recovery_codes,
    load::Refused,
    loading::loading,
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, IconName, Skeleton, SkeletonShape, TopBar},
};

const WHY: &str = "Without your phone, each of these signs you in once, with your password. Keep them where you keep \
                   important papers or in a password manager. Stint cannot show them again.";

/// The last step of a one-time link.
#[component]
pub fn FirstCodesPage() -> impl IntoView {
    view! {
        <PageTitle text="Your recovery codes" />
        <h1>"Your recovery codes"</h1>
        <p>{WHY}</p>
        <Codes />
        <ButtonLink href="/sign-in" kind=ButtonKind::Primary size=ButtonSize::Large block=true>
            "I have kept them, sign in"
        </ButtonLink>
        <p class="small muted">"The code that you entered a moment ago is used up. Sign in with the next one."</p>
    }
}

/// New ones for somebody who is signed in.
#[component]
pub fn NewCodesPage() -> impl IntoView {
    view! {
        <PageTitle text="Your recovery codes" />
        <TopBar title="Recovery codes" above=vec![("Account".to_owned(), "/account".to_owned())] heading=true />
        <div class="content form">
            <p class="muted">{WHY} " The former ones do not work any more."</p>
            <Codes />
            <div class="actions">
                <ButtonLink href="/account" kind=ButtonKind::Primary>"I have kept them"</ButtonLink>
            </div>
        </div>
    }
}

#[component]
fn Codes() -> impl IntoView {
    let codes = loading(|| (), |()| sign_in_recovery_codes());
    view! {
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Lines /> }>
            {move || codes.get().map(|codes| match codes {
                Ok(codes) => list(codes).into_any(),
                Err(error) => none(error).into_any(),
            })}
        </Suspense>
    }
}

fn list(codes: Vec<String>) -> impl IntoView {
    let text = codes.join("\n");
    let copied = RwSignal::new(false);
    let rows = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
    view! {
        <ol class="codes">{rows}</ol>
        <div class="actions needs-js">
            <span on:click=move |_| {
                copy(&text);
                copied.set(true);
            }>
                <Button icon=IconName::Copy>{move || if copied.get() { "Copied" } else { "Copy all" }}</Button>
            </span>
        </div>
    }
    .into_any()
}

/// Shown already, or too long ago.
fn none(error: AppError) -> impl IntoView {
    if error.problem().code != Code::StepExpired {
        return view! { <Refused error /> }.into_any();
    }
    view! { <p><strong>"They were shown already."</strong> " You can make new ones on the page of your account."</p> }
        .into_any()
}

/// Into the clipboard, where there is one.
#[cfg(feature = "hydrate")]
fn copy(text: &str) {
    use leptos::wasm_bindgen::{JsCast, JsValue};
    use leptos::web_sys::js_sys::{Function, Reflect};
    let write = || -> Option<()> {
        let of = |thing: &JsValue, name: &str| Reflect::get(thing, &JsValue::from_str(name)).ok();
        let clipboard = of(&of(&window(), "navigator")?, "clipboard")?;
        let write: Function = of(&clipboard, "writeText")?.dyn_into().ok()?;
        write.call1(&clipboard, &JsValue::from_str(text)).ok().map(|_| ())
    };
    // A browser that refuses leaves the codes to select.
    let _ = write();
}

#[cfg(not(feature = "hydrate"))]
const fn copy(_text: &str) {}
