//! The trades that free the most margin for what they cost: single ones, pairs, and a rebalancing that keeps the payoff.
//!
//! All that is listed on the book's underlyings is priced once, on the methodology's own slides. A requirement that is
//! a worst loss is a maximum of linear functions of the sizes, so the slides say which sizes are worth asking about:
//! directly for single trades, as a linear program for several. What they propose is judged by the methodology itself,
//! and what is returned has been assessed once more from nothing, as an account that holds the trades.

mod costs;
mod desk;
mod estimate;
mod payoff;
mod program;
mod search;
mod several;
mod single;
mod universe;

pub use costs::{CostParameters, HedgeCosts};

use super::account_state::{UnderlyingDelta, deltas};
use crate::account::{Account, Position, Quantity};
use crate::asset::Asset;
use crate::book::{Book, ExpiredPositions};
use crate::instrument::{Instrument, Kind};
use crate::market::Market;
use crate::methodology::{Entry, Methodology, MethodologyError, Pair, assess};
use crate::order::sorted_by;
use crate::progress::Progress;
use desk::{Desk, Trade, counted_worth};
use single::{Found, singles, varied};

/// So many single trades are returned.
const SINGLES: usize = 5;
/// At most so many of them calls, puts, or futures and the like.
const OF_A_RIGHT: usize = 3;
/// A requirement from nothing agrees with that of the search to this fraction.
const CONFIRMED: f64 = 1e-6;

/// How far it is when everything is priced, …
const DESK_DONE: f64 = 0.1;
/// … single trades have been tried, …
const SINGLES_DONE: f64 = 0.6;
/// … the best of them assessed anew, …
const SINGLES_CONFIRMED: f64 = 0.7;
/// … and pairs tried; the rebalancing follows.
const PAIR_DONE: f64 = 0.8;

/// What hedges must keep to. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct HedgeLimits {
    /// The most that all trades of a hedge may cost; none for no limit.
    pub max_cost: Option<f64>,
    /// The greatest trade in one instrument, in coins, shares or units of the index; where there is none, the size of
    /// all that is held on the underlying.
    pub max_size: Option<f64>,
    /// By how much the delta in an underlying may change, at the underlying's price.
    pub max_delta: Option<f64>,
    /// By how much the vega may change, for one vol point.
    pub max_vega: Option<f64>,
    /// The underlyings to trade on; all that are held where there are none.
    pub underlyings: Vec<Asset>,
    /// Whether options may be traded.
    pub options: bool,
    /// Whether dated futures and shares may be.
    pub futures: bool,
    /// Whether perpetuals may be.
    pub perpetuals: bool,
    /// Whether a hedge must last: nothing that expires before the first expiry that is held, whose relief would end
    /// before the risk does.
    pub lasting: bool,
    /// By how much a rebalancing may change the payoff at expiry, as a fraction of the size of what is held on the
    /// underlying.
    pub payoff_tolerance: f64,
}

impl Default for HedgeLimits {
    fn default() -> HedgeLimits {
        HedgeLimits {
            max_cost: None,
            max_size: None,
            max_delta: None,
            max_vega: None,
            underlyings: Vec::new(),
            options: true,
            futures: true,
            perpetuals: true,
            lasting: true,
            payoff_tolerance: 0.05,
        }
    }
}

impl HedgeLimits {
    fn allow_underlying(&self, asset: Asset) -> bool {
        self.underlyings.is_empty() || self.underlyings.contains(&asset)
    }

    fn allow(&self, instrument: &Instrument) -> bool {
        let is_allowed = match instrument.kind {
            Kind::Option { .. } => self.options,
            Kind::Future { .. } | Kind::Spot => self.futures,
            Kind::Perpetual => self.perpetuals,
            Kind::Bond { .. } => false,
        };
        is_allowed && self.allow_underlying(instrument.product.base)
    }
}

/// An account, where it stands and under which rules.
#[derive(Clone, Copy)]
pub struct Holding<'a> {
    /// What is held.
    pub account: &'a Account,
    /// The market.
    pub market: &'a Market,
    /// The account in it.
    pub book: &'a Book,
    /// The methodology's entry.
    pub entry: &'static Entry,
    /// The methodology.
    pub methodology: &'a dyn Methodology,
}

/// A set of trades, confirmed by an assessment of the account that holds them. Money is in the account currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedge {
    /// The trades.
    pub trades: Vec<Position>,
    /// The requirement after them.
    pub after: Pair,
    /// By how much they lessen the initial requirement, less the premium paid that does not count in the margin balance
    /// (under rules that count options in the requirement).
    pub freed: f64,
    /// Half the spreads, and the fees.
    pub cost: f64,
    /// What is paid for options and shares beside; negative is received.
    pub cash: f64,
    /// Delta in each underlying after the trades.
    pub deltas: Vec<UnderlyingDelta>,
    /// The greatest change of what one underlying's positions pay at expiry, between half and one and a half of its
    /// index.
    pub payoff_change: f64,
}

