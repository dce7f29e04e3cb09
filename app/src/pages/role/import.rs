//! The catalogue: roles of other systems under their real names, to be imported many at once.

use crate::ui::PageTitle;
use domain::role::CatalogueRole;
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

use super::words::count;
use crate::{
    act::{ActForm, FormAct},
    api::role::{RoleImport, Seen, role_catalogue},
    form::{FormKey, refusal, typed_all},
    load::Load,
    loading::loading,
    step_up::{AdministratorCode, RefusalStrip},
    ui::{Button, ButtonKind, ButtonLink, Checkbox, Empty, IconName, LevelTag, TextField, TopBar},
};

/// The catalogue.
#[component]
pub fn RoleImportPage() -> impl IntoView {
    let catalogue = loading(|| (), |()| role_catalogue());
    view! {
        <PageTitle text="Import roles" />
        <TopBar title="Import roles" above=vec![("Roles".to_owned(), "/roles".to_owned())] heading=true />
        <Load resource=catalogue let:catalogue>
            <Catalogue catalogue />
        </Load>
    }
}

/// Whether name, key or what it grants contain all words of the search.
fn fits(role: &CatalogueRole, search: &str) -> bool {
    let text = format!("{} {} {}", role.name, role.key, role.description).to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[component]
fn Catalogue(catalogue: Signal<Seen<Vec<CatalogueRole>>>) -> impl IntoView {
    let import = FormAct::<RoleImport>::new();
    let refusal = refusal(import);
    let query = use_query_map();
    // While somebody types, the list follows; without the browser's half the address does.
    let typing = RwSignal::new(None::<String>);
    let search = Memo::new(move |_| {
        typing.get().unwrap_or_else(|| query.with(|query| query.get("q")).unwrap_or_default())
    });
    let checked = RwSignal::new(typed_all::<RoleImport>("keys"));
    let shown = Memo::new(move |_| {
        search
            .with(|search| catalogue.with(|seen| seen.what.iter().filter(|role| fits(role, search)).count()))
    });
    let may_change = catalogue.with_untracked(|seen| seen.may_change);
    let rows = catalogue.with_untracked(|seen| seen.what.clone());
    let rows = rows.into_iter().map(|role| view! { <Row role search checked may_change /> }).collect_view();
    let label = move || match checked.with(Vec::len) {
        0 => "Import".to_owned(),
        chosen => format!("Import {}", count(chosen, "role", "roles")),
    };
    view! {
        <div class="content">
            <p class="say">
                "The administrator roles of Microsoft 365 and Entra. An imported role starts with the usual settings and nobody has it."
            </p>
            <div class="filters">
                <div class="field">
                    <Form action="/roles/import" method="get">
                        <TextField
                            name="q"
                            label="Filter the catalogue"
                            label_hidden=true
                            kind="search"
                            value=search.get_untracked()
                            placeholder="Filter the catalogue"
                            icon=IconName::Filter
                            maxlength=100_u32
                            on_text=Callback::new(move |text| typing.set(Some(text)))
                        />
                        <span class="visually-hidden"><Button submit=true>"Filter"</Button></span>
                    </Form>
                </div>
                <span class="filters-count" role="status">{move || count(shown.get(), "role", "roles")}</span>
            </div>
            <ActForm act=import>
                <div class="stack">
                    <RefusalStrip refusal />
                    <table class="table catalogue">
                        <caption class="visually-hidden">"Roles of the catalogue"</caption>
                        <thead>
                            <tr>
                                <th scope="col"><span class="visually-hidden">"Import"</span></th>
                                <th scope="col">"Role"</th>
                                <th scope="col">"Level"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {move || (shown.get() == 0).then(|| view! { <Empty title="No role fits" text="Look for another part of the name." icon=IconName::Search small=true /> })}
                </div>
                <FormKey act=import />
                <div class="save-bar" hidden=!may_change>
                    <AdministratorCode proved_until=Signal::derive(move || catalogue.with(|seen| seen.proved_until)) refusal />
                    <div class="actions">
                        <ButtonLink href="/roles" kind=ButtonKind::Quiet>"Cancel"</ButtonLink>
                        <Button kind=ButtonKind::Primary submit=true busy=import.pending()>{label}</Button>
                    </div>
                </div>
            </ActForm>
        </div>
    }
}

#[component]
fn Row(
    role: CatalogueRole,
    search: Memo<String>,
    checked: RwSignal<Vec<String>>,
    may_change: bool,
) -> impl IntoView {
    let CatalogueRole { key, name, description, level, imported, .. } = role.clone();
    let hidden = move || search.with(|search| !fits(&role, search));
    let is_checked = checked.with_untracked(|checked| checked.contains(&key));
    let of_change = key.clone();
    let on_change = Callback::new(move |on: bool| {
        checked.update(|checked| {
            checked.retain(|other| *other != of_change);
            if on {
                checked.push(of_change.clone());
            }
        });
    });
    let box_ = if imported {
        view! { <Checkbox name="imported" label=format!("{name}, imported already") bare=true checked=true locked=true /> }.into_any()
    } else {
        view! { <Checkbox name="form[keys][]" value=key label=format!("Import {name}") bare=true checked=is_checked locked=!may_change on_change /> }
            .into_any()
    };
    view! {
        <tr hidden=hidden>
            <td class="fit cell-lead">{box_}</td>
            <th scope="row" class="cell-main">
                <span class="two">
                    <span class="row-name">{name}</span>
                    <span>{description}</span>
                </span>
            </th>
            <td class="fit">
                {if imported {
                    view! { <span class="muted">"Imported already"</span> }.into_any()
                } else {
                    view! { <LevelTag level=level.rank() label=level.word() /> }.into_any()
                }}
            </td>
        </tr>
    }
    .into_any()
}
