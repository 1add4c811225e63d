//! American options: those that may be exercised at any time until they expire, per unit.
//!
//! The underlying pays a continuous yield q, the rate is r, both continuous and per year; the forward is S·exp((r−q)T).
//! The price is the European one plus what early exercise earns while the spot is beyond the boundary B (I. J. Kim,
//! "The analytic valuation of American options", Review of Financial Studies 3, 1990). For a put, with the time to
//! expiry τ = T − t and d± those of Black and Scholes:
//!
//! ```text
//! P(S, T) = p(S, T) + ∫ r·K·e^(−rt)·N(−d−(S/B(T−t), t)) − q·S·e^(−qt)·N(−d+(S/B(T−t), t)) dt over [0, T]
//! ```
//!
//! The boundary is found by collocation (L. Andersen, M. Lake and D. Offengenden, "High-performance American option
//! pricing", Journal of Computational Finance 20, 2016; module `fixed_point`), the integral by Gauss–Legendre
//! quadrature. A call is a put with spot and strike, and rate and yield, exchanged (R. McDonald and M. Schroder, "A
//! parity result for American options", Journal of Computational Finance 1, 1998).
//!
//! # Accuracy
//!
//! The largest errors seen, of the strike of a put or the spot of a call:
//!
//! | options | [`Accuracy::Fast`] | [`Accuracy::Accurate`] |
//! |---|---|---|
//! | 150 reference prices, vols of 8 % to 90 %, up to three years | 5e-6 | 2e-7 |
//! | 1,500 at random near the boundary, vols of 3 % to 250 %, rates of −5 % to 30 %, up to five years, against a fine grid of the same method | 4e-5 | 2e-6 |
//! | vols below 1 %, rates up to 40 %, up to five years, against exercise along a certain forward | 7e-4 | 2e-4 |
//!
//! The European part comes from [`black76`](crate::black76), so that prices far out of the money keep their digits.
//!
//! # Edges
//!
//! | case | price |
//! |---|---|
//! | expired, T ≤ 0 | intrinsic |
//! | a call with q ≤ 0 and r ≥ q, a put with r ≤ 0 and q ≥ r | European: early exercise earns nothing |
//! | a call with q < 0 and r < q, a put with r < 0 and q < r | the larger of European and intrinsic, a lower bound: exercise then pays between two boundaries, which are not computed |
//! | σ√T below 1e-8 | the larger of European and the best exercise along the forward |
//!
//! No price is below the European one or the intrinsic value. Like those of `black76`, the functions check nothing:
//! outside the domain they return numbers without meaning (NaN for NaN), but do not panic, and no loop depends on
//! convergence.

use crate::Right;

mod boundary;
mod chebyshev;
mod fixed_point;
mod integral;
mod quadrature;

pub use boundary::Boundary;

/// How much work goes into a price; the module says what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// For many prices: slides, surfaces.
    Fast,
    /// For marks and references.
    Accurate,
}

/// The price of one unit in the quote currency.
///
/// Domain: `spot`, `strike` > 0; `vol_annual` ≥ 0; `expiry_years` of either sign, where zero and below is expired;
/// `discount_rate` and `dividend_yield` per year, continuous, of either sign. Not checked. For several spots at the
/// same vol, time and rates, a [`Boundary`] is computed once.
#[expect(clippy::too_many_arguments, reason = "the terms of an option, each a plain number")]
pub fn price(
    right: Right,
    spot: f64,
    strike: f64,
    vol_annual: f64,
    expiry_years: f64,
    discount_rate: f64,
    dividend_yield: f64,
    accuracy: Accuracy,
) -> f64 {
    Boundary::new(right, strike, vol_annual, expiry_years, discount_rate, dividend_yield, accuracy).price(spot)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
#[cfg(test)]
mod tests;
