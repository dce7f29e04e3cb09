//! Who is eligible for a role and who holds it: figures, and the table with its filters in the address.

use crate::ui::PageTitle;
use domain::{
    assignment::{AssignmentKind, Standing},
    role::{AssignmentRow, RoleDetail, RoleId, builtin},
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};

use super::{
    head::{AllDay, RoleHead, Tab},
    row::Row,
    words::{count, instant},
};
use crate::{
    api::{
        assignment::assignment_of_role,
        role::{Seen, role_get},
    },
    load::Load,
    loading::loading,
    pages::id_param,
    refresh::{Topic, changes},
    ui::{Button, Empty, Figures, IconName, Mood, Segments, Strip, TabItem, TextField, use_now},
};

/// One role with its assignments.
#[component]
pub fn RolePage() -> impl IntoView {
    let id = id_param::<RoleId>();
    let changes = changes(&[Topic::Role, Topic::Assignment, Topic::Activation]);
    let both = loading(
        move || (id.get(), changes.get()),
        |(id, _)| async move {
            let id = id?;
            Ok((role_get(id).await?, assignment_of_role(id).await?))
        },
    );
    view! {
        <Load resource=both let:both>
            <Assignments both />
        </Load>
    }
}

/// Open and ended ones.
type Both = (Vec<AssignmentRow>, Vec<AssignmentRow>);

/// What the table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Show {
    #[default]
    All,
    Eligible,
    Standing,
    Ended,
}

impl Show {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "All", ""),
        (Self::Eligible, "Eligible", "eligible"),
        (Self::Standing, "Standing", "standing"),
        (Self::Ended, "Ended", "ended"),
    ];

    fn read(text: Option<String>) -> Self {
        let text = text.unwrap_or_default();
        Self::ALL.into_iter().find(|(_, _, value)| *value == text).map(|(show, ..)| show).unwrap_or_default()
    }

    fn rows(self, (open, ended): &Both) -> Vec<AssignmentRow> {
        let of = |kind: AssignmentKind| open.iter().filter(|row| row.kind == kind).cloned().collect();
        match self {
            Self::All => open.clone(),
            Self::Eligible => of(AssignmentKind::Eligible),
            Self::Standing => of(AssignmentKind::Active),
            Self::Ended => ended.clone(),
        }
    }
}

#[component]
fn Assignments(both: Signal<(Seen<RoleDetail>, Both)>) -> impl IntoView {
    let role = Signal::derive(move || both.with(|(role, _)| role.clone()));
    let id = both.with_untracked(|(role, _)| role.what.row.role.id);
    let query = use_query_map();
    let made = Memo::new(move |_| query.with(|query| query.get("made")));
    let made_for = move || {
        let made = made.get()?;
        both.with(|(_, (open, _))| open.iter().find(|row| row.id.to_string() == made).cloned())
    };
    let standing = Signal::derive(move || {
        let all_day = |row: &&AssignmentRow| {
            row.kind == AssignmentKind::Active && row.ends_at.is_none() && row.standing == Standing::Live
        };
        both.with(|(_, (open, _))| open.iter().filter(all_day).count())
    });
    view! {
        <PageTitle text=move || role.with(|role| role.what.row.role.name.clone()) />
        <RoleHead role tab=Tab::Assignments />
        <div class="content">
            {move || figures(both)}
            {move || made_for().map(|row| view! { <Made row /> })}
            {move || made_for().is_none().then(|| view! { <AllDay standing is_administration=id == builtin::ADMINISTRATOR /> })}
            <Table both id />
        </div>
    }
}

fn figures(both: Signal<(Seen<RoleDetail>, Both)>) -> impl IntoView {
    let now = use_now().with_untracked(|seconds| instant(*seconds));
    let items = both.with(|(role, (open, ended))| {
        let row = &role.what.row;
        let soon =
            open.iter().filter(|row| row.ends_at.is_some_and(|end| (end - now).num_days() < 14)).count();
        let active = open.iter().filter(|row| row.live.as_ref().is_some_and(|live| live.ends_at.is_some()));
        let names: Vec<_> = active.map(|row| row.principal.name.clone()).take(2).collect();
        let of = |number: String, what: &str, note: String| (number, what.to_owned(), note);
        vec![
            of(
                open.len().to_string(),
                if open.len() == 1 { "assignment" } else { "assignments" },
                format!("{} eligible, {} standing", row.eligible, row.standing),
            ),
            of(row.active.to_string(), "active now", names.join(", ")),
            of(row.waiting.to_string(), "waiting for approval", String::new()),
            of(
                soon.to_string(),
                "end within 14 days",
                count(ended.len(), "has ended before", "have ended before"),
            ),
        ]
    });
    view! { <Figures items /> }
}

