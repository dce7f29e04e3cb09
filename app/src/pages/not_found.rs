//! What is shown where no page is, with the status that says so.

use crate::ui::PageTitle;
use domain::Code;
use leptos::prelude::*;

use crate::{AppError, load::Refused, ui::Wordmark};

/// The page for every address that is none.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PageTitle text="Nothing is here" />
        <div class="alone">
            <header>
                <a href="/" aria-label="Stint">
                    <Wordmark />
                </a>
            </header>
            <main id="main">
                <h1 class="visually-hidden">"Nothing is here"</h1>
                <Refused error=AppError::from(Code::NotFound) />
            </main>
        </div>
    }
}
