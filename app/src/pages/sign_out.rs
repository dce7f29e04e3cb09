//! Signing out. A plain form on purpose: it ends with a new page, so that nothing of the session is left in the browser.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::session::SessionSignOut,
    ui::{Button, IconName},
};

/// The button that ends this session.
#[component]
pub fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action=SessionSignOut::url()>
            <Button submit=true icon=IconName::SignOut>"Sign out"</Button>
        </form>
    }
}
