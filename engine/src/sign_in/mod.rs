//! Signing in: passwords, codes, one-time links, one's own credentials.

mod code_step;
mod common;
pub mod credential;
mod device;
pub(crate) mod failed;
pub mod link;
pub mod password;
mod password_step;
pub(crate) mod proof;
mod recovery;
mod step;
pub(crate) mod throttle;
pub(crate) mod totp;

#[cfg(test)]
pub(crate) mod tests;

use domain::{person::PersonId, sign_in::SignInId};

use crate::{Ctx, Engine, Tx, error::Result, store};

pub use code_step::{SignedIn, code_step};
pub use link::{recover, set_up_link};
pub use password_step::{PasswordStep, password_step};

/// A sign-in without password and factor, for a new person: an invitation sets both. The name is normalised.
///
/// # Errors
/// `name_taken`.
pub(crate) async fn create_for(engine: &Engine, tx: &Tx, person: PersonId, name: &str) -> Result<SignInId> {
    let id = engine.env().id();
    store::sign_in::insert(tx.conn(), id, person, name, tx.now).await?;
    Ok(id)
}

/// The circumstances of an act on credentials: never repeated under an idempotency key, whose kept answer would hold
/// secrets and whose second use would pass for a second proof.
pub(crate) fn once(ctx: &Ctx) -> Ctx {
    Ctx { idempotency: None, ..ctx.clone() }
}
