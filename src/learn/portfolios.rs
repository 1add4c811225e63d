//! Prepared portfolios: each teaches one thing at one look.

use leptos::prelude::{GetUntracked, untrack};
use margin_engine::account::Quantity;
use margin_engine::instrument::{Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryMarket, Underlying};

use super::prepared::PREPARED;
use crate::state::{Simulator, nearest_expiry};

/// The portfolio that a first visit opens with.
pub const OPENING: &str = "hedged-condor";

/// The name of no positions at all.
pub const EMPTY: &str = "empty";

/// A portfolio described by moneyness and days, so that it fits any market.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prepared {
    /// Its name in links.
    pub id: &'static str,
    /// Its name in the menu.
    pub title: &'static str,
    /// What it shows.
    pub sentence: &'static str,
    /// Its legs.
    pub legs: &'static [LegShape],
}

/// A leg that fits any market.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegShape {
    /// Signed size.
    pub coins: f64,
    /// The listed expiry nearest to so many days.
    pub days: f64,
    /// What it is.
    pub shape: Shape,
}

/// What a leg is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A call.
    Call {
        /// Strike over forward.
        moneyness: f64,
    },
    /// A put.
    Put {
        /// Strike over forward.
        moneyness: f64,
    },
    /// A dated future.
    Future,
    /// The perpetual.
    Perpetual,
}

/// Puts a prepared portfolio in place of the legs; false where there is none of this name.
pub fn open(simulator: Simulator, id: &str) -> bool {
    if id == EMPTY {
        simulator.edit("emptied", |draft| draft.legs.clear());
        return true;
    }
    let Some(prepared) = PREPARED.iter().find(|prepared| prepared.id == id) else { return false };
    let market = untrack(|| simulator.today());
    let coin = simulator.coin.get_untracked();
    let Some(underlying) = market.get(coin) else { return false };
    let legs = prepared.legs(underlying);
    simulator.edit(prepared.title, |draft| draft.replace(legs));
    true
}

impl Prepared {
    /// The legs in this market: the listed expiries and strikes that come nearest.
    pub fn legs(&self, underlying: &Underlying) -> Vec<(Instrument, Quantity)> {
        let leg = |shape: &LegShape| Some((shape.instrument(underlying)?, Quantity::coins(shape.coins)));
        self.legs.iter().filter_map(leg).collect()
    }
}

impl LegShape {
    fn instrument(&self, underlying: &Underlying) -> Option<Instrument> {
        let product = Product::inverse(underlying.asset());
        let option = |right, moneyness| {
            let expiry = nearest_expiry(underlying, self.days)?;
            let strike = nearest_strike(underlying.expiry(expiry)?, moneyness)?;
            Some(Kind::Option { expiry, strike, right })
        };
        let kind = match self.shape {
            Shape::Perpetual => Kind::Perpetual,
            Shape::Future => Kind::Future { expiry: nearest_expiry(underlying, self.days)? },
            Shape::Call { moneyness } => option(Right::Call, moneyness)?,
            Shape::Put { moneyness } => option(Right::Put, moneyness)?,
        };
        Some(Instrument::coin(product, kind))
    }
}

/// The listed strike nearest to so many times the forward.
pub fn nearest_strike(expiry: &ExpiryMarket, moneyness: f64) -> Option<f64> {
    let target = expiry.forward() * moneyness;
    expiry.listed_strikes().iter().copied().min_by(|a, b| (a - target).abs().total_cmp(&(b - target).abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn every_prepared_portfolio_is_whole_in_every_bundled_market() {
        let all = PREPARED;
        assert_eq!(all.first().map(|prepared| prepared.id), Some(OPENING));
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for underlying in market.underlyings() {
                for prepared in all {
                    let legs = prepared.legs(underlying);
                    assert_eq!(legs.len(), prepared.legs.len(), "{} in {}", prepared.id, bundled.name);
                    let distinct = legs.iter().all(|leg| legs.iter().filter(|other| other.0 == leg.0).count() == 1);
                    assert!(distinct, "{} in {}", prepared.id, bundled.name);
                }
            }
        }
    }
}
