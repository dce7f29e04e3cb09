//! Who reads the pages, and their roles: loaded once, for the frame and for the page inside it.

use domain::{activation::MyRoles, person::Me};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    AppResult,
    api::{activation::activation_my_roles, person::person_me},
};

/// What was loaded of the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    me: Me,
    roles: MyRoles,
}

/// The reader, with what is open to them now. In the context of every page of people who are signed in.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Who they are.
    pub me: Memo<Me>,
    /// Their roles.
    pub roles: Memo<MyRoles>,
}

impl Reader {
    /// Follows what is loaded.
    pub(crate) fn of(loaded: Signal<Loaded>) -> Self {
        Self {
            me: Memo::new(move |_| loaded.with(|loaded| loaded.me.clone())),
            roles: Memo::new(move |_| loaded.with(|loaded| loaded.roles.clone())),
        }
    }
}

/// Asks who reads.
///
/// # Errors
/// `signed_out`, or when the server cannot be reached.
pub(crate) async fn load() -> AppResult<Loaded> {
    let (me, roles) = futures::try_join!(person_me(), activation_my_roles())?;
    Ok(Loaded { me, roles })
}

/// The reader of this page.
///
/// # Panics
/// Outside of the frame for people who are signed in.
pub fn use_reader() -> Reader {
    expect_context()
}
