//! Who reads the pages, and their roles: known before a page is drawn, for the frame and for the page inside it, and
//! followed as they change.

use domain::{activation::MyRoles, person::Me};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::AppResult;
#[cfg(feature = "hydrate")]
use crate::api::{activation::activation_my_roles, person::person_me};

/// The reader at one moment. The server puts it into the extensions of a request before it draws the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    me: Me,
    roles: MyRoles,
}

#[cfg(feature = "ssr")]
impl Reading {
    /// Reads it.
    ///
    /// # Errors
    /// `signed_out`, or when the database does not answer.
    pub async fn of(engine: &engine::Engine, ctx: &engine::Ctx) -> engine::Result<Self> {
        let me = engine::person::me(engine, ctx).await?;
        let roles = engine::activation::my_roles(engine, ctx).await?;
        Ok(Self { me, roles })
    }
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
    /// Follows what is read.
    pub(crate) fn of(reading: Signal<Reading>) -> Self {
        Self {
            me: Memo::new(move |_| reading.with(|reading| reading.me.clone())),
            roles: Memo::new(move |_| reading.with(|reading| reading.roles.clone())),
        }
    }
}

/// The reader of this page.
///
/// # Panics
/// Outside of the frame for people who are signed in.
pub fn use_reader() -> Reader {
    expect_context()
}

/// What is known of the reader: nothing yet where the browser came here by itself, from the pages before sign-in.
/// Read again whenever `changes` rises.
pub(crate) fn follow(changes: Signal<u32>) -> ReadSignal<Option<AppResult<Reading>>> {
    let (reading, set_reading) = signal(SharedValue::new(drawn_for).into_inner());
    #[cfg(feature = "hydrate")]
    {
        let newest_shown = StoredValue::new(0_u32);
        Effect::new(move |asked: Option<u32>| {
            changes.track();
            let number = asked.map_or(0, |asked| asked.wrapping_add(1));
            if number > 0 || reading.with_untracked(Option::is_none) {
                leptos::task::spawn_local(async move {
                    let read = futures::try_join!(person_me(), activation_my_roles());
                    let read = read.map(|(me, roles)| Reading { me, roles });
                    // What was asked earlier and answered later is older than what is shown.
                    let is_older = newest_shown.try_get_value().is_none_or(|newest| number < newest);
                    // When there is no answer what was read last goes on being shown.
                    let says_nothing = read.as_ref().is_err_and(crate::AppError::is_passing)
                        && reading.try_with_untracked(Option::is_some) == Some(true);
                    if !is_older && !says_nothing {
                        newest_shown.set_value(number);
                        let _ = set_reading.try_set(Some(read));
                    }
                });
            }
            number
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (changes, set_reading);
    reading
}

/// What the server read before it drew the page.
fn drawn_for() -> Option<AppResult<Reading>> {
    #[cfg(feature = "ssr")]
    return use_context::<http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<AppResult<Reading>>().cloned());
    #[cfg(not(feature = "ssr"))]
    None
}
