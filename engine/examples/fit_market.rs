//! Makes a market file from one or more responses of Deribit's `public/get_book_summary_by_currency`.
//!
//! ```text
//! cargo run -p margin-engine --example fit_market -- CHAIN.json [CHAIN2.json …] --title "…" > market.json
//! ```
//!
//! The market goes to standard output, a report of the fit to standard error. Any fault is one line on standard
//! error and exit code 2.

#[path = "shared/fit_report.rs"]
mod fit_report;

use std::process::ExitCode;

use margin_engine::market::book_summary::{self, BookSummary};
use margin_engine::market::fit::{self, Tolerance};
use margin_engine::market::{Market, MarketDraft, Source};

const USAGE: &str = "usage: fit_market CHAIN.json [CHAIN2.json …] [--title \"…\"] > market.json";
/// Notes about rows that are printed in full; the rest are counted.
const NOTES_SHOWN: usize = 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("fit_market: {}", sentence.replace('\n', " "));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let (paths, title) = arguments()?;
    let chains = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let market = merge(&chains, title)?;
    for chain in &chains {
        fit_report::report(&market, chain);
    }
    fit_report::write(&market)
}

fn arguments() -> Result<(Vec<String>, Option<String>), String> {
    let (mut paths, mut title) = (Vec::new(), None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--title" => title = Some(arguments.next().ok_or("--title needs a text")?),
            option if option.starts_with('-') => return Err(format!("unknown option {option}; {USAGE}")),
            _ => paths.push(argument),
        }
    }
    if paths.is_empty() { Err(USAGE.to_owned()) } else { Ok((paths, title)) }
}

fn read(path: &str) -> Result<BookSummary, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let chain = book_summary::parse(&text).map_err(|error| format!("{path}: {error}"))?;
    eprintln!("{path}: {} rows, recorded {}, {} notes", chain.rows, chain.market.now(), chain.notes.len());
    for note in chain.notes.iter().take(NOTES_SHOWN) {
        eprintln!("  {note}");
    }
    if chain.notes.len() > NOTES_SHOWN {
        eprintln!("  … and {} more", chain.notes.len() - NOTES_SHOWN);
    }
    Ok(chain)
}

/// One market of the thinned chains, at the time of the first.
fn merge(chains: &[BookSummary], title: Option<String>) -> Result<Market, String> {
    let first = chains.first().ok_or(USAGE)?;
    let time = first.market.now();
    let mut description = format!("Derived from Deribit's public option chain, recorded {time}");
    let mut underlyings = Vec::new();
    for chain in chains {
        let draft = fit::thin(chain, &Tolerance::default()).map_err(|error| error.to_string())?.to_draft();
        if draft.time != time {
            let coins: Vec<&str> = draft.underlyings.iter().map(|coin| coin.asset.as_str()).collect();
            description.push_str(&format!(" ({} at {})", coins.join(", "), draft.time));
        }
        underlyings.extend(draft.underlyings);
    }
    description.push_str(": forwards from put-call parity of the marks, mark vols thinned and rounded.");
    let title = title.unwrap_or_else(|| first.market.source().title.clone());
    Market::new(MarketDraft { time, source: Source { title, description }, underlyings, fx: Vec::new(), history: None })
        .map_err(|error| error.to_string())
}
