//! The snapshot as a whole: values by hand, what-if, currencies.

use super::*;
use crate::instrument::Expiry;

fn expiry(text: &str) -> Expiry {
    Expiry::parse(text).expect(text)
}

/// Years count 365 days: with the clock at 08:00 on 1 March 2026 the three expiries are 0.2, 0.4 and 0.8 years off.
fn draft() -> MarketDraft {
    let time = expiry("1MAR26").timestamp();
    let (near, middle, far) = (expiry("13MAY26"), expiry("25JUL26"), expiry("18DEC26"));
    let source = Source { title: "Made up".into(), description: String::new() };
    MarketDraft::new(time, source).with(
        UnderlyingDraft::new(Asset::BTC, 100.0)
            // Out of order on purpose.
            .with(ExpiryDraft::new(far, 121.0, vec![(242.0, 0.4), (121.0, 0.4)]))
            .with(ExpiryDraft::new(near, 100.0, vec![(100.0, 0.8)]).with_discount_rate(0.02))
            .with(
                ExpiryDraft::new(middle, 110.0, vec![(110.0, 0.6), (220.0, 0.9)])
                    .with_discount_rate(0.04)
                    .with_listed_strikes(vec![220.0, 110.0, 165.0]),
            ),
    )
}

fn market() -> Market {
    Market::new(draft()).expect("valid")
}

fn btc(market: &Market) -> &Underlying {
    market.underlying(Asset::BTC).expect("listed")
}

fn assert_close(left: f64, right: f64) {
    assert!((left - right).abs() <= 1e-13 * right.abs().max(1.0), "{left} is not {right}");
}

#[test]
fn expiries_and_strikes_are_sorted() {
    let market = market();
    let names: Vec<String> = btc(&market).expiries().iter().map(|listed| listed.expiry().to_string()).collect();
    assert_eq!(names, ["13MAY26", "25JUL26", "18DEC26"]);
    let years: Vec<f64> = btc(&market).expiries().iter().map(ExpiryMarket::years).collect();
    assert_eq!(years, [0.2, 0.4, 0.8]);
    let middle = btc(&market).expiry(expiry("25JUL26")).expect("listed");
    assert_eq!(middle.listed_strikes(), [110.0, 165.0, 220.0]);
    assert_eq!(btc(&market).expiries()[0].listed_strikes(), [100.0]);
}
