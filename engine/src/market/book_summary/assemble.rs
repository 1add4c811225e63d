//! From rows to a market.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::super::error::price;
use super::super::{ExpiryDraft, Market, MarketDraft, Source, UnderlyingDraft};
use super::row::Row;
use super::{BookSummary, BookSummaryError, OptionMark, RowNote};
use crate::asset::Asset;
use crate::instrument::{Expiry, Kind, Product, Right, Settlement};
use crate::order::sorted_by;
use crate::rfc3339::Rfc3339;

/// How many call-put pairs next to the money the forward is taken from.
const PAIRS: usize = 10;
/// The difference between the vols of a call and a put at the same strike that is worth a note: one vol point.
const VOLS_DISAGREE: f64 = 0.01;

pub(super) fn assemble(
    rows: Vec<Row>,
    sent: Option<i64>,
    mut notes: Vec<RowNote>,
    count: usize,
) -> Result<BookSummary, BookSummaryError> {
    let nothing_usable = |notes: &[RowNote]| match notes.first() {
        Some(first) => BookSummaryError::NothingUsable { rows: count, first: Box::new(first.clone()) },
        None => BookSummaryError::NoIndex,
    };
    if rows.is_empty() {
        return Err(nothing_usable(&notes));
    }
    let time = upper_median(rows.iter().filter_map(|row| row.milliseconds).collect())
        .or(sent)
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .ok_or(BookSummaryError::NoTime)?;
    let rows = keep_usable(rows, time, &mut notes);

    let by_coin = grouped(rows.iter(), |row| Some(row.instrument.product.base));
    let underlyings: Vec<UnderlyingDraft> =
        by_coin.iter().filter_map(|(asset, rows)| underlying(*asset, rows, &mut notes)).collect();
    if underlyings.is_empty() {
        return Err(nothing_usable(&notes));
    }
    let coins: Vec<Asset> = underlyings.iter().map(|coin| coin.asset).collect();
    let marks = rows.iter().filter(|row| coins.contains(&row.instrument.product.base)).filter_map(option_mark);
    let marks = marks.collect();
    let market =
        Market::new(MarketDraft { time, source: source(&coins, time), underlyings, fx: Vec::new(), history: None })?;
    let notes = sorted_by(notes, |note| note.row as f64);
    Ok(BookSummary { market, marks, notes, rows: count })
}

/// Leaves out what has expired, what occurs twice, and all but one product family of each coin: the coin-settled
/// one, where there is one.
fn keep_usable(rows: Vec<Row>, time: Timestamp, notes: &mut Vec<RowNote>) -> Vec<Row> {
    let mut families: Vec<Product> = Vec::new();
    for product in rows.iter().map(|row| row.instrument.product) {
        match families.iter_mut().find(|kept| kept.base == product.base) {
            Some(kept) if product.settlement == Settlement::Inverse => *kept = product,
            Some(_) => {}
            None => families.push(product),
        }
    }
    // As a map of JSON, which is there already: in wasm each kind of map is weight.
    let mut seen = Map::new();
    let mut usable = |row: &Row| {
        let product = row.instrument.product;
        let kept = families.iter().find(|kept| kept.base == product.base).copied().unwrap_or(product);
        let reason = if product != kept {
            format!("the market of {} is taken from {kept} instruments; skipped", product.base)
        } else if row.instrument.expiry().is_some_and(|expiry| expiry.is_past(time)) {
            "has expired; skipped".to_owned()
        } else if seen.insert(row.instrument.to_string(), Value::Null).is_some() {
            "occurs twice; the first row is used".to_owned()
        } else {
            return true;
        };
        notes.push(row.note("instrument_name", &row.name, reason));
        false
    };
    rows.into_iter().filter(|row| usable(row)).collect()
}

fn underlying(asset: Asset, rows: &[&Row], notes: &mut Vec<RowNote>) -> Option<UnderlyingDraft> {
    let perpetual = rows.iter().find(|row| row.instrument.kind == Kind::Perpetual).and_then(|row| row.mark_price);
    let Some(index) = median(rows.iter().filter_map(|row| row.index).collect()).or(perpetual) else {
        let reason = format!("no row gives an index of {asset}; {asset} is left out");
        notes.extend(rows.first().map(|row| row.note("estimated_delivery_price", "missing", reason)));
        return None;
    };
    let mut draft = UnderlyingDraft::new(asset, index);
    draft.perpetual_mark = perpetual;
    let by_expiry = grouped(rows.iter().copied(), |row| row.instrument.expiry());
    draft.expiries = by_expiry.iter().filter_map(|(day, rows)| expiry(*day, rows, index, notes)).collect();
    Some(draft)
}

