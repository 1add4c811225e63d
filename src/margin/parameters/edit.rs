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

/// All numbers, flags, words and plain lists in a value, in its order.
pub fn leaves(value: &Value) -> Vec<Leaf> {
    fn walk(value: &Value, path: &[String], found: &mut Vec<Leaf>) {
        let below = |key: &str| path.iter().cloned().chain([key.to_owned()]).collect::<Vec<String>>();
        match value {
            // What stands here comes before what is nested further.
            Value::Object(fields) => {
                for nested in [false, true] {
                    let those = fields.iter().filter(|(_, value)| value.is_object() == nested);
                    those.for_each(|(key, value)| walk(value, &below(key), found));
                }
            }
            Value::Array(items) if !is_plain(items) => {
                items.iter().enumerate().for_each(|(index, item)| walk(item, &below(&index.to_string()), found));
            }
            value => found.push(Leaf { path: path.to_vec(), value: value.clone() }),
        }
    }
    let mut found = vec![];
    walk(value, &[], &mut found);
    found
}

/// Whether a list is edited in one field: its items are no objects and no lists.
fn is_plain(items: &[Value]) -> bool {
    !items.iter().any(|item| item.is_object() || item.is_array())
}

/// What a field shows of the value at a path.
pub fn text_at(value: &Value, path: &[String]) -> String {
    let found = path.iter().try_fold(value, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    });
    found.map(text_of).unwrap_or_default()
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<String>>().join(", "),
        value => value.to_string(),
    }
}

/// Reads a text as a value of the kind that stands there.
///
/// # Errors
/// A sentence, where a number is wanted and the text is none.
pub fn read_like(kind: &Value, text: &str) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        Value::Array(items) => {
            // An empty list does not say what it is a list of.
            let read = |piece: &str| match items.first() {
                Some(first) => read_like(first, piece),
                None => read_like(&Value::from(0.0), piece).or_else(|_| read_like(&Value::Null, piece)),
            };
            let pieces = text.split([',', ';', ' ']).filter(|piece| !piece.trim().is_empty());
            pieces.map(read).collect::<Result<Vec<Value>, String>>().map(Value::Array)
        }
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
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// The object with another value at a path.
pub fn with_leaf(value: &Value, path: &[String], leaf: Value) -> Value {
    let mut changed = value.clone();
    let mut place = &mut changed;
    for key in path {
        let index = key.parse::<usize>().ok().filter(|index| place.get(index).is_some());
        if let Some(index) = index {
            place = &mut place[index];
            continue;
        }
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[key];
    }
    *place = leaf;
    changed
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
        // Of a list, all of it.
        (_, after) => Some(after.clone()),
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        // 1 and 1.0 are the same parameter.
        (one, other) => one == other || (one.is_number() && one.as_f64() == other.as_f64()),
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
        assert_eq!(leaves(&preset).iter().map(|leaf| leaf.path.join(".")).collect::<Vec<_>>(), ["d", "a.b", "a.c"]);
    }

    #[test]
    fn lists_are_one_field_and_lists_of_more_are_walked() {
        let preset = json!({"moves": [0.5, 1, -2], "tiers": [{"to": 5, "rate": 0.1}, {"to": 9, "rate": 0.2}]});
        let paths: Vec<String> = leaves(&preset).iter().map(|leaf| leaf.path.join(".")).collect();
        assert_eq!(paths, ["moves", "tiers.0.rate", "tiers.0.to", "tiers.1.rate", "tiers.1.to"]);
        assert_eq!(text_at(&preset, &path("moves")), "0.5, 1, -2");
        assert_eq!(text_at(&preset, &path("tiers.1.rate")), "0.2");
        assert_eq!(read_like(&preset["moves"], "0.5, 1 -2").map(|list| difference(&preset["moves"], &list)), Ok(None));
        assert!(read_like(&preset["moves"], "0.5, x").is_err());
        // What a list's place changes is the list: edits replace lists whole.
        let changed = with_leaf(&preset, &path("tiers.1.rate"), json!(0.3));
        let tiers = json!([{"to": 5, "rate": 0.1}, {"to": 9, "rate": 0.3}]);
        assert_eq!(difference(&preset, &changed), Some(json!({"tiers": tiers})));
    }

    #[test]
    fn empty_lists_take_numbers_or_words() {
        let moves = json!([0.04, 1]);
        assert_eq!(read_like(&moves, ""), Ok(json!([])));
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
