//! The simulator in a real browser, from outside: over WebDriver, under a sub-path and with the page's
//! Content-Security-Policy as a response header.
//!
//! Run by `cargo xtask test`, which builds the page and starts the server and the driver.
#![cfg(not(target_arch = "wasm32"))]

mod support;

#[path = "e2e/account.rs"]
mod account;
#[path = "e2e/attribution.rs"]
mod attribution;
#[path = "e2e/currency.rs"]
mod currency;
#[path = "e2e/drag.rs"]
mod drag;
#[path = "e2e/explain.rs"]
mod explain;
#[path = "e2e/hedge.rs"]
mod hedge;
#[path = "e2e/hedges.rs"]
mod hedges;
#[path = "e2e/history.rs"]
mod history;
#[path = "e2e/keeping.rs"]
mod keeping;
#[path = "e2e/layout.rs"]
mod layout;
#[path = "e2e/liquidation.rs"]
mod liquidation;
#[path = "e2e/long_questions.rs"]
mod long_questions;
#[path = "e2e/margin_curve.rs"]
mod margin_curve;
#[path = "e2e/market.rs"]
mod market;
#[path = "e2e/methodology.rs"]
mod methodology;
#[path = "e2e/modes.rs"]
mod modes;
#[path = "e2e/opening.rs"]
mod opening;
#[path = "e2e/parts.rs"]
mod parts;
#[path = "e2e/picker.rs"]
mod picker;
#[path = "e2e/portfolios.rs"]
mod portfolios;
#[path = "e2e/pre_trade.rs"]
mod pre_trade;
#[path = "e2e/range_history.rs"]
mod range_history;
#[path = "e2e/stress.rs"]
mod stress;
#[path = "e2e/text.rs"]
mod text;
#[path = "e2e/timing.rs"]
mod timing;
#[path = "e2e/us_market.rs"]
mod us_market;
#[path = "e2e/what_if.rs"]
mod what_if;

/// A call above the market that the page opens with, of the expiry that its chain shows first.
const CALL: &str = "BTC-25SEP26-84000-C";
/// A call further up.
const WING: &str = "BTC-25SEP26-90000-C";
/// The future of the same expiry.
const FUTURE: &str = "BTC-25SEP26";
