//! The settings for those who may read them and not change them.

use domain::{person::Principal, role::RoleDetail};
use leptos::prelude::*;

use crate::{
    api::role::Seen,
    ui::{Fact, Facts},
};

#[component]
pub(super) fn Reading(role: Signal<Seen<RoleDetail>>) -> impl IntoView {
    let sentence = move || {
        let parts = role.with(|role| role.what.settings.sentence()).into_iter();
        parts
            .map(
                |(text, is_key)| {
                    if is_key { view! { <strong>{text}</strong> }.into_any() } else { text.into_any() }
                },
            )
            .collect_view()
    };
    let facts = move || {
        let role = role.get().what;
        let facts = role.settings.facts().into_iter();
        facts
            .map(|(what, value)| {
                let value = if what == "Approvers" { named(&role).unwrap_or(value) } else { value };
                view! { <Fact term=what>{value}</Fact> }
            })
            .collect_view()
    };
    view! {
        <div class="content">
            <p class="say">{sentence}</p>
            {move || view! { <Facts wide=true>{facts()}</Facts> }}
        </div>
    }
}

/// The approvers by name.
fn named(role: &RoleDetail) -> Option<String> {
    let name = |principal: &Principal| role.approvers.iter().find(|named| named.principal == *principal);
    let names: Vec<_> =
        role.settings.stage()?.approvers.iter().filter_map(name).map(|named| named.name.clone()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
