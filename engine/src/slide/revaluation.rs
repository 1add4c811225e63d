//! P&L of every leg on every slide: the hot loop.

use super::american::{Rates, american_price, american_row};
use super::{ForwardMove, PnlBasis, SlideGrid, Stress, VolTerms};
use crate::book::{AmericanTerms, Book, ExpiryGroup, LegKind};
use crate::instrument::{Exercise, Settlement};
use crate::pricing::bond::FixedCoupon;
use crate::pricing::grid::{GridOption, price_row};
use crate::pricing::numeric::{exp, ln, ln_1p};

/// What is left of a forward at the least where it moves by as much as the index.
const LEAST_LEFT: f64 = 0.01;

/// P&L of each leg on each slide, in the account currency.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Revaluation {
    slide_count: usize,
    pnl: Vec<f64>,
}

impl Revaluation {
    /// How many slides each row has.
    pub fn slide_count(&self) -> usize {
        self.slide_count
    }

    /// P&L of one leg on every slide, in the order of the grid.
    ///
    /// # Panics
    /// `leg` is not a leg of the book that was revalued.
    pub fn leg(&self, leg: usize) -> &[f64] {
        &self.pnl[leg * self.slide_count..][..self.slide_count]
    }

    /// Whether every P&L is a number.
    pub fn is_finite(&self) -> bool {
        self.pnl.iter().all(|pnl| pnl.is_finite())
    }

    /// P&L of the whole book on every slide, legs summed in their order.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals = vec![0.0; self.slide_count];
        for row in self.pnl.chunks_exact(self.slide_count.max(1)) {
            for (total, pnl) in totals.iter_mut().zip(row) {
                *total += pnl;
            }
        }
        totals
    }

    /// The rows of some legs only, as [`Book::subset`] keeps them.
    ///
    /// # Panics
    /// An index is not a leg of the book that was revalued.
    pub fn subset(&self, legs: impl IntoIterator<Item = usize>) -> Revaluation {
        let pnl = legs.into_iter().flat_map(|leg| self.leg(leg).iter().copied()).collect();
        Revaluation { slide_count: self.slide_count, pnl }
    }
}

/// Reprices every leg of the book on every slide of the grid.
///
/// Every slide must carry one stress and one weight for each underlying of the book. All memory is taken before
/// the loop over legs; inside it nothing is allocated.
pub fn revalue(book: &Book, grid: &SlideGrid) -> Revaluation {
    let slide_count = grid.slides.len();
    let expiries: Vec<ExpiryTerms> = book.expiries.iter().map(|group| ExpiryTerms::new(book, grid, group)).collect();
    let underlyings: Vec<UnderlyingTerms> =
        (0..book.underlyings.len()).map(|u| UnderlyingTerms::new(grid, u)).collect();
    let mut pnl = vec![0.0; book.legs.len() * slide_count];
    let mut vols = vec![0.0; slide_count];
    for (leg, row) in book.legs.iter().zip(pnl.chunks_exact_mut(slide_count.max(1))) {
        let underlying = &underlyings[leg.underlying];
        let expiry = &expiries[leg.expiry];
        let in_coin = leg.settlement == Settlement::Inverse && grid.basis == PnlBasis::SettlementCurrency;
        match leg.kind {
            LegKind::Option { right, strike, ln_strike, vol_annual, exercise } => {
                let option = GridOption { right, strike, ln_strike };
                let group = &book.expiries[leg.expiry];
                let today = option_values(&option, exercise, vol_annual, group, expiry, &mut vols, row);
                if in_coin {
                    row.iter_mut().zip(&underlying.growth).for_each(|(value, growth)| *value = *value / growth - today);
                } else {
                    row.iter_mut().for_each(|value| *value -= today);
                }
            }
            LegKind::Future if leg.settlement == Settlement::Inverse => {
                future_row_inverse(book.index_of(leg), expiry, row);
                if !in_coin {
                    row.iter_mut().zip(&underlying.growth).for_each(|(pnl, growth)| *pnl *= growth);
                }
            }
            // A coin is always worth one coin.
            LegKind::Spot if in_coin => continue,
            LegKind::Future | LegKind::Spot => {
                row.iter_mut().zip(&expiry.forwards).for_each(|(pnl, forward)| *pnl = forward - expiry.today.forward);
            }
            LegKind::Bond { terms, yield_annual } => {
                let today = terms.price(yield_annual, 0.0).0;
                for (pnl, slide) in row.iter_mut().zip(&grid.slides) {
                    *pnl = bond_price(&terms, yield_annual, &slide.stresses[leg.underlying]) - today;
                }
            }
            LegKind::Settled => continue,
        }
        // Sign, size and weight enter once, here.
        let size = leg.coins * leg.account_per_quote;
        row.iter_mut().zip(&underlying.weights).for_each(|(pnl, weight)| *pnl *= size * weight);
    }
    Revaluation { slide_count, pnl }
}

