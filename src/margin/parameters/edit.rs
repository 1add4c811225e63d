//! Parameters as a list of leaves of a JSON object, and back.

use serde_json::{Map, Value};

/// One parameter that can be edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Keys from the outside in.
    pub path: Vec<String>,
    /// The preset's value.
    pub value: Value,
}

/// All numbers, flags, words and lists in an object, in its order.
pub fn leaves(value: &Value) -> Vec<Leaf> {
    fn walk(value: &Value, path: &[String], found: &mut Vec<Leaf>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let path: Vec<String> = path.iter().chain([key]).cloned().collect();
                    walk(value, &path, found);
                }
            }
            value => found.push(Leaf { path: path.to_vec(), value: value.clone() }),
        }
    }
    let mut found = vec![];
    walk(value, &[], &mut found);
    found
}

/// What a field shows of the value at a path.
pub fn text_at(value: &Value, path: &[String]) -> String {
    let found = path.iter().try_fold(value, |value, key| value.get(key));
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| text_at(item, &[])).collect::<Vec<_>>().join(", "),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// Reads a text as a value of the kind that stands there. The items of a list stand between commas; those of an empty
/// one may become words or numbers.
///
/// # Errors
/// A sentence, where a number is wanted and the text is none.
pub fn read_like(kind: &Value, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        Value::Bool(_) => Ok(Value::Bool(text == "true")),
        Value::Number(number) => {
            let plain = text.replace('−', "-").replace([',', '\u{a0}', ' '], "");
            let read: Option<Value> = if number.is_u64() && !plain.contains(['.', 'e', 'E']) {
                plain.parse::<u64>().ok().map(Value::from)
            } else {
                plain.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number)
            };
            read.ok_or_else(|| format!("\"{text}\" is not a number"))
        }
        Value::Array(items) => {
            let item = |text: &str| match items.first() {
                Some(first) => read_like(first, text),
                None => read_like(&Value::from(0.0), text).or_else(|_| read_like(&Value::Null, text)),
            };
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            texts.map(item).collect::<Result<_, String>>().map(Value::Array)
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// The object with another value at a path.
pub fn with_leaf(value: &Value, path: &[String], leaf: Value) -> Value {
    let mut changed = value.clone();
    let mut place = &mut changed;
    for key in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[key];
    }
    *place = leaf;
    changed
}

/// Whether two values are the same parameter, as 1 and 1.0 are.
fn is_same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len() && before.iter().zip(after).all(|(before, after)| is_same(before, after))
        }
        _ => before == after || (before.is_number() && before.as_f64() == after.as_f64()),
    }
}

/// What of `changed` differs from `preset`: the edits that a request carries.
pub fn difference(preset: &Value, changed: &Value) -> Option<Value> {
    match (preset, changed) {
        (Value::Object(preset), Value::Object(changed)) => {
            let edits: Map<String, Value> = changed
                .iter()
                .filter_map(|(key, value)| {
                    let edit = match preset.get(key) {
                        Some(before) => difference(before, value),
                        None => Some(value.clone()),
                    };
                    edit.map(|edit| (key.clone(), edit))
                })
                .collect();
            (!edits.is_empty()).then_some(Value::Object(edits))
        }
        (before, after) if is_same(before, after) => None,
        (_, after) => Some(after.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn an_edit_is_the_difference() {
        let preset = json!({"a": {"b": 1, "c": 0.5}, "d": true});
        let changed = with_leaf(&preset, &path("a.c"), json!(0.75));
        assert_eq!(difference(&preset, &changed), Some(json!({"a": {"c": 0.75}})));
        assert_eq!(difference(&preset, &preset), None);
        assert_eq!(difference(&preset, &with_leaf(&preset, &path("a.b"), json!(1.0))), None);
        assert_eq!(leaves(&preset).iter().map(|leaf| leaf.path.join(".")).collect::<Vec<_>>(), ["a.b", "a.c", "d"]);
    }

    #[test]
    fn lists_stand_between_commas() {
        let moves = json!([0.04, 1]);
        assert_eq!(text_at(&json!({"a": moves}), &path("a")), "0.04, 1");
        assert_eq!(read_like(&moves, "0.05, 2,"), Ok(json!([0.05, 2.0])));
        assert_eq!(read_like(&moves, ""), Ok(json!([])));
        assert!(read_like(&moves, "0.05; 2").is_err());
        assert_eq!(read_like(&json!(["BTC"]), "BTC,ETH"), Ok(json!(["BTC", "ETH"])));
        assert_eq!(read_like(&json!([]), "500000"), Ok(json!([500_000.0])));
        assert_eq!(read_like(&json!([]), "SOL"), Ok(json!(["SOL"])));
        assert_eq!(difference(&json!({"a": [1, 2]}), &json!({"a": [1.0, 2.0]})), None);
        assert_eq!(difference(&json!({"a": [1, 2]}), &json!({"a": [1]})), Some(json!({"a": [1]})));
    }

    #[test]
    fn texts_are_read_as_what_stands_there() {
        assert_eq!(read_like(&json!(0.5), " 1,000.5 "), Ok(json!(1000.5)));
        assert_eq!(read_like(&json!(5), "7"), Ok(json!(7)));
        assert_eq!(read_like(&json!("points"), "relative"), Ok(json!("relative")));
        for bad in ["", "abc", "NaN", "inf"] {
            assert!(read_like(&json!(0.5), bad).is_err(), "{bad}");
        }
    }
}
