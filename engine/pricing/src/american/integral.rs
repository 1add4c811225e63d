//! The integral of Kim's formula, which prices early exercise and defines the boundary.

use super::quadrature::{MAXIMUM_POINTS, Point, points};
use crate::grid::norm_cdfs;
use crate::numeric::{exp, sqrt};

/// A put with strike 1 whose holder exercises below one boundary: r > 0, or r = 0 and q < 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// r, per year.
    pub(super) rate: f64,
    /// q, per year.
    pub(super) dividend: f64,
    /// σ > 0, per √year.
    pub(super) vol: f64,
    /// T > 0.
    pub(super) years: f64,
}

/// What of the integral over [0, τ] depends neither on the spot nor on the boundary.
#[derive(Debug, Clone)]
pub(super) struct Integral {
    /// τ.
    pub(super) years: f64,
    /// e^(−rτ).
    pub(super) rate_discount: f64,
    /// e^(−qτ).
    pub(super) dividend_discount: f64,
    /// How many points there are.
    count: usize,
    /// √(u/T), where u is the time to expiry that an exercise leaves.
    root_shares: [f64; MAXIMUM_POINTS],
    /// (r − q)(τ − u).
    drifts: [f64; MAXIMUM_POINTS],
    /// σ√(τ − u).
    total_vols: [f64; MAXIMUM_POINTS],
    /// r·e^(−r(τ−u)) du.
    rate_weights: [f64; MAXIMUM_POINTS],
    /// q·e^(−q(τ−u)) du.
    dividend_weights: [f64; MAXIMUM_POINTS],
}

impl Integral {
    /// No points.
    pub(super) const EMPTY: Integral = Integral {
        years: 0.0,
        rate_discount: 1.0,
        dividend_discount: 1.0,
        count: 0,
        root_shares: [0.0; MAXIMUM_POINTS],
        drifts: [0.0; MAXIMUM_POINTS],
        total_vols: [0.0; MAXIMUM_POINTS],
        rate_weights: [0.0; MAXIMUM_POINTS],
        dividend_weights: [0.0; MAXIMUM_POINTS],
    };

    /// The integral up to τ, given by `root_share` = √(τ/T).
    pub(super) fn new(terms: &Terms, root_share: f64, half: &[Point]) -> Integral {
        let years = root_share * root_share * terms.years;
        let mut integral = Integral {
            years,
            rate_discount: exp(-terms.rate * years),
            dividend_discount: exp(-terms.dividend * years),
            ..Integral::EMPTY
        };
        let total_vol = terms.vol * sqrt(integral.years);
        for (i, Point { sin, cos, weight }) in points(half).enumerate().take(MAXIMUM_POINTS) {
            let waited = integral.years * cos * cos;
            // du = 2τ·sin θ·cos θ dθ.
            let measure = 2.0 * integral.years * sin * cos * weight;
            integral.root_shares[i] = root_share * sin;
            integral.drifts[i] = (terms.rate - terms.dividend) * waited;
            integral.total_vols[i] = total_vol * cos;
            integral.rate_weights[i] = terms.rate * exp(-terms.rate * waited) * measure;
            integral.dividend_weights[i] = terms.dividend * exp(-terms.dividend * waited) * measure;
            integral.count = i + 1;
        }
        integral
    }

    /// Takes the vol of another integral, so many times.
    pub(super) fn set_vol(&mut self, other: &Integral, factor: f64) {
        for (total_vol, other) in self.total_vols.iter_mut().zip(&other.total_vols) {
            *total_vol = factor * other;
        }
    }

    /// √(u/T) at each point.
    pub(super) fn root_shares(&self) -> &[f64] {
        &self.root_shares[..self.count]
    }

    /// r·∫ e^(−r(τ−u))·N(±d−) du and q·∫ e^(−q(τ−u))·N(±d+) du, where `sign` is the sign and
    /// d∓ = (ln S − ln B(u) + (r − q)(τ − u))/s ∓ s/2 with s = σ√(τ − u).
    pub(super) fn sums(&self, ln_spot: f64, ln_boundaries: &[f64; MAXIMUM_POINTS], sign: f64) -> (f64, f64) {
        let count = self.count;
        let mut tails = [0.0; 2 * MAXIMUM_POINTS];
        let (nearer, farther) = tails[..2 * count].split_at_mut(count);
        for (i, (nearer, farther)) in nearer.iter_mut().zip(farther).enumerate() {
            let total_vol = self.total_vols[i];
            let centre = (ln_spot - ln_boundaries[i] + self.drifts[i]) / total_vol;
            let half_vol = 0.5 * total_vol;
            *nearer = sign * (centre - half_vol);
            *farther = sign * (centre + half_vol);
        }
        // All of them together, in the vector unit.
        norm_cdfs(&mut tails[..2 * count]);
        let (nearer, farther) = tails[..2 * count].split_at(count);
        let weighted = |weights: &[f64; MAXIMUM_POINTS], tails: &[f64]| {
            weights.iter().zip(tails).fold(0.0, |sum, (weight, tail)| sum + weight * tail)
        };
        (weighted(&self.rate_weights, nearer), weighted(&self.dividend_weights, farther))
    }
}
