//! Who may know of roles, their settings and assignments, and who may change them.

use domain::{Code, Instant, access::Permission};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    Ctx, Engine, Tx,
    error::Result,
    session,
    store::access::{self, Access},
};

/// The caller, who may read lists of roles.
///
/// # Errors
/// `signed_out`, `forbidden`.
pub(crate) async fn lister(engine: &Engine, ctx: &Ctx) -> Result<Access> {
    let access = access::of(engine.readers(), ctx.signed()?.person, engine.now()).await?;
    access.holds.require(Permission::ReadRoles)?;
    Ok(access)
}

/// The caller, who may know of one role or assignment. To everybody else it is as absent as one that does not exist.
///
/// # Errors
/// `signed_out`, `not_found`.
pub(crate) async fn reader<C: ConnectionTrait>(db: &C, ctx: &Ctx, now: Instant) -> Result<Access> {
    let access = access::of(db, ctx.signed()?.person, now).await?;
    if access.holds.allow(Permission::ReadRoles) { Ok(access) } else { Err(Code::NotFound.into()) }
}

/// Refuses a change to somebody who may know of the object but not change it, or who did not prove the second factor
/// shortly before. To be called when the object is known to exist.
///
/// # Errors
/// `forbidden`, `mfa_stale`.
pub(crate) fn require_manager(tx: &Tx, access: &Access, object: Uuid) -> Result<()> {
    access.holds.require(Permission::ManageRoles)?;
    session::require_administrator_factor(tx, object)
}

/// The caller, who may make something that is not there yet.
///
/// # Errors
/// `signed_out`, `forbidden`, `mfa_stale`.
pub(crate) async fn maker(tx: &Tx, object: Uuid) -> Result<Access> {
    let access = access::of(tx.conn(), tx.ctx.signed()?.person, tx.now).await?;
    require_manager(tx, &access, object)?;
    Ok(access)
}
