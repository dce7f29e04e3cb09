//! People: one person is one human being. What they sign in with is a noun of its own.

mod change;
mod create;
mod disable;
mod get;
mod list;
mod me;
pub(crate) mod privilege;
#[cfg(test)]
mod tests;

use domain::{
    Code, Problem,
    access::{Holds, Permission},
    person::{Person, PersonId},
};

pub use change::change;
pub use create::create;
pub use disable::{disable, enable};
pub use get::get;
pub use list::{find_names, list};
pub use me::{me, set_zone};

use crate::{Tx, error::Result, store};

/// Somebody whom the caller may change.
struct Subject {
    person: Person,
    privileged: bool,
}

/// The person whom the caller is about to change. Who may not read people hears that there is nobody; those who have
/// to do with a role are for the Privileged Role Administrator alone.
///
/// # Errors
/// `not_found`, `forbidden`.
async fn subject(tx: &Tx, id: PersonId) -> Result<Subject> {
    let caller = store::access::of(tx.conn(), tx.ctx.signed()?.person, tx.now).await?;
    require_knowing(caller.holds)?;
    let person = store::person::get(tx.conn(), id).await?;
    let privileged = privilege::of_person(tx.conn(), id).await?;
    caller.holds.require(Permission::to_change(privileged))?;
    Ok(Subject { person, privileged })
}

/// For who may not read people and groups, they do not exist.
///
/// # Errors
/// `not_found`.
pub(crate) fn require_knowing(holds: Holds) -> Result<(), Problem> {
    if holds.allow(Permission::ReadPeople) { Ok(()) } else { Err(Problem::new(Code::NotFound)) }
}
