//! What the slides do to the forward, the rate and the vols of one expiry, worked out once for all legs on it.

use super::american::Rates;
use super::{ForwardMove, SlideGrid, Stress, VolMove, VolTerms};
use crate::book::{Book, ExpiryGroup};
use crate::pricing::grid::GridSlides;
use crate::pricing::numeric::{exp, ln, ln_1p};

/// What is left of a forward at the least where it moves by as much as the index.
const LEAST_LEFT: f64 = 0.01;

/// What the slides do to one expiry: a number for each slide, and after the last slide one for today, so that the
/// price before any slide comes out of the same kernel.
pub(super) struct ExpiryTerms {
    pub(super) slides: GridSlides,
    pub(super) rates: Vec<Rates>,
    /// What happens to vols, each kind once; the slides name theirs by its place.
    pub(super) vol_kinds: Vec<VolKind>,
    /// ln F before any slide.
    pub(super) ln_forward: f64,
}

/// A vol move and the time that is left after it.
pub(super) struct VolKind {
    vol_move: VolMove,
    pub(super) terms: VolTerms,
    pub(super) sqrt_years: f64,
}

impl ExpiryTerms {
    pub(super) fn new(book: &Book, grid: &SlideGrid, group: &ExpiryGroup) -> ExpiryTerms {
        let index = book.underlyings[group.underlying].index;
        let ln_index = ln(index);
        let count = grid.slides.len() + 1;
        let mut terms = ExpiryTerms {
            slides: GridSlides {
                forwards: Vec::with_capacity(count),
                ln_forwards: Vec::with_capacity(count),
                discount_factors: Vec::with_capacity(count),
                vol_kinds: Vec::with_capacity(count),
            },
            rates: Vec::with_capacity(count),
            vol_kinds: Vec::new(),
            ln_forward: group.ln_forward,
        };
        // Slides that differ in vol alone follow each other.
        let mut growth = (0.0, 0.0);
        for slide in &grid.slides {
            let stress = &averaged(slide.stresses[group.underlying], group, grid.averaging_years);
            let stress = &followed(*stress, group, index, grid.forward_move);
            let years = (group.expiry_years - stress.time_step_years).max(0.0);
            if stress.spot_move != growth.0 {
                growth = (stress.spot_move, ln_1p(stress.spot_move));
            }
            let (mut forward, mut ln_forward) = stressed_forward(group, ln_index, stress, growth.1, years);
            if let Some(deliverable) = group.deliverable {
                let growth = deliverable.growth(stress.rate_move.at(deliverable.bond.maturity_years));
                forward *= growth;
                ln_forward += ln(growth);
            }
            let discount_rate = group.discount_rate + stress.rate_move.at(group.expiry_years);
            terms.push((forward, ln_forward), Rates { years, discount_rate }, stress.vol_move, group);
        }
        let today = Rates { years: group.expiry_years, discount_rate: group.discount_rate };
        terms.push((group.forward, group.ln_forward), today, VolMove::Unchanged, group);
        terms
    }

    /// The place of today in each list, after all slides.
    pub(super) fn today(&self) -> usize {
        self.rates.len() - 1
    }

    /// The forward before any slide.
    pub(super) fn forward_today(&self) -> f64 {
        self.slides.forwards[self.today()]
    }

    fn push(&mut self, (forward, ln_forward): (f64, f64), rates: Rates, vol_move: VolMove, group: &ExpiryGroup) {
        self.slides.forwards.push(forward);
        self.slides.ln_forwards.push(ln_forward);
        // Most slides leave the rate and the time as the slide before.
        let discount_factor = match (self.rates.last(), self.slides.discount_factors.last()) {
            (Some(before), Some(discount_factor)) if *before == rates => *discount_factor,
            _ => exp(-rates.discount_rate * rates.years),
        };
        self.slides.discount_factors.push(discount_factor);
        let kind = self.vol_kind(vol_move, rates.years.sqrt(), group.expiry_years);
        self.slides.vol_kinds.push(kind);
        self.rates.push(rates);
    }

    /// The place of a kind, which is added if it is not among the last few: grids have few, one after the other or in
    /// turns, and a thousand days of history have each their own.
    fn vol_kind(&mut self, vol_move: VolMove, sqrt_years: f64, expiry_years: f64) -> u32 {
        const LOOKED_AT: usize = 8;
        let first = self.vol_kinds.len().saturating_sub(LOOKED_AT);
        let is_it = |kind: &VolKind| kind.vol_move == vol_move && kind.sqrt_years == sqrt_years;
        let place = match self.vol_kinds[first..].iter().position(is_it) {
            Some(found) => first + found,
            None => {
                // The shift depends on the time to expiry today, the variance on what is left after the slide.
                self.vol_kinds.push(VolKind { vol_move, terms: vol_move.terms(expiry_years), sqrt_years });
                self.vol_kinds.len() - 1
            }
        };
        place as u32
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

/// F' and ln F' with `years` left after the slide, where `ln_growth` is ln(1 + s).
fn stressed_forward(group: &ExpiryGroup, ln_index: f64, stress: &Stress, ln_growth: f64, years: f64) -> (f64, f64) {
    if stress.time_step_years == 0.0 || stress.keeps_forwards || group.expiry.is_none() {
        return (group.forward * (1.0 + stress.spot_move), group.ln_forward + ln_growth);
    }
    // The basis decays with the time that is left: F' = S'·(F/S)^(T'/T).
    let time_left = if group.expiry_years > 0.0 { years / group.expiry_years } else { 0.0 };
    let ln_forward = ln_index + group.ln_basis * time_left + ln_growth;
    (exp(ln_forward), ln_forward)
}
