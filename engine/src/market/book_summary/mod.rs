//! Markets from Deribit's `public/get_book_summary_by_currency`.
//!
//! The response lists every instrument of a currency with its mark price, and for options the mark vol in percent.
//! Rows of options, futures and perpetuals may be mixed, and so may currencies. What comes out:
//!
//! - the **index** is the median of `estimated_delivery_price`;
//! - the **forward** of an expiry is the median, over the ten call-put pairs nearest to the money, of the forward
//!   that makes both marks agree: F = K/(1 − (C − P)) for coin-settled options, F = K + C − P for linear ones. On the
//!   chains that this was measured on it reprices the marks to 2e-5 of a coin on a calm day, where the reported
//!   `underlying_price` is off by up to 1e-4, being taken at another instant. Without pairs, the mark of the future
//!   serves, then the median of `underlying_price`;
//! - the **vol** of a strike is the mean of the `mark_iv` of its call and its put;
//! - the **time** is the median of `creation_timestamp`, else the wrapper's `usOut`.
//!
//! Vols are not discounted: `interest_rate` is zero in these responses. A row that cannot be used is skipped or used
//! in part, and a [`RowNote`] says so; the other rows survive.

mod assemble;
mod row;

use serde_json::Value;

use super::{Market, MarketError};
use crate::instrument::Instrument;

/// What a response holds.
#[derive(Debug, Clone, PartialEq)]
pub struct BookSummary {
    /// The market, with the vol of every strike.
    pub market: Market,
    /// The marks of the options that have a vol, in the order of the rows.
    pub marks: Vec<OptionMark>,
    /// What was skipped or left out, row by row.
    pub notes: Vec<RowNote>,
    /// How many rows there were.
    pub rows: usize,
}

/// The marks of one option as the venue gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionMark {
    /// The option.
    pub instrument: Instrument,
    /// The mark vol per √year, 0.55 is 55 %.
    pub vol_annual: f64,
    /// The mark price in the settlement currency, per coin of size.
    pub mark_price: Option<f64>,
}

/// Why a row was skipped or used in part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, {instrument}: {field} {value}: {reason}")]
pub struct RowNote {
    /// The number of the row, from 1.
    pub row: usize,
    /// The instrument's name as written, or "no name".
    pub instrument: String,
    /// The field concerned.
    pub field: &'static str,
    /// Its value as written, shortened.
    pub value: String,
    /// What is wrong with it and what was done.
    pub reason: String,
}

/// Why no market could be made at all.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BookSummaryError {
    /// The text is not JSON.
    #[error("this is not JSON: {0}")]
    NotJson(String),
    /// JSON of another shape.
    #[error(
        "this is not a book summary: expected the response of public/get_book_summary_by_currency, \
         an object with a list \"result\" or the list itself"
    )]
    NotASummary,
    /// The venue answered with an error.
    #[error("the file holds an error from the venue instead of a book summary: {0}")]
    Venue(String),
    /// The list is empty.
    #[error("the book summary has no rows")]
    NoRows,
    /// No row says when it was made.
    #[error("the book summary does not say when it was recorded: no row has a creation_timestamp")]
    NoTime,
    /// Not one row could be used.
    #[error("none of the {rows} rows can be used; the first: {first}")]
    NothingUsable {
        /// How many there were.
        rows: usize,
        /// The first reason.
        first: Box<RowNote>,
    },
    /// No row could be used, and none says why.
    #[error("no row of the book summary gives an index (estimated_delivery_price)")]
    NoIndex,
    /// The figures do not make a market.
    #[error(transparent)]
    Market(#[from] MarketError),
}

/// Reads the text of a response.
pub fn parse(text: &str) -> Result<BookSummary, BookSummaryError> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = crate::json::value(text).map_err(|error| BookSummaryError::NotJson(error.to_string()))?;
    let (rows, sent) = match &value {
        Value::Array(rows) => (rows, None),
        Value::Object(response) => match (response.get("result"), response.get("error")) {
            (Some(Value::Array(rows)), _) => (rows, microseconds(response.get("usOut"))),
            (_, Some(error)) => return Err(BookSummaryError::Venue(row::shorten(&error.to_string()))),
            _ => return Err(BookSummaryError::NotASummary),
        },
        _ => return Err(BookSummaryError::NotASummary),
    };
    if rows.is_empty() {
        return Err(BookSummaryError::NoRows);
    }
    let mut notes = Vec::new();
    let read: Vec<row::Row> =
        rows.iter().enumerate().filter_map(|(position, value)| row::read(position + 1, value, &mut notes)).collect();
    assemble::assemble(read, sent, notes, rows.len())
}

fn microseconds(value: Option<&Value>) -> Option<i64> {
    value.and_then(Value::as_i64).map(|microseconds| microseconds / 1000)
}

// Random cases need a source of randomness, which bare wasm has not.
#[cfg(all(test, not(target_family = "wasm")))]
mod properties;
#[cfg(test)]
mod tests;
