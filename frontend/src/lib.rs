//! The entry of the pages in the browser. Not here: anything else.

use app::parts::Part;
use leptos::wasm_bindgen;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered, once the parts of the browser's half that it is in have come.
#[wasm_bindgen]
pub async fn hydrate() {
    if !is_whole() {
        return;
    }
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    // Without it the page goes on as it is, with plain forms.
    for part in Part::of(&path) {
        if !part.load().await {
            return;
        }
    }
    leptos::mount::hydrate_body(app::App);
    // For tests and pictures, which wait for it.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
    if let Some(part) = Part::next(&path) {
        // If it cannot be had now, it is asked for again when it is needed.
        let _ = part.load().await;
    }
}

/// Whether all of the document is there. Somebody who goes on while it still comes cuts it short, and what is left cannot be
/// taken over. The last thing that the server writes is this variable.
fn is_whole() -> bool {
    let window = leptos::prelude::window();
    leptos::web_sys::js_sys::Reflect::has(&window, &"__INCOMPLETE_CHUNKS".into()).unwrap_or_default()
}
