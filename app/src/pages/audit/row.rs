//! One record: a row, and below it everything that is kept of it. The row opens by a link, so that it works without the
//! browser's half and can be sent to somebody.

use domain::audit::RecordRow;
use leptos::prelude::*;

use super::{
    address, changes, thousands,
    words::{self, Said, Who},
};
use crate::{
    api::audit::Asked,
    ui::{AvatarSize, Fact, Facts, Icon, IconName, Mood, Person, Tag, time, use_now},
    when::use_zone,
};

/// The row and, if it is open, what is below it.
#[component]
pub fn Row(row: RecordRow, asked: Memo<Asked>, open: Memo<Option<i64>>) -> impl IntoView {
    let seq = row.seq;
    let is_open = Memo::new(move |_| open.get() == Some(seq));
    let row = StoredValue::new(row);
    let said = row.with_value(|row| words::said(row, None));
    let needs_look = matches!(said.alarm, Some("Failed" | "Alert"));
    let href = move || {
        asked.with(|asked| if is_open.get() { address::href(asked) } else { address::opened(asked, seq) })
    };
    let icon = move || if is_open.get() { IconName::ChevronUp } else { IconName::ChevronDown };
    view! {
        <tr id=address::anchor(seq) class:needs-look=needs_look>
            <td class="fit cell-when">{row.with_value(|row| view! { <When at=row.at /> })}</td>
            <th scope="row" class="cell-main">{row.with_value(|row| who(&Who::of(row, None)))}</th>
            <td class="what">{what(&said)}</td>
            <td class="muted detail">{row.with_value(|row| detail(row, &said))}</td>
            <td class="mono fit muted cell-hide">{thousands(seq)}</td>
            <td class="fit end opener">
                <a href=href data-noscroll="" aria-expanded=move || is_open.get().to_string() aria-label=format!("Record {}", thousands(seq))>
                    {move || view! { <Icon name=icon() /> }}
                </a>
            </td>
        </tr>
        {move || is_open.get().then(|| view! {
            <tr class="row-open">
                <td class="cell-hide"></td>
                <td colspan="5">{row.with_value(|row| view! { <Kept row=row.clone() /> })}</td>
            </tr>
        })}
    }
    .into_any()
}

/// The time, and how long ago it was.
#[component]
pub fn When(at: domain::Instant) -> impl IntoView {
    let (zone, seconds) = (use_zone(), use_now());
    let now = move || chrono::DateTime::from_timestamp(seconds.get(), 0).unwrap_or_default();
    let short = Memo::new(move |_| zone.short(at, now()));
    let ago = Memo::new(move |_| time::relative(at.timestamp().min(seconds.get()), seconds.get()));
    view! {
        <time class="two" datetime=at.to_rfc3339() title=move || zone.full(at)>
            <span>{move || short.get()}</span>
            <span>{move || ago.get()}</span>
        </time>
    }
    .into_any()
}

fn who(who: &Who) -> impl IntoView + use<> {
    let name = who.name().to_owned();
    let size = AvatarSize::Small;
    match who {
        Who::Person(id, _) => view! { <Person name id=id.to_string() size /> }.into_any(),
        Who::Stint => view! { <Person name id="stint" icon=IconName::Plug size /> }.into_any(),
        Who::Host => view! { <Person name id="host" icon=IconName::Code size /> }.into_any(),
        Who::Somebody => view! { <Person name id="somebody" icon=IconName::Person size /> }.into_any(),
    }
}

/// The sentence without its subject.
pub fn what(said: &Said) -> impl IntoView + use<> {
    let (verb, rest) = (said.verb.clone(), said.rest.clone());
    let tag = said.alarm.map(|word| match word {
        "Refused" => view! { <Tag mood=Mood::Amber icon=IconName::Warning>{word}</Tag> }.into_any(),
        _ => view! { <Tag mood=Mood::Red icon=IconName::Octagon>{word}</Tag> }.into_any(),
    });
    view! { <strong>{verb}</strong> {rest} " " {tag} }
}

/// The number that people quote, and a few words.
pub fn detail(row: &RecordRow, said: &Said) -> impl IntoView + use<> {
    let number = row.number.zip(row.activation).map(|(number, id)| {
        view! { <a class="link" href=format!("/requests/{id}")>{format!("R-{number}")}</a> }
    });
    let glue = (number.is_some() && !said.detail.is_empty()).then_some(", ");
    let detail = said.detail.clone();
    view! { {number} {glue} {detail} }
}

/// Everything that is kept of a record.
#[component]
fn Kept(row: RecordRow) -> impl IntoView {
    let (zone, at) = (use_zone(), row.at);
    let refusal = words::refusal(&row).filter(|_| !words::is_done(&row));
    let reason = words::reason(&row);
    let scope = row.scope.clone().filter(|scope| scope != "/");
    let lines = changes::changes(&row, zone);
    let sentence = format!("{} {}", words::whole(&row, None), refusal.unwrap_or_default());
    let (kind, hash, address) = (row.kind.as_str(), groups(&row.hash), row.address.clone());
    let request = row.number.zip(row.activation);
    view! {
        <Facts>
            <Fact term="What happened">{sentence}</Fact>
            <Fact term="When">{move || zone.full(at)}</Fact>
            {reason.map(|reason| view! { <Fact term="Reason"><p class="quote quiet">{reason}</p></Fact> })}
            {lines.map(|lines| view! { <Fact term="Changed">{lines}</Fact> })}
            {request.map(|(number, id)| view! {
                <Fact term="Request"><a class="link" href=format!("/requests/{id}")>{format!("R-{number}")}</a></Fact>
            })}
            {scope.map(|scope| view! { <Fact term="Scope"><code>{scope}</code></Fact> })}
            {people(&row)}
            {address.map(|address| view! { <Fact term="From"><code>{address}</code></Fact> })}
            <Fact term="Kind"><code>{kind}</code></Fact>
            <Fact term="Seal"><code class="hash">{hash}</code></Fact>
        </Facts>
    }
    .into_any()
}

/// The people it is about, each with the way to all their records.
fn people(row: &RecordRow) -> Option<impl IntoView + use<>> {
    let mut people: Vec<_> = [&row.actor, &row.person].into_iter().flatten().cloned().collect();
    people.dedup();
    let links: Vec<_> = people
        .into_iter()
        .map(|person| {
            let wanted = Asked { person: person.id.to_string(), ..Asked::default() };
            view! { <a class="link" href=address::href(&wanted)>{format!("All records of {}", person.name)}</a> }
        })
        .collect();
    (!links.is_empty()).then(|| view! { <Fact term="More"><span class="line">{links}</span></Fact> })
}

/// A hash in groups of four, so that two can be compared by eye.
fn groups(hash: &str) -> String {
    let letters: Vec<_> = hash.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
