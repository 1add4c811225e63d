//! The engine in a web worker: what takes longer than a frame is asked here.
//!
//! Messages are JSON texts. The page sends `{"market": name, "document": …}` to leave a market here,
//! `{"id": n, "question": …}` to ask, and `{"cancel": n}` to take back a question that waits. It gets `{"ready": true}`
//! once, and for each question, in their order, `{"id": n, "progress": 0.4}` every so often while it takes long, then
//! `{"id": n, "answer": …}` or `{"id": n, "error": "a sentence"}`, or `{"id": n, "cancelled": true}`.
#![deny(missing_docs)]

mod desk;

#[cfg(target_arch = "wasm32")]
fn main() {
    use std::cell::RefCell;
    use std::rc::Rc;

    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::*;
    use web_sys::js_sys::{self, Function};

    let global: JsValue = js_sys::global().into();
    let Ok(scope) = global.dyn_into::<web_sys::DedicatedWorkerGlobalScope>() else { return };
    let posting = scope.clone();
    let post = move |text: &str| {
        // There is nobody to tell when the page is gone.
        let _ = posting.post_message(&JsValue::from_str(text));
    };
    let desk = Rc::new(RefCell::new(desk::Desk::new(Box::new(post), js_sys::Date::now)));
    let working = Rc::clone(&desk);
    let work = Closure::<dyn FnMut()>::new(move || working.borrow_mut().work());
    let turn = work.as_ref().unchecked_ref::<Function>().clone();
    let timing = scope.clone();
    // Each message brings a turn of work with it; other messages come in between two turns.
    let on_message = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        desk.borrow_mut().receive(&event.data().as_string().unwrap_or_default());
        let _ = timing.set_timeout_with_callback(&turn);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Both live as long as the worker.
    work.forget();
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(desk::READY));
}

/// The worker lives in the browser; natively there are only its tests.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