/// Rows by key, in the order in which the keys appear; rows without one are left out. There are few keys.
fn grouped<'a, K: PartialEq>(
    rows: impl Iterator<Item = &'a Row>,
    key: impl Fn(&Row) -> Option<K>,
) -> Vec<(K, Vec<&'a Row>)> {
    let mut groups: Vec<(K, Vec<&Row>)> = Vec::new();
    for row in rows {
        let Some(key) = key(row) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups
}

/// The rows of one strike.
#[derive(Default)]
struct Pair<'a> {
    strike: f64,
    call: Option<&'a Row>,
    put: Option<&'a Row>,
}

fn expiry(day: Expiry, rows: &[&Row], index: f64, notes: &mut Vec<RowNote>) -> Option<ExpiryDraft> {
    let options = rows.iter().filter_map(|row| row.instrument.option_terms().map(|terms| (terms, *row)));
    let mut pairs: Vec<Pair> = Vec::new();
    for ((strike, right), row) in sorted_by(options.collect(), |((strike, _), _)| *strike) {
        if pairs.last().is_none_or(|pair| pair.strike != strike) {
            pairs.push(Pair { strike, ..Pair::default() });
        }
        if let Some(pair) = pairs.last_mut() {
            *(if right == Right::Call { &mut pair.call } else { &mut pair.put }) = Some(row);
        }
    }
    let reported = median(rows.iter().filter_map(|row| row.underlying_price).collect());
    let is_future = |row: &&&Row| matches!(row.instrument.kind, Kind::Future { .. });
    let future = rows.iter().find(is_future).and_then(|row| row.mark_price);
    let forward = parity_forward(&pairs, reported.or(future).unwrap_or(index)).or(future).or(reported);
    let Some(forward) = forward else {
        let reason = format!("nothing gives a forward for {day}; the expiry is left out");
        notes.extend(rows.first().map(|row| row.note("underlying_price", "missing", reason)));
        return None;
    };
    let smile: Vec<(f64, f64)> =
        pairs.iter().filter_map(|pair| vol(pair, notes).map(|vol| (pair.strike, vol))).collect();
    let strikes: Vec<f64> = pairs.iter().map(|pair| pair.strike).collect();
    Some(ExpiryDraft::new(day, forward, smile).with_listed_strikes(strikes))
}

/// The median forward at which the marks of call and put agree, over the pairs nearest to `near`.
fn parity_forward(pairs: &[Pair], near: f64) -> Option<f64> {
    let forwards: Vec<(f64, f64)> = pairs.iter().filter_map(|pair| Some((pair.strike, pair_forward(pair)?))).collect();
    let distance = |strike: f64| (strike / near).max(near / strike);
    let forwards = sorted_by(forwards, |(strike, _)| distance(*strike));
    median(forwards.iter().take(PAIRS).map(|(_, forward)| *forward).collect())
}

fn pair_forward(pair: &Pair) -> Option<f64> {
    let (call, put) = (pair.call?, pair.put?);
    let difference = call.mark_price? - put.mark_price?;
    let forward = match call.instrument.product.settlement {
        Settlement::Inverse => pair.strike / (1.0 - difference),
        Settlement::Linear => pair.strike + difference,
    };
    price("forward", forward).ok()
}

fn vol(pair: &Pair, notes: &mut Vec<RowNote>) -> Option<f64> {
    let of = |row: Option<&Row>| row.and_then(|row| row.vol_annual);
    match (of(pair.call), of(pair.put)) {
        (Some(call), Some(put)) => {
            if (call - put).abs() > VOLS_DISAGREE {
                let reason = format!("the put at this strike says {:.2}; the mean is used", put * 100.0);
                notes.extend(pair.call.map(|row| row.note("mark_iv", format!("{:.2}", call * 100.0), reason)));
            }
            Some((call + put) / 2.0)
        }
        (one, other) => one.or(other),
    }
}

fn option_mark(row: &Row) -> Option<OptionMark> {
    Some(OptionMark { instrument: row.instrument, vol_annual: row.vol_annual?, mark_price: row.mark_price })
}

fn source(coins: &[Asset], time: Timestamp) -> Source {
    let coins: Vec<&str> = coins.iter().map(Asset::as_str).collect();
    let coins = coins.join(" and ");
    // The first ten characters are the day.
    let time = Rfc3339(time).to_string();
    Source {
        title: format!("Deribit {coins}, {}", time.get(..10).unwrap_or(&time)),
        description: format!("Deribit's public book summary of {coins}, recorded {time}"),
    }
}

fn median(values: Vec<f64>) -> Option<f64> {
    let values = sorted_by(values, |value| *value);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    values.get(values.len() / 2 - 1).map(|lower| lower + (upper - lower) / 2.0)
}

fn upper_median(values: Vec<i64>) -> Option<i64> {
    // Milliseconds since 1970 are exact as floating point numbers.
    let values = sorted_by(values, |value| *value as f64);
    values.get(values.len() / 2).copied()
}
