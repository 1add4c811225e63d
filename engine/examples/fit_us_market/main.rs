//! Makes the bundled market of US stocks, indexes, futures and bonds from two chains and figures of our own.
//!
//! ```text
//! cargo run --release -p margin-engine --example fit_us_market -- AAPL.csv SPX.csv > us-2025-10-06.json
//! ```
//!
//! How well the vols fit is printed on the standard error.

mod chain;
mod illustrative;

#[path = "../shared/fit_report.rs"]
mod fit_report;

use std::process::ExitCode;

use chain::{AAPL_TOLERANCE, Quote, RATE, Terms, implied, quote};
use illustrative::{figures, treasury};
use jiff::Timestamp;
use margin_engine::asset::Asset;
use margin_engine::instrument::{Exercise, Expiry};
use margin_engine::market::book_summary::BookSummary;
use margin_engine::market::fit::{self, Tolerance};
use margin_engine::market::{
    self, ExpiryDraft, ExpiryMarket, Market, MarketDraft, Source, Underlying, UnderlyingClass, UnderlyingDraft,
};
use margin_engine::pricing::numeric::exp;

const USAGE: &str = "usage: fit_us_market AAPL.csv SPX.csv > market.json";
const TITLE: &str = "US markets, 6 Oct 2025";
const SOURCE: &str = "AAPL: from its option chain at the close of 6 October 2025: forwards and vols of the mids out of \
    the money as American options, thinned and rounded, at a rate of 4 %. SPX: smile shapes of Cboe's quotes of \
    4 February 2022, moved to a round level and scaled. All other figures are round ones of our own, for illustration.";

/// The close at which the other chain was recorded, its rate, and its expiries.
const SHAPE_NOW: &str = "2022-02-04T21:00:00Z";
const SHAPE_RATE: f64 = 0.005;
const SHAPE_TOLERANCE: Tolerance = Tolerance { inside: 0.005, outside: 0.02 };
/// Expiry of the index, the expiry of the chain that lends its smile, the distance between strikes, and how far from
/// the forward they are listed, in parts of it.
const SPX_DAYS: [(&str, &str, f64, (f64, f64)); 5] = [
    ("17OCT25", "16FEB22", 25.0, (0.85, 1.08)),
    ("21NOV25", "18MAR22", 50.0, (0.75, 1.15)),
    ("19DEC25", "14APR22", 50.0, (0.75, 1.2)),
    ("20MAR26", "29JUL22", 100.0, (0.7, 1.25)),
    ("18DEC26", "30DEC22", 200.0, (0.6, 1.4)),
];
const SPX_INDEX: f64 = 6700.0;
const SPX_CARRY: f64 = 0.028;
/// Vols of that day were this much higher than those wanted.
const SPX_VOL_SCALE: f64 = 0.75;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("fit_us_market: {}", sentence.replace('\n', " "));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [aapl, spx] = &paths[..] else { return Err(USAGE.to_owned()) };
    let stock = chain::stock(&read(aapl)?)?;
    let now = stock.market.now();
    let shapes: Vec<&str> = SPX_DAYS.iter().map(|(_, lender, ..)| *lender).collect();
    let index = Terms {
        now: instant(SHAPE_NOW)?,
        rate: SHAPE_RATE,
        exercise: Exercise::European,
        class: UnderlyingClass::Index,
    };
    let weekly: Vec<_> =
        read_cboe(&read(spx)?).into_iter().filter(|quote| quote.instrument.to_string().starts_with("SPXW")).collect();
    let lender = implied(&weekly, ticker("SPX")?, &shapes, &index).map_err(|error| error.to_string())?;

    let mut underlyings = thinned(&stock, &AAPL_TOLERANCE)?;
    underlyings.push(spx_draft(&lender, now)?);
    for figures in figures() {
        underlyings.push(figures.draft(now)?);
    }
    // Bonds before the coin, which is last.
    let coin = underlyings.pop();
    underlyings.push(treasury().map_err(|error| error.to_string())?);
    underlyings.extend(coin);
    let source = Source { title: TITLE.to_owned(), description: SOURCE.to_owned() };
    let market = Market::new(MarketDraft { underlyings, ..MarketDraft::new(now, source) });
    let market = market.map_err(|error| error.to_string())?;
    fit_report::report(&market, &stock);
    fit_report::write(&market)
}

fn thinned(chain: &BookSummary, tolerance: &Tolerance) -> Result<Vec<UnderlyingDraft>, String> {
    Ok(fit::thin(chain, tolerance).map_err(|error| error.to_string())?.to_draft().underlyings)
}

/// The index with the smiles of the lending chain, at the same strikes over forward.
fn spx_draft(lender: &BookSummary, now: Timestamp) -> Result<UnderlyingDraft, String> {
    let shapes = fit::thin(lender, &SHAPE_TOLERANCE).map_err(|error| error.to_string())?;
    let shapes: &Underlying = shapes.underlyings().first().ok_or("the chain is empty")?;
    let terms = market::Terms { class: UnderlyingClass::Index, ..market::Terms::default() };
    let mut draft = UnderlyingDraft::new(ticker("SPX")?, SPX_INDEX).with_terms(terms);
    for (day, lending, step, reach) in SPX_DAYS {
        let lent = shapes.expiries().iter().find(|market| market.expiry().to_string() == lending);
        let lent = lent.ok_or_else(|| format!("the chain does not list {lending}"))?;
        draft = draft.with(spx_expiry(lent, day, step, reach, now)?);
    }
    Ok(draft)
}

fn spx_expiry(
    lent: &ExpiryMarket,
    day: &str,
    step: f64,
    reach: (f64, f64),
    now: Timestamp,
) -> Result<ExpiryDraft, String> {
    let day = Expiry::parse_day(day).map_err(|error| error.to_string())?;
    let expiry = Expiry::at_new_york_close(day).map_err(|error| error.to_string())?;
    let forward = (SPX_INDEX * exp(SPX_CARRY * expiry.years_from(now)) * 10.0).round() / 10.0;
    let on_step = |strike: f64| (strike / step).round() * step;
    // The vol at a listed strike is the lent smile's at the same strike over forward.
    let vol = |strike: f64| {
        let vol = lent.smile().vol(strike / forward * lent.forward())?;
        Some((vol * SPX_VOL_SCALE * 1e4).round() / 1e4)
    };
    let mut knots: Vec<f64> =
        lent.smile().points().map(|(strike, _)| on_step(strike / lent.forward() * forward)).collect();
    knots.dedup();
    let inside = |strike: &f64| (reach.0 * forward..=reach.1 * forward).contains(strike);
    let smile: Vec<(f64, f64)> =
        knots.into_iter().filter(inside).filter_map(|strike| Some((strike, vol(strike)?))).collect();
    let first = on_step(reach.0 * forward);
    let count = ((reach.1 - reach.0) * forward / step) as i32;
    let strikes: Vec<f64> = (0..=count).map(|place| first + f64::from(place) * step).collect();
    Ok(ExpiryDraft::new(expiry, forward, smile).with_discount_rate(RATE).with_listed_strikes(strikes))
}

/// The rows of Cboe's delayed quotes: a call and a put in each, behind three lines of heading.
fn read_cboe(text: &str) -> Vec<Quote> {
    let rows = text.lines().skip(3).map(|line| line.split(',').collect::<Vec<_>>());
    rows.flat_map(|row| [quote(&row, 1, 4), quote(&row, 12, 15)]).flatten().collect()
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{text} is no instant"))
}

fn ticker(text: &str) -> Result<Asset, String> {
    text.parse().map_err(|error: margin_engine::asset::AssetError| error.to_string())
}
