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
//! # Many prices of one option
//!
//! The boundary does not depend on the spot, so it is computed once for many; and where there are many spots or vols,
//! only some are computed, at the fast setting, and what lies between is interpolated:
//!
//! | | what is computed |
//! |---|---|
//! | [`Boundary::prices`], from 64 spots at one vol on | the premium at thirteen points on every 2σ√T |
//! | [`BoundaryByVol`], at one time and rate | thirteen boundaries on a range of up to a factor of four |
//!
//! The largest differences seen from prices computed one by one, and the largest errors of both against
//! [`Accuracy::Accurate`], of the strike of a put or the spot of a call, over 2,000 options each:
//!
//! | options | | difference | error | error one by one |
//! |---|---|---|---|---|
//! | vols of 8 % to 90 %, up to three years, rates up to 10 % | spots | 2.0e-5, nine in ten below 3.1e-6 | 2.9e-5 | 2.9e-5 |
//! | | vols | 2.0e-5, nine in ten below 2.0e-6 | 1.4e-5 | 2.9e-5 |
//! | vols of 3 % to 250 %, up to five years, rates of −5 % to 30 % | spots | 1.0e-4, nine in ten below 1.7e-6 | 4.4e-4 | 4.3e-4 |
//! | | vols | 6.6e-5, nine in ten below 3.9e-6 | 2.6e-4 | 2.6e-4 |
//! | vols of 3 % to 10 %, up to five years, rates up to 30 % | spots | 9.4e-5, nine in ten below 2.3e-5 | 5.9e-4 | 5.7e-4 |
//! | | vols | 2.3e-4, nine in ten below 2.0e-5 | 5.2e-4 | 5.3e-4 |
//!
//! So interpolation adds next to nothing to the error of the setting. On the 150 reference prices it is 4.9e-6 among many
//! spots and 8.2e-6 among many vols.
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

mod below;
mod boundary;
mod by_vol;
mod chebyshev;
mod fixed_point;
mod integral;
mod premium;
mod quadrature;

pub use boundary::Boundary;
pub use by_vol::BoundaryByVol;

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
mod interpolated;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
#[cfg(test)]
mod tests;
