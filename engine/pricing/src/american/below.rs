//! What is earned by exercising the put of strike 1 below a boundary.

use super::fixed_point::{LnBoundary, Scheme};
use super::integral::{Integral, Terms};
use super::quadrature::MAXIMUM_POINTS;

/// A put of strike 1 and the boundary below which it is exercised.
#[derive(Debug, Clone)]
pub(super) struct Below {
    /// The put.
    pub(super) terms: Terms,
    /// The integral of Kim's formula up to expiry.
    integral: Integral,
    /// ln B at its points.
    ln_boundaries: [f64; MAXIMUM_POINTS],
    /// ln B today.
    pub(super) ln_today: f64,
}

/// ln B as [`Below`] needs it: at the points of its integral, and last today.
pub(super) type LnBoundaries = [f64; MAXIMUM_POINTS + 1];

impl Below {
    /// Finds the boundary.
    pub(super) fn new(terms: Terms, scheme: &Scheme) -> Below {
        let boundary = LnBoundary::of(&terms, scheme);
        let integral = Integral::new(&terms, 1.0, scheme.outer);
        let mut ln_boundaries = [0.0; MAXIMUM_POINTS];
        boundary.evaluate(integral.root_shares(), &mut ln_boundaries);
        let mut today = [0.0];
        boundary.evaluate(&[1.0], &mut today);
        Below { terms, integral, ln_boundaries, ln_today: today[0] }
    }

    /// The integral of Kim's formula on a spot of `moneyness`, whose logarithm is `ln_moneyness`: above the boundary
    /// what early exercise adds.
    pub(super) fn earned(&self, ln_moneyness: f64, moneyness: f64) -> f64 {
        let (rate_sum, dividend_sum) = self.integral.sums(ln_moneyness, &self.ln_boundaries, -1.0);
        rate_sum - moneyness * dividend_sum
    }

    /// The boundary.
    pub(super) fn ln_boundaries(&self) -> LnBoundaries {
        let mut all = [self.ln_today; MAXIMUM_POINTS + 1];
        all[..MAXIMUM_POINTS].copy_from_slice(&self.ln_boundaries);
        all
    }

    /// Becomes another put at another vol, where its boundary is known.
    pub(super) fn set_vol(&mut self, other: &Below, vol: f64, ln_boundaries: &LnBoundaries) {
        self.integral.set_vol(&other.integral, vol / other.terms.vol);
        self.terms.vol = vol;
        self.ln_boundaries.copy_from_slice(&ln_boundaries[..MAXIMUM_POINTS]);
        self.ln_today = ln_boundaries[MAXIMUM_POINTS];
    }
}
