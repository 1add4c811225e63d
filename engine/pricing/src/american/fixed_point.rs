//! The exercise boundary of a put with strike 1, by fixed-point iteration at collocation points.
//!
//! At the boundary the put is worth 1 − B. With τ the time to expiry and u that of a later exercise, Kim's formula
//! there becomes the system that Andersen, Lake and Offengenden call FP-B:
//!
//! ```text
//! B(τ) = N/D    N = e^(−rτ)·N(d−(B(τ), τ)) + r·∫ e^(−r(τ−u))·N(d−(B(τ)/B(u), τ−u)) du over [0, τ]
//!               D = e^(−qτ)·N(d+(B(τ), τ)) + q·∫ e^(−q(τ−u))·N(d+(B(τ)/B(u), τ−u)) du
//! ```
//!
//! Their other system, FP-A, contracts faster, but where r√T/σ is above one it did not settle; FP-B did in every case
//! tried, and leaves a third of the error each time. As they do, H = ln²(B/X) is interpolated in √τ, where it is nearly straight; X = min(1, r/q) is
//! the boundary at expiry. The iterates are kept between X and the boundary of the perpetual option, which bound the
//! true one.

use super::Accuracy;
use super::chebyshev::{MAXIMUM_DEGREE, Polynomial, point};
use super::integral::{Integral, Terms};
use super::quadrature::{MAXIMUM_POINTS, Point, SIX, TWELVE, TWENTY_FOUR};
use crate::grid::scalar::norm_cdf_absolute;
use crate::numeric::{exp, ln, sqrt};

/// The sizes of one [`Accuracy`].
pub(super) struct Scheme {
    /// How many points have their boundary computed, beside the one at expiry; a divisor of twelve.
    degree: usize,
    /// The quadrature at each of these points.
    inner: &'static [Point],
    /// The quadrature of a price.
    pub(super) outer: &'static [Point],
    /// At most so many iterations,
    iterations: usize,
    /// and no more once ln B moves less than this at every point.
    tolerance: f64,
}

impl Scheme {
    /// The sizes of [`Accuracy::Fast`], iterated until next to nothing moves: so the boundary is smooth in the vol,
    /// which it is not where one vol takes an iteration more than the next.
    pub(super) const SETTLED: Scheme = Scheme { degree: 6, inner: SIX, outer: TWELVE, iterations: 24, tolerance: 1e-6 };

    /// The sizes for `accuracy`.
    pub(super) fn of(accuracy: Accuracy) -> Scheme {
        match accuracy {
            Accuracy::Fast => Scheme { degree: 6, inner: SIX, outer: TWELVE, iterations: 12, tolerance: 1e-4 },
            Accuracy::Accurate => {
                Scheme { degree: 12, inner: TWELVE, outer: TWENTY_FOUR, iterations: 24, tolerance: 2e-7 }
            }
        }
    }
}

/// ln B(τ) for any time to expiry τ ≤ T.
pub(super) struct LnBoundary {
    /// ln X.
    at_expiry: f64,
    /// H in √(τ/T).
    squares: Polynomial,
}

impl LnBoundary {
    /// Writes ln B at the times whose √(τ/T) are `root_shares` into `out`; at most [`MAXIMUM_POINTS`] of them.
    pub(super) fn evaluate(&self, root_shares: &[f64], out: &mut [f64]) {
        self.squares.evaluate(root_shares, out);
        for ln_boundary in out.iter_mut().take(root_shares.len()) {
            let square = *ln_boundary;
            *ln_boundary = self.at_expiry - sqrt(if square < 0.0 { 0.0 } else { square });
        }
    }

