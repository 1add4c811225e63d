//! An object read field by field: for parameters, of which there are many and all are numbers.
//!
//! What serde derives for a struct of sixteen numbers is ten times this.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::JsonError;
use crate::asset::{Asset, AssetError};

/// The fields of an object at its place.
pub struct Fields<'a> {
    fields: &'a Map<String, Value>,
    path: String,
    read: RefCell<Vec<&'static str>>,
}

impl<'a> Fields<'a> {
    /// Takes an object.
    ///
    /// # Errors
    /// The value is no object.
    pub fn new(value: &'a Value) -> Result<Fields<'a>, JsonError> {
        Fields::at(value, String::new())
    }

    fn at(value: &'a Value, path: String) -> Result<Fields<'a>, JsonError> {
        match value {
            Value::Object(fields) => Ok(Fields { fields, path, read: RefCell::default() }),
            other => Err(JsonError { path, reason: format!("{other} is no object") }),
        }
    }

    fn place(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Why a field is refused, with its place.
    pub fn refused(&self, name: &str, reason: String) -> JsonError {
        JsonError { path: self.place(name), reason }
    }

    fn get(&self, name: &'static str) -> Result<&'a Value, JsonError> {
        self.read.borrow_mut().push(name);
        self.fields.get(name).ok_or_else(|| self.refused(name, "it is missing".to_owned()))
    }

    /// A number.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn number(&self, name: &'static str) -> Result<f64, JsonError> {
        let value = self.get(name)?;
        value.as_f64().ok_or_else(|| self.refused(name, format!("{value} is not a number")))
    }

    /// Whether there is such a field; it is then one that is known.
    pub fn has(&self, name: &'static str) -> bool {
        self.read.borrow_mut().push(name);
        self.fields.contains_key(name)
    }

    /// A number, or what it is where it is left out.
    ///
    /// # Errors
    /// It is something else.
    pub fn number_or(&self, name: &'static str, otherwise: f64) -> Result<f64, JsonError> {
        if self.has(name) { self.number(name) } else { Ok(otherwise) }
    }

    /// A text, or what it is where it is left out.
    ///
    /// # Errors
    /// It is something else.
    pub fn text_or(&self, name: &'static str, otherwise: &str) -> Result<String, JsonError> {
        if self.has(name) { self.text(name) } else { Ok(otherwise.to_owned()) }
    }

    /// A whole number, not negative: 250 or 250.0.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn count(&self, name: &'static str) -> Result<usize, JsonError> {
        let number = self.number(name)?;
        if !(0.0..=1e9).contains(&number) || number.fract() != 0.0 {
            return Err(self.refused(name, format!("{number} is no whole number up to a thousand million")));
        }
        Ok(number as usize)
    }

    /// A flag.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn flag(&self, name: &'static str) -> Result<bool, JsonError> {
        let value = self.get(name)?;
        value.as_bool().ok_or_else(|| self.refused(name, format!("{value} is neither true nor false")))
    }

    /// A text.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn text(&self, name: &'static str) -> Result<String, JsonError> {
        let value = self.get(name)?;
        value.as_str().map(str::to_owned).ok_or_else(|| self.refused(name, format!("{value} is no text")))
    }

