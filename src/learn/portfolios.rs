//! Prepared portfolios: each teaches one thing at one look.

use leptos::prelude::{GetUntracked, Set, WithUntracked, untrack};
use margin_engine::account::Quantity;
use margin_engine::asset::Asset;
use margin_engine::instrument::{Instrument, Kind, Product, Right};
use margin_engine::market::{ExpiryMarket, Market, Underlying};

use super::prepared::PREPARED;
use crate::builder::venue::Venue;
use crate::state::draft::DEFAULT_METHODOLOGY;
use crate::state::markets::{BUNDLED, LoadedMarket};
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
    /// Where it is at home; none for coins, which any market of coins will do for.
    pub home: Option<Home>,
    /// Its legs.
    pub legs: &'static [LegShape],
    /// What is deposited.
    pub deposits: &'static [Deposit],
}

/// A deposit that fits any market.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deposit {
    /// So much of a currency or coin.
    Amount(&'static str, f64),
    /// Dollars worth so many of the shown coin, as USDC, to two digits.
    Dollars(f64),
}

/// The market and the methodology that a portfolio is made for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Home {
    /// The name of a bundled market.
    pub market: &'static str,
    /// The identifier of a methodology.
    pub methodology: &'static str,
}

/// Coins in a market without any: the first of all.
const COINS: Home = Home { market: BUNDLED[0].name, methodology: DEFAULT_METHODOLOGY };

/// A leg that fits any market.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegShape {
    /// The ticker of the underlying; empty for the shown one. `BTC_USDC` is settled in dollars.
    pub of: &'static str,
    /// Signed size: coins, contracts, shares or face value.
    pub size: f64,
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
    /// The share.
    Share,
    /// The bond that matures in so many years, worth about its face.
    Bond {
        /// Whole years to maturity.
        years: i16,
    },
}

/// Puts a prepared portfolio in place of the legs; false where there is none of this name.
pub fn open(simulator: Simulator, id: &str) -> bool {
    if id == EMPTY {
        simulator.edit("emptied", |draft| {
            draft.legs.clear();
            draft.balances.clear();
        });
        return true;
    }
    let Some(prepared) = PREPARED.iter().find(|prepared| prepared.id == id) else { return false };
    let shows_coin = || {
        let market = untrack(|| simulator.today());
        market.get(simulator.coin.get_untracked()).is_some_and(|shown| shown.terms().class.is_coin())
    };
    let home = prepared.home.or_else(|| (!shows_coin()).then_some(COINS));
    if let Some(home) = home
        && simulator.market.with_untracked(|loaded| loaded.name() != Some(home.market))
    {
        let Some(loaded) = LoadedMarket::bundled(home.market) else { return false };
        simulator.use_market(loaded);
    }
    let market = untrack(|| simulator.today());
    if let Some(first) = prepared.legs.first().filter(|first| !first.of.is_empty())
        && let Ok(asset) = first.base().parse()
    {
        simulator.coin.set(asset);
    }
    let Some(shown) = market.get(simulator.coin.get_untracked()) else { return false };
    let legs = prepared.legs(&market, shown);
    let deposits = prepared.deposited(shown);
    simulator.edit(prepared.title, |draft| {
        draft.replace(legs);
        draft.balances.clear();
        for (asset, amount) in deposits {
            draft.push_balance(asset, amount, None);
        }
        if let Some(home) = home {
            home.methodology.clone_into(&mut draft.methodology);
            draft.collateral = None;
        }
    });
    true
}

impl Prepared {
    /// The legs in this market: the listed expiries and strikes that come nearest.
    pub fn legs(&self, market: &Market, shown: &Underlying) -> Vec<(Instrument, Quantity)> {
        let leg = |shape: &LegShape| {
            let underlying = if shape.of.is_empty() { shown } else { market.get(shape.base().parse().ok()?)? };
            Some((shape.instrument(underlying, market)?, Quantity::coins(shape.size)))
        };
        self.legs.iter().filter_map(leg).collect()
    }

    /// The deposits in this market.
    pub fn deposited(&self, shown: &Underlying) -> Vec<(Asset, f64)> {
        let deposit = |deposit: &Deposit| match *deposit {
            Deposit::Amount(asset, amount) => Some((asset.parse().ok()?, amount)),
            Deposit::Dollars(coins) => Some((Asset::USDC, two_digits(coins * shown.index()))),
        };
        self.deposits.iter().filter_map(deposit).collect()
    }
}

/// The nearest number of two digits and zeros; for one from 1 up.
fn two_digits(amount: f64) -> f64 {
    let mut unit = 1.0;
    while amount >= unit * 100.0 {
        unit *= 10.0;
    }
    (amount / unit).round() * unit
}