    /// The boundary of `terms`.
    pub(super) fn of(terms: &Terms, scheme: &Scheme) -> LnBoundary {
        let expiry_boundary = if terms.dividend > terms.rate { terms.rate / terms.dividend } else { 1.0 };
        let perpetual = perpetual_boundary(terms);
        let at_expiry = ln(expiry_boundary);
        // Of G = ln(B/X) = −√H.
        let lowest = ln(perpetual) - at_expiry;

        let degree = scheme.degree;
        let mut integrals = [const { Integral::EMPTY }; MAXIMUM_DEGREE];
        let mut ln_relatives = [0.0; MAXIMUM_DEGREE];
        for (j, (integral, ln_relative)) in integrals.iter_mut().zip(&mut ln_relatives).enumerate().take(degree) {
            *integral = Integral::new(terms, point(j, degree), scheme.inner);
            let guess = first_guess(terms, integral.years, expiry_boundary, perpetual);
            *ln_relative = between(lowest, ln(guess) - at_expiry);
        }

        let mut boundary = LnBoundary { at_expiry, squares: interpolated(&ln_relatives, degree) };
        for _ in 0..scheme.iterations {
            let mut farthest = 0.0;
            for (integral, ln_relative) in integrals.iter().zip(&mut ln_relatives).take(degree) {
                let next = between(lowest, boundary.improved(terms, integral, *ln_relative));
                let step = (next - *ln_relative).abs();
                farthest = if step > farthest { step } else { farthest };
                *ln_relative = next;
            }
            boundary.squares = interpolated(&ln_relatives, degree);
            if farthest < scheme.tolerance {
                break;
            }
        }
        boundary
    }

    /// ln(N/D) − ln X at the τ of `integral`, where G is `ln_relative` so far.
    fn improved(&self, terms: &Terms, integral: &Integral, ln_relative: f64) -> f64 {
        let ln_boundary = self.at_expiry + ln_relative;
        let mut later = [0.0; MAXIMUM_POINTS];
        self.evaluate(integral.root_shares(), &mut later);
        let (rate_sum, dividend_sum) = integral.sums(ln_boundary, &later, 1.0);
        let years = integral.years;
        let total_vol = terms.vol * sqrt(years);
        let d_minus = (ln_boundary + (terms.rate - terms.dividend) * years) / total_vol - 0.5 * total_vol;
        let numerator = integral.rate_discount * norm_cdf_absolute(d_minus) + rate_sum;
        let denominator = integral.dividend_discount * norm_cdf_absolute(d_minus + total_vol) + dividend_sum;
        ln(numerator / denominator) - self.at_expiry
    }
}

/// The interpolation of H = G².
fn interpolated(ln_relatives: &[f64; MAXIMUM_DEGREE], degree: usize) -> Polynomial {
    Polynomial::through(&ln_relatives.map(|ln_relative| ln_relative * ln_relative), degree)
}

/// `ln_relative` between `lowest` and zero; `lowest` also for what is no number.
fn between(lowest: f64, ln_relative: f64) -> f64 {
    if ln_relative > 0.0 {
        0.0
    } else if ln_relative >= lowest {
        ln_relative
    } else {
        lowest
    }
}

/// Below this a boundary makes no difference to a price.
const LOWEST_BOUNDARY: f64 = 1e-9;

/// The boundary of the option that never expires: λ/(λ − 1) with the negative root λ of ½σ²λ(λ−1) + (r−q)λ = r.
///
/// (R. C. Merton, "Theory of rational option pricing", Bell Journal of Economics 4, 1973.) Written so that nothing
/// cancels when σ is small.
fn perpetual_boundary(terms: &Terms) -> f64 {
    let variance = terms.vol * terms.vol;
    let centre = 0.5 * variance - (terms.rate - terms.dividend);
    let root = sqrt(centre * centre + 2.0 * terms.rate * variance);
    let boundary = if centre > 0.0 {
        2.0 * terms.rate / (2.0 * terms.rate + centre + root)
    } else {
        (root - centre) / (root - centre + variance)
    };
    if boundary > LOWEST_BOUNDARY { boundary } else { LOWEST_BOUNDARY }
}

/// Where the iteration starts: a curve from X at expiry to the perpetual boundary.
///
/// (P. Bjerksund and G. Stensland, "Closed-form approximation of American options", Scandinavian Journal of
/// Management 9, 1993, whose call has the reciprocal boundary.)
fn first_guess(terms: &Terms, years: f64, expiry_boundary: f64, perpetual: f64) -> f64 {
    let (nearest, farthest) = (1.0 / expiry_boundary, 1.0 / perpetual);
    let carry = terms.dividend - terms.rate;
    let speed = (carry * years + 2.0 * terms.vol * sqrt(years)) / ((farthest - nearest) * nearest);
    1.0 / (nearest + (farthest - nearest) * (1.0 - exp(-speed)))
}
