//! The bundled markets against the chains that they were derived from, where those are at hand.
//!
//! `MARGIN_MARKET` names the folder with the chains; without it, `shared/market` beside the repository.
#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

use margin_engine::account::{Account, Position, Quantity};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, ExpiredPositions};
use margin_engine::instrument::Right;
use margin_engine::market::Market;
use margin_engine::market::book_summary::{self, BookSummary};
use margin_engine::market::document::MarketDocument;
use margin_engine::market::fit::{self, FitReport, Tolerance};

#[path = "../examples/fit_us_market/chain.rs"]
mod us_chain;

const CALM: &str = include_str!("../../assets/markets/deribit-2026-08-22.json");
const US: &str = include_str!("../../assets/markets/us-2025-10-06.json");
const CRASH: &str = include_str!("../../assets/markets/deribit-2026-02-06.json");

/// Chain, bundled market, and how far in coin a mark may be from Black-76 on the parity forward.
const CHAINS: [(&str, &str, f64); 3] = [
    ("deribit_book_summary_BTC_20260822T153351Z.json", CALM, 2e-5),
    ("deribit_book_summary_ETH_20260822T153351Z.json", CALM, 2e-5),
    ("deribit_book_summary_BTC_20260206T043012Z.json", CRASH, 2.5e-4),
];

#[test]
fn bundled_markets_give_the_vols_of_their_chains() {
    for (file, bundled, _) in CHAINS {
        let Some(chain) = chain(file) else { continue };
        let market = Market::from_json(bundled).expect("bundled");
        assert_eq!(market.now(), chain.market.now(), "{file}");
        let reports = fit::measure(&market, &chain.marks);
        assert_eq!(reports.iter().map(|report| report.options).sum::<usize>(), chain.marks.len(), "{file}");
        for report in &reports {
            assert!(report.share_within_half_point >= 0.95, "{file}: {report:?}");
            assert!(report.max_error <= Tolerance::default().outside + 1e-9, "{file}: {report:?}");
        }
        let worst = |figure: fn(&FitReport) -> f64| reports.iter().map(figure).fold(0.0, f64::max) * 100.0;
        say(&format!(
            "{file}: {} expiries, {} knots for {} options, {} of them between 5 and 95 delta; worst expiry there: \
             95 % within {:.2} vol points, all within {:.2}; elsewhere all within {:.2}",
            reports.len(),
            reports.iter().map(|report| report.knots).sum::<usize>(),
            chain.marks.len(),
            reports.iter().map(|report| report.inside).sum::<usize>(),
            worst(|report| report.error_95_inside),
            worst(|report| report.max_error_inside),
            worst(|report| report.max_error),
        ));
    }
}

#[test]
fn the_stock_of_the_us_market_has_the_vols_of_its_chain() {
    let Some(chain) = stock_chain() else { return };
    let market = Market::from_json(US).expect("bundled");
    assert_eq!(market.now(), chain.market.now());
    let reports = fit::measure(&market, &chain.marks);
    assert_eq!(reports.len(), us_chain::AAPL_DAYS.len());
    assert_eq!(reports.iter().map(|report| report.options).sum::<usize>(), chain.marks.len());
    let tolerance = us_chain::AAPL_TOLERANCE;
    for report in &reports {
        assert!(report.inside >= 10 && report.max_error_inside <= tolerance.inside + 1e-9, "{report:?}");
        assert!(report.max_error <= tolerance.outside + 1e-9, "{report:?}");
    }
    let worst = |figure: fn(&FitReport) -> f64| reports.iter().map(figure).fold(0.0, f64::max) * 100.0;
    say(&format!(
        "AAPL: {} expiries, {} options; between 5 and 95 delta all within {:.2} vol points, elsewhere within {:.2}",
        reports.len(),
        chain.marks.len(),
        worst(|report| report.max_error_inside),
        worst(|report| report.max_error),
    ));
    let thinned = fit::thin(&chain, &tolerance).expect("thins");
    let stock = &thinned.underlyings()[0];
    assert_eq!(market.underlying(stock.asset()), Ok(stock));
}

/// The engine's own marks of the bundled market, early exercise and all, against the quotes.
#[test]
fn marks_of_the_us_market_lie_near_the_mids_of_its_chain() {
    let Some(chain) = stock_chain() else { return };
    let market = Market::from_json(US).expect("bundled");
    let positions = chain.marks.iter().map(|mark| Position {
        instrument: mark.instrument,
        quantity: Quantity::coins(1.0),
        entry_price: None,
    });
    let account = Account::new(Asset::USD, positions.collect(), vec![]).expect("valid");
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("resolves");
    for (leg, mark) in book.legs.iter().zip(&chain.marks) {
        // Within what the vols may be off, and the rounding of prices.
        let error = (leg.mark() - mark.mark_price.expect("given")).abs();
        let tolerated = us_chain::AAPL_TOLERANCE.outside * leg.sensitivities.vega + 1e-3;
        assert!(error <= tolerated.min(0.35), "{}: {error} of {tolerated}", mark.instrument);
    }
}

