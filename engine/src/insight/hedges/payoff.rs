//! What trades pay at expiry, each at its own, by one price of the underlying.

use super::desk::{Desk, Trade};
use crate::book::LegKind;

/// The prices at which payoffs are held to a tolerance reach from this fraction of the index …
pub(super) const LOWEST: f64 = 0.5;
/// … to this one.
pub(super) const HIGHEST: f64 = 1.5;

/// The ends of the range and every strike of some candidates on an underlying within it. Payoffs are straight lines
/// between strikes, so what holds at these prices holds between them.
pub(super) fn prices(desk: &Desk, candidates: impl Iterator<Item = usize>, underlying: usize) -> Vec<f64> {
    let index = desk.book.underlyings[underlying].index;
    let (low, high) = (LOWEST * index, HIGHEST * index);
    let legs = candidates.map(|candidate| &desk.book.legs[desk.candidates[candidate].leg]);
    let strikes = legs.filter(|leg| leg.underlying == underlying).filter_map(|leg| match leg.kind {
        LegKind::Option { strike, .. } if strike > low && strike < high => Some(strike),
        _ => None,
    });
    let mut prices = vec![low, high];
    prices.extend(strikes);
    prices.sort_unstable_by(f64::total_cmp);
    prices.dedup();
    prices
}

/// Gain of one unit of a candidate, bought at its mark, if its underlying stands at `price` when it expires; in the
/// account currency. Of what does not expire, the gain at that price.
pub(super) fn gain(desk: &Desk, candidate: usize, price: f64) -> f64 {
    let leg = &desk.book.legs[desk.candidates[candidate].leg];
    let value = match leg.kind {
        LegKind::Option { right, strike, .. } => right.payoff(price, strike),
        LegKind::Future | LegKind::Spot => price,
        // They do not move with the price.
        LegKind::Bond { .. } | LegKind::Settled => leg.mark(),
    };
    (value - leg.mark()) * leg.coins * leg.account_per_quote
}

/// The greatest gain or loss at expiry that trades bring on an underlying, over the range of prices.
pub(super) fn change(desk: &Desk, trades: &[Trade], underlying: usize) -> f64 {
    let on = |trade: &&Trade| desk.book.legs[desk.candidates[trade.candidate].leg].underlying == underlying;
    let at = |price: f64| -> f64 {
        trades.iter().filter(on).map(|trade| gain(desk, trade.candidate, price) * desk.units(*trade)).sum()
    };
    let prices = prices(desk, trades.iter().map(|trade| trade.candidate), underlying);
    prices.into_iter().map(|price| at(price).abs()).fold(0.0, f64::max)
}

/// What the payoff on an underlying may change by: a fraction of the size of what is held on it.
pub(super) fn tolerance(desk: &Desk, underlying: usize) -> f64 {
    let held = desk.held_legs().iter().filter(|leg| leg.underlying == underlying);
    let size: f64 = held.map(|leg| leg.coins.abs()).sum();
    desk.limits.payoff_tolerance * size * desk.book.underlyings[underlying].account_per_coin
}

/// Whether trades keep the payoff of every underlying within its tolerance.
pub(super) fn is_kept(desk: &Desk, trades: &[Trade]) -> bool {
    let keeps = |underlying| change(desk, trades, underlying) <= tolerance(desk, underlying) * (1.0 + 1e-9);
    (0..desk.book.underlyings.len()).all(keeps)
}
