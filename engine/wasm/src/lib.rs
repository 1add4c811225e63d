//! JavaScript bindings of [`margin_engine`]: a request in, a response out.
//!
//! Both are the shapes of `margin_engine::contract`, as plain objects or as JSON text. Nothing is computed here.
#![deny(missing_docs)]

use margin_engine::contract::{self, Request};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// What is thrown: an object with one sentence.
#[derive(Serialize)]
struct Failure {
    message: String,
}

/// Shapes for TypeScript, where the generated ones would say `any`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What `assess` throws: one sentence that starts with the field it is about. */
export interface AssessError { message: string }

/** Answers a request of the contract, version 1. Throws an `AssessError`. */
export function assess(request: object): object;
"#;

/// Answers a request given as an object; the response is a plain object.
///
/// # Errors
/// An object `{ message }`: one sentence that starts with the field it is about.
#[wasm_bindgen(skip_typescript)]
pub fn assess(request: JsValue) -> Result<JsValue, JsValue> {
    let value = from_plain_object(&request).map_err(failure)?;
    let request = Request::from_value(value).map_err(|error| failure(error.to_string()))?;
    let response = contract::assess(&request, |_| None).map_err(|error| failure(error.to_string()))?;
    to_plain_object(&response).map_err(|error| failure(error.to_string()))
}

/// Answers a request given as JSON text with JSON text.
///
/// # Errors
/// A JavaScript `Error` with the sentence.
#[wasm_bindgen(js_name = assessJson)]
pub fn assess_json(request: &str) -> Result<String, JsError> {
    let request = Request::from_json(request).map_err(|error| JsError::new(&error.to_string()))?;
    let response = contract::assess(&request, |_| None).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(serde_json::to_string(&response)?)
}

/// As `JSON.stringify` sees it: fields that are undefined are not there, a number that is none is null.
fn from_plain_object(object: &JsValue) -> Result<Value, String> {
    let refused = |reason: &str| format!("the request is no plain object: {reason}");
    let text: JsValue = js_sys::JSON::stringify(object).map_err(|error| refused(&message_of(&error)))?.into();
    let text = text.as_string().ok_or_else(|| refused("it has no JSON"))?;
    serde_json::from_str(&text).map_err(|error| refused(&error.to_string()))
}

/// What an exception says.
fn message_of(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "it cannot be written as JSON".to_owned())
}

/// As `JSON.parse` would make it: objects rather than `Map`s, and null rather than undefined.
fn to_plain_object(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}

fn failure(message: String) -> JsValue {
    // A struct of one string always has a shape in JavaScript; were it not so, the sentence itself is thrown.
    to_plain_object(&Failure { message: message.clone() }).unwrap_or_else(|_| JsValue::from_str(&message))
}
