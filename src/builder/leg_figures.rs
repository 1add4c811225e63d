//! What the engine says about one leg.

use crate::state::figures::Outcome;

/// The figures of one leg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegFigures {
    /// Price of one unit in dollars.
    pub mark: f64,
    /// Delta of the position, in coins.
    pub delta_coins: f64,
    /// What it would need alone, in the account currency.
    pub alone: f64,
    /// Its share of the book's requirement, in the account currency.
    pub share: Option<f64>,
}

/// The figures of a leg; none where it is disabled or nothing could be computed.
pub fn of_leg(outcome: &Outcome, id: u64) -> Option<LegFigures> {
    let figures = outcome.figures()?;
    let index = figures.leg_ids.iter().position(|known| *known == id)?;
    let leg = figures.book.legs.get(index)?;
    Some(LegFigures {
        mark: leg.mark(),
        delta_coins: leg.delta_coins(),
        alone: figures.savings.legs.get(index)?.initial,
        share: figures.assessment.leg_shares.get(index).copied(),
    })
}

/// The sums below the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// Net delta by coin, in the order in which coins occur.
    pub deltas: Vec<(String, f64)>,
    /// Σ of the legs alone.
    pub alone: f64,
    /// The book's requirement.
    pub requirement: f64,
}

/// The sums of all enabled legs.
pub fn totals(outcome: &Outcome) -> Option<Totals> {
    let figures = outcome.figures()?;
    let book = &figures.book;
    let priced = book.underlyings.iter().enumerate().filter(|(index, _)| book.has_price_risk(*index));
    let deltas = priced.map(|(index, coin)| {
        let legs = book.legs.iter().filter(|leg| leg.underlying == index);
        (coin.asset.to_string(), legs.map(margin_engine::book::Leg::delta_coins).sum())
    });
    Some(Totals {
        deltas: deltas.collect(),
        alone: figures.savings.alone.initial,
        requirement: figures.assessment.initial,
    })
}
