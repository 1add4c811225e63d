//! The engine in a web worker: what takes longer than a frame is asked here.
//!
//! Messages are JSON texts. The page sends `{"market": name, "document": …}` to leave a market here, and
//! `{"id": n, "question": …}` to ask; it gets `{"ready": true}` once, and `{"id": n, "answer": …}` or
//! `{"id": n, "error": "a sentence"}` for each question, in their order.
#![deny(missing_docs)]

mod desk;

#[cfg(target_arch = "wasm32")]
fn main() {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::*;

    let Ok(scope) = js_sys_global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() else { return };
    let mut desk = desk::Desk::default();
    let posting = scope.clone();
    let on_message = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        if let Some(answer) = desk.receive(&text) {
            // There is nobody to tell when the page is gone.
            let _ = posting.post_message(&JsValue::from_str(&answer));
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(desk::READY));
}

#[cfg(target_arch = "wasm32")]
fn js_sys_global() -> wasm_bindgen::JsValue {
    web_sys::js_sys::global().into()
}

/// The worker lives in the browser; natively there are only its tests.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
