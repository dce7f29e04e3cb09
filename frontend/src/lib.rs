//! The entry of the pages in the browser. Not here: anything else.

use leptos::wasm_bindgen;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the pages that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
    // For tests and pictures, which wait for it.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}
