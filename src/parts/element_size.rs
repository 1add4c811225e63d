//! How large an element is, now and after each change.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

/// Width and height in CSS pixels of the element's content; zero until it is there.
///
/// By hand: the library's own is made for every kind of element and target, and five times as large in wasm.
pub fn element_size(element: impl Fn() -> Option<Element> + 'static) -> ReadSignal<(f64, f64)> {
    let (size, set_size) = signal((0.0, 0.0));
    let note = move |entries: js_sys::Array| {
        let last = entries.iter().last().and_then(|entry| entry.dyn_into::<ResizeObserverEntry>().ok());
        if let Some(content) = last.map(|entry| entry.content_rect()) {
            // The component may be gone by now.
            let _ = set_size.try_set((content.width(), content.height()));
        }
    };
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut(js_sys::Array)>)>);
    Effect::new(move |_| {
        let Some(element) = element() else { return };
        disconnect(observer);
        let callback = Closure::new(note);
        let function: &JsValue = callback.as_ref();
        if let Ok(watching) = ResizeObserver::new(function.unchecked_ref()) {
            watching.observe(&element);
            observer.set_value(Some((watching, callback)));
        }
    });
    on_cleanup(move || disconnect(observer));
    size
}

type Watching = StoredValue<Option<(ResizeObserver, Closure<dyn FnMut(js_sys::Array)>)>, LocalStorage>;

fn disconnect(observer: Watching) {
    let _ = observer.try_update_value(|watching| {
        if let Some((observer, _)) = watching.take() {
            observer.disconnect();
        }
    });
}
