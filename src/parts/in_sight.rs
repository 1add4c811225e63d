//! What is in sight, and figures that follow only there.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::state::Simulator;
use crate::state::figures::Outcome;

/// What is so near to the screen counts as in sight, so that it is there when it is scrolled to.
const NEAR: &str = "120px 0px";

/// Whether an element is on the screen, or nearly; true until it is known.
pub fn in_sight(element: impl Fn() -> Option<Element> + 'static) -> ReadSignal<bool> {
    let (is_seen, set_seen) = signal(true);
    let note = move |entries: js_sys::Array| {
        let last = entries.iter().last().and_then(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok());
        // The component may be gone by now.
        let is_now = last.map(|entry| entry.is_intersecting());
        if is_now.is_some() && is_seen.try_get_untracked() != is_now {
            let _ = set_seen.try_set(is_now == Some(true));
        }
    };
    let observer = StoredValue::new_local(None::<(IntersectionObserver, Closure<dyn FnMut(js_sys::Array)>)>);
    let disconnect = move || {
        let _ = observer.try_update_value(|watching| {
            if let Some((observer, _)) = watching.take() {
                observer.disconnect();
            }
        });
    };
    Effect::new(move |_| {
        let Some(element) = element() else { return };
        disconnect();
        let callback = Closure::new(note);
        let function: &JsValue = callback.as_ref();
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        if let Ok(watching) = IntersectionObserver::new_with_options(function.unchecked_ref(), &options) {
            watching.observe(&element);
            observer.set_value(Some((watching, callback)));
        }
    });
    on_cleanup(disconnect);
    is_seen
}

/// The outcome for what stands in a panel: the one of now while the panel is in sight, else the one that rested last.
pub fn outcome_in(simulator: Simulator, panel: NodeRef<html::Section>) -> Memo<Outcome> {
    let is_seen = in_sight(move || panel.get().map(Into::into));
    Memo::new(move |_| if is_seen.get() { simulator.outcome.get() } else { simulator.rested.get() })
}
