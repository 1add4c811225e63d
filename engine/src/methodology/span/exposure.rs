//! The exposure margin.

use super::parameters::Parameters;
use crate::book::{Book, Leg, LegKind};
use crate::methodology::contingency::contingency_at;
use crate::methodology::{Component, Pair, Workings};
use crate::pricing::Right;

/// The exposure margin of futures and short options, which nothing offsets.
pub(super) fn exposure(parameters: &Parameters, book: &Book, workings: &mut Workings) -> Option<Component> {
    let rules = |leg: &Leg| parameters.of(&book.underlyings[leg.underlying]).ok().map(|rules| rules.exposure);
    let rate = |leg: &Leg, coins: f64| {
        let Some(rules) = rules(leg).filter(|_| leg.is_future() || coins < 0.0) else { return Pair::default() };
        let mut rate = rules.rate;
        match leg.kind {
            LegKind::Option { right, strike, .. } => {
                let moneyness = strike / book.index_of(leg);
                let distance = if right == Right::Call { moneyness - 1.0 } else { 1.0 - moneyness };
                if distance > parameters.deep_moneyness {
                    rate = rate.max(rules.deep);
                }
                if parameters.is_long_dated(book, leg) {
                    rate = rate.max(rules.long_dated);
                }
            }
            LegKind::Future => {}
            _ => return Pair::default(),
        }
        Pair::both(rate)
    };
    let price = |leg: &Leg| {
        let per_unit = if leg.is_future() { leg.mark() } else { book.index_of(leg) };
        per_unit * leg.account_per_quote
    };
    contingency_at("exposure margin", book, rate, price, workings)
        .into_component_if_any("a share of the notional of futures and short options, which nothing offsets")
}
