//! Prepared portfolios: each teaches one thing at one look.

use leptos::prelude::GetUntracked;
use margin_engine::account::Quantity;
use margin_engine::instrument::{Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryMarket, Underlying};
use serde::Deserialize;

use crate::state::{Simulator, nearest_expiry};

/// The portfolio that a first visit opens with.
pub const OPENING: &str = "hedged-condor";

/// The name of no positions at all.
pub const EMPTY: &str = "empty";

/// A portfolio described by moneyness and days, so that it fits any market.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepared {
    /// Its name in links.
    pub id: String,
    /// Its name in the menu.
    pub title: String,
    /// What it shows.
    pub sentence: String,
    legs: Vec<LegShape>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LegShape {
    coins: f64,
    #[serde(default)]
    days: f64,
    right: Option<RightName>,
    moneyness: Option<f64>,
    #[serde(default)]
    future: bool,
    #[serde(default)]
    perpetual: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RightName {
    Call,
    Put,
}

/// All of them, the opening one first.
pub fn all() -> Vec<Prepared> {
    // That the file reads is tested below.
    margin_engine::json::from_text(include_str!("../../assets/portfolios.json")).unwrap_or_default()
}

/// Puts a prepared portfolio in place of the legs; false where there is none of this name.
pub fn open(simulator: Simulator, id: &str) -> bool {
    if id == EMPTY {
        simulator.edit("emptied", |draft| draft.legs.clear());
        return true;
    }
    let Some(prepared) = all().into_iter().find(|prepared| prepared.id == id) else { return false };
    let market = simulator.today();
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
        if self.perpetual {
            return Some(Instrument { product, kind: Kind::Perpetual });
        }
        let expiry = nearest_expiry(underlying, self.days)?;
        if self.future {
            return Some(Instrument { product, kind: Kind::Future { expiry } });
        }
        let right = match self.right? {
            RightName::Call => Right::Call,
            RightName::Put => Right::Put,
        };
        let strike = nearest_strike(underlying.expiry(expiry)?, self.moneyness?)?;
        Some(Instrument { product, kind: Kind::Option { expiry, strike, right } })
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
        let all = all();
        assert_eq!(all.first().map(|prepared| prepared.id.as_str()), Some(OPENING));
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for underlying in market.underlyings() {
                for prepared in &all {
                    let legs = prepared.legs(underlying);
                    assert_eq!(legs.len(), prepared.legs.len(), "{} in {}", prepared.id, bundled.name);
                    let distinct = legs.iter().all(|leg| legs.iter().filter(|other| other.0 == leg.0).count() == 1);
                    assert!(distinct, "{} in {}", prepared.id, bundled.name);
                }
            }
        }
    }
}
