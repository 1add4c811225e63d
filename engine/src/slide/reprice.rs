//! One leg on one slide, with everything that its P&L is made of: what the revaluation does, spelt out.

use super::expiry_terms::ExpiryTerms;
use super::revaluation::{Row, revalue};
use super::{PnlBasis, SlideGrid};
use crate::book::{Book, LegKind};
use crate::instrument::{Exercise, Settlement};

/// What one unit of a leg is worth, and why. Prices are in the quote currency.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Valuation {
    /// The forward; of a perpetual the mark, of spot the index.
    pub forward: f64,
    /// Implied vol per √year, of an option.
    pub vol_annual: Option<f64>,
    /// Time to expiry in years; 0 for perpetuals and spot.
    pub expiry_years: f64,
    /// What a unit paid at expiry is worth.
    pub discount_factor: f64,
    /// The value of one unit: an option's price, or the forward.
    pub value: f64,
}

/// A leg before and after a slide.
#[derive(Debug, Clone, PartialEq)]
pub struct Repriced {
    /// Before the slide.
    pub before: Valuation,
    /// After it.
    pub after: Valuation,
    /// The P&L as a formula, written as those of [`Working`](crate::methodology::Working).
    pub formula: &'static str,
    /// Each of its names with its number.
    pub values: Vec<(&'static str, f64)>,
    /// The P&L in the account currency, weighted: exactly that of [`revalue`].
    pub pnl: f64,
}

/// With the rate and the weight, and without.
type Formula = [&'static str; 2];

const DIFFERENCE: Formula = ["coins·(after − before)·rate·weight", "coins·(after − before)"];
const IN_COIN: Formula = ["coins·(after/growth − before)·rate·weight", "coins·(after/growth − before)"];
const INVERSE_IN_COIN: Formula = ["coins·index·(1 − before/after)·rate·weight", "coins·index·(1 − before/after)"];
const INVERSE: Formula = ["coins·index·(1 − before/after)·growth·rate·weight", "coins·index·(1 − before/after)·growth"];
const NOTHING: Formula = ["0", "0"];

/// Prices one leg on one slide of the grid; none where there is no such leg or slide, or the leg is settled.
pub fn reprice(book: &Book, grid: &SlideGrid, leg: usize, slide: usize) -> Option<Repriced> {
    let described = grid.slides.get(slide)?;
    let part = book.subset([leg]);
    let leg = part.legs.first()?;
    let group = book.expiries.get(leg.expiry)?;
    // American prices may be interpolated between those of many slides.
    let is_american = matches!(leg.kind, LegKind::Option { exercise: Exercise::American, .. });
    let one = grid.only(slide);
    let (grid, slide) = if is_american { (grid, slide) } else { (&one, 0) };
    let terms = ExpiryTerms::new(book, grid, group);
    let stress = described.stresses.get(leg.underlying)?;
    let valuation = |forward: f64, expiry_years: f64, discount_factor: f64| Valuation {
        forward,
        vol_annual: None,
        expiry_years,
        discount_factor,
        value: forward,
    };
    let slides = &terms.slides;
    let at = |place: usize| valuation(slides.forwards[place], terms.rates[place].years, slides.discount_factors[place]);
    let (mut before, mut after) = (at(terms.today()), at(slide));
    let in_coin = leg.settlement == Settlement::Inverse && grid.basis == PnlBasis::SettlementCurrency;
    let is_inverse = leg.settlement == Settlement::Inverse;
    let mut row = Row::new(grid.slides.len());
    row.price_option(leg, &part, &terms);
    let worth = row.worth(leg, &part, grid, &terms);
    let formula = match leg.kind {
        LegKind::Option { ln_strike, vol_annual, .. } => {
            let kind = &terms.vol_kinds[slides.vol_kinds[slide] as usize];
            let vol_after = kind.terms.apply(vol_annual, ln_strike - terms.ln_forward);
            before = Valuation { vol_annual: Some(vol_annual), value: worth?.before, ..before };
            after = Valuation { vol_annual: Some(vol_after), value: row.prices[slide], ..after };
            if in_coin { IN_COIN } else { DIFFERENCE }
        }
        LegKind::Future if is_inverse && in_coin => INVERSE_IN_COIN,
        LegKind::Future if is_inverse => INVERSE,
        // A coin is always worth one coin.
        LegKind::Spot if in_coin => NOTHING,
        LegKind::Future | LegKind::Spot => DIFFERENCE,
        LegKind::Bond { .. } => {
            before.value = worth?.before;
            after.value = row.prices[slide];
            DIFFERENCE
        }
        LegKind::Settled => return None,
    };
    // What multiplies by one is not said.
    let formula = formula[usize::from(leg.account_per_quote * described.weights[leg.underlying] == 1.0)];
    let values = [
        ("coins", leg.coins),
        ("before", before.value),
        ("after", after.value),
        ("index", book.index_of(leg)),
        ("growth", 1.0 + stress.spot_move),
        ("rate", leg.account_per_quote),
        ("weight", described.weights[leg.underlying]),
    ];
    let values = values.into_iter().filter(|(name, _)| formula.contains(name)).collect();
    Some(Repriced { before, after, formula, values, pnl: revalue(&part, grid).leg(0)[slide] })
}