/// What came of a new assignment.
#[component]
fn Made(row: AssignmentRow) -> impl IntoView {
    let name = row.principal.name;
    let role = row.role.name;
    let lead = match row.kind {
        AssignmentKind::Eligible => format!("{name} is eligible for {role}."),
        AssignmentKind::Active => format!("{name} has {role}."),
    };
    view! { <Strip mood=Mood::Green lead>"They are told by mail, and so are the administrators."</Strip> }
}

#[component]
fn Table(both: Signal<(Seen<RoleDetail>, Both)>, id: RoleId) -> impl IntoView {
    let query = use_query_map();
    let show = Memo::new(move |_| Show::read(query.with(|query| query.get("show"))));
    let typing = RwSignal::new(None::<String>);
    let search = Memo::new(move |_| {
        typing.get().unwrap_or_else(|| query.with(|query| query.get("q")).unwrap_or_default())
    });
    let rows = Memo::new(move |_| {
        let search = search.get().to_lowercase();
        let mut rows = both.with(|(_, rows)| show.get().rows(rows));
        rows.retain(|row| row.principal.name.to_lowercase().contains(search.trim()));
        rows
    });
    let segments = move || {
        let item = |(of, label, value): (Show, &str, &str)| {
            let mut query = ParamsMap::new();
            for (name, value) in [("show", value.to_owned()), ("q", search.get())] {
                if !value.is_empty() {
                    query.insert(name, value);
                }
            }
            let number = both.with(|(_, rows)| of.rows(rows).len());
            TabItem::new(label, format!("/roles/{id}{}", query.to_query_string()))
                .count(u32::try_from(number).unwrap_or(u32::MAX))
                .current(show.get() == of)
        };
        view! { <Segments items=Show::ALL.into_iter().map(item).collect() label="Assignments" /> }
    };
    let may_change = both.with_untracked(|(role, _)| role.may_change);
    view! {
        <div class="stack">
            <div class="filters">
                <div class="field">
                    <Form action=format!("/roles/{id}") method="get">
                        <TextField
                            name="q"
                            label="Filter people"
                            label_hidden=true
                            kind="search"
                            value=search.get_untracked()
                            placeholder="Filter people"
                            icon=IconName::Filter
                            on_text=Callback::new(move |text| typing.set(Some(text)))
                        />
                        {move || show.with(|show| *show != Show::All).then(|| view! { <input type="hidden" name="show" value=value_of(show.get()) /> })}
                        <span class="visually-hidden"><Button submit=true>"Filter"</Button></span>
                    </Form>
                </div>
                {segments}
            </div>
            {move || if rows.with(Vec::is_empty) {
                view! { <Nothing show=show.get() searched=!search.with(String::is_empty) /> }.into_any()
            } else {
                view! { <Rows rows may_change /> }.into_any()
            }}
        </div>
    }
}

fn value_of(show: Show) -> &'static str {
    Show::ALL.into_iter().find(|(of, ..)| *of == show).map_or("", |(_, _, value)| value)
}

#[component]
fn Rows(rows: Memo<Vec<AssignmentRow>>, may_change: bool) -> impl IntoView {
    view! {
        <table class="table assignments">
            <thead>
                <tr>
                    <th scope="col">"Who"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"Period"</th>
                    <th scope="col" class="only-wide">"Last activation"</th>
                    <th scope="col">"Now"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>
                <For each=move || rows.get() key=|row| format!("{row:?}") let:row>
                    <Row row may_change />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn Nothing(show: Show, searched: bool) -> impl IntoView {
    let (title, text) = match (searched, show) {
        (true, _) => ("Nobody fits", "Look for another part of the name."),
        (_, Show::Ended) => ("Nothing has ended", "What is removed or runs out stays here."),
        (_, Show::Standing) => ("Nobody has this role all the time", "That is how it should be."),
        _ => (
            "Nobody has this role",
            "Make a person or a group eligible, and they can activate it when they need it.",
        ),
    };
    view! { <Empty title text icon=IconName::Group small=true /> }
}