/// What the slides do to one underlying: a number for each slide.
struct UnderlyingTerms {
    /// 1 + s.
    growth: Vec<f64>,
    /// What P&L is multiplied by.
    weights: Vec<f64>,
}

impl UnderlyingTerms {
    fn new(grid: &SlideGrid, underlying: usize) -> UnderlyingTerms {
        UnderlyingTerms {
            growth: grid.slides.iter().map(|slide| 1.0 + slide.stresses[underlying].spot_move).collect(),
            weights: grid.slides.iter().map(|slide| slide.weights[underlying]).collect(),
        }
    }
}

/// What the slides do to one expiry: a number for each slide.
pub(super) struct ExpiryTerms {
    pub(super) forwards: Vec<f64>,
    ln_forwards: Vec<f64>,
    sqrt_years: Vec<f64>,
    pub(super) discount_factors: Vec<f64>,
    rates: Vec<Rates>,
    pub(super) vol_terms: Vec<VolTerms>,
    pub(super) today: Today,
}

/// The same numbers before any slide.
pub(super) struct Today {
    pub(super) forward: f64,
    pub(super) ln_forward: f64,
    sqrt_years: f64,
    pub(super) discount_factor: f64,
    rates: Rates,
}

impl ExpiryTerms {
    pub(super) fn new(book: &Book, grid: &SlideGrid, group: &ExpiryGroup) -> ExpiryTerms {
        let index = book.underlyings[group.underlying].index;
        let ln_index = ln(index);
        let count = grid.slides.len();
        let mut terms = ExpiryTerms {
            forwards: Vec::with_capacity(count),
            ln_forwards: Vec::with_capacity(count),
            sqrt_years: Vec::with_capacity(count),
            discount_factors: Vec::with_capacity(count),
            rates: Vec::with_capacity(count),
            vol_terms: Vec::with_capacity(count),
            today: Today {
                forward: group.forward,
                ln_forward: group.ln_forward,
                sqrt_years: group.expiry_years.sqrt(),
                discount_factor: exp(-group.discount_rate * group.expiry_years),
                rates: Rates { years: group.expiry_years, discount_rate: group.discount_rate },
            },
        };
        for slide in &grid.slides {
            let stress = &averaged(slide.stresses[group.underlying], group, grid.averaging_years);
            let stress = &followed(*stress, group, index, grid.forward_move);
            let years = (group.expiry_years - stress.time_step_years).max(0.0);
            let (mut forward, mut ln_forward) = stressed_forward(group, ln_index, stress, years);
            if let Some(deliverable) = group.deliverable {
                let growth = deliverable.growth(stress.rate_move.at(deliverable.bond.maturity_years));
                forward *= growth;
                ln_forward += ln(growth);
            }
            terms.forwards.push(forward);
            terms.ln_forwards.push(ln_forward);
            terms.sqrt_years.push(years.sqrt());
            let discount_rate = group.discount_rate + stress.rate_move.at(group.expiry_years);
            terms.discount_factors.push(exp(-discount_rate * years));
            terms.rates.push(Rates { years, discount_rate });
            // The shift depends on the time to expiry today, the variance on what is left after the slide.
            terms.vol_terms.push(stress.vol_move.terms(group.expiry_years));
        }
        terms
    }
}

/// The stress as far as it reaches a settlement price that is an average and partly known.
fn averaged(stress: Stress, group: &ExpiryGroup, averaging_years: f64) -> Stress {
    if group.expiry.is_none() || group.expiry_years >= averaging_years {
        return stress;
    }
    Stress { spot_move: stress.spot_move * (group.expiry_years / averaging_years), ..stress }
}

