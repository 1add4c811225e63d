//! Per-unit prices and sensitivities: pure functions on numbers.
//!
//! | module | what it is for |
//! |---|---|
//! | [`black76`] | one option, to full relative accuracy, with its sensitivities |
//! | [`grid`] | one option on many slides, in the vector unit, to an absolute accuracy |
//! | [`american`] | one option that may be exercised early, on many spots from one exercise boundary |
//! | [`bond`] | bonds with a fixed coupon, by their yield |
//! | [`implied`] | the volatility behind a price |
//! | [`inputs`] | the checked way in: numbers that are not in the domain become sentences |
//! | [`normal`] | the normal distribution, its density and its inverse |
//! | [`mills`], [`numeric`] | the functions underneath |
//! | [`rows`] | sums and products over rows of numbers |
//!
//! A crate of its own so that the page can compile the numbers for speed and everything else for size.
#![deny(missing_docs)]

pub mod american;
pub mod black76;
pub mod bond;
pub mod grid;
pub mod implied;
pub mod inputs;
pub mod mills;
pub mod normal;
pub mod numeric;
mod out_of_the_money;
mod right;
pub mod rows;

pub use inputs::{OptionInputs, PricingError};
pub use right::Right;

#[cfg(test)]
mod tests;
