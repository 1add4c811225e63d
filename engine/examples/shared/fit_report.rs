//! How well a market fits the chain that it was made from, and the market as a file.

use std::io::Write;

use margin_engine::market::book_summary::BookSummary;
use margin_engine::market::document::MarketDocument;
use margin_engine::market::{Market, fit};

/// Prints a line for each expiry on standard error.
pub fn report(market: &Market, chain: &BookSummary) {
    eprintln!("asset expiry   forward     options knots  max err | 5-95 delta: options  max err  95 % err  within 0.5");
    for line in fit::measure(market, &chain.marks) {
        let forward = market.get(line.asset).map_or(0.0, |underlying| underlying.forward(line.expiry));
        eprintln!(
            "{:<5} {:<8} {forward:<11} {:>7} {:>5} {:>8.2} | {:>19} {:>8.2} {:>9.2} {:>9.1} %",
            line.asset,
            line.expiry.to_string(),
            line.options,
            line.knots,
            line.max_error * 100.0,
            line.inside,
            line.max_error_inside * 100.0,
            line.error_95_inside * 100.0,
            line.share_within_half_point * 100.0
        );
    }
}

/// Writes the market to standard output, with its warnings and its size on standard error.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(market: &Market) -> Result<(), String> {
    for warning in market.arbitrage_warnings() {
        eprintln!("warning: {warning}");
    }
    let mut json = MarketDocument::from(market).to_json();
    json.push('\n');
    eprintln!("{} bytes", json.len());
    std::io::stdout().write_all(json.as_bytes()).map_err(|error| format!("cannot write the market: {error}"))
}
