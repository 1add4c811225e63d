//! What must hold for every book in every market, and some figures worked out by hand.
#![cfg(not(target_arch = "wasm32"))]

mod support;

#[path = "identities/account_state.rs"]
mod account_state;
#[path = "identities/american.rs"]
mod american;
#[path = "identities/attribution.rs"]
mod attribution;
#[path = "identities/bonds.rs"]
mod bonds;
#[path = "identities/derive.rs"]
mod derive;
#[path = "identities/hedges.rs"]
mod hedges;
#[path = "identities/liquidation.rs"]
mod liquidation;
#[path = "identities/live.rs"]
mod live;
#[path = "identities/margin_curve.rs"]
mod margin_curve;
#[path = "identities/portfolio.rs"]
mod portfolio;
#[path = "identities/pre_trade.rs"]
mod pre_trade;
#[path = "identities/revaluation.rs"]
mod revaluation;
#[path = "identities/robustness.rs"]
mod robustness;
#[path = "identities/rules.rs"]
mod rules;
#[path = "identities/shares.rs"]
mod shares;
#[path = "identities/shifted_book.rs"]
mod shifted_book;
#[path = "identities/slides.rs"]
mod slides;
#[path = "identities/span.rs"]
mod span;
#[path = "identities/stress.rs"]
mod stress;
#[path = "identities/sums.rs"]
mod sums;
#[path = "identities/unified.rs"]
mod unified;
#[path = "identities/what_if.rs"]
mod what_if;
#[path = "identities/workings.rs"]
mod workings;

/// Cases of each property: all of them together take seconds. `PROPTEST_CASES` asks for another number.
fn cases() -> proptest::test_runner::Config {
    proptest::test_runner::Config { failure_persistence: None, ..Default::default() }
}
