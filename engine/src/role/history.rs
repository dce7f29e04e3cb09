//! What the settings of a role were, and who changed what.

use std::collections::HashMap;

use domain::{
    Id,
    person::{Principal, PrincipalRef},
    role::{RoleId, SettingsVersion},
    role_settings::RoleSettings,
};

use super::{detail::approvers, known};
use crate::{
    Ctx, Engine,
    error::Result,
    store::{self, at},
};

/// All versions of a role's settings, newest first, each with what it changed.
///
/// # Errors
/// `signed_out`; `not_found`, also for those who may not read roles.
pub async fn history(engine: &Engine, ctx: &Ctx, id: RoleId) -> Result<Vec<SettingsVersion>> {
    let db = engine.readers();
    known::reader(db, ctx, engine.now()).await?;
    store::role::get(db, id).await?;
    let rows = store::role_settings::history(db, id).await?;
    let settings = rows.iter().map(store::role_settings::parse).collect::<Result<Vec<RoleSettings>>>()?;
    let people = store::person::names(db, rows.iter().filter_map(|row| row.saved_by.map(Id::new))).await?;
    let names = store::access::named(db, settings.iter().flat_map(approvers)).await?;
    let before = settings.iter().skip(1).map(Some).chain([None]);
    rows.iter()
        .zip(&settings)
        .zip(before)
        .map(|((row, settings), before)| {
            Ok(SettingsVersion {
                version: row.version,
                at: at(row.saved_at)?,
                by: row.saved_by.and_then(|by| people.get(&Id::new(by)).cloned()),
                changes: before.map_or_else(Vec::new, |before| changes(before, settings, &names)),
            })
        })
        .collect()
}

/// What changed, with the names that principals have today.
fn changes(
    before: &RoleSettings,
    after: &RoleSettings,
    names: &HashMap<Principal, PrincipalRef>,
) -> Vec<(String, String, String)> {
    let mut changes = after.changes_since(before);
    for (what, from, to) in &mut changes {
        if what == "Approvers" {
            *from = spoken(from, before, names);
            *to = spoken(to, after, names);
        }
    }
    changes
}

fn spoken(text: &str, settings: &RoleSettings, names: &HashMap<Principal, PrincipalRef>) -> String {
    let mut people: Vec<&str> = approvers(settings)
        .iter()
        .filter_map(|principal| names.get(principal))
        .map(|named| named.name.as_str())
        .collect();
    if people.is_empty() || people.len() < approvers(settings).len() {
        return text.to_owned();
    }
    people.sort_unstable();
    people.join(", ")
}
