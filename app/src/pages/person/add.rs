//! Adding a person: who, the name they sign in with, and where mail reaches them.

use crate::ui::PageTitle;
use domain::{
    access::Permission,
    person::{Me, PersonKind},
    text::{ADDRESSES, NAME},
};
use leptos::prelude::*;

use super::words;
use crate::{
    AppError,
    act::{ActForm, FormAct},
    api::person::{PersonCreate, person_me},
    form::{FormKey, refusal, typed},
    load::{Load, Refused},
    loading::loading,
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Mood, Options, Strip, TextArea, TextField, TopBar},
};

/// The form for a new person.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    let me = loading(|| (), |()| person_me());
    view! {
        <PageTitle text="Add person" />
        <TopBar title="Add" above=vec![("People".to_owned(), "/people".to_owned())] />
        <div class="content form">
            <Load resource=me let:me>
                {move || {
                    if me.with(|me| me.holds.allow(Permission::ManagePeople)) {
                        view! { <NewPerson me /> }.into_any()
                    } else {
                        view! { <Refused error=AppError::from(domain::Code::Forbidden) /> }.into_any()
                    }
                }}
            </Load>
        </div>
    }
}

#[component]
fn NewPerson(me: Signal<Me>) -> impl IntoView {
    let create = FormAct::<PersonCreate>::new();
    let refusal = refusal(create);
    Effect::new(move |_| {
        if let Some(Ok(())) = create.value().get() {
            changed(Topic::Person);
        }
    });
    view! {
        <h1 class="title">"Who is it?"</h1>
        <ActForm act=create attr:class="form-rows">
            {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
            <FormKey act=create />
            <Options
                name="form[kind]"
                label="Member or guest"
                options=words::kinds()
                value={typed::<PersonCreate>("kind", words::kind_value(PersonKind::Member))}
            />
            <TextField
                name="form[name]"
                label="Name"
                bound="as others see it"
                maxlength=limit(NAME)
                required=true
                autocomplete="off"
                error=refusal.field("name")
                value={typed::<PersonCreate>("name", "")}
            />
            <TextField
                name="form[sign_in_name]"
                label="Name to sign in with"
                hint="Letters, digits and . _ - + @, without blanks. It can be an account name or look like a mail address."
                maxlength=limit(NAME)
                required=true
                autocomplete="off"
                error=refusal.field("sign_in_name")
                value={typed::<PersonCreate>("sign_in_name", "")}
            />
            <TextArea
                name="form[addresses]"
                label="Contact addresses"
                bound=format!("one a line, {ADDRESSES} at most")
                hint="Where mail goes to, the invitation too. Without any, you hand the invitation over yourself."
                error=refusal.field("addresses")
                value={typed::<PersonCreate>("addresses", "")}
            />
            <Strip>
                "The invitation is a link that works once, for 72 hours. With it they choose their password and set up their authenticator app."
            </Strip>
            <AdministratorCode proved_until=Signal::derive(move || proved_until(me.with(|me| me.mfa_at))) refusal />
            <div class="actions end">
                <ButtonLink href="/people" kind=ButtonKind::Quiet>
                    "Cancel"
                </ButtonLink>
                <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=create.pending()>
                    "Add and invite"
                </Button>
            </div>
        </ActForm>
    }
}

/// A bound of the domain as an attribute.
pub(super) fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
