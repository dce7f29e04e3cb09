//! The list of roles: how much there is of everything in each, search in the address.

use crate::ui::PageTitle;
use domain::{Page, page::ListQuery, role::RoleRow};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};

use super::words::{count, tile};
use crate::{
    api::role::{Seen, role_list},
    load::Load,
    loading::loading,
    refresh::{Topic, changes},
    ui::{Button, ButtonKind, ButtonLink, Empty, IconName, Mood, Pager, Strip, Tag, TextField, TopBar},
};

/// All roles.
#[component]
pub fn RolesPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name: &str| query.with(|query| query.get(name)).filter(|text| !text.is_empty());
        ListQuery { cursor: part("cursor"), search: part("q") }
    });
    let changes = changes(&[Topic::Role, Topic::Assignment, Topic::Activation]);
    let roles = loading(move || (asked.get(), changes.get()), |(query, _)| role_list(query));
    let imported =
        move || query.with(|query| query.get("imported")).and_then(|text| text.parse::<usize>().ok());
    view! {
        <PageTitle text="Roles" />
        <TopBar title="Roles" />
        <div class="content">
            {move || imported().map(|made| view! { <Imported made /> })}
            <Load resource=roles let:page>
                <div class="stack">
                    <div class="filters">
                        <SearchField value=asked.get_untracked().search.unwrap_or_default() />
                        {move || page.with(|page| page.may_change).then(|| view! { <Tools /> })}
                    </div>
                    <Table page asked />
                </div>
            </Load>
        </div>
    }
}

#[component]
fn SearchField(value: String) -> impl IntoView {
    view! {
        <div class="field">
            <Form action="/roles" method="get">
                <TextField name="q" label="Search roles" label_hidden=true kind="search" value placeholder="Search roles" icon=IconName::Search maxlength=100_u32 />
                <span class="visually-hidden"><Button submit=true>"Search"</Button></span>
            </Form>
        </div>
    }
}

#[component]
fn Tools() -> impl IntoView {
    view! {
        <div class="actions filters-count">
            <ButtonLink href="/roles/new" icon=IconName::Plus>"New role"</ButtonLink>
            <ButtonLink href="/roles/import" kind=ButtonKind::Primary icon=IconName::Download>"Import roles"</ButtonLink>
        </div>
    }
}

#[component]
fn Imported(made: usize) -> impl IntoView {
    let lead = match made {
        0 => "Nothing was imported: all of them are here already.".to_owned(),
        made => format!("{} imported.", count(made, "role", "roles")),
    };
    view! { <Strip mood=Mood::Green lead>{(made > 0).then_some("Nobody has them yet. Look at the settings of each, then make people eligible.")}</Strip> }
}

#[component]
fn Table(page: Signal<Seen<Page<RoleRow>>>, asked: Memo<ListQuery>) -> impl IntoView {
    let is_empty = Memo::new(move |_| page.with(|page| page.what.items.is_empty()));
    let next = move || {
        let cursor = page.with(|page| page.what.next.clone())?;
        let mut query = ParamsMap::new();
        query.insert("cursor", cursor);
        if let Some(search) = asked.with(|asked| asked.search.clone()) {
            query.insert("q", search);
        }
        Some(format!("/roles{}", query.to_query_string()))
    };
    let pager = move || {
        let next = next()?;
        let shown = page.with(|page| count(page.what.items.len(), "role", "roles"));
        Some(view! { <Pager shown next /> })
    };
    move || {
        if is_empty.get() {
            return view! { <Nothing searched=asked.with(|asked| asked.search.is_some()) /> }.into_any();
        }
        view! {
            <table class="table roles">
                <thead>
                    <tr>
                        <th scope="col">"Role"</th>
                        <th scope="col" class="num">"Eligible"</th>
                        <th scope="col" class="num">"Standing"</th>
                        <th scope="col" class="num">"Active now"</th>
                        <th scope="col" class="num">"Waiting"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || page.with(|page| page.what.items.clone()) key=|row| format!("{row:?}") let:row>
                        <Row row />
                    </For>
                </tbody>
            </table>
            {pager}
        }
        .into_any()
    }
}

#[component]
fn Nothing(searched: bool) -> impl IntoView {
    if searched {
        return view! { <Empty title="No role fits" text="Look for another part of the name." icon=IconName::Search /> }.into_any();
    }
    view! { <Empty title="No roles yet" text="Import them from the catalogue, or make one of your own." icon=IconName::Roles /> }
        .into_any()
}

/// A number in a cell; its word stands beside it on mobile, where the heads of the columns are gone.
fn number(number: u32, word: &'static str, class: &'static str) -> impl IntoView {
    let class =
        if number == 0 { "num role-count is-zero".to_owned() } else { format!("num role-count {class}") };
    view! { <td class=class>{number} <span class="only-mobile">" "{word}</span></td> }
}

#[component]
fn Row(row: RoleRow) -> impl IntoView {
    let RoleRow { role, description, built_in, disabled_at, eligible, standing, active, waiting } = row;
    view! {
        <tr>
            <th scope="row" class="cell-main">
                <span class="role-cell">
                    {tile(&role, 34)}
                    <span class="two">
                        <span>
                            <a class="row-link row-name" href=format!("/roles/{}", role.id)>{role.name.clone()}</a>
                            {disabled_at.map(|_| view! { " " <Tag>"Off"</Tag> })}
                            {built_in.then(|| view! { " " <Tag>"Stint’s own"</Tag> })}
                        </span>
                        <span class="role-grants">{description}</span>
                    </span>
                </span>
            </th>
            {number(eligible, "eligible", "")}
            {number(standing, "standing", "tone-power")}
            {number(active, "active now", "tone-live")}
            {number(waiting, "waiting", "")}
        </tr>
    }
    .into_any()
}