impl Hedge {
    /// What is freed for one unit of cost; none where it costs nothing.
    pub fn freed_per_cost(&self) -> Option<f64> {
        (self.cost > 0.0).then(|| self.freed / self.cost)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedges {
    /// The requirement as it is.
    pub before: Pair,
    /// How many instruments were looked at.
    pub candidates: usize,
    /// How many there are on these underlyings within the limits.
    pub listed: usize,
    /// The best single trades, one of each expiry and right, by what they free for their cost.
    pub singles: Vec<Hedge>,
    /// The best pair, where two trades do better than one.
    pub pair: Option<Hedge>,
    /// The best trades that keep the payoff at expiry within its tolerance.
    pub rebalance: Option<Hedge>,
    /// How many proposals the assessment from nothing did not confirm; they are left out.
    pub dropped: usize,
    /// How it was searched.
    pub method: &'static str,
    /// Why there is nothing; empty where there is something.
    pub reason: &'static str,
}

const BY_SLIDES: &str = "Sizes from the methodology's own slides and a linear program, charges beside them from its \
                         rules; every result assessed anew.";
const BY_RULES: &str = "These rules have no slides: what is held, its neighbours and the futures were tried one by one \
                        in many sizes, so a better trade may exist. No pairs, no rebalancing. Every result assessed anew.";

/// Searches.
///
/// # Errors
/// Those of the methodology on the book, or on the book with what may be traded.
pub fn hedges(
    holding: &Holding,
    limits: &HedgeLimits,
    costs: &HedgeCosts,
    progress: Progress<'_>,
) -> Result<Hedges, MethodologyError> {
    let before = assess(holding.entry, holding.methodology, holding.book)?.pair();
    let mut found = Hedges {
        before,
        candidates: 0,
        listed: 0,
        singles: Vec::new(),
        pair: None,
        rebalance: None,
        dropped: 0,
        method: BY_SLIDES,
        reason: "",
    };
    if before.initial <= 0.0 {
        found.reason = "There is nothing to free: the account needs no margin.";
        return Ok(found);
    }
    let desk = Desk::new(holding, limits, costs)?;
    (found.candidates, found.listed) = (desk.candidates.len(), desk.listed);
    if !desk.estimate.has_slides() {
        found.method = BY_RULES;
    }
    if desk.candidates.is_empty() {
        found.reason = "Nothing is listed on these underlyings that the limits allow.";
        return Ok(found);
    }
    let parameters = costs.parameters();
    let mut confirm = |proposal: &Found| {
        let hedge = confirmed(holding, &desk, proposal, before);
        found.dropped += usize::from(hedge.is_none());
        hedge.filter(|hedge| {
            hedge.freed >= parameters.least_freed * before.initial
                && hedge.freed >= parameters.least_freed_per_cost * hedge.cost
        })
    };
    let alone = singles(&desk, progress.part(DESK_DONE, SINGLES_DONE));
    let best: Vec<Hedge> = varied(&desk, &alone, SINGLES, OF_A_RIGHT).iter().filter_map(&mut confirm).collect();
    progress.at(SINGLES_CONFIRMED);
    let pair = several::best_pair(&desk, &alone);
    progress.at(PAIR_DONE);
    let rebalance = several::rebalance(&desk, pair.iter().chain(&alone)).as_ref().and_then(&mut confirm);
    let pair = pair.as_ref().and_then(&mut confirm);
    found.singles = sorted_by(best, |hedge| -hedge.freed_per_cost().unwrap_or(f64::INFINITY));
    (found.pair, found.rebalance) = (pair, rebalance);
    if found.singles.is_empty() && found.pair.is_none() && found.rebalance.is_none() {
        found.reason = "No trade within the limits frees margin worth its cost.";
    }
    Ok(found)
}

/// Assesses the account that holds the trades, from nothing; none where that does not lead to what the search expected.
fn confirmed(holding: &Holding, desk: &Desk, proposal: &Found, before: Pair) -> Option<Hedge> {
    let trades: Vec<Position> = proposal.trades.iter().map(|trade| position(desk, *trade)).collect();
    let account = holding.account;
    let positions = account.positions().iter().chain(&trades).copied().collect();
    let account = Account::new(account.currency(), positions, account.balances().to_vec()).ok()?;
    let book = Book::resolve(&account, holding.market, ExpiredPositions::Settle).ok()?;
    let after = assess(holding.entry, holding.methodology, &book).ok()?.pair();
    let cost = desk.cost(&proposal.trades);
    let cash = desk.total(&proposal.trades, |candidate, units| candidate.cash * units);
    let counted = counted_worth(holding.methodology, &book) - counted_worth(holding.methodology, holding.book);
    let freed = before.initial - after.initial + counted - cash;
    let expected = proposal.benefit + desk.cost_weight * cost;
    if (freed - expected).abs() > CONFIRMED * (before.initial + desk.before.abs()) {
        return None;
    }
    let change = |underlying| payoff::change(desk, &proposal.trades, underlying);
    let payoff_change = (0..desk.book.underlyings.len()).map(change).fold(0.0, f64::max);
    Some(Hedge { trades, after, freed, cost, cash, deltas: deltas(&book), payoff_change })
}

/// The trade as a position of its own, without the dust of binary fractions.
fn position(desk: &Desk, trade: Trade) -> Position {
    let candidate = &desk.candidates[trade.candidate];
    let amount = (candidate.step.amount * trade.steps as f64 * 1e9).round() / 1e9;
    let instrument = desk.book.legs[candidate.leg].instrument;
    Position { instrument, quantity: Quantity { amount, ..candidate.step }, entry_price: None }
}
