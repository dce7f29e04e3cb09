//! The record: reading, verifying, anchoring, exporting.

pub(crate) mod anchor;
mod export;
mod list;
pub(crate) mod refusals;
mod steps;
pub(crate) mod verify;

pub(crate) use anchor::require_newest;
pub use anchor::write_anchor;
pub use domain::audit::Format;
pub use export::export;
pub use list::{list, own};
pub(crate) use steps::steps;
pub use verify::{last_verification, verify, verify_chain};

#[cfg(test)]
mod tests;

use domain::access::Permission;

use crate::{Ctx, Engine, error::Result, store};

/// Only those who may read the whole record go on.
async fn require_reader(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let signed = ctx.signed()?;
    let access = store::access::of(engine.readers(), signed.person, engine.now()).await?;
    Ok(access.holds.require(Permission::ReadRecord)?)
}