impl LegShape {
    /// The ticker of the underlying.
    fn base(&self) -> &'static str {
        self.of.split('_').next().unwrap_or(self.of)
    }

    fn instrument(&self, underlying: &Underlying, market: &Market) -> Option<Instrument> {
        let venue = Venue::of(underlying);
        let option = |right, moneyness| {
            let expiry = nearest_expiry(underlying, self.days)?;
            let strike = nearest_strike(underlying.expiry(expiry)?, moneyness)?;
            Some(Kind::Option { expiry, strike, right })
        };
        let kind = match self.shape {
            Shape::Perpetual => Kind::Perpetual,
            Shape::Share => Kind::Spot,
            Shape::Bond { years } => return venue.bond(underlying, years, market.now()),
            Shape::Future => Kind::Future { expiry: nearest_expiry(underlying, self.days)? },
            Shape::Call { moneyness } => option(Right::Call, moneyness)?,
            Shape::Put { moneyness } => option(Right::Put, moneyness)?,
        };
        let instrument = venue.instrument(kind)?;
        if self.of.ends_with("_USDC") {
            let product = Product::linear(underlying.asset(), Asset::USDC);
            return Some(Instrument { product, ..instrument });
        }
        Some(instrument)
    }
}

/// The listed strike nearest to so many times the forward.
pub fn nearest_strike(expiry: &ExpiryMarket, moneyness: f64) -> Option<f64> {
    let target = expiry.forward() * moneyness;
    expiry.listed_strikes().iter().copied().min_by(|a, b| (a - target).abs().total_cmp(&(b - target).abs()))
}

#[cfg(test)]
mod tests {
    use margin_engine::contract::WhatIf;
    use margin_engine::insight::{Standing, account_state, library, stress};
    use margin_engine::methodology::{METHODOLOGIES, assess};

    use super::*;
    use crate::state::draft::Draft;
    use crate::state::figures::request;
    use crate::state::markets::named;

    #[test]
    fn every_prepared_portfolio_is_whole_in_every_bundled_market() {
        let all = PREPARED;
        assert_eq!(all.first().map(|prepared| prepared.id), Some(OPENING));
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            let at_home = |prepared: &&Prepared| prepared.home.is_none_or(|home| home.market == bundled.name);
            for underlying in market.underlyings().iter().filter(|underlying| underlying.terms().class.is_coin()) {
                for prepared in all.iter().filter(at_home) {
                    let legs = prepared.legs(&market, underlying);
                    assert_eq!(legs.len(), prepared.legs.len(), "{} in {}", prepared.id, bundled.name);
                    let distinct = legs.iter().all(|leg| legs.iter().filter(|other| other.0 == leg.0).count() == 1);
                    assert!(distinct, "{} in {}", prepared.id, bundled.name);
                }
            }
        }
    }

    #[test]
    fn prepared_portfolios_are_sound_accounts_at_home() {
        for prepared in PREPARED {
            let home = prepared.home.unwrap_or(COINS);
            let loaded = LoadedMarket::bundled(home.market).expect(prepared.id);
            let shown = &loaded.market.underlyings()[0];
            let mut draft = Draft::default();
            draft.replace(prepared.legs(&loaded.market, shown));
            for (asset, amount) in prepared.deposited(shown) {
                draft.push_balance(asset, amount, None);
            }
            home.methodology.clone_into(&mut draft.methodology);
            let request = request(&draft, loaded.choice.clone(), Asset::USD, WhatIf::default());
            let ready = request.prepare(|_| Some(loaded.market.as_ref().clone())).expect(prepared.id);
            let methodology = ready.methodology.as_ref();
            let assessment = assess(ready.entry, methodology, &ready.book).expect(prepared.id);
            assert!(assessment.initial > 0.0, "{}", prepared.id);
            let state = account_state(methodology, &ready.schedule, &ready.book, assessment.pair());
            let ratio = state.margin_ratio.expect(prepared.id);
            assert!(state.standing == Standing::Healthy, "{}: {ratio}", prepared.id);
        }
    }

    #[test]
    fn the_opening_portfolio_has_room_for_about_as_much_again() {
        let market = named(BUNDLED[0].name).expect("tested elsewhere");
        let opening = &PREPARED[0];
        assert_eq!(opening.deposited(&market.underlyings()[0]), [(Asset::USDC, 80_000.0)]);
    }

    #[test]
    fn every_scenario_has_figures_for_every_prepared_portfolio() {
        let library = library().expect("of its shape");
        for prepared in PREPARED {
            let loaded = LoadedMarket::bundled(prepared.home.unwrap_or(COINS).market).expect(prepared.id);
            let mut draft = Draft::default();
            let shown = &loaded.market.underlyings()[0];
            draft.replace(prepared.legs(&loaded.market, shown));
            for (asset, amount) in prepared.deposited(shown) {
                draft.push_balance(asset, amount, None);
            }
            let request = request(&draft, loaded.choice.clone(), Asset::USD, WhatIf::default());
            let ready = request.prepare(|_| Some(loaded.market.as_ref().clone())).expect(prepared.id);
            for entry in METHODOLOGIES {
                let methodology = entry.configure(None).expect(entry.id);
                if assess(entry, methodology.as_ref(), &ready.book).is_err() {
                    continue;
                }
                for scenario in &library {
                    let (methodology, book) = (methodology.as_ref(), &ready.book);
                    let found = stress(entry, methodology, &ready.schedule, &loaded.market, book, scenario);
                    let found = found.unwrap_or_else(|error| panic!("{} {} {error}", prepared.id, scenario.id));
                    assert!(found.pnl.is_finite() && found.state.requirement.initial.is_finite(), "{}", prepared.id);
                }
            }
        }
    }
}
