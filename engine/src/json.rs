//! The one way in which JSON is read, with errors that say where.
//!
//! A text becomes a value, and a value a shape. The second step goes through a reader of our own that knows the
//! path it stands at, and objects only by their fields: what serde derives for each shape is then half as much,
//! which in the page is a tenth of the download.

mod fields;
mod reader;
mod strict;

pub use fields::{ByName, Fields};

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_json::Value;

use reader::{Path, Reader};
use strict::Strict;

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Where, as `account.positions[2].quantity`; empty for the whole.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads a text.
///
/// # Errors
/// It is no JSON, or not of this shape.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    from_value(&value(text)?)
}

/// Reads a text as any JSON.
///
/// # Errors
/// It is no JSON, or an object in it has a field twice: one of the two would be lost.
pub fn value(text: &str) -> Result<Value, JsonError> {
    let path = Path::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Strict(&path).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| match error.classify() {
        // What the strict reader refuses has a place in the object; what is no JSON has one in the text only.
        serde_json::error::Category::Data => JsonError { path: path.to_string(), reason: error.to_string() },
        _ => JsonError { path: String::new(), reason: error.to_string() },
    })
}

/// Reads a value.
///
/// # Errors
/// It is not of this shape.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, JsonError> {
    let path = Path::default();
    T::deserialize(Reader::new(value, &path))
        .map_err(|error| JsonError { path: path.to_string(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_json_is_read_as_it_stands() {
        let text = r#"{"a":[1,-2,0.1,null,true,"x",{}],"b":{"c":18446744073709551615}}"#;
        assert_eq!(value(text), Ok(serde_json::from_str(text).expect("JSON")));
    }

    #[test]
    fn what_would_be_lost_is_refused_with_its_place() {
        let error = value(r#"{"a":[{"b":1,"b":2}]}"#).expect_err("twice");
        assert_eq!(error.path, "a[0]");
        assert!(error.reason.contains("duplicate field `b`"), "{error}");
        for bad in ["", "{", "[1] 2", "nonsense", "{\"a\":1e999}"] {
            assert!(value(bad).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(value(&deep).is_err());
    }
}