/// The stress as a relative move of this forward.
fn followed(stress: Stress, group: &ExpiryGroup, index: f64, forward_move: ForwardMove) -> Stress {
    match forward_move {
        ForwardMove::Proportional => stress,
        ForwardMove::Parallel => {
            // A price stays a price, also where the index is many times the forward.
            Stress { spot_move: (stress.spot_move * index / group.forward).max(LEAST_LEFT - 1.0), ..stress }
        }
    }
}

/// F' and ln F' with `years` left after the slide.
fn stressed_forward(group: &ExpiryGroup, ln_index: f64, stress: &Stress, years: f64) -> (f64, f64) {
    let ln_growth = ln_1p(stress.spot_move);
    if stress.time_step_years == 0.0 || stress.keeps_forwards || group.expiry.is_none() {
        return (group.forward * (1.0 + stress.spot_move), group.ln_forward + ln_growth);
    }
    // The basis decays with the time that is left: F' = S'·(F/S)^(T'/T).
    let time_left = if group.expiry_years > 0.0 { years / group.expiry_years } else { 0.0 };
    let ln_forward = ln_index + group.ln_basis * time_left + ln_growth;
    (exp(ln_forward), ln_forward)
}

/// Vol of an option on every slide, per √year.
fn moved_vols(vol_annual: f64, ln_moneyness: f64, expiry: &ExpiryTerms, vols: &mut [f64]) {
    for (vol, terms) in vols.iter_mut().zip(&expiry.vol_terms) {
        *vol = terms.apply(vol_annual, ln_moneyness);
    }
}

/// Per-unit value of an option on every slide; returned is the one before any, by the same kernel, so that a slide that
/// moves nothing is worth exactly nothing.
pub(super) fn option_values(
    option: &GridOption,
    exercise: Exercise,
    vol_annual: f64,
    group: &ExpiryGroup,
    expiry: &ExpiryTerms,
    vols: &mut [f64],
    row: &mut [f64],
) -> f64 {
    if exercise == Exercise::European {
        option_row(option, vol_annual, expiry, vols, row);
        return option_today(option, vol_annual, expiry);
    }
    let american = AmericanTerms { right: option.right, strike: option.strike, carry: group.carry() };
    moved_vols(vol_annual, option.ln_strike - expiry.today.ln_forward, expiry, vols);
    american_row(&american, &expiry.forwards, vols, &expiry.rates, row);
    american_price(&american, expiry.today.forward, vol_annual, expiry.today.rates)
}

/// Per-unit value of a bond on a slide.
pub(super) fn bond_price(terms: &FixedCoupon, yield_annual: f64, stress: &Stress) -> f64 {
    terms.price(yield_annual + stress.rate_move.at(terms.maturity_years), stress.time_step_years).0
}

/// Per-unit value of an option on every slide.
fn option_row(option: &GridOption, vol_annual: f64, expiry: &ExpiryTerms, total_vols: &mut [f64], row: &mut [f64]) {
    moved_vols(vol_annual, option.ln_strike - expiry.today.ln_forward, expiry, total_vols);
    total_vols.iter_mut().zip(&expiry.sqrt_years).for_each(|(vol, sqrt_years)| *vol *= sqrt_years);
    price_row(option, &expiry.forwards, &expiry.ln_forwards, total_vols, &expiry.discount_factors, row);
}

/// Per-unit value of an option before any slide.
fn option_today(option: &GridOption, vol_annual: f64, expiry: &ExpiryTerms) -> f64 {
    let Today { forward, ln_forward, sqrt_years, discount_factor, .. } = expiry.today;
    let mut value = [0.0];
    price_row(option, &[forward], &[ln_forward], &[vol_annual * sqrt_years], &[discount_factor], &mut value);
    value[0]
}

/// Per-coin P&L of a coin-settled future, in coin valued at today's index: S·(1 − F/F').
fn future_row_inverse(index: f64, expiry: &ExpiryTerms, row: &mut [f64]) {
    row.iter_mut()
        .zip(&expiry.forwards)
        .for_each(|(pnl, forward)| *pnl = index * (1.0 - expiry.today.forward / forward));
}
