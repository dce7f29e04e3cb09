//! Adding a group. Nobody is in it at first, and it stands for nothing.

use crate::ui::PageTitle;
use domain::{
    Code,
    access::Permission,
    person::Me,
    text::{DESCRIPTION, NAME},
};
use leptos::prelude::*;

use crate::{
    AppError,
    act::{ActForm, FormAct},
    api::{group::GroupCreate, person::person_me},
    form::{FormKey, refusal, typed},
    load::{Load, Refused},
    loading::loading,
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{Button, ButtonKind, ButtonLink, ButtonSize, Mood, Strip, TextArea, TextField, TopBar},
};

/// The form for a new group.
#[component]
pub fn NewGroupPage() -> impl IntoView {
    let me = loading(|| (), |()| person_me());
    view! {
        <PageTitle text="Add group" />
        <TopBar title="Add" above=vec![("Groups".to_owned(), "/groups".to_owned())] />
        <div class="content form">
            <Load resource=me let:me>
                {move || {
                    if me.with(|me| me.holds.allow(Permission::ManagePeople)) {
                        view! { <NewGroup me /> }.into_any()
                    } else {
                        view! { <Refused error=AppError::from(Code::Forbidden) /> }.into_any()
                    }
                }}
            </Load>
        </div>
    }
}

#[component]
fn NewGroup(me: Signal<Me>) -> impl IntoView {
    let create = FormAct::<GroupCreate>::new();
    let refusal = refusal(create);
    Effect::new(move |_| {
        if let Some(Ok(())) = create.value().get() {
            changed(Topic::Group);
        }
    });
    view! {
        <h1 class="title">"What is the group called?"</h1>
        <ActForm act=create attr:class="form-rows">
            {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
            <FormKey act=create />
            <TextField
                name="form[name]"
                label="Name"
                maxlength=limit(NAME)
                required=true
                autocomplete="off"
                error=refusal.field("name")
                value={typed::<GroupCreate>("name", "")}
            />
            <TextArea
                name="form[description]"
                label="What it is for"
                bound="optional"
                maxlength=limit(DESCRIPTION)
                error=refusal.field("description")
                value={typed::<GroupCreate>("description", "")}
            />
            <AdministratorCode proved_until=Signal::derive(move || proved_until(me.with(|me| me.mfa_at))) refusal />
            <div class="actions end">
                <ButtonLink href="/groups" kind=ButtonKind::Quiet>
                    "Cancel"
                </ButtonLink>
                <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true busy=create.pending()>
                    "Add group"
                </Button>
            </div>
        </ActForm>
    }
}

/// A bound of the domain as an attribute.
pub(super) fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
