//! Signing in: passwords, codes, one-time links.

pub mod link;
pub mod password;

use domain::{person::PersonId, sign_in::SignInId};

use crate::{Engine, Tx, error::Result, store};

/// A sign-in without password and factor, for a new person: an invitation sets both. The name is normalised.
///
/// # Errors
/// `name_taken`.
pub(crate) async fn create_for(engine: &Engine, tx: &Tx, person: PersonId, name: &str) -> Result<SignInId> {
    let id = engine.env().id();
    store::sign_in::insert(tx.conn(), id, person, name, tx.now).await?;
    Ok(id)
}
