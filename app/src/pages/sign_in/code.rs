//! The second step of signing in: a code, or a recovery code. A plain form on purpose: a session begins with a new page, so
//! that nothing of the time before it is left in the browser's half.

use crate::ui::PageTitle;
use domain::Code;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    AppError, ReturnPath,
    act::FormAct,
    api::sign_in::{Account, SignInCodeStep, sign_in_account},
    app::use_about,
    form::{Refusal, refusal},
    load::Refused,
    loading::loading,
    ui::{
        Avatar, AvatarSize, Button, ButtonKind, ButtonLink, ButtonSize, CodeField, Icon, IconName, Skeleton,
        SkeletonShape, TextField,
    },
};

/// Whose code, the code, and the other way.
#[component]
pub fn CodePage() -> impl IntoView {
    let account = loading(|| (), |()| sign_in_account());
    let refused = refusal(FormAct::<SignInCodeStep>::new());
    view! {
        <PageTitle text="Enter your code, Sign in" />
        <Suspense fallback=|| view! { <Skeleton shape=SkeletonShape::Lines /> }>
            {move || account.get().map(|account| match account {
                Ok(account) => view! { <CodeStep account refused /> }.into_any(),
                Err(error) => start_again(error).into_any(),
            })}
        </Suspense>
    }
}

#[component]
fn CodeStep(account: Account, refused: Refusal) -> impl IntoView {
    let query = use_query_map();
    let by_recovery = Memo::new(move |_| query.with(|query| query.get_str("with") == Some("recovery")));
    let change = ReturnPath::or_home(Some(&account.to)).sign_in();
    let wrong = Signal::derive(move || refused.problem().map(|problem| problem.sentence()));
    view! {
        {move || if by_recovery.get() { recovery_words().into_any() } else { code_words().into_any() }}
        <div class="whose">
            <Avatar name=account.person_name.clone() id=account.sign_in_name.clone() size=AvatarSize::Small />
            <span class="clip">{account.sign_in_name}</span>
            <a class="link" href=change>"Change"</a>
        </div>
        <form method="post" action=SignInCodeStep::url()>
            {move || if by_recovery.get() { recovery_field(wrong).into_any() } else { code_field(wrong).into_any() }}
            <Button kind=ButtonKind::Primary size=ButtonSize::Large block=true submit=true>"Verify"</Button>
        </form>
        {move || other_way(by_recovery.get())}
    }
    .into_any()
}

fn code_words() -> impl IntoView {
    let entry = format!("“Stint {}”", use_about().organisation);
    view! {
        <h1>"Enter your six-digit code"</h1>
        <p>"From the authenticator app on your phone, entry " {entry} "."</p>
    }
}

fn recovery_words() -> impl IntoView {
    view! {
        <h1>"Enter a recovery code"</h1>
        <p>"One of the ten that you kept when you set up your authenticator app. Each works once."</p>
    }
}

fn code_field(error: Signal<Option<String>>) -> impl IntoView {
    view! { <CodeField name="form[code]" label="Code" label_hidden=true auto_send=true autofocus=true error /> }
}

fn recovery_field(error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <TextField
            name="form[code]"
            label="Recovery code"
            autocomplete="off"
            placeholder="7K2M-9QXT-04HN"
            maxlength=40u32
            required=true
            autofocus=true
            mono=true
            error
        />
    }
}

fn other_way(by_recovery: bool) -> impl IntoView {
    let (href, icon, words) = if by_recovery {
        ("/sign-in/code", IconName::Phone, "Use the authenticator app")
    } else {
        ("/sign-in/code?with=recovery", IconName::Key, "Use a recovery code")
    };
    view! {
        <div class="rows">
            <a class="row-go" href=href>
                <Icon name=icon size=18 />
                {words}
                <Icon name=IconName::ChevronRight />
            </a>
        </div>
    }
}

/// Nobody has given a password here, or too long ago.
fn start_again(error: AppError) -> impl IntoView {
    if error.problem().code != Code::StepExpired {
        return view! {
            <h1 class="visually-hidden">"Sign in"</h1>
            <Refused error />
        }
        .into_any();
    }
    view! {
        <h1>"Start again"</h1>
        <p>{error.problem().sentence()}</p>
        <ButtonLink href="/sign-in" kind=ButtonKind::Primary size=ButtonSize::Large block=true>"Sign in"</ButtonLink>
    }
    .into_any()
}
