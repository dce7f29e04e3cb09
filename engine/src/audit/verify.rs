//! Verifying the chain.

use std::sync::Mutex;

use domain::audit::Verification;

/// The last verification, for the page.
#[derive(Debug, Default)]
pub(crate) struct Last(pub(crate) Mutex<Option<Verification>>);
