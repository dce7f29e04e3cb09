//! The top bar of a page about one thing: its name, once it is known.

use leptos::prelude::*;

use crate::{loading::Loading, ui::TopBar};

/// The bar, with the name of what is loaded. What cannot be shown has a heading all the same.
#[component]
pub(super) fn ObjectBar<T, F>(
    /// What the page loads.
    resource: Loading<T>,
    /// Its name.
    name: F,
    /// What it is, where there is no name: "Person".
    otherwise: &'static str,
    /// Label and address of what is above.
    above: (&'static str, &'static str),
) -> impl IntoView
where
    T: serde::de::DeserializeOwned + Send + Sync + 'static,
    F: Fn(&T) -> String + Copy + Send + Sync + 'static,
{
    let above = move || vec![(above.0.to_owned(), above.1.to_owned())];
    let bar = move || {
        let known = Memo::new(move |_| {
            resource.with(|answer| answer.and_then(|answer| answer.as_ref().ok()).map(name))
        });
        move || match known.get() {
            Some(title) => view! { <TopBar title above=above() /> },
            None => view! { <TopBar title=otherwise above=above() heading=true /> },
        }
    };
    view! { <Transition fallback=move || view! { <TopBar title=otherwise above=above() /> }>{bar()}</Transition> }
}
