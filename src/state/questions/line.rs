//! One worker, from its start to its end.

use std::sync::Arc;

use leptos::prelude::document;
use margin_engine::market::Market;
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker};

/// Where the worker is, beside the page.
const SCRIPT: &str = "margin-worker_loader.js";

/// A worker, and what it knows.
pub(super) struct Line {
    worker: Worker,
    /// Which of all that were started: what an older one still says is not listened to.
    pub number: u32,
    /// Whether it has said that it listens.
    pub is_ready: bool,
    /// The market that it has.
    pub market: Option<Arc<Market>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Line {
    /// Starts a worker; none where the browser refuses.
    pub fn start(number: u32, receive: impl Fn(&str) + 'static, fail: impl Fn() + 'static) -> Option<Line> {
        let worker = Worker::new(&script()).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            receive(&event.data().as_string().unwrap_or_default());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error = Closure::<dyn FnMut(Event)>::new(move |_| fail());
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Line { worker, number, is_ready: false, market: None, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message.
    pub fn post(&self, message: &str) {
        // A worker that cannot be written to answers nothing, which its error handler tells.
        let _ = self.worker.post_message(&JsValue::from_str(message));
    }
}

impl Drop for Line {
    /// Whatever it is computing is broken off.
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// The worker's script, with the hash of the page's own build: a browser must not keep an older worker than the page.
fn script() -> String {
    let boot = document().query_selector("script[type=module]").ok().flatten();
    let source = boot.and_then(|script| script.get_attribute("src")).unwrap_or_default();
    let hash = source.rsplit_once('-').map_or("", |(_, rest)| rest).trim_end_matches(".js");
    format!("{SCRIPT}?{hash}")
}
