//! How roles and their levels are named on these pages, and the fields of their words.

use domain::{
    Instant,
    role::{Level, RoleRef},
};
use leptos::prelude::*;

use crate::{
    form::Refusal,
    ui::{Choice, LevelTile, Options, TextArea, TextField},
};

/// An instant on the shared clock of the page.
pub(super) fn instant(seconds: i64) -> Instant {
    Instant::from_timestamp(seconds, 0).unwrap_or_default()
}

/// "1 role", "3 roles".
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// The tile of a role.
pub(super) fn tile(role: &RoleRef, size: u16) -> impl IntoView + use<> {
    view! { <LevelTile level=role.level.rank() size label=format!("Privilege level: {}", role.level.word()) /> }
}

/// The level as the form writes it.
pub(super) const fn level_value(level: Level) -> &'static str {
    match level {
        Level::Limited => "limited",
        Level::High => "high",
        Level::Critical => "critical",
    }
}

/// What the fields of a role's words hold at first.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub name: String,
    pub description: String,
    pub level: String,
    pub link: String,
    /// Name and description belong to Stint and cannot be changed.
    pub fixed: bool,
}

/// Name, description, level and link.
#[component]
pub(super) fn WordFields(words: Words, refusal: Refusal) -> impl IntoView {
    let levels = vec![
        Choice::new("limited", "Limited").text("Does a narrow job."),
        Choice::new("high", "High").text("Changes or reads what others own."),
        Choice::new("critical", "Critical").text("Takes over the system or gives itself any role."),
    ];
    let fixed = words.fixed.then(|| "belongs to Stint, cannot be changed".to_owned());
    view! {
        <TextField
            name="form[name]"
            label="Name"
            value=words.name
            maxlength=100_u32
            required=true
            readonly=words.fixed
            bound=fixed
            error=refusal.field("name")
        />
        {if words.fixed {
            view! { <TextField name="form[description]" label="What it grants" value=words.description readonly=true error=refusal.field("description") /> }.into_any()
        } else {
            view! {
                <TextArea
                    name="form[description]"
                    label="What it grants"
                    value=words.description
                    bound="people read this before they activate it"
                    maxlength=500_u32
                    error=refusal.field("description")
                />
            }
                .into_any()
        }}
        <fieldset class="stack tight">
            <legend class="field-label">"Level"</legend>
            <Options name="form[level]" label="Level" options=levels value=words.level />
        </fieldset>
        <TextField
            name="form[link]"
            label="Where it is used"
            kind="url"
            value=words.link
            bound="may stay empty"
            placeholder="https://admin.exchange.example"
            maxlength=500_u32
            error=refusal.field("link")
        />
    }
    .into_any()
}
