//! What is known of a person besides their roles: how they sign in, where mail goes to, since when.

use leptos::prelude::*;

use super::{detail::Loaded, words};
use crate::{
    ui::{Fact, Facts, Two},
    when::{shown_at, use_zone},
};

/// The facts beside the roles.
#[component]
pub(super) fn PersonFacts(loaded: Signal<Loaded>) -> impl IntoView {
    let zone = use_zone();
    let person = Memo::new(move |_| loaded.with(|(person, _)| person.clone()));
    move || {
        let (person, now) = (person.get(), shown_at());
        let last = match words::last_sign_in(&person.row, zone, now) {
            Some((top, below)) => view! { <Two top below /> }.into_any(),
            None => view! { <span class="muted">"Not yet"</span> }.into_any(),
        };
        let addresses = match person.addresses.is_empty() {
            true => view! { <span class="muted">"None, so no mail reaches them"</span> }.into_any(),
            false => lines(person.addresses).into_any(),
        };
        let disabled = person.row.disabled_at.map(|at| {
            view! {
                <Fact term="Disabled">
                    <span title=zone.full(at)>{format!("since {}", zone.short(at, now))}</span>
                </Fact>
            }
        });
        view! {
            <Facts>
                {disabled} <Fact term="Signs in as">{lines(person.row.sign_in_names)}</Fact>
                <Fact term="Factor">{words::second_factor(person.row.has_second_factor)}</Fact>
                <Fact term="Last sign-in">{last}</Fact> <Fact term="Mail">{addresses}</Fact>
                {person.zone.map(|zone| view! { <Fact term="Zone">{zone}</Fact> })}
                <Fact term="Added">
                    <span title=zone.full(person.created_at)>{zone.day(person.created_at, now)}</span>
                </Fact>
            </Facts>
        }
        .into_any()
    }
}

fn lines(texts: Vec<String>) -> impl IntoView {
    texts.into_iter().map(|text| view! { <div class="anywhere">{text}</div> }).collect_view()
}
