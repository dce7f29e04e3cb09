//! Roles: Stint's own, those of the catalogue, and custom ones.

pub(crate) mod built_in;
mod catalogue;
mod change;
mod create;
mod detail;
mod history;
pub(crate) mod known;
mod list;
mod switch;

pub use catalogue::{catalogue, import};
pub use change::change;
pub use create::create;
pub use detail::get;
pub use history::history;
pub use list::list;
pub use switch::{disable, enable};

use domain::role::Role;
use serde_json::{Value, json};

/// The words of a role, for the record.
fn words(role: &Role) -> Value {
    json!({
        "key": role.key,
        "name": role.name,
        "description": role.description,
        "level": role.level,
        "link": role.link,
    })
}

#[cfg(test)]
mod tests;