#[test]
fn bundled_markets_are_what_the_example_makes() {
    for (file, bundled, _) in CHAINS {
        let Some(chain) = chain(file) else { continue };
        let market = Market::from_json(bundled).expect("bundled");
        for thinned in fit::thin(&chain, &Tolerance::default()).expect("thins").underlyings() {
            assert_eq!(market.underlying(thinned.asset()), Ok(thinned), "{file}");
        }
    }
}

#[test]
fn whole_chains_parse_without_a_note_and_reprice_their_marks() {
    for (file, _, tolerance) in CHAINS {
        let Some(chain) = chain(file) else { continue };
        assert_eq!((chain.notes.len(), chain.marks.len()), (0, chain.rows), "{file}");
        let errors = chain.marks.iter().map(|mark| {
            let coin = chain.market.underlying(mark.instrument.product.base).expect("listed");
            let expiry = mark.instrument.expiry().expect("an option");
            let (strike, right) = mark.instrument.option_terms().expect("an option");
            let deviation = mark.vol_annual * expiry.years_from(chain.market.now()).sqrt();
            let price = price_in_coin(coin.forward(expiry), strike, deviation, right);
            (price - mark.mark_price.expect("given")).abs()
        });
        let worst = errors.fold(0.0, f64::max);
        say(&format!("{file}: marks against Black-76 on the parity forward: at most {worst:.1e} coin"));
        assert!(worst <= tolerance, "{file}: {worst:e}");
    }
}

#[test]
fn bundled_markets_are_small_and_say_where_they_come_from() {
    let us = ["AAPL", "SPX", "QQQ", "TQQQ", "ES", "CL", "ZN", "UST", "BTC"].map(|it| it.parse().expect("a ticker"));
    for (text, day, coins) in [
        (CALM, "2026-08-22", &[Asset::BTC, Asset::ETH][..]),
        (CRASH, "2026-02-06", &[Asset::BTC]),
        (US, "2025-10-06", &us),
    ] {
        assert!(text.len() <= 20_000, "{} bytes", text.len());
        let market = Market::from_json(text).expect("valid");
        assert_eq!(market.underlyings().iter().map(|coin| coin.asset()).collect::<Vec<_>>(), coins);
        assert!(market.now().to_string().starts_with(day));
        let description = &market.source().description;
        let venue = if text == US { "for illustration" } else { "Deribit" };
        assert!(description.contains(venue) && (text == US || description.contains(day)), "{description}");
        assert!(market.source().title.contains(&day[..4]), "{}", market.source().title);
        assert!(market.arbitrage_warnings().is_empty(), "{:?}", market.arbitrage_warnings());
        assert_eq!(MarketDocument::from(&market).to_json(), text.trim_end());
    }
}

/// The chain of the stock in the market of US stocks.
fn stock_chain() -> Option<BookSummary> {
    let file = folder().join("equity/yahoo_aapl_chain_20251006.csv");
    let text = folder().is_dir().then(|| std::fs::read_to_string(file).expect("the stock's chain"))?;
    Some(us_chain::stock(&text).expect("a market"))
}

/// The chain of a file; without the folder nothing, and one line that says so.
fn chain(file: &str) -> Option<BookSummary> {
    static ABSENT: Once = Once::new();
    let folder = folder();
    if !folder.is_dir() {
        ABSENT.call_once(|| say(&format!("no folder {}: bundled markets not compared with chains", folder.display())));
        return None;
    }
    let text = std::fs::read_to_string(folder.join(file)).expect(file);
    Some(book_summary::parse(&text).expect(file))
}

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/market");
    std::env::var_os("MARGIN_MARKET").map_or_else(beside, PathBuf::from)
}

/// Printed even when the test passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Black-76 in coin, by itself: so that the engine's own formula is not measured by itself.
fn price_in_coin(forward: f64, strike: f64, deviation: f64, right: Right) -> f64 {
    let normal = |x: f64| 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
    let upper = (forward / strike).ln() / deviation + deviation / 2.0;
    let lower = upper - deviation;
    match right {
        Right::Call => normal(upper) - strike / forward * normal(lower),
        Right::Put => strike / forward * normal(-lower) - normal(-upper),
    }
}
