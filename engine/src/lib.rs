//! Portfolio margin, exact and explained.
//!
//! The engine reprices a book of options, futures, perpetuals, shares and bonds under a grid of stresses and turns the
//! losses into a margin requirement, by the rules of a venue. Data flows one way:
//!
//! ```text
//! Account + Market --resolve--> Book --revalue(slides)--> Revaluation --methodology--> Assessment --> insight
//! ```
//!
//! # Notation, units and domains
//!
//! | symbol | name in code | unit | domain |
//! |---|---|---|---|
//! | S | `index` | quote currency per coin | > 0, finite |
//! | F | `forward` | quote currency per coin | > 0, finite |
//! | K | `strike` | quote currency per coin | > 0, finite |
//! | σ | `vol_annual` | per √year, 0.40 is 40 % | ≥ 0, finite |
//! | T | `expiry_years` | years of 365 days of 86,400 s | ≥ 0; past expiries are 0 |
//! | r | `discount_rate` | per year, continuous | finite |
//!
//! Prices inside formulas are per unit and in the quote currency; sign and quantity are applied once, in the
//! [`revaluation`](slide::revalue). P&L is signed (a loss is negative), a requirement is never negative, and
//! everything an [`Assessment`](methodology::Assessment) carries is in the account currency.
//!
//! # What the engine does not do
//!
//! It reads no clock, no file, no network and keeps no global state; the market snapshot is the only source of
//! "now". It does not panic on bad input: constructors return errors that say what is wrong in a sentence.
//! The same inputs give the same bits natively and in wasm (see [`pricing::numeric`]).
#![deny(missing_docs)]

#[doc(inline)]
pub use margin_linear_program as linear_program;
#[doc(inline)]
pub use margin_pricing as pricing;

pub mod account;
mod alike;
pub mod asset;
pub mod book;
pub mod collateral;
pub mod contract;
pub mod insight;
pub mod instrument;
pub mod json;
pub mod live;
pub mod market;
pub mod methodology;
pub mod order;
pub mod progress;
pub mod rfc3339;
pub mod slide;
pub mod statistics;

#[cfg(test)]
mod testing;
