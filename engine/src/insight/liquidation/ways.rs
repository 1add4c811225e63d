//! The same account on the same path, liquidated in several ways.

use super::parameters::LiquidationRules;
use super::path::PathStep;
use super::run::{Run, run};
use super::situation::Venue;
use super::{LiquidationError, Mechanism, Outcome};
use crate::account::{Account, Position, Quantity};
use crate::book::{Book, ExpiredPositions, LegKind};
use crate::collateral::CollateralSchedule;
use crate::instrument::{Instrument, Kind, Listing};
use crate::market::Market;
use crate::methodology::{Entry, Methodology, find};
use crate::progress::Progress;

/// The chosen way, its three fellows, and two under other methodologies.
const RUNS: usize = 6;

/// One way, and what became of the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// `partial`, `auction` or `at-once` under the methodology; `cross` and `isolated`: closed at once under those.
    pub id: &'static str,
    /// The run, or why there is none.
    pub run: Result<Run, LiquidationError>,
}

/// All ways.
#[derive(Debug, Clone, PartialEq)]
pub struct Ways {
    /// The chosen one.
    pub chosen: Run,
    /// All, the chosen one among them.
    pub ways: Vec<Way>,
    /// Equity at the path's end, less that of closing everything at once; none where the account was not liquidated.
    pub saved: Option<f64>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// The account with a perpetual of no size beside the positions that may be hedged with it.
///
/// # Errors
/// The market does not know the perpetual's underlying, which it does where a position is on it.
pub fn with_perpetuals(account: &Account, book: &Book, market: &Market) -> Result<Book, LiquidationError> {
    let mut positions = account.positions().to_vec();
    for leg in book.legs.iter().filter(|leg| leg.is_option() || leg.kind == LegKind::Future) {
        let perpetual = Instrument::coin(leg.instrument.product, Kind::Perpetual);
        let is_coin = leg.instrument.listing == Listing::Coin && book.underlyings[leg.underlying].class.is_coin();
        if is_coin && positions.iter().all(|position| position.instrument != perpetual) {
            positions.push(Position { instrument: perpetual, quantity: Quantity::coins(0.0), entry_price: None });
        }
    }
    let more = match Account::new(account.currency(), positions, account.balances().to_vec()) {
        Ok(more) => more,
        // Positions of no size are as valid as those that there were.
        Err(_) => account.clone(),
    };
    Ok(Book::resolve(&more, market, ExpiredPositions::Settle)?)
}

/// Liquidates an account in the chosen way (rounds or auction) and in all others. `book` is the account in its market,
/// with the perpetuals that may hedge it.
///
/// # Errors
/// The chosen way cannot be run; where another cannot, its place says why.
pub fn ways(
    (entry, methodology): (&Entry, &dyn Methodology),
    schedule: &CollateralSchedule,
    rules: &LiquidationRules,
    book: &Book,
    path: &[PathStep],
    mechanism: Mechanism,
    progress: Progress<'_>,
) -> Result<Ways, LiquidationError> {
    let parameters = rules.parameters();
    let venue = Venue { methodology, schedule, rules: parameters, hedges_first: rules.hedges_first(entry) };
    let chosen = run(venue, book, path, mechanism)?;
    let own = [("partial", Mechanism::Rounds), ("auction", Mechanism::Auction), ("at-once", Mechanism::AtOnce)];
    let mut ways: Vec<Way> = Vec::with_capacity(5);
    for (id, way) in own {
        progress.steps(1 + ways.len(), RUNS);
        let run = if way == mechanism { Ok(chosen.clone()) } else { run(venue, book, path, way) };
        ways.push(Way { id, run });
    }
    for id in ["cross", "isolated"] {
        let Some(era) = find(id) else { continue };
        progress.steps(1 + ways.len(), RUNS);
        let of_era = || {
            if era.id == entry.id {
                return run(venue, book, path, Mechanism::AtOnce);
            }
            let configured = era.configure(None)?;
            run(Venue { methodology: configured.as_ref(), hedges_first: false, ..venue }, book, path, Mechanism::AtOnce)
        };
        ways.push(Way { id, run: of_era() });
    }
    let at_once = ways.iter().find(|way| way.id == "at-once").and_then(|way| way.run.as_ref().ok());
    let saved = at_once.filter(|_| chosen.breach.is_some()).map(|at_once| chosen.equity_end - at_once.equity_end);
    let notes = notes(&chosen, saved);
    Ok(Ways { chosen, ways, saved, notes })
}

fn notes(chosen: &Run, saved: Option<f64>) -> Vec<String> {
    let mut notes = Vec::new();
    // Rounding is no loss.
    let scale = chosen.equity_start.abs().max(chosen.equity_end.abs());
    if saved.is_some_and(|saved| saved < -1e-9 * scale) {
        notes.push(
            "Closing everything at once would have left more: what was kept lost more on the rest of the path, or \
             cost more to close."
                .to_owned(),
        );
    }
    if chosen.outcome == Outcome::Bankrupt {
        notes.push("The account owes more than it has; the insurance fund pays the difference.".to_owned());
    }
    let is_short = |row: &super::TimelineRow| row.margin_balance.maintenance < row.requirement.maintenance;
    if chosen.outcome == Outcome::Closed && chosen.rows.last().is_some_and(is_short) {
        notes.push("Its deposits after haircuts do not cover what it owes; they would be sold next.".to_owned());
    }
    notes
}