    /// A ticker.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn asset(&self, name: &'static str) -> Result<Asset, JsonError> {
        self.text(name)?.parse().map_err(|error: AssetError| self.refused(name, error.to_string()))
    }

    /// A list of numbers.
    ///
    /// # Errors
    /// It is missing, or something else, or an item is no number.
    pub fn numbers(&self, name: &'static str) -> Result<Vec<f64>, JsonError> {
        self.list(name, "numbers", Value::as_f64)
    }

    /// A list of texts.
    ///
    /// # Errors
    /// It is missing, or something else, or an item is no text.
    pub fn texts(&self, name: &'static str) -> Result<Vec<String>, JsonError> {
        self.list(name, "texts", |item| item.as_str().map(str::to_owned))
    }

    fn list<T>(
        &self,
        name: &'static str,
        of_what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, JsonError> {
        let value = self.get(name)?;
        let items = value.as_array().and_then(|items| items.iter().map(read).collect());
        items.ok_or_else(|| self.refused(name, format!("{value} is not a list of {of_what}")))
    }

    /// Objects in a list.
    ///
    /// # Errors
    /// As of [`Fields::object`], for each of them.
    pub fn objects<T>(
        &self,
        name: &'static str,
        read: impl Fn(&Fields<'a>) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        let value = self.get(name)?;
        let items = value.as_array().ok_or_else(|| self.refused(name, format!("{value} is not a list of objects")))?;
        let each = items.iter().enumerate();
        each.map(|(place, item)| Fields::at(item, format!("{}[{place}]", self.place(name)))?.whole(&read)).collect()
    }

    /// Numbers by name within, in the order of their names; none where they are left out.
    ///
    /// # Errors
    /// It is no object, or what is in it is no number.
    pub fn numbers_by_name(&self, name: &'static str) -> Result<ByName<f64>, JsonError> {
        if !self.has(name) {
            return Ok(ByName(Vec::new()));
        }
        let numbers = Fields::at(self.get(name)?, self.place(name))?;
        let each = numbers.fields.iter().map(|(key, value)| match value.as_f64() {
            Some(number) => Ok((key.clone(), number)),
            None => Err(numbers.refused(key, format!("{value} is not a number"))),
        });
        Ok(ByName(each.collect::<Result<_, JsonError>>()?))
    }

    /// One of some words.
    ///
    /// # Errors
    /// It is missing, or something else.
    pub fn choice<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<T, JsonError> {
        let value = self.get(name)?;
        let chosen = choices.iter().find(|(word, _)| value.as_str() == Some(word));
        chosen.map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.refused(name, format!("{value} is none of {}", words.join(", ")))
        })
    }

    /// An object within.
    ///
    /// # Errors
    /// It is missing, or no object; or what `read` refuses in it, or a field that `read` does not know.
    pub fn object<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Fields<'a>) -> Result<T, JsonError>,
    ) -> Result<T, JsonError> {
        Fields::at(self.get(name)?, self.place(name))?.whole(read)
    }

    /// An object within that may be left out.
    ///
    /// # Errors
    /// It is no object; or as of [`Fields::object`].
    pub fn object_if_any<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Fields<'a>) -> Result<T, JsonError>,
    ) -> Result<Option<T>, JsonError> {
        if self.fields.contains_key(name) {
            return self.object(name, read).map(Some);
        }
        self.read.borrow_mut().push(name);
        Ok(None)
    }

    /// Objects by name within, in the order of their names.
    ///
    /// # Errors
    /// As of [`Fields::object`], for each of them.
    pub fn by_name<T>(
        &self,
        name: &'static str,
        read: impl Fn(&Fields<'a>) -> Result<T, JsonError>,
    ) -> Result<ByName<T>, JsonError> {
        let objects = Fields::at(self.get(name)?, self.place(name))?;
        let each = objects.fields.iter().map(|(key, value)| {
            let value = Fields::at(value, objects.place(key))?.whole(&read)?;
            Ok((key.clone(), value))
        });
        Ok(ByName(each.collect::<Result<_, JsonError>>()?))
    }

    /// Reads, and refuses what was not asked for.
    ///
    /// # Errors
    /// What `read` refuses, or a field that it does not know.
    pub fn whole<T>(&self, read: impl FnOnce(&Fields<'a>) -> Result<T, JsonError>) -> Result<T, JsonError> {
        let value = read(self)?;
        let known = self.read.borrow();
        match self.fields.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => {
                Err(self.refused(key, format!("unknown field `{key}`, expected one of `{}`", known.join("`, `"))))
            }
            None => Ok(value),
        }
    }
}

/// Few values by name.
#[derive(Debug, Clone, PartialEq)]
pub struct ByName<T>(Vec<(String, T)>);

impl<T> ByName<T> {
    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<T> FromIterator<(String, T)> for ByName<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(values: I) -> Self {
        ByName(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_read_whole_or_refused() {
        let value = json!({"moves": [0.04, -1], "coins": ["BTC"], "none": [], "odd": [1, "x"], "one": 1});
        let fields = Fields::new(&value).expect("an object");
        assert_eq!(fields.numbers("moves"), Ok(vec![0.04, -1.0]));
        assert_eq!(fields.numbers("none"), Ok(vec![]));
        assert_eq!(fields.texts("coins"), Ok(vec!["BTC".to_owned()]));
        for name in ["odd", "one", "coins"] {
            let error = fields.numbers(name).expect_err(name).to_string();
            assert!(error.contains("is not a list of numbers"), "{error}");
        }
    }

    #[test]
    fn what_may_be_left_out_is_still_refused_where_it_is_something_else() {
        let value = json!({"days": "2", "moves": {"BTC": -0.1, "ETH": null}, "all": [{"days": 1}, {"dais": 1}]});
        let fields = Fields::new(&value).expect("an object");
        assert_eq!(fields.number_or("weeks", 3.0), Ok(3.0));
        assert_eq!(fields.number_or("days", 3.0).expect_err("a text").to_string(), "days: \"2\" is not a number");
        assert_eq!(fields.numbers_by_name("moves").expect_err("null").to_string(), "moves.ETH: null is not a number");
        assert_eq!(fields.numbers_by_name("none"), Ok(ByName(vec![])));
        let error = fields.objects("all", |item| item.number_or("days", 0.0)).expect_err("unknown").to_string();
        assert!(error.starts_with("all[1].dais: unknown field"), "{error}");
    }
}
