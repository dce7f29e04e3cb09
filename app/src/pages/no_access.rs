//! What is shown to somebody who is signed in and may not see a page that everybody knows of.

use crate::ui::PageTitle;
use domain::Code;
use leptos::prelude::*;

use crate::{AppError, load::Refused, ui::TopBar};

/// The page for what is not open to one's roles.
#[component]
pub fn NoAccessPage() -> impl IntoView {
    view! {
        <PageTitle text="No access" />
        <TopBar title="No access" />
        <Refused error=AppError::from(Code::Forbidden) />
    }
}
