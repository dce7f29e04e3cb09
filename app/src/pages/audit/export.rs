//! Exporting what is shown. A plain form to a route of the server, because a file is no answer of a server function.

use leptos::prelude::*;

use super::address;
use crate::{
    api::audit::Asked,
    ui::{Button, Icon, IconName},
};

/// The button, and behind it the formats.
#[component]
pub fn Export(
    /// What is shown.
    asked: Memo<Asked>,
) -> impl IntoView {
    let fields = move || {
        asked.with(|asked| {
            let given = address::pairs(asked)
                .into_iter()
                .filter(|(name, value)| *name != "before" && !value.is_empty());
            given
                .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone() /> })
                .collect_view()
        })
    };
    let what = move || {
        if asked.with(address::is_filtered) {
            "All records that these filters let through."
        } else {
            "The whole record."
        }
    };
    view! {
        <details class="drop is-end">
            <summary class="button button-secondary">
                <span class="button-icon"><Icon name=IconName::Download /></span>
                "Export"
            </summary>
            <form class="drop-panel" method="post" action="/audit/export">
                {fields}
                <p class="small muted">{what} " Oldest first. The export is itself recorded."</p>
                <div class="actions">
                    <Button submit=true name="format" value="csv">"CSV"</Button>
                    <Button submit=true name="format" value="json_lines">"JSON lines"</Button>
                </div>
            </form>
        </details>
    }
    .into_any()
}
