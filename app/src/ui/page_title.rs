//! What the tab of the browser says.

use leptos::{prelude::*, text_prop::TextProp};
use leptos_meta::Title;

/// The title of a page. In the browser it follows what it is worked out from; on the server it is worked out once, because
/// it is read when the page is drawn whole, and what it is worked out from may be gone by then.
#[component]
pub fn PageTitle(
    /// What it says.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let text = untrack(|| text.get().to_string());
    view! { <Title text=text /> }
}
