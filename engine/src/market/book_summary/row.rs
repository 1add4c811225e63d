//! One row of a response: typed fields, and notes about those that are no use.

use serde_json::{Map, Value};

use super::super::error::{plain, price};
use super::RowNote;
use crate::instrument::{Instrument, Kind};

/// The highest mark vol believed, in percent; the market's own limit.
const HIGHEST_VOL_PERCENT: f64 = 10_000.0;
/// 2000-01-01 and 2100-01-01 in milliseconds.
const CREDIBLE_TIMES: std::ops::RangeInclusive<f64> = 946_684_800_000.0..=4_102_444_800_000.0;

/// The usable fields of a row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub number: usize,
    pub name: String,
    pub instrument: Instrument,
    /// Of an option in its settlement currency, else in US dollars.
    pub mark_price: Option<f64>,
    /// Per √year; options only.
    pub vol_annual: Option<f64>,
    /// The venue's forward; options only.
    pub underlying_price: Option<f64>,
    pub index: Option<f64>,
    pub milliseconds: Option<i64>,
}

impl Row {
    pub fn note(&self, field: &'static str, value: impl ToString, reason: impl Into<String>) -> RowNote {
        let value = shorten(&value.to_string());
        RowNote { row: self.number, instrument: self.name.clone(), field, value, reason: reason.into() }
    }
}

/// Reads a row; `None` if it names no instrument that can be used.
pub(super) fn read(number: usize, value: &Value, notes: &mut Vec<RowNote>) -> Option<Row> {
    let unnamed = |field, value: &Value, reason: &str| RowNote {
        row: number,
        instrument: "no name".to_owned(),
        field,
        value: shorten(&value.to_string()),
        reason: reason.to_owned(),
    };
    let Value::Object(fields) = value else {
        notes.push(unnamed("row", value, "not an object; skipped"));
        return None;
    };
    let name = match fields.get("instrument_name") {
        Some(Value::String(name)) => name,
        other => {
            notes.push(unnamed("instrument_name", other.unwrap_or(&Value::Null), "not a name; skipped"));
            return None;
        }
    };
    let mut reader = Reader { number, name: shorten(name), fields, notes };
    let instrument: Instrument = match name.parse() {
        Ok(instrument) => instrument,
        Err(error) => {
            reader.note("instrument_name", reader.name.clone(), format!("{error}; skipped"));
            return None;
        }
    };
    let is_option = match instrument.kind {
        _ if instrument.is_sized_in_contracts() || matches!(instrument.kind, Kind::Bond { .. }) => {
            reader.note("instrument_name", reader.name.clone(), "not of a crypto venue; skipped".to_owned());
            return None;
        }
        Kind::Option { strike, .. } if price("strike", strike).is_err() => {
            reader.note("instrument_name", plain(strike), "not a credible strike; skipped".to_owned());
            return None;
        }
        Kind::Option { .. } => true,
        Kind::Future { .. } | Kind::Perpetual => false,
        Kind::Spot | Kind::Bond { .. } => {
            reader.note("instrument_name", reader.name.clone(), "spot adds nothing to the index; skipped".to_owned());
            return None;
        }
    };
    Some(Row {
        number,
        instrument,
        mark_price: if is_option { reader.option_price("mark_price") } else { reader.price("mark_price") },
        vol_annual: if is_option { reader.vol("mark_iv") } else { None },
        underlying_price: if is_option { reader.price("underlying_price") } else { None },
        index: reader.price("estimated_delivery_price"),
        milliseconds: reader.time("creation_timestamp"),
        name: reader.name,
    })
}

/// At most sixty characters of a text, for notes.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}

struct Reader<'a> {
    number: usize,
    name: String,
    fields: &'a Map<String, Value>,
    notes: &'a mut Vec<RowNote>,
}

impl Reader<'_> {
    fn note(&mut self, field: &'static str, value: String, reason: String) {
        self.notes.push(RowNote { row: self.number, instrument: self.name.clone(), field, value, reason });
    }

    /// A number, or a text that is one; nothing for null and empty text.
    fn number(&mut self, field: &'static str) -> Option<f64> {
        let value = self.fields.get(field)?;
        let number = match value {
            Value::Null => return None,
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
            other => other.as_f64(),
        };
        if number.is_none() {
            self.note(field, shorten(&value.to_string()), "not a number; left out".to_owned());
        }
        number
    }

    fn accept(&mut self, field: &'static str, reason: &str, holds: impl Fn(f64) -> bool) -> Option<f64> {
        let number = self.number(field)?;
        if holds(number) {
            return Some(number);
        }
        self.note(field, plain(number), format!("{reason}; left out"));
        None
    }

    fn price(&mut self, field: &'static str) -> Option<f64> {
        self.accept(field, "not a positive price", |number| price(field, number).is_ok())
    }

    /// The mark of an option may be zero.
    fn option_price(&mut self, field: &'static str) -> Option<f64> {
        self.accept(field, "not a price", |number| number == 0.0 || price(field, number).is_ok())
    }

    fn time(&mut self, field: &'static str) -> Option<i64> {
        let credible = |number| CREDIBLE_TIMES.contains(&number);
        self.accept(field, "not a time in milliseconds", credible).map(|milliseconds| milliseconds as i64)
    }

    /// An option without a vol keeps its place in the list of strikes.
    fn vol(&mut self, field: &'static str) -> Option<f64> {
        let known = self.notes.len();
        let credible = |number| number > 0.0 && number <= HIGHEST_VOL_PERCENT;
        let percent = self.accept(field, "not a vol in percent", credible);
        if percent.is_none() && self.notes.len() == known {
            let value = self.fields.get(field).map_or("missing".to_owned(), Value::to_string);
            self.note(field, value, "no vol; the row only lists its strike".to_owned());
        }
        percent.map(|percent| percent / 100.0)
    }
}
