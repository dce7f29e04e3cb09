//! The step that asks who: a search for people and groups. Each that is found is a link to the next step.

use domain::{
    person::{Principal, PrincipalRef},
    role::RoleDetail,
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

use super::plan::Plan;
use crate::{
    api::assignment::{assignment_find, principal_text},
    load::Load,
    loading::loading,
    ui::{Button, ButtonSize, Empty, Icon, IconName, Person, TextField},
};

#[component]
pub(super) fn WhoStep(role: RoleDetail) -> impl IntoView {
    let query = use_query_map();
    let typing = RwSignal::new(None::<String>);
    let search = Memo::new(move |_| {
        typing.get().unwrap_or_else(|| query.with(|query| query.get("q")).unwrap_or_default())
    });
    let found = loading(move || search.get(), assignment_find);
    let page = Plan::page(role.row.role.id);
    let to = page.clone();
    view! {
        <h1 class="title">"Who may have it?"</h1>
        <p class="muted">"People or groups. Everyone needs an authenticator app before the first activation."</p>
        <div class="form-rows">
            <Form action=page method="get">
                <div class="line search-line">
                    <div class="grow">
                        <TextField
                            name="q"
                            label="Search people and groups"
                            label_hidden=true
                            kind="search"
                            value=search.get_untracked()
                            placeholder="Name of a person or group"
                            icon=IconName::Search
                            maxlength=100_u32
                            autocomplete="off"
                            on_text=Callback::new(move |text| typing.set(Some(text)))
                        />
                    </div>
                    <Button submit=true>"Search"</Button>
                </div>
            </Form>
            <Load resource=found let:found>
                <Found found to=to.clone() />
            </Load>
        </div>
        <div class="assign-foot">
            <crate::ui::ButtonLink href=format!("/roles/{}", role.row.role.id) size=ButtonSize::Large icon=IconName::ArrowLeft>"Back"</crate::ui::ButtonLink>
        </div>
    }
    .into_any()
}

#[component]
fn Found(found: Signal<Vec<PrincipalRef>>, to: String) -> impl IntoView {
    let to = StoredValue::new(to);
    move || {
        if found.with(Vec::is_empty) {
            return view! { <Empty title="Nobody fits" text="Look for another part of the name." icon=IconName::Search small=true /> }.into_any();
        }
        view! {
            <ul class="rows people-found">
                <For each=move || found.get() key=|named| named.principal let:named>
                    <li><Pick named to=to.get_value() /></li>
                </For>
            </ul>
        }
        .into_any()
    }
}

#[component]
fn Pick(named: PrincipalRef, to: String) -> impl IntoView {
    let PrincipalRef { principal, name } = named;
    let href = format!("{to}?who={}", principal_text(principal));
    let who = match principal {
        Principal::Person(id) => view! { <Person name id=id.to_string() /> }.into_any(),
        Principal::Group(id) => {
            view! { <Person name id=id.to_string() icon=IconName::Group below="Everyone in it, also later" /> }.into_any()
        }
    };
    view! { <a class="row-go" href=href>{who} <Icon name=IconName::ChevronRight /></a> }
}
