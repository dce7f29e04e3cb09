//! Adding a member: find somebody, choose them, and see what the group gives. Finding is a form of its own that loads
//! the page again, so that it works before the browser's half has arrived.

use std::collections::HashSet;

use domain::{
    assignment::AssignmentKind,
    group::GroupDetail,
    page::ListQuery,
    person::{PersonId, PersonRow},
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

use super::detail::Loaded;
use crate::{
    act::{ActForm, FormAct},
    api::{group::GroupAddMember, person::person_list},
    form::{FormKey, refusal, typed},
    load::Load,
    loading::loading,
    refresh::{Topic, changed},
    step_up::{AdministratorCode, proved_until},
    ui::{
        Button, ButtonKind, ButtonLink, ButtonSize, Choice, Empty, IconName, Mood, Options, Sheet, Strip,
        TextField, use_toasts,
    },
};

/// How many people are offered at once; who is not among them is searched for.
const OFFERED: usize = 8;

/// Find, choose, add.
#[component]
pub(super) fn AddSheet(loaded: Signal<Loaded>) -> impl IntoView {
    let query = use_query_map();
    let search = Memo::new(move |_| query.with(|query| query.get("search").unwrap_or_default()));
    let found = loading(
        move || search.get(),
        |search| async move {
            let query = ListQuery { cursor: None, search: Some(search).filter(|search| !search.is_empty()) };
            Ok(person_list(query).await?.items)
        },
    );
    let add = FormAct::<GroupAddMember>::new();
    let refusal = refusal(add);
    let (group, toasts) = (loaded.with_untracked(|(group, _)| group.clone()), use_toasts());
    let name = group.row.name.clone();
    Effect::new(move |_| {
        if let Some(Ok(_)) = add.value().get() {
            changed(Topic::Group);
            toasts.show("Added.", format!("They are in {name} from now on."), None);
        }
    });
    let here = format!("/groups/{}", group.row.id);
    let foot = view! {
        <ButtonLink href=here.clone() kind=ButtonKind::Quiet>
            "Cancel"
        </ButtonLink>
        <Button kind=ButtonKind::Primary size=ButtonSize::Large submit=true form="add-member" busy=add.pending()>
            "Add"
        </Button>
    };
    let gives = gives(&group);
    let inside: HashSet<PersonId> = group.people.iter().map(|member| member.person.id).collect();
    view! {
        <Sheet title=format!("Add to {}", group.row.name) close=here.clone() foot=foot.into_any()>
            <Form method="GET" action=here attr:class="search" attr:role="search">
                <input type="hidden" name="do" value="add" />
                <TextField
                    name="search"
                    label="Find people"
                    label_hidden=true
                    kind="search"
                    placeholder="Name or sign-in name"
                    icon=IconName::Search
                    maxlength=100_u32
                    value=search.get_untracked()
                />
                <Button submit=true>"Find"</Button>
            </Form>
            <ActForm act=add attr:id="add-member" attr:class="form-rows">
                {move || refusal.lead().map(|lead| view! { <Strip mood=Mood::Red lead announce=true /> })}
                <input type="hidden" name="form[id]" value=group.row.id.to_string() />
                <FormKey act=add />
                <Load resource=found let:found>
                    <Offered found inside=inside.clone() />
                </Load>
                {move || refusal.field("person").get().map(|_| view! { <p class="field-error">"Choose somebody."</p> })}
                {gives.clone().map(|gives| view! { <Strip mood=Mood::Amber lead="This gives them a part in a role.">{gives}</Strip> })}
                <AdministratorCode proved_until=Signal::derive(move || proved_until(loaded.with(|(_, me)| me.mfa_at))) refusal />
            </ActForm>
        </Sheet>
    }
}

/// The people that were found, to choose one of.
#[component]
fn Offered(found: Signal<Vec<PersonRow>>, inside: HashSet<PersonId>) -> impl IntoView {
    move || {
        let found = found.get();
        if found.is_empty() {
            let text = "Neither a name nor a sign-in name contains this.";
            return view! { <Empty title="Nobody is called that" text icon=IconName::Search small=true /> }
                .into_any();
        }
        let more = found.len() > OFFERED;
        let options = found.into_iter().take(OFFERED).map(|row| choice(row, &inside)).collect();
        view! {
            <Options
                name="form[person]"
                label="Who"
                options=options
                value={typed::<GroupAddMember>("person", "")}
            />
            {more.then(|| view! { <p class="field-note">"There are more. Search to find them."</p> })}
        }
        .into_any()
    }
}

/// Who is in the group already or is disabled stays visible, and says why.
fn choice(row: PersonRow, inside: &HashSet<PersonId>) -> Choice {
    let names = row.sign_in_names.join(", ");
    let choice = Choice::new(row.id.to_string(), row.name);
    if inside.contains(&row.id) {
        choice.text("Is in the group already.").locked()
    } else if row.disabled_at.is_some() {
        choice.text("Disabled. Enable them first.").locked()
    } else if !row.has_second_factor {
        choice.text(format!("{names}. No second factor yet."))
    } else {
        choice.text(names)
    }
}

/// What a new member gets, as a sentence; nothing when the group has to do with no role.
fn gives(group: &GroupDetail) -> Option<String> {
    let of = |kind: AssignmentKind, verb: &str| {
        let mut roles: Vec<_> = group
            .assignments
            .iter()
            .filter(|row| row.kind == kind)
            .map(|row| row.role.name.as_str())
            .collect();
        roles.dedup();
        (!roles.is_empty()).then(|| format!("{verb} {}", roles.join(", ")))
    };
    let approves: Vec<_> = group.approves.iter().map(|role| role.name.as_str()).collect();
    let approves = (!approves.is_empty()).then(|| format!("approve {}", approves.join(", ")));
    let parts: Vec<_> =
        [of(AssignmentKind::Eligible, "may activate"), of(AssignmentKind::Active, "hold"), approves]
            .into_iter()
            .flatten()
            .collect();
    (!parts.is_empty()).then(|| format!("Members {}.", parts.join(", and ")))
}
