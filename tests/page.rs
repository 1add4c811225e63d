//! The page's parts in a real browser, run by wasm-bindgen's test runner: see `cargo xtask test`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_view_is_put_into_the_document() {
    use leptos::prelude::*;

    let handle = leptos::mount::mount_to(leptos::tachys::dom::body(), || view! { <p id="probe">"margin"</p> });
    let probe = leptos::tachys::dom::document().get_element_by_id("probe").expect("the paragraph is mounted");
    assert_eq!(probe.text_content().as_deref(), Some("margin"));
    drop(handle);
    assert!(leptos::tachys::dom::document().get_element_by_id("probe").is_none());
}
