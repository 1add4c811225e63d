//! Published parameters as data.

use serde::Deserialize;
use serde_json::Value;

use super::{Mark, MethodologyError};
use crate::json::{self, Fields, JsonError};

/// A file under `presets/`: parameters, and where they come from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Identifier of the preset.
    pub id: String,
    /// Title of the methodology under these parameters.
    pub title: String,
    /// As of when they hold.
    pub date: String,
    /// Who published them.
    pub source: String,
    /// How far they can be trusted.
    pub mark: Mark,
    /// The mark in words, where one word is not enough.
    pub mark_note: String,
    /// The parameters.
    pub parameters: Value,
}

/// A preset with the parameters of one methodology, read and possibly edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Configured<P> {
    /// The parameters in force.
    pub parameters: P,
    /// The preset, and the parameters in force as they were read.
    pub edited: Edited,
}

/// A preset and the parameters in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The preset.
    pub preset: Preset,
    /// The parameters in force.
    pub parameters: Value,
    /// Whether they differ from the preset's.
    pub is_edited: bool,
}

/// Parameters that can be read from a preset.
pub trait ReadParameters: Sized {
    /// Reads them, every field of the object being one of theirs.
    ///
    /// # Errors
    /// A field is missing, or something else than it must be.
    fn read(fields: &Fields) -> Result<Self, JsonError>;
}

/// The parameters of a methodology: read from a preset, and within their domains.
pub trait CheckParameters: ReadParameters {
    /// Whether every parameter lies in its domain.
    ///
    /// # Errors
    /// Names the parameter, its value and the domain.
    fn check(&self) -> Result<(), MethodologyError>;
}

impl<P: CheckParameters> Configured<P> {
    /// Reads a preset, applies edits (an object holding just the parameters to replace) and checks what comes of it.
    ///
    /// # Errors
    /// A parameter that the methodology does not know, or a value of another type or out of its domain.
    pub fn new(preset: &str, edits: Option<&Value>) -> Result<Self, MethodologyError> {
        let edited = Edited::new(preset, edits)?;
        let parameters: P =
            Fields::new(&edited.parameters).and_then(|fields| fields.whole(P::read)).map_err(refused)?;
        parameters.check()?;
        Ok(Configured { parameters, edited })
    }
}

impl Edited {
    fn new(preset: &str, edits: Option<&Value>) -> Result<Edited, MethodologyError> {
        let preset: Preset = json::from_text(preset).map_err(refused)?;
        let mut parameters = preset.parameters.clone();
        if let Some(edits) = edits {
            merge(&mut parameters, edits);
        }
        let is_edited = parameters != preset.parameters;
        Ok(Edited { preset, parameters, is_edited })
    }
}

fn refused(error: JsonError) -> MethodologyError {
    MethodologyError::Parameters(error.to_string())
}

/// Objects are merged key by key, anything else is replaced.
fn merge(target: &mut Value, edits: &Value) {
    match (target, edits) {
        (Value::Object(target), Value::Object(edits)) => {
            for (key, edit) in edits {
                merge(target.entry(key.clone()).or_insert(Value::Null), edit);
            }
        }
        (target, edit) => *target = edit.clone(),
    }
}

/// Checks that a parameter is a finite number within `domain`.
///
/// # Errors
/// Names the parameter, its value and the domain.
pub(crate) fn check(name: &str, value: f64, domain: std::ops::RangeInclusive<f64>) -> Result<(), MethodologyError> {
    if domain.contains(&value) {
        return Ok(());
    }
    let (low, high) = domain.into_inner();
    Err(MethodologyError::Parameters(format!("{name} is {value}; it must lie between {low} and {high}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn edits_replace_only_what_they_name() {
        let mut value = json!({"a": 1, "b": {"c": 2, "d": 3}});
        merge(&mut value, &json!({"b": {"c": 9}}));
        assert_eq!(value, json!({"a": 1, "b": {"c": 9, "d": 3}}));
    }

    #[test]
    fn a_parameter_outside_its_domain_is_named() {
        let error = check("price_range", f64::NAN, 0.0..=0.99).expect_err("NaN").to_string();
        assert_eq!(error, "parameters: price_range is NaN; it must lie between 0 and 0.99");
    }
}
