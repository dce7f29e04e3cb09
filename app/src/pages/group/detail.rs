//! One group: who is in it, what it stands for, and what administrators change of it.

use crate::ui::PageTitle;
use domain::{
    access::Permission,
    group::{GroupDetail, GroupId},
    person::{Me, PersonId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    change::ChangeSheet, list::people, member::Members, member::TakeOutDialog, picker::AddSheet,
    remove::RemoveDialog,
};
use crate::{
    api::{group::group_get, person::person_me},
    load::Load,
    loading::loading,
    pages::{assigned::Assigned, id_param, object_bar::ObjectBar},
    refresh::{Topic, changes},
    ui::{
        Avatar, AvatarSize, ButtonLink, Empty, Icon, IconName, LevelTile, Mood, PageHead, Section, Strip, Tag,
    },
};

/// A group, and who asks.
pub(super) type Loaded = (GroupDetail, Me);

/// One group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let id = id_param::<GroupId>();
    let changes = changes(&[Topic::Group, Topic::Person, Topic::Assignment, Topic::Role]);
    let loaded = loading(
        move || (id.get(), changes.get()),
        |(id, _)| async move {
            let id = id?;
            futures::try_join!(group_get(id), person_me())
        },
    );
    view! {
        <ObjectBar
            resource=loaded
            name=|(group, _): &Loaded| group.row.name.clone()
            otherwise="Group"
            above=("Groups", "/groups")
        />
        <Load resource=loaded let:loaded>
            <PageTitle text=move || loaded.with(|(group, _)| format!("{}, Groups", group.row.name)) />
            <OneGroup loaded />
        </Load>
    }
}

/// Whether the caller changes this group: decided as the server decides it.
fn may_change((group, me): &Loaded) -> bool {
    me.holds.allow(Permission::to_change(group.row.privileged))
}

#[component]
fn OneGroup(loaded: Signal<Loaded>) -> impl IntoView {
    let query = use_query_map();
    let doing = Memo::new(move |_| query.with(|query| query.get("do").unwrap_or_default()));
    let named = move |name: &'static str| {
        Memo::new(move |_| query.with(|query| query.get_str(name)?.parse::<PersonId>().ok()))
    };
    let (whom, made) = (named("person"), named("made"));
    let may = Memo::new(move |_| loaded.with(may_change));
    let over = move || match (doing.get().as_str(), may.get(), whom.get()) {
        ("change", true, _) => view! { <ChangeSheet loaded /> }.into_any(),
        ("remove", true, _) => view! { <RemoveDialog loaded /> }.into_any(),
        ("add", true, _) => view! { <AddSheet loaded /> }.into_any(),
        ("take-out", true, Some(person)) => view! { <TakeOutDialog loaded person /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="content narrow">
            <Head loaded may />
            <Notes loaded made />
            <div class="columns main-side">
                <div class="stack wide">
                    <Members loaded may />
                    <Roles loaded />
                </div>
                <div class="aside stack">
                    <Approves loaded />
                </div>
            </div>
        </div>
        {over}
    }
}

/// The name, how many are in it, what it is for, and what can be done.
#[component]
fn Head(loaded: Signal<Loaded>, may: Memo<bool>) -> impl IntoView {
    let row = Memo::new(move |_| loaded.with(|(group, _)| group.row.clone()));
    move || {
        let row = row.get();
        let here = format!("/groups/{}", row.id);
        let facts = view! {
            <span>{people(row.members)}</span>
            {row
                .privileged
                .then(|| view! { <Tag mood=Mood::Purple icon=IconName::Roles>"Privileged"</Tag> })}
            {(!row.description.is_empty()).then(|| view! { <span class="anywhere">{row.description.clone()}</span> })}
        }
        .into_any();
        let lead = view! {
            <Avatar name=row.name.clone() id=row.id.to_string() icon=IconName::Group size=AvatarSize::Large />
        }
        .into_any();
        if !may.get() {
            return view! { <PageHead title=row.name lead facts /> }.into_any();
        }
        let actions = view! {
            <ButtonLink href=format!("{here}?do=remove")>"Remove"</ButtonLink>
            <ButtonLink href=format!("{here}?do=change") icon=IconName::Pencil>
                "Change"
            </ButtonLink>
        }
        .into_any();
        view! { <PageHead title=row.name lead facts actions /> }.into_any()
    }
}

/// Who has to do with a role since a moment ago; else why somebody who has groups in order cannot change this one.
#[component]
fn Notes(loaded: Signal<Loaded>, made: Memo<Option<PersonId>>) -> impl IntoView {
    let newcomer = Memo::new(move |_| {
        let person = made.get()?;
        loaded.with(|(group, _)| {
            let member = group.people.iter().find(|member| member.person.id == person)?;
            group.row.privileged.then(|| member.person.name.clone())
        })
    });
    let kept = Memo::new(move |_| {
        loaded.with(|loaded| loaded.1.holds.allow(Permission::ManagePeople) && !may_change(loaded))
    });
    move || {
        match newcomer.get() {
        Some(name) => view! {
            <Strip mood=Mood::Amber lead=format!("{name} is privileged now.")>
                "They have to do with a role for the first time. Their open one-time links are void, and only a Privileged Role Administrator changes their sign-in."
            </Strip>
        }
        .into_any(),
        None if kept.get() => view! {
            <Strip icon=IconName::Lock lead="Only a Privileged Role Administrator changes this group.">
                "It has a role, or approves one."
            </Strip>
        }
        .into_any(),
        None => ().into_any(),
    }
    }
}

#[component]
fn Roles(loaded: Signal<Loaded>) -> impl IntoView {
    let rows = Memo::new(move |_| loaded.with(|(group, _)| group.assignments.clone()));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    view! {
        <Section title="Roles" id="roles" note="for each member">
            {move || {
                if none.get() {
                    view! {
                        <Empty
                            title="No role"
                            text="What its members are eligible for or hold will stand here."
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
fn Approves(loaded: Signal<Loaded>) -> impl IntoView {
    let roles = Memo::new(move |_| loaded.with(|(group, _)| group.approves.clone()));
    let list = move || {
        let roles = roles.get();
        if roles.is_empty() {
            return view! { <p class="muted">"Its members approve no role."</p> }.into_any();
        }
        let rows = roles
            .into_iter()
            .map(|role| {
                let label = format!("Privilege level: {}", role.level.word());
                view! {
                    <a class="row-go" href=format!("/roles/{}", role.id)>
                        <LevelTile level=role.level.rank() size=24 label />
                        {role.name}
                        <Icon name=IconName::ChevronRight />
                    </a>
                }
            })
            .collect_view();
        view! { <div class="rows">{rows}</div> }.into_any()
    };
    view! {
        <Section title="Approves" id="approves">
            {list}
        </Section>
    }
}
