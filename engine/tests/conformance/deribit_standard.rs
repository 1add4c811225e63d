//! `formats/deribit/positions_samples.json`: rows of real accounts under Deribit's standard margin.
//!
//! Each short option goes through the whole pipeline: a market whose smile is the vol that the row's mark implies,
//! an account in the row's coin, the methodology. Long options need nothing.

use std::path::Path;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::{Instrument, Kind, Settlement};
use margin_engine::market::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use margin_engine::methodology::{assess, find};
use margin_engine::pricing::implied::implied_vol;
use serde_json::Value;

use crate::{Report, read_json, say};

/// In coin: the venue's own figures for these rows differ in the seventh decimal.
const TOLERANCE: f64 = 5e-7;
/// Where a row does not say when it was observed, so long before its expiry.
const UNKNOWN_AGE_SECONDS: i64 = 30 * 86_400;

/// Runs the file.
pub fn run(path: &Path) -> Vec<Report> {
    let mut report = Report::new("market: formats/deribit/positions_samples.json");
    let rows = read_json::<Vec<Value>>(path);
    match rows {
        Ok(rows) => rows.iter().enumerate().for_each(|(index, row)| record(row, index + 1, &mut report)),
        Err(reason) => report.record("the file", Err(reason)),
    }
    vec![report]
}

fn record(row: &Value, number: usize, report: &mut Report) {
    let instrument = row["instrument_name"].as_str().unwrap_or_default();
    if row["kind"] == "option" {
        report.record(&format!("row {number}, {instrument}"), check(row));
    } else {
        // The venue's documentation, from before the rates that are published today.
        say(&format!("{}: row {number}, {instrument}, follows an older rule set, not required", report.folder));
    }
}

fn check(row: &Value) -> Result<(), String> {
    let name = row["instrument_name"].as_str().ok_or("no instrument")?;
    let instrument: Instrument = name.parse().map_err(|error| format!("{error}"))?;
    let Kind::Option { expiry, strike, right } = instrument.kind else { return Err("not an option".to_owned()) };
    if instrument.product.settlement != Settlement::Inverse {
        return Err("not settled in coin".to_owned());
    }
    let size = number(row, "size")?.abs();
    let coins = match row["direction"].as_str() {
        Some("sell") => -size,
        Some("buy") => size,
        _ => return Err("neither bought nor sold".to_owned()),
    };
    let (index, mark) = (number(row, "index_price")?, number(row, "mark_price")?);

    let observed = row["_observed"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let before = expiry.timestamp() - jiff::SignedDuration::from_secs(UNKNOWN_AGE_SECONDS);
    let time = observed.unwrap_or(before);
    let vol = implied_vol(right, mark * index, index, strike, expiry.years_from(time), 1.0)
        .map_err(|error| error.to_string())?;
    let coin =
        UnderlyingDraft::new(instrument.product.base, index).with(ExpiryDraft::new(expiry, index, [(strike, vol)]));
    let market = Market::new(MarketDraft::new(time, Source::default()).with(coin)).map_err(|e| e.to_string())?;

    let position = Position { instrument, quantity: Quantity::coins(coins), entry_price: None };
    let account = Account::new(instrument.product.base, vec![position], vec![]).map_err(|e| e.to_string())?;
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).map_err(|e| e.to_string())?;
    within("mark", book.legs[0].mark() / index, mark, 1e-12)?;

    let entry = find("deribit-standard").ok_or("the methodology is not registered")?;
    let methodology = entry.configure(None).map_err(|e| e.to_string())?;
    let assessment = assess(entry, methodology.as_ref(), &book).map_err(|e| e.to_string())?;
    within("initial", assessment.initial, number(row, "initial_margin")?, TOLERANCE)?;
    within("maintenance", assessment.maintenance, number(row, "maintenance_margin")?, TOLERANCE)?;
    if coins > 0.0 && (assessment.initial, assessment.maintenance) != (0.0, 0.0) {
        return Err("a long option needs nothing".to_owned());
    }
    Ok(())
}

/// A number, which some sources write as text.
fn number(row: &Value, field: &str) -> Result<f64, String> {
    let value = &row[field];
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).ok_or_else(|| format!("{field} is {value}, no number"))
}

fn within(figure: &str, ours: f64, theirs: f64, tolerance: f64) -> Result<(), String> {
    let error = (ours - theirs).abs();
    if error <= tolerance {
        Ok(())
    } else {
        Err(format!("{figure} is {ours} and should be {theirs}: off by {error:e}"))
    }
}
