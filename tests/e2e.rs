//! The simulator in a real browser, from outside: over WebDriver, under a sub-path and with the page's
//! Content-Security-Policy as a response header.
//!
//! Run by `cargo xtask test`, which builds the page and starts the server and the driver.
#![cfg(not(target_arch = "wasm32"))]

mod support;

#[path = "e2e/hedge.rs"]
mod hedge;
#[path = "e2e/opening.rs"]
mod opening;

/// A call above the market that the page opens with, of the expiry that its chain shows first.
const CALL: &str = "BTC-25SEP26-84000-C";
/// A call further up.
const WING: &str = "BTC-25SEP26-90000-C";
/// The future of the same expiry.
const FUTURE: &str = "BTC-25SEP26";
