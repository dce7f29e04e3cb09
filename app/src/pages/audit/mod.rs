//! The record: whether it is whole, what is looked for, and what happened. Each row opens with everything that is kept.

mod address;
mod changes;
mod export;
mod filters;
mod own;
mod row;
mod seal;
mod words;

use crate::ui::PageTitle;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub use own::OwnRecordPage;

use self::{export::Export, filters::Filters, row::Row, seal::ChainSeal};
use crate::{
    act::FormAct,
    api::audit::{Asked, AuditVerify, Found, audit_last_verification, audit_list, audit_roles},
    load::Load,
    loading::loading,
    refresh::{Topic, changes},
    ui::{ButtonLink, Empty, IconName, TopBar},
    when::use_zone,
};

/// The whole record, for those who may read it.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(address::asked));
    let open = Memo::new(move |_| query.with(|query| query.get_str("open")?.parse::<i64>().ok()));
    let changes = changes(&[Topic::Record]);
    let verify = FormAct::<AuditVerify>::new();
    let found =
        loading(move || (asked.get(), changes.get()), |(asked, _)| async move { audit_list(asked).await });
    let verified =
        loading(move || verify.version().get(), |_| async move { audit_last_verification().await });
    let roles = loading(|| (), |()| async move { audit_roles().await });
    view! {
        <PageTitle text="Audit" />
        <TopBar title="Audit" />
        <div class="content audit">
            <Load resource=found let:found>
                <Load resource=verified let:verified>
                    <ChainSeal verified verify>
                        {move || found.with(|found| found.meant.is_none()).then(|| view! { <Export asked /> })}
                    </ChainSeal>
                </Load>
                <Load resource=roles let:roles>
                    <Filters asked found roles />
                </Load>
                <Records asked found open />
            </Load>
        </div>
    }
}

/// The table, or why there is none.
#[component]
fn Records(asked: Memo<Asked>, found: Signal<Found>, open: Memo<Option<i64>>) -> impl IntoView {
    let is_empty = Memo::new(move |_| found.with(|found| found.page.items.is_empty()));
    move || {
        if found.with(|found| found.meant.is_some()) {
            return view! { <Meant asked found /> }.into_any();
        }
        if is_empty.get() {
            return view! { <Nothing asked found /> }.into_any();
        }
        view! { <Table asked found open /> }.into_any()
    }
}

#[component]
fn Table(asked: Memo<Asked>, found: Signal<Found>, open: Memo<Option<i64>>) -> impl IntoView {
    let zone = use_zone();
    view! {
        <div>
            <table class="table record">
                <caption class="visually-hidden">"Records, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">{move || format!("Time, {}", zone.place())}</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Detail"</th>
                        <th scope="col">"Record"</th>
                        <th scope="col"><span class="visually-hidden">"More"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || found.with(|found| found.page.items.clone()) key=|row| row.seq let:row>
                        <Row row asked open />
                    </For>
                </tbody>
            </table>
            {move || found.with(|found| pager(found, |before| {
                address::href(&Asked { before, ..asked.get() })
            }))}
        </div>
    }
    .into_any()
}

/// Nothing fits, or nothing does so far: a text is looked for in so many records at a time.
#[component]
fn Nothing(asked: Memo<Asked>, found: Signal<Found>) -> impl IntoView {
    let on = move || found.with(|found| found.page.next.clone());
    move || {
        let asked = asked.get();
        let actions = match on() {
            Some(before) => {
                let href = address::href(&Asked { before, ..asked });
                view! { <ButtonLink href>"Search older records"</ButtonLink> }.into_any()
            }
            None => view! { <ButtonLink href="/audit">"Show all records"</ButtonLink> }.into_any(),
        };
        let (title, text) = match on() {
            Some(_) => {
                ("Not found yet", "The newest records hold nothing like this. Older ones were not searched.")
            }
            None => ("No records", "Nothing on record fits these filters."),
        };
        view! { <Empty title text icon=IconName::Search actions small=true /> }
    }
}

/// The name that was typed is nobody's, or several people's.
#[component]
fn Meant(asked: Memo<Asked>, found: Signal<Found>) -> impl IntoView {
    move || {
        let asked = asked.get();
        let people = found.with(|found| found.meant.clone()).unwrap_or_default();
        let (title, text) = match people.len() {
            0 => (
                format!("Nobody is called “{}”", asked.who),
                "Check the name. Records themselves are found by the search field.",
            ),
            count => (format!("{count} people could be “{}”", asked.who), "Choose one of them."),
        };
        let links = people.into_iter().map(|person| {
            let wanted = Asked { person: person.id.to_string(), who: String::new(), ..asked.clone() };
            view! { <ButtonLink href=address::href(&wanted)>{person.name}</ButtonLink> }
        });
        view! { <Empty title text icon=IconName::Person actions=links.collect_view().into_any() small=true /> }
    }
}

/// What is shown, and the way to older records. The way back is the browser's, and the way to the newest.
fn pager(found: &Found, href: impl Fn(String) -> String) -> Option<AnyView> {
    let (first, last) = (found.page.items.first()?.seq, found.page.items.last()?.seq);
    let newest = href(String::new());
    let older = found.page.next.clone().map(href);
    Some(view! {
        <nav class="pager" aria-label="Pages">
            <span>{format!("Records {} to {}", thousands(first), thousands(last))}</span>
            <span class="actions">
                <ButtonLink href=newest icon=IconName::ChevronLeft>"Newest"</ButtonLink>
                {older.map(|href| view! { <ButtonLink href icon=IconName::ChevronRight>"Older"</ButtonLink> })}
            </span>
        </nav>
    }
    .into_any())
}

/// A record's number as people read it: "48,211".
fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_of_records_are_written_in_groups() {
        for (number, text) in
            [(7, "7"), (999, "999"), (1_000, "1,000"), (48_211, "48,211"), (1_234_567, "1,234,567")]
        {
            assert_eq!(super::thousands(number), text);
        }
    }
}
