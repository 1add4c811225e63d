//! The methodology on whole books. Options are without vol and rates, so that each is worth its intrinsic value.

use crate::account::{Account, Position, Quantity};
use crate::book::{Book, ExpiredPositions};
use crate::market::Market;
use crate::methodology::{Assessment, MethodologyError, assess, find};

const MARKET: &str = r#"{"version": 1, "time": "2026-08-21T20:00:00Z", "underlyings": [
    {"asset": "AAPL", "class": "stock", "index": 200, "expiries": [
        {"expiry": "18DEC26", "forward": 200, "smile": [[200, 0]]}]},
    {"asset": "TQQQ", "class": "etf", "index": 50, "leverage": 3, "expiries": [
        {"expiry": "18DEC26", "forward": 50, "smile": [[50, 0]]}]},
    {"asset": "SPX", "class": "index", "index": 5000, "expiries": [
        {"expiry": "18DEC26", "forward": 5000, "smile": [[5000, 0]]}]},
    {"asset": "BTC", "index": 80000}
]}"#;

fn assessed(currency: &str, positions: &[(&str, f64)]) -> Result<Assessment, MethodologyError> {
    let positions = positions.iter().map(|(name, amount)| Position {
        instrument: name.parse().expect("a valid name"),
        quantity: Quantity::coins(*amount),
        entry_price: None,
    });
    let account = Account::new(currency.parse().expect("a ticker"), positions.collect(), vec![]).expect("valid");
    let market = Market::from_json(MARKET).expect("valid");
    let book = Book::resolve(&account, &market, ExpiredPositions::Refuse).expect("the market has them");
    let entry = find("regulation-t").expect("registered");
    assess(entry, entry.configure(None).expect("a preset").as_ref(), &book)
}

fn needs(positions: &[(&str, f64)], initial: f64, maintenance: f64) {
    let assessment = assessed("USD", positions).expect("it has rules");
    let error = (assessment.initial - initial).abs().max((assessment.maintenance - maintenance).abs());
    assert!(error < 1e-6, "{positions:?}: {} {}", assessment.initial, assessment.maintenance);
    assert!((assessment.leg_shares.iter().sum::<f64>() - initial).abs() < 1e-6);
}

#[test]
fn rates_follow_the_class() {
    needs(&[("AAPL", 100.0)], 10_000.0, 5000.0);
    needs(&[("AAPL  261218C00200000", -1.0)], 100.0 * 0.20 * 200.0, 4000.0);
    needs(&[("TQQQ  261218C00050000", -1.0)], 100.0 * 0.60 * 50.0, 3000.0);
    needs(&[("SPXW  261218C05000000", -1.0)], 100.0 * 0.15 * 5000.0, 75_000.0);
}

#[test]
fn positions_in_one_instrument_are_one() {
    needs(&[("AAPL  261218C00200000", -3.0), ("AAPL  261218C00200000", 2.0)], 4000.0, 4000.0);
    needs(&[("AAPL", 300.0), ("AAPL", -300.0)], 0.0, 0.0);
}

#[test]
fn strategies_are_found_and_underlyings_kept_apart() {
    let legs = [
        ("AAPL", 100.0),
        ("AAPL  261218C00210000", -1.0),
        ("AAPL  261218P00180000", -1.0),
        ("AAPL  261218P00170000", 1.0),
        ("SPXW  261218P04800000", 1.0),
    ];
    // A covered call, and a put spread that can lose 10; the index put is worth nothing and covers nothing.
    needs(&legs, 10_000.0 + 1000.0, 5000.0 + 1000.0);
    let assessment = assessed("USD", &legs).expect("it has rules");
    let strategies: Vec<&str> = assessment.pairings.iter().map(|pairing| pairing.strategy).collect();
    assert_eq!(strategies, ["covered call", "vertical spread", "long option"]);
    assert_eq!(assessment.pairings[0].legs, [(0, 100.0), (1, -1.0)]);
    assert_eq!(assessment.reason, "above all a covered call");
}

#[test]
fn what_has_no_rule_is_named() {
    for (name, amount) in [("BTC-PERPETUAL", 1.0), ("BTC-SPOT", 1.0)] {
        let refused = assessed("USD", &[("AAPL", 1.0), (name, amount)]).expect_err("no rule").to_string();
        assert!(refused.contains("BTC"), "{refused}");
    }
}
