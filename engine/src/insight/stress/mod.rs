//! What becomes of an account in a scenario: a crash that was, or one that is made up.

mod scenario;

pub use scenario::{Scenario, library, read_scenarios};

use crate::book::{Book, Leg};
use crate::collateral::CollateralSchedule;
use crate::market::{Market, MarketError};
use crate::methodology::{Entry, Methodology, MethodologyError, assess};
use crate::order::ascending;

use super::{AccountState, account_state};

/// An account in a scenario. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Stressed {
    /// The change of equity: legs and balances.
    pub pnl: f64,
    /// What each leg gains or loses, in the book's order.
    pub leg_pnl: Vec<f64>,
    /// What all balances gain or lose together.
    pub balance_pnl: f64,
    /// How the account stands after the move, with requirements computed anew.
    pub state: AccountState,
    /// The leg that loses most; none where none loses.
    pub worst_leg: Option<usize>,
    /// The leg that gains most; none where none gains.
    pub best_hedge: Option<usize>,
}

/// Why a scenario has no figures.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StressError {
    /// The move is out of its domain.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The methodology has no answer for the moved book, or the haircut is out of its domain.
    #[error(transparent)]
    Methodology(#[from] MethodologyError),
}

/// Moves the book by a scenario and looks at the account anew. `market` is the one that the book was resolved in; it says
/// of what class an asset is.
///
/// # Errors
/// A move out of its domain, or those of the methodology.
pub fn stress(
    entry: &Entry,
    methodology: &dyn Methodology,
    schedule: &CollateralSchedule,
    market: &Market,
    book: &Book,
    scenario: &Scenario,
) -> Result<Stressed, StressError> {
    let moved = book.shifted(&scenario.shift(book, market))?;
    let schedule = schedule.stressed(scenario.haircut)?;
    let requirement = assess(entry, methodology, &moved)?.pair();
    let state = account_state(methodology, &schedule, &moved, requirement);
    let gain = |(after, before): (&Leg, &Leg)| moved.worth_of(after) - book.worth_of(before);
    let leg_pnl: Vec<f64> = moved.legs.iter().zip(&book.legs).map(gain).collect();
    let balances = |book: &Book| book.balances.iter().map(|balance| balance.value()).sum::<f64>();
    let balance_pnl = balances(&moved) - balances(book);
    let order = ascending(&leg_pnl);
    Ok(Stressed {
        pnl: leg_pnl.iter().sum::<f64>() + balance_pnl,
        worst_leg: order.first().copied().filter(|leg| leg_pnl[*leg] < 0.0),
        best_hedge: order.last().copied().filter(|leg| leg_pnl[*leg] > 0.0),
        leg_pnl,
        balance_pnl,
        state,
    })
}
