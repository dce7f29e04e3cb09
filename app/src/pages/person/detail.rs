//! One person: what they may do, by which way, and what administrators change of them.

use crate::ui::PageTitle;
use domain::{
    access::Permission,
    person::{Me, PersonDetail, PersonId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    change::ChangeSheet,
    disable::DisableDialog,
    facts::PersonFacts,
    link::{LinkDialog, Links, purpose},
    made_link::MadeLinkCard,
    words,
};
use crate::{
    api::person::{person_get, person_me},
    load::Load,
    loading::loading,
    pages::{assigned::Assigned, id_param, object_bar::ObjectBar},
    refresh::{Topic, changes},
    ui::{Avatar, AvatarSize, ButtonLink, Empty, Icon, IconName, Mood, PageHead, Section, Strip, Tag},
};

/// A person, and who asks.
pub(super) type Loaded = (PersonDetail, Me);

/// One person.
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = id_param::<PersonId>();
    let changes = changes(&[Topic::Person, Topic::Group, Topic::Assignment, Topic::Activation]);
    let loaded = loading(
        move || (id.get(), changes.get()),
        |(id, _)| async move {
            let id = id?;
            futures::try_join!(person_get(id), person_me())
        },
    );
    view! {
        <ObjectBar
            resource=loaded
            name=|(person, _): &Loaded| person.row.name.clone()
            otherwise="Person"
            above=("People", "/people")
        />
        <Load resource=loaded let:loaded>
            <PageTitle text=move || loaded.with(|(person, _)| format!("{}, People", person.row.name)) />
            <OnePerson loaded />
        </Load>
    }
}

/// Whether the caller changes this person: decided as the server decides it.
fn may_change((person, me): &Loaded) -> bool {
    me.holds.allow(Permission::to_change(person.privileged))
}

#[component]
fn OnePerson(loaded: Signal<Loaded>) -> impl IntoView {
    let query = use_query_map();
    let doing = Memo::new(move |_| query.with(|query| query.get("do").unwrap_or_default()));
    let may = Memo::new(move |_| loaded.with(may_change));
    let id = Memo::new(move |_| loaded.with(|(person, _)| person.row.id));
    let over = move || match (doing.get().as_str(), may.get()) {
        ("change", true) => view! { <ChangeSheet loaded /> }.into_any(),
        ("disable", true) => view! { <DisableDialog loaded enable=false /> }.into_any(),
        ("enable", true) => view! { <DisableDialog loaded enable=true /> }.into_any(),
        (other, true) => match purpose(other) {
            Some(purpose) => view! { <LinkDialog loaded purpose /> }.into_any(),
            None => ().into_any(),
        },
        _ => ().into_any(),
    };
    let link = move || (doing.get() == "link").then(|| view! { <MadeLinkCard id=id.get() /> });
    view! {
        <div class="content narrow">
            <Head loaded may />
            {link}
            <OnlyAdministrators loaded />
            <div class="columns main-side">
                <div class="stack wide">
                    <Roles loaded />
                    <Groups loaded />
                </div>
                <div class="aside stack">
                    <PersonFacts loaded />
                    <Links loaded may />
                </div>
            </div>
        </div>
        {over}
    }
}

/// The name, what kind of person, and what can be done.
#[component]
fn Head(loaded: Signal<Loaded>, may: Memo<bool>) -> impl IntoView {
    let row = Memo::new(move |_| loaded.with(|(person, _)| (person.row.clone(), person.privileged)));
    move || {
        let (row, privileged) = row.get();
        let here = format!("/people/{}", row.id);
        let facts = view! {
            <span>{words::kind(row.kind)}</span>
            {privileged.then(|| view! { <Tag mood=Mood::Purple icon=IconName::Roles>"Privileged"</Tag> })}
            {row.disabled_at.map(|_| view! { <Tag icon=IconName::Lock>"Disabled"</Tag> })}
        };
        let lead = view! { <Avatar name=row.name.clone() id=row.id.to_string() size=AvatarSize::Large /> };
        if !may.get() {
            return view! { <PageHead title=row.name lead=lead.into_any() facts=facts.into_any() /> }
                .into_any();
        }
        let (what, word) =
            if row.disabled_at.is_some() { ("enable", "Enable") } else { ("disable", "Disable") };
        let actions = view! {
            <ButtonLink href=format!("{here}?do={what}")>{word}</ButtonLink>
            <ButtonLink href=format!("{here}?do=change") icon=IconName::Pencil>
                "Change"
            </ButtonLink>
        };
        view! {
            <PageHead title=row.name lead=lead.into_any() facts=facts.into_any() actions=actions.into_any() />
        }
        .into_any()
    }
}

/// Why somebody who has people in order cannot change this person.
#[component]
fn OnlyAdministrators(loaded: Signal<Loaded>) -> impl IntoView {
    let kept = Memo::new(move |_| {
        loaded.with(|loaded| loaded.1.holds.allow(Permission::ManagePeople) && !may_change(loaded))
    });
    move || {
        kept.get().then(|| {
            view! {
                <Strip icon=IconName::Lock lead="Only a Privileged Role Administrator changes this person.">
                    "They hold a role, may activate one, or approve one."
                </Strip>
            }
        })
    }
}

#[component]
fn Roles(loaded: Signal<Loaded>) -> impl IntoView {
    let rows = Memo::new(move |_| loaded.with(|(person, _)| person.assignments.clone()));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <Section title="Roles" id="roles">
            {move || {
                if none.get() {
                    view! {
                        <Empty
                            title="No role"
                            text="What they are eligible for or hold will stand here, also through a group."
                            small=true
                        />
                    }
                        .into_any()
                } else {
                    view! { <Assigned rows /> }.into_any()
                }
            }}
        </Section>
    }
}

#[component]
fn Groups(loaded: Signal<Loaded>) -> impl IntoView {
    let groups = Memo::new(move |_| {
        loaded.with(|(person, me)| (person.groups.clone(), me.holds.allow(Permission::ReadPeople)))
    });
    let list = move || {
        let (groups, may_read) = groups.get();
        if groups.is_empty() {
            return view! {
                <Empty title="In no group" text="Groups that they are put into will stand here." small=true />
            }
            .into_any();
        }
        let rows = groups
            .into_iter()
            .map(|group| {
                if may_read {
                    view! {
                        <a class="row-go" href=format!("/groups/{}", group.id)>
                            <Icon name=IconName::Group size=18 />
                            {group.name}
                            <Icon name=IconName::ChevronRight />
                        </a>
                    }
                    .into_any()
                } else {
                    view! { <div class="row-go"><Icon name=IconName::Group size=18 /> {group.name}</div> }
                        .into_any()
                }
            })
            .collect_view();
        view! { <div class="rows">{rows}</div> }.into_any()
    };
    view! {
        <Section title="Groups" id="groups">
            {list}
        </Section>
    }
}
