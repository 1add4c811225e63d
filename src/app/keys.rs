//! Keyboard: undo and redo.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::state::Simulator;

/// Ctrl or ⌘ with Z takes back, with Shift+Z or Y does again; text fields keep their own undo.
pub fn listen(simulator: Simulator) {
    let _ = window_event_listener(leptos::ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || is_text_field(event.target()) {
            return;
        }
        match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
            ("z", false) => simulator.undo(),
            ("z", true) | ("y", false) => simulator.redo(),
            _ => return,
        }
        event.prevent_default();
    });
}

fn is_text_field(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| match element.tag_name().as_str() {
        "TEXTAREA" => true,
        "INPUT" => element.get_attribute("type").as_deref() != Some("range"),
        _ => false,
    })
}
