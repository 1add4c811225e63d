//! Warnings about prices that could be locked in for nothing.

use std::fmt;

use super::error::plain;
use super::{ExpiryMarket, Market, Underlying};
use crate::asset::Asset;
use crate::instrument::Expiry;
use crate::pricing::numeric::ln;

/// How much, in parts of the forward, an arbitrage must be worth to be mentioned: one hundredth of a percent, which
/// is the tick of a Deribit option.
const MATERIAL: f64 = 1e-4;

/// A place where the market's own prices contradict each other. The figures are used all the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The coin.
    pub asset: Asset,
    /// The expiry whose prices are too low or too high.
    pub expiry: Expiry,
    /// What is wrong there; of several cases, the worst.
    pub kind: WarningKind,
}

/// The kinds of contradiction.
#[derive(Debug, Clone, PartialEq)]
pub enum WarningKind {
    /// An option costs less than the same option, at the same distance from its forward, that expires earlier.
    Calendar {
        /// The earlier expiry.
        earlier: Expiry,
        /// Strike at the later expiry, in US dollars.
        strike: f64,
        /// What the earlier option costs more, in parts of the forward.
        excess: f64,
    },
    /// Two options around a strike cost less than two at the strike: a butterfly with a negative price.
    Butterfly {
        /// The strike in the middle, in US dollars.
        strike: f64,
        /// By how much the price of the butterfly is below zero, in parts of the forward.
        excess: f64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Warning { asset, expiry, kind } = self;
        match kind {
            WarningKind::Calendar { earlier, strike, excess } => write!(
                f,
                "{asset} {expiry}: around strike {} an option costs less than the same option of {earlier}, \
                 by {:.2} % of the forward (calendar arbitrage)",
                plain(strike.round()),
                excess * 100.0
            ),
            WarningKind::Butterfly { strike, excess } => write!(
                f,
                "{asset} {expiry}: the butterfly around strike {} has a negative price, {:.2} % of the forward \
                 below zero (butterfly arbitrage)",
                plain(*strike),
                excess * 100.0
            ),
        }
    }
}

impl Market {
    /// Looks for calendar arbitrage between neighbouring expiries and for butterfly arbitrage on the listed strikes;
    /// names the worst case of each expiry that is worth more than 0.01 % of the forward.
    pub fn arbitrage_warnings(&self) -> Vec<Warning> {
        self.underlyings().iter().flat_map(warnings_of).collect()
    }
}

fn warnings_of(underlying: &Underlying) -> Vec<Warning> {
    let alive = |market: &&ExpiryMarket| market.years() > 0.0 && !market.smile().is_empty();
    let markets: Vec<&ExpiryMarket> = underlying.expiries().iter().filter(alive).collect();
    let mut warnings = Vec::new();
    for (position, market) in markets.iter().enumerate() {
        let earlier = position.checked_sub(1).map(|before| markets[before]);
        let kinds = [earlier.and_then(|earlier| worst_calendar(earlier, market)), worst_butterfly(market)];
        let warn = |kind| Warning { asset: underlying.asset(), expiry: market.expiry(), kind };
        warnings.extend(kinds.into_iter().flatten().map(warn));
    }
    warnings
}

/// At the strikes of both smiles, as far as both have vols.
fn worst_calendar(earlier: &ExpiryMarket, later: &ExpiryMarket) -> Option<WarningKind> {
    let ratio = later.forward() / earlier.forward();
    let earlier_strikes = earlier.smile().points().map(|(strike, _)| strike * ratio);
    let strikes = later.smile().points().map(|(strike, _)| strike).chain(earlier_strikes);
    let inside = strikes.filter(|strike| covers(later, *strike) && covers(earlier, strike / ratio));
    let cases = inside.filter_map(|strike| {
        let excess = call(earlier, strike / ratio)? - call(later, strike)?;
        Some((strike, excess))
    });
    let (strike, excess) = worst(cases)?;
    Some(WarningKind::Calendar { earlier: earlier.expiry(), strike, excess })
}

fn worst_butterfly(market: &ExpiryMarket) -> Option<WarningKind> {
    let inside = market.listed_strikes().iter().filter(|strike| covers(market, **strike));
    let prices: Vec<(f64, f64)> = inside.filter_map(|strike| Some((*strike, call(market, *strike)?))).collect();
    let cases = prices.windows(3).map(|three| {
        let [(low, low_call), (middle, middle_call), (high, high_call)] = [three[0], three[1], three[2]];
        let weight = (high - middle) / (high - low);
        (middle, middle_call - weight * low_call - (1.0 - weight) * high_call)
    });
    let (strike, excess) = worst(cases)?;
    Some(WarningKind::Butterfly { strike, excess })
}

fn worst(cases: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    cases.filter(|case| case.1 > MATERIAL).max_by(|a, b| a.1.total_cmp(&b.1))
}

fn covers(market: &ExpiryMarket, strike: f64) -> bool {
    let mut strikes = market.smile().points().map(|(strike, _)| strike);
    let first = strikes.next();
    let last = strikes.next_back().or(first);
    first.zip(last).is_some_and(|(first, last)| first <= strike && strike <= last)
}

/// The undiscounted call price in parts of the forward.
///
/// A few lines of Black-76 of its own, since the pricing module is built at the same time; to be replaced by it.
fn call(market: &ExpiryMarket, strike: f64) -> Option<f64> {
    let deviation = market.smile().vol(strike)? * market.years().sqrt();
    let ratio = strike / market.forward();
    if deviation <= 0.0 {
        return Some((1.0 - ratio).max(0.0));
    }
    let upper = -ln(ratio) / deviation + deviation / 2.0;
    Some(normal_cdf(upper) - ratio * normal_cdf(upper - deviation))
}

/// Φ(x), shared with the fit until the pricing module has one.
pub(super) fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}
