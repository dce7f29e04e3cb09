//! Groups and their members. Membership is looked up when it matters, never kept elsewhere.

mod change;
mod create;
mod get;
mod list;
mod member;
mod remove;
#[cfg(test)]
mod tests;

use domain::{
    Code, Problem,
    access::Permission,
    group::{Group, GroupId},
};

pub use change::change;
pub use create::create;
pub use get::get;
pub use list::list;
pub use member::{add_member, remove_member};
pub use remove::remove;

use crate::{
    Tx,
    error::Result,
    person::{privilege, require_knowing},
    store,
};

/// A group that the caller may change.
struct Subject {
    group: Group,
    privileged: bool,
}

/// The group that the caller is about to change. Who may not read people hears that there is none; a group that has an
/// assignment or approves anything is for the Privileged Role Administrator alone.
///
/// # Errors
/// `not_found`, `forbidden`.
async fn subject(tx: &Tx, id: GroupId) -> Result<Subject> {
    let caller = store::access::of(tx.conn(), tx.ctx.signed()?.person, tx.now).await?;
    require_knowing(caller.holds)?;
    let group = store::group::get(tx.conn(), id).await?;
    let privileged = privilege::of_group(tx.conn(), id).await?;
    caller.holds.require(Permission::to_change(privileged))?;
    Ok(Subject { group, privileged })
}

/// Names are unique among groups that are not removed, without regard to case.
///
/// # Errors
/// `name_taken`.
async fn require_free_name(tx: &Tx, name: &str, but: Option<GroupId>) -> Result<()> {
    match store::group::list::find_by_name(tx.conn(), name).await? {
        Some(other) if Some(other) != but => Err(Problem::new(Code::NameTaken).field("name").into()),
        Some(_) | None => Ok(()),
    }
}
