//! The list of groups: searched by name, part by part, all in the address.

use crate::ui::PageTitle;
use domain::{Page, access::Permission, group::GroupRow, person::Me};
use leptos::prelude::*;
use leptos_router::components::Form;

use crate::{
    api::{group::group_list, person::person_me},
    load::Load,
    loading::loading,
    paging::{Parts, Place, use_place},
    refresh::{Topic, changes},
    ui::{
        Button, ButtonKind, ButtonLink, Empty, IconName, Mood, Person, Segments, TabItem, Tag, TextField,
        TopBar,
    },
};

/// All groups.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let place = use_place();
    let changes = changes(&[Topic::Group, Topic::Assignment]);
    let loaded = loading(
        move || (place.get(), changes.get()),
        |(place, _)| async move {
            let (groups, me) = futures::try_join!(group_list(place.query()), person_me())?;
            Ok((place, groups, me))
        },
    );
    view! {
        <PageTitle text="Groups" />
        <TopBar title="Groups" />
        <div class="content">
            <Load resource=loaded let:loaded>
                <div class="stack">
                    <Filters loaded />
                    <Found loaded />
                </div>
            </Load>
        </div>
    }
}

/// A part of the list, where it is, and who asks.
type Loaded = (Place, Page<GroupRow>, Me);

fn may_add((_, _, me): &Loaded) -> bool {
    me.holds.allow(Permission::ManagePeople)
}

/// What is searched for, the way to the people, and adding a group.
#[component]
fn Filters(loaded: Signal<Loaded>) -> impl IntoView {
    let may_add = Memo::new(move |_| loaded.with(may_add));
    let search = loaded.with_untracked(|(place, _, _)| place.search().to_owned());
    let lists = vec![TabItem::new("People", "/people"), TabItem::new("Groups", "/groups").current(true)];
    let add = move || {
        may_add.get().then(|| {
            view! {
                <span class="filters-act">
                    <ButtonLink href="/groups/new" kind=ButtonKind::Primary icon=IconName::Plus>
                        "Add group"
                    </ButtonLink>
                </span>
            }
        })
    };
    view! {
        <div class="filters">
            <Form method="GET" action="/groups" attr:class="search" attr:role="search">
                <TextField
                    name="search"
                    label="Find groups"
                    label_hidden=true
                    kind="search"
                    placeholder="Name of a group"
                    icon=IconName::Search
                    maxlength=100_u32
                    value=search
                />
                <Button submit=true>"Find"</Button>
            </Form>
            <Segments items=lists label="Lists" />
            {add}
        </div>
    }
}

#[component]
fn Found(loaded: Signal<Loaded>) -> impl IntoView {
    move || {
        let (place, page, me) = loaded.get();
        if page.items.is_empty() {
            return none(&place, me.holds.allow(Permission::ManagePeople)).into_any();
        }
        let (count, next) = (page.items.len(), page.next);
        let rows = page.items.into_iter().map(line).collect_view();
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Group"</th>
                        <th scope="col">"Members"</th>
                        <th scope="col">
                            <span class="visually-hidden">"State"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Parts path="/groups" place count next />
        }
        .into_any()
    }
}

fn line(row: GroupRow) -> impl IntoView {
    let members = people(row.members);
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=format!("/groups/{}", row.id)>
                    <Person name=row.name id=row.id.to_string() below=row.description icon=IconName::Group />
                </a>
            </th>
            <td class="fit">{members}</td>
            <td class="fit end cell-side">
                {row
                    .privileged
                    .then(|| view! { <Tag mood=Mood::Purple icon=IconName::Roles>"Privileged"</Tag> })}
            </td>
        </tr>
    }
}

/// "1 person", "6 people".
pub(super) fn people(count: u32) -> String {
    match count {
        0 => "nobody".to_owned(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}

fn none(place: &Place, may_add: bool) -> AnyView {
    if place.search().is_empty() {
        let text = "A group makes several people eligible for a role at once, or lets them approve.";
        let add = may_add.then(|| view! { <ButtonLink href="/groups/new">"Add group"</ButtonLink> });
        return view! { <Empty title="No groups yet" text icon=IconName::Group actions=add.into_any() /> }
            .into_any();
    }
    let text = format!("The name of no group contains “{}”.", place.search());
    let all = view! { <ButtonLink href="/groups">"Show all groups"</ButtonLink> }.into_any();
    view! { <Empty title="No group is called that" text icon=IconName::Search actions=all /> }.into_any()
}
