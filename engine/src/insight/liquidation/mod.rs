//! Liquidation: a path drives an account until its maintenance requirement is no longer met; then the venue acts.
//!
//! | | |
//! |---|---|
//! | [`path`] | what happens to the market |
//! | `parameters` | how a venue liquidates, as data |
//! | `costs` | slippage and fees |
//! | `cash` | where gains and costs are booked |
//! | `situation` | the account at one step, before and after a deal |
//! | `rounds` | which deal is next, and how large |
//! | [`dutch_auction`] | the second mechanism |
//! | `run` | the account on its way |
//! | `ways` | the same account liquidated in several ways |

mod cash;
mod costs;
pub mod dutch_auction;
mod parameters;
pub mod path;
mod rounds;
mod run;
mod situation;
mod ways;

pub use costs::Trade;
pub use parameters::{FeeParameters, Impact, LiquidationParameters, LiquidationRules, SlippageParameters};
pub use run::{Event, Remaining, Run, TimelineRow, run};
pub use situation::Venue;
pub use ways::{Way, Ways, ways, with_perpetuals};

use crate::book::ResolveError;
use crate::market::MarketError;
use crate::methodology::MethodologyError;

/// How a venue liquidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// In rounds: as little as makes the account safe.
    Rounds,
    /// Everything as soon as the requirement is not met.
    AtOnce,
    /// A fraction of the whole account, to a bidder.
    Auction,
}

/// How an account has come through a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It met its maintenance requirement at every step.
    Survives,
    /// It was liquidated in part.
    Safe,
    /// Nothing is left of its positions.
    Closed,
    /// It owes more than it has.
    Bankrupt,
}

impl Outcome {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Survives => "survives",
            Outcome::Safe => "safe",
            Outcome::Closed => "closed",
            Outcome::Bankrupt => "bankrupt",
        }
    }
}

/// Why an account cannot be driven along a path.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LiquidationError {
    /// A move that cannot be.
    #[error("{0}")]
    Market(#[from] MarketError),
    /// The methodology has no rule for the account.
    #[error("{0}")]
    Methodology(#[from] MethodologyError),
    /// The perpetuals that hedge it cannot be resolved.
    #[error("{0}")]
    Resolve(#[from] ResolveError),
}
