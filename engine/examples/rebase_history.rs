//! Makes a history file from a table of daily closes.
//!
//! ```text
//! cargo run -p margin-engine --example rebase_history -- CLOSES.csv "SOURCE" > history.json
//! ```
//!
//! The table has a column `date` (2020-01-01, each calendar day in order) and columns such as `btc_close`, empty where
//! a market was closed. Each column is rebased to 1,000 on its first day and rounded to six significant digits: returns
//! keep a ten-thousandth of a percent or so, the venue's prices are not repeated.

use std::collections::BTreeMap;
use std::process::ExitCode;

use margin_engine::market::HistoryDocument;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(source)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: rebase_history CLOSES.csv \"SOURCE\" > history.json");
        return ExitCode::from(2);
    };
    match rebase(&path, source) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("rebase_history: {error}");
            ExitCode::from(2)
        }
    }
}

fn rebase(path: &str, source: String) -> Result<String, Box<dyn std::error::Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let tickers: Vec<String> =
        reader.headers()?.iter().skip(1).map(|name| name.trim_end_matches("_close").to_ascii_uppercase()).collect();
    let mut columns: Vec<Vec<Option<f64>>> = vec![Vec::new(); tickers.len()];
    let mut bases = vec![None; tickers.len()];
    let mut start: Option<jiff::civil::Date> = None;
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let day: jiff::civil::Date =
            record.get(0).ok_or("a row without a date")?.parse().map_err(|error| format!("{error}"))?;
        let first = *start.get_or_insert(day);
        if first.saturating_add(jiff::Span::new().days(row as i64)) != day {
            return Err(format!("{day} is not the day after the one before").into());
        }
        for (column, cell) in record.iter().skip(1).enumerate() {
            let close = if cell.is_empty() { None } else { Some(cell.parse::<f64>()?) };
            let base = bases[column].or(close);
            bases[column] = base;
            columns[column].push(close.zip(base).map(|(close, base)| six_digits(close / base * 1000.0)));
        }
    }
    let closes: BTreeMap<String, Vec<Option<f64>>> = tickers.into_iter().zip(columns).collect();
    let start = start.ok_or("the table is empty")?.to_string();
    Ok(serde_json::to_string(&HistoryDocument { source, start, closes })?)
}

fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}
