//! The list of people: searched by name, part by part, all in the address.

use crate::ui::PageTitle;
use domain::{
    Page,
    access::Permission,
    person::{Me, PersonRow},
};
use leptos::prelude::*;
use leptos_router::components::Form;

use super::words;
use crate::{
    api::person::{person_list, person_me},
    load::Load,
    loading::loading,
    paging::{Parts, Place, use_place},
    refresh::{Topic, changes},
    ui::{
        Button, ButtonKind, ButtonLink, Empty, IconName, Person, Segments, TabItem, Tag, TextField, TopBar,
        Two,
    },
    when::{Zone, shown_at, use_zone},
};

/// Everybody whom Stint knows.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let place = use_place();
    let changes = changes(&[Topic::Person]);
    let loaded = loading(
        move || (place.get(), changes.get()),
        |(place, _)| async move {
            let (people, me) = futures::try_join!(person_list(place.query()), person_me())?;
            Ok((place, people, me))
        },
    );
    view! {
        <PageTitle text="People" />
        <TopBar title="People" />
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
type Loaded = (Place, Page<PersonRow>, Me);

/// What is searched for, the way to the groups, and adding somebody.
#[component]
fn Filters(loaded: Signal<Loaded>) -> impl IntoView {
    let may_add = Memo::new(move |_| loaded.with(|(_, _, me)| me.holds.allow(Permission::ManagePeople)));
    let search = loaded.with_untracked(|(place, _, _)| place.search().to_owned());
    let lists = vec![TabItem::new("People", "/people").current(true), TabItem::new("Groups", "/groups")];
    view! {
        <div class="filters">
            <Form method="GET" action="/people" attr:class="search" attr:role="search">
                <TextField
                    name="search"
                    label="Find people"
                    label_hidden=true
                    kind="search"
                    placeholder="Name or sign-in name"
                    icon=IconName::Search
                    maxlength=100_u32
                    value=search
                />
                <Button submit=true>"Find"</Button>
            </Form>
            <Segments items=lists label="Lists" />
            {move || {
                may_add
                    .get()
                    .then(|| {
                        view! {
                            <span class="filters-act">
                                <ButtonLink href="/people/new" kind=ButtonKind::Primary icon=IconName::Plus>
                                    "Add person"
                                </ButtonLink>
                            </span>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Found(loaded: Signal<Loaded>) -> impl IntoView {
    let zone = use_zone();
    move || {
        let (place, page, _) = loaded.get();
        if page.items.is_empty() {
            return nobody(&place).into_any();
        }
        let (count, next, now) = (page.items.len(), page.next, shown_at());
        let rows = page.items.into_iter().map(|row| line(row, zone, now)).collect_view();
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Signs in as"</th>
                        <th scope="col">"Second factor"</th>
                        <th scope="col">"Last sign-in"</th>
                        <th scope="col">
                            <span class="visually-hidden">"State"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Parts path="/people" place count next />
        }
        .into_any()
    }
}

fn line(row: PersonRow, zone: Zone, now: domain::Instant) -> impl IntoView {
    let last = match words::last_sign_in(&row, zone, now) {
        Some((top, below)) => view! { <Two top below /> }.into_any(),
        None => view! { <span class="muted">"Has not signed in yet"</span> }.into_any(),
    };
    let disabled = row.disabled_at.is_some().then(|| view! { <Tag icon=IconName::Lock>"Disabled"</Tag> });
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <a class="row-link" href=format!("/people/{}", row.id)>
                    <Person name=row.name id=row.id.to_string() below=words::kind(row.kind) />
                </a>
            </th>
            <td class="anywhere">{row.sign_in_names.join(", ")}</td>
            <td>{words::second_factor(row.has_second_factor)}</td>
            <td>{last}</td>
            <td class="fit end cell-side">{disabled}</td>
        </tr>
    }
}

fn nobody(place: &Place) -> impl IntoView + use<> {
    let (title, text) = match place.search() {
        "" => ("Nobody is here", "This part of the list is empty by now.".to_owned()),
        search => {
            ("Nobody is called that", format!("Neither a name nor a sign-in name contains “{search}”."))
        }
    };
    let all = view! { <ButtonLink href="/people">"Show everybody"</ButtonLink> }.into_any();
    view! { <Empty title text icon=IconName::Search actions=all /> }
}
