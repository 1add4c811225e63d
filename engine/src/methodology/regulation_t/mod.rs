//! Strategy-based margin: Regulation T and the Cboe Margin Manual, by the cheapest legal pairing of an account.
//!
//! A requirement belongs to a strategy, not to a position: a short call alone, covered by stock, in a spread, or in a
//! straddle. Which positions make which strategy is the broker's choice, and a bad one costs the client. Here it is
//! solved: [`pair`] splits the holdings in one underlying into strategies so that each contract and share is used
//! once and the sum of the requirements is least.
//!
//! | file | what |
//! |---|---|
//! | `requirements.rs` | the requirement of each strategy |
//! | `strategies.rs` | which holdings make one |
//! | `methodology.rs` | books in, requirements out |
//! | `pairing.rs` | the optimiser: the pairing as a linear program |
//! | `search.rs` | whole contracts, by branch and bound |
//! | `plan.rs` | the outcome as a list of strategies with their requirements |
//! | `split.rs` | a large combination into spreads, butterflies, condors and boxes |
//!
//! Requirements are gross, as the manual prints them: what long options cost is in them, as far as it must be paid,
//! and so is the value of short stock. What the shorts brought in counts against it: the cash call is the difference.
//!
//! # Initial and maintenance
//!
//! The pairing shown makes the initial requirement least; where two are equal, the one with less maintenance. Brokers
//! compute the two apart, the initial one when something is bought or sold, the maintenance one each day, so the
//! maintenance of the account is the least of *its own* best pairing, and may be less than that of the pairing shown.
//!
//! # Where the manual leaves room
//!
//! - A limited-risk combination needs the longs to cover the shorts, calls and puts each on their own, to expire no
//!   earlier than any short, and to have the same contract size and style of exercise. The rule asks for as many longs
//!   as shorts; surplus longs can only gain, so they may stay in.
//! - A short put needs no more than its strike: cash of that amount secures it.
//! - Options of one expiry without stock need no more than the most that they can lose together.
//! - The initial requirement is never below the maintenance of the same strategy.

mod methodology;
mod pairing;
mod plan;
mod requirements;
mod search;
mod split;
mod strategies;

#[cfg(test)]
mod tests;

pub use methodology::{Parameters, RegulationT};
pub use pairing::pair;

use crate::pricing::Right;

use super::Pair;

/// The rates of the rules, as fractions unless another unit is named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Uncovered options on stocks, funds and narrow indices, of the underlying's price.
    pub equity: f64,
    /// Uncovered options on broad indices.
    pub broad_index: f64,
    /// The least for uncovered options: of the underlying's price for calls, of the strike for puts.
    pub least: f64,
    /// The part of a long-term option's price that must be paid.
    pub long_term_option: f64,
    /// Options are long-term beyond so many years.
    pub long_term_years: f64,
    /// Stock, initial.
    pub stock_initial: f64,
    /// Long stock, maintenance.
    pub long_stock: f64,
    /// Short stock, maintenance.
    pub short_stock: f64,
    /// The least for short stock, in the quote currency per share.
    pub short_stock_least: f64,
    /// Stock protected by an option: of the strike.
    pub protected_stock: f64,
    /// A long box of European options: of the difference of its strikes.
    pub european_box: f64,
}

/// What all holdings have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Underlying {
    /// Price of a share or level of the index, in the quote currency.
    pub price: f64,
    /// Whether it is a broad index, which has a lower rate.
    pub is_broad_index: bool,
    /// How many times a leveraged fund moves with its index; 1 for all others.
    pub leverage: f64,
}

/// Something held in the underlying. Positions in the same instrument should be netted before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Holding {
    /// Shares, negative if sold short.
    Stock {
        /// How many.
        shares: f64,
    },
    /// Option contracts.
    Option {
        /// What was bought or sold.
        option: OptionTerms,
        /// How many, negative if written.
        contracts: f64,
    },
}

/// An option series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionTerms {
    /// Call or put.
    pub right: Right,
    /// Strike in the quote currency.
    pub strike: f64,
    /// Time to expiry in years; equal numbers are the same expiry.
    pub expiry_years: f64,
    /// Market price per share.
    pub premium: f64,
    /// Shares that a contract is for.
    pub shares_per_contract: f64,
    /// Whether it can be exercised at expiry only.
    pub is_european: bool,
}

/// Part of a holding that went into a strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedLeg {
    /// Index of the holding.
    pub holding: usize,
    /// Contracts or shares, signed.
    pub quantity: f64,
    /// What it adds to the strategy's initial requirement; sums to it.
    pub initial: f64,
}

/// Holdings taken together into one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Paired {
    /// What it is called: "vertical spread".
    pub strategy: &'static str,
    /// The holdings in it.
    pub legs: Vec<PairedLeg>,
    /// Its gross requirement.
    pub requirement: Pair,
    /// What its shorts brought in, at market prices: it may pay for the requirement.
    pub proceeds: f64,
    /// The initial requirement as a formula of names.
    pub formula: &'static str,
    /// Each name with its number.
    pub values: Vec<(&'static str, f64)>,
}

/// All holdings in one underlying, paired.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairings {
    /// The strategies.
    pub strategies: Vec<Paired>,
    /// Gross requirement: the initial one of these strategies, and the least maintenance of any pairing.
    pub requirement: Pair,
    /// What all shorts brought in.
    pub proceeds: f64,
    /// At most so much cheaper could a pairing be that the search did not come to: zero, or nearly, but for accounts of
    /// dozens of series over many expiries.
    pub unproven: Pair,
}

impl Pairings {
    /// What must be paid in: the gross initial requirement less the proceeds of shorts.
    pub fn cash_call(&self) -> f64 {
        self.requirement.initial - self.proceeds
    }
}

/// Why holdings cannot be paired.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PairingError {
    /// A number of a holding or of the underlying is out of its domain.
    #[error("{0} is {1}, which strategy-based margin cannot use")]
    OutOfDomain(&'static str, f64),
}
