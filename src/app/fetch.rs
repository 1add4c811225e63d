//! Files that lie beside the page.

use std::future::Future;

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The text of a file, by its path from the page. The request is under way when this returns.
///
/// # Errors
/// A few words on what the browser or the server said.
pub fn fetch_text(path: &str) -> impl Future<Output = Result<String, String>> + use<> {
    let answer = JsFuture::from(window().fetch_with_str(path));
    async move {
        let answer = answer.await.map_err(in_words)?;
        let response: web_sys::Response = answer.dyn_into().map_err(in_words)?;
        if !response.ok() {
            return Err(format!("the server answered {}", response.status()));
        }
        let text = JsFuture::from(response.text().map_err(in_words)?).await.map_err(in_words)?;
        text.as_string().ok_or_else(|| "it is no text".to_owned())
    }
}

fn in_words(error: JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| "the browser refused".to_owned(), |error| String::from(error.message()))
}
