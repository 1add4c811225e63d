//! Portfolios worked out by hand. Options are without vol and rates, so that each is worth its intrinsic value.

use super::*;
use crate::account::{Account, Position, Quantity};
use crate::book::ExpiredPositions;
use crate::market::Market;
use crate::methodology::{Assessment, assess, find};

const MARKET: &str = r#"{"version": 1, "time": "2026-08-21T20:00:00Z", "underlyings": [
    {"asset": "AAPL", "class": "stock", "index": 200},
    {"asset": "MSFT", "class": "stock", "index": 400},
    {"asset": "TQQQ", "class": "etf", "index": 50, "leverage": 3},
    {"asset": "SPX", "class": "index", "index": 5000, "expiries": [
        {"expiry": "18DEC26", "forward": 5000, "smile": [[5000, 0]]}]},
    {"asset": "ES", "class": "index", "index": 5000, "contract_size": 50, "expiries": [
        {"expiry": "18DEC26", "forward": 5000}]},
    {"asset": "NDX", "class": "index", "index": 20000, "expiries": [
        {"expiry": "18DEC26", "forward": 20000, "smile": [[20000, 0]]}]},
    {"asset": "RUT", "class": "index", "index": 2000, "expiries": [
        {"expiry": "18DEC26", "forward": 2000, "smile": [[2000, 0]]}]},
    {"asset": "BTC", "index": 80000}
]}"#;

fn assessed(positions: &[(&str, f64)]) -> Result<Assessment, MethodologyError> {
    let positions = positions.iter().map(|(name, amount)| Position {
        instrument: name.parse().expect("a valid name"),
        quantity: Quantity::coins(*amount),
        entry_price: None,
    });
    let account = Account::new("USD".parse().expect("a ticker"), positions.collect(), vec![]).expect("valid");
    let market = Market::from_json(MARKET).expect("valid");
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
    let entry = find("tims").expect("registered");
    assess(entry, entry.configure(None).expect("a preset").as_ref(), &book)
}

fn needs(positions: &[(&str, f64)], expected: f64) {
    let assessment = assessed(positions).expect("it has rules");
    assert!((assessment.initial - expected).abs() < 1e-7, "{positions:?}: {} {expected}", assessment.initial);
    assert_eq!(assessment.initial, assessment.maintenance);
}

#[test]
fn shares_lose_fifteen_percent_and_do_not_offset_each_other() {
    needs(&[("AAPL", 100.0)], 0.15 * 200.0 * 100.0);
    needs(&[("AAPL", -100.0)], 3000.0);
    needs(&[("AAPL", 100.0), ("MSFT", -50.0)], 3000.0 + 0.15 * 400.0 * 50.0);
    // Three times fifteen percent.
    needs(&[("TQQQ", 100.0)], 0.45 * 50.0 * 100.0);
}

#[test]
fn inside_a_class_gains_offset_losses_in_full() {
    // At −8 % the index is at 4,600: the short 4,900 put loses 300, the long 4,800 put gains 200.
    needs(&[("SPXW261218P04900000", -1.0), ("SPXW261218P04800000", 1.0)], 100.0 * 100.0);
    // Two futures of 50 lose what the short call of 100 at the money gains below, and above it is the other way round.
    needs(&[("SPXW261218C05000000", -1.0), ("/ES-18DEC26", 2.0)], 0.08 * 5000.0 * 100.0);
    needs(&[("SPXW261218C05000000", -1.0), ("SPXW261218P05000000", 1.0), ("/ES-18DEC26", 2.0)], 0.375 * 300.0);
}

#[test]
fn classes_of_a_group_offset_in_part_at_the_same_point() {
    // A short put on NDX and a long put on RUT. At −10 %: 2,000·100 lost, 200·100 gained, of which 75 % count.
    needs(&[("NDXP261218P20000000", -1.0), ("RUTW261218P02000000", 1.0)], 200_000.0 - 0.75 * 20_000.0);
    // Another product group does not offset at all.
    needs(&[("NDXP261218P20000000", -1.0), ("SPXW261218P05000000", 1.0)], 200_000.0 + 0.375 * 100.0);
}

#[test]
fn the_minimum_is_for_contracts_and_nets_by_instrument() {
    needs(&[("SPXW261218C06000000", 10.0)], 10.0 * 100.0 * 0.375);
    needs(&[("SPXW261218C06000000", 10.0), ("SPXW261218C06000000", -4.0)], 6.0 * 100.0 * 0.375);
}

#[test]
fn coins_are_not_covered() {
    let error = assessed(&[("AAPL", 100.0), ("BTC-PERPETUAL", 1.0)]).expect_err("a coin").to_string();
    assert!(error.contains("no class for BTC"), "{error}");
}
