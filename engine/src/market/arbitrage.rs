//! Warnings about prices that could be locked in for nothing.

use std::fmt;

use super::error::plain;
use super::{ExpiryMarket, Market, Underlying};
use crate::asset::Asset;
use crate::instrument::{Expiry, Right};
use crate::pricing::black76;

/// How much, in parts of the forward, an arbitrage must be worth to be mentioned: 0.05 %, or five ticks of a Deribit
/// option. Venues' own marks contradict each other by two ticks on a calm day, and the spreads of the legs eat more.
const MATERIAL: f64 = 5e-4;

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
    /// names the worst case of each expiry that is worth more than 0.05 % of the forward.
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
fn call(market: &ExpiryMarket, strike: f64) -> Option<f64> {
    let ratio = strike / market.forward();
    Some(black76::price(Right::Call, 1.0, ratio, market.smile().vol(strike)?, market.years(), 1.0))
}

#[cfg(test)]
mod tests {
    use super::super::{ExpiryDraft, MarketDraft, Source, UnderlyingDraft};
    use super::*;

    fn warnings(near: &[(f64, f64)], far: &[(f64, f64)]) -> Vec<String> {
        let [now, first, second] = ["1MAR26", "13MAY26", "25JUL26"].map(|day| Expiry::parse(day).expect(day));
        let coin = UnderlyingDraft::new(Asset::BTC, 100.0)
            .with(ExpiryDraft::new(first, 100.0, near))
            .with(ExpiryDraft::new(second, 100.0, far));
        let draft = MarketDraft::new(now.timestamp(), Source::default()).with(coin);
        let market = Market::new(draft).expect("valid");
        market.arbitrage_warnings().iter().map(Warning::to_string).collect()
    }

    #[test]
    fn a_plain_surface_is_quiet() {
        let smile = [(50.0, 0.7), (70.0, 0.6), (90.0, 0.52), (100.0, 0.5), (110.0, 0.49), (150.0, 0.55)];
        assert_eq!(warnings(&smile, &smile), Vec::<String>::new());
    }

    #[test]
    fn falling_total_variance_is_calendar_arbitrage() {
        // 0.8²·0.2 = 0.128 against 0.5²·0.4 = 0.1. At the money a call is 2Φ(σ√T/2) − 1 of the forward:
        // 0.14197 against 0.12563.
        assert_eq!(
            warnings(&[(100.0, 0.8)], &[(100.0, 0.5)]),
            ["BTC 25JUL26: around strike 100 an option costs less than the same option of 13MAY26, \
              by 1.63 % of the forward (calendar arbitrage)"]
        );
        // Too little to be worth a word: 0.7072²·0.2 is 0.4·0.5² but for the fourth digit.
        assert_eq!(warnings(&[(100.0, 0.7072)], &[(100.0, 0.5)]), Vec::<String>::new());
    }

    #[test]
    fn a_spike_is_butterfly_arbitrage() {
        let spike = [(95.0, 0.5), (100.0, 0.8), (105.0, 0.5)];
        let found = warnings(&spike, &[(100.0, 0.9)]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("BTC 13MAY26: the butterfly around strike 100 has a negative price, "),
            "{found:?}"
        );
    }
}
