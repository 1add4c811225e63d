//! What opens below a button and closes by itself.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Closes what is open when the user presses somewhere outside of `place`.
pub fn close_outside(place: NodeRef<html::Div>, is_open: RwSignal<bool>) {
    let _ = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if place.get_untracked().is_some_and(|place| !place.contains(target.as_ref())) && is_open.get_untracked() {
            is_open.set(false);
        }
    });
}
