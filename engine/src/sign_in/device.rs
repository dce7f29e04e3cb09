//! A browser that signed in before, known by a sealed cookie. Its attempts are counted apart, so that strangers who try
//! the same name cannot delay it.

use domain::{Span, sign_in::SignInId};
use serde::{Deserialize, Serialize};

use super::step;
use crate::{Engine, error::Result};

const PLACE: &str = "device";
/// How long a browser that does not sign in stays known.
const LIFE: Span = Span::days(180);

/// A browser in which this sign-in was used before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Device {
    /// Its own name, without a meaning.
    pub id: String,
    /// The sign-in that was used.
    pub sign_in: SignInId,
}

impl Device {
    /// A browser that signs in for the first time.
    pub(crate) fn new(engine: &Engine, sign_in: SignInId) -> Self {
        Self { id: engine.env().id::<Self>().to_string(), sign_in }
    }

    /// What the browser keeps.
    pub(crate) fn sealed(&self, engine: &Engine) -> Result<String> {
        step::seal(engine, PLACE, LIFE, self)
    }

    /// The browser that shows this, if this sign-in was used in it.
    pub(crate) fn known(engine: &Engine, sealed: Option<&str>, sign_in: SignInId) -> Option<Self> {
        let device: Self = step::open(engine, PLACE, sealed?)?;
        (device.sign_in == sign_in).then_some(device)
    }
}
