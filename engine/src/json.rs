//! The one way in which JSON is read, with errors that say where.

use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Where, as `account.positions[2].quantity`; `.` is the whole.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "." => f.write_str(&self.reason),
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
    from_value(value(text)?)
}

/// Reads a text as any JSON.
///
/// # Errors
/// It is no JSON, or an object in it has a field twice: one of the two would be lost.
pub fn value(text: &str) -> Result<Value, JsonError> {
    // By way of a value, so that each shape is read by one piece of code: in wasm every kind of reader is weight.
    let mut reader = serde_json::Deserializer::from_str(text);
    let Strict(value) = serde_path_to_error::deserialize(&mut reader).map_err(JsonError::new)?;
    reader.end().map_err(|error| JsonError { path: ".".to_owned(), reason: error.to_string() })?;
    Ok(value)
}

/// Reads a value.
///
/// # Errors
/// It is not of this shape.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
    serde_path_to_error::deserialize(value).map_err(JsonError::new)
}

impl JsonError {
    fn new(error: serde_path_to_error::Error<serde_json::Error>) -> JsonError {
        // The reader speaks of Rust's types.
        let reason = error.inner().to_string();
        let words = [("expected f64", "expected a number"), ("expected u32", "expected a whole number")];
        let reason = words.iter().fold(reason, |reason, (from, to)| reason.replace(from, to));
        // A text that breaks off has no place in any object.
        let path = error.path().to_string();
        JsonError { path: if path == "?" { ".".to_owned() } else { path }, reason }
    }
}

/// Any JSON whose objects have each field once.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            let Strict(value) = fields.next_value()?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
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
