//! The price of one option on many slides: the loop in which a revaluation spends its time.
//!
//! Same formula as [`black76`](super::black76), other trade: one exponential an option and slide, straight-line code
//! over flat arrays, and an error that is absolute: at most 1e-13·max(F, K). What was measured is 7.1e-16·max(F, K)
//! over the 400 vectors of the conformance tests, far wings included, and 7.5e-16 over a dense sweep (`grid/tests.rs`).
//!
//! # Method
//!
//! Only the side out of the money is computed. Call and put of one strike and expiry have the same time value V, which
//! [`time_values`] gives; [`prices`] adds the intrinsic value of each. With f = min(F, K), s = σ√T, a = |ln(F/K)|/s,
//! h = s/2, the Mills ratio R and f·φ(a − h) = max(F, K)·φ(a + h) = P, one exponential serves both terms:
//!
//! ```text
//! V = P·(R(a − h) − R(a + h))              if a ≥ h
//! V = f − P·(R(h − a) + R(a + h))          if a < h
//! call = D·(max(F − K, 0) + V)             put = D·(max(K − F, 0) + V)
//! ```
//!
//! Both ratios and the exponential are fractions over one common denominator, so there is one division; ln F comes with
//! the slide, ln K with the option, h and 1/s once for all slides that share a vol ([`TotalVol`], [`GridVols`]).
//!
//! # Lanes and bits
//!
//! [`lanes`] takes four slides at a time, two registers of two lanes each (SSE2, simd128), without a branch. Each
//! lane rounds by itself, nothing is fused or reordered, and what is left over at the end of a row goes through the
//! same code. So a slide has the same bits in any lane, row and target: those of the reference, [`scalar`].
//!
//! # Cost
//!
//! Measured per time value on one core of a server: 5.1 ns natively (SSE2), 6.7 ns in wasm (simd128) in Chromium; the
//! reference takes 11 ns natively. With logarithms, vols laid out and prices it is 6.1 and 9.2 ns an option and slide where
//! no two options share a strike.

use crate::Right;

mod lanes;
pub mod scalar;

pub(crate) use lanes::norm_cdfs;
pub use lanes::time_values;

/// What of an option does not change from slide to slide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridOption {
    /// K in the quote currency, above zero.
    pub strike: f64,
    /// ln K.
    pub ln_strike: f64,
}

impl GridOption {
    /// The option with its logarithm taken.
    pub fn new(strike: f64) -> GridOption {
        GridOption { strike, ln_strike: super::numeric::ln(strike) }
    }
}

/// The total vol s = σ√T of one option, as the kernel wants it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalVol {
    half: f64,
    inverse: f64,
}

impl TotalVol {
    /// Below this the time value is zero in any case, and 1/s would overflow.
    const LEAST: f64 = 1e-300;

    /// `total_vol` ≥ 0; zero gives time values of exactly zero.
    pub fn new(total_vol: f64) -> TotalVol {
        let divisor = if total_vol < Self::LEAST { Self::LEAST } else { total_vol };
        TotalVol { half: 0.5 * total_vol, inverse: 1.0 / divisor }
    }
}

/// The total vol of one option on each slide, laid out as the lanes read it. Made once and filled for each option.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GridVols {
    halves: Vec<f64>,
    inverses: Vec<f64>,
}

impl GridVols {
    /// Lays out the total vols of one option: `total_vols` has that of each kind which the slides name.
    ///
    /// # Panics
    /// A slide names a kind beyond `total_vols`.
    #[inline(never)]
    pub fn fill(&mut self, slides: &GridSlides, total_vols: &[TotalVol]) {
        let kinds = &slides.vol_kinds;
        self.halves.resize(kinds.len(), 0.0);
        self.inverses.resize(kinds.len(), 0.0);
        // By the slides instead of within the lanes, where it would cost wasm twice as much.
        for ((half, inverse), kind) in self.halves.iter_mut().zip(&mut self.inverses).zip(kinds) {
            TotalVol { half: *half, inverse: *inverse } = total_vols[*kind as usize];
        }
    }
}

/// What each slide does to the options of one expiry. All lists are of the same length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GridSlides {
    /// F on each slide in the quote currency, above zero.
    pub forwards: Vec<f64>,
    /// ln F.
    pub ln_forwards: Vec<f64>,
    /// D, above zero.
    pub discount_factors: Vec<f64>,
    /// Which of an option's total vols each slide has: slides that do the same to vols share one.
    pub vol_kinds: Vec<u32>,
}

/// The price of one unit on each slide in the quote currency, from the time values: the discounted sum of those and the
/// intrinsic values.
///
/// Prices are never negative; NaN in gives NaN out. As many slides are priced as the shortest of the slices has; the
/// rest of `out` stays as it is.
// Inlined into code that is compiled for size, it would be compiled for size as well.
#[inline(never)]
pub fn prices(right: Right, strike: f64, slides: &GridSlides, time_values: &[f64], out: &mut [f64]) {
    match right {
        Right::Call => discounted(slides, time_values, out, |forward| at_least_zero(forward - strike)),
        Right::Put => discounted(slides, time_values, out, |forward| at_least_zero(strike - forward)),
    }
}

fn discounted(slides: &GridSlides, time_values: &[f64], out: &mut [f64], intrinsic: impl Fn(f64) -> f64) {
    let slides = slides.forwards.iter().zip(&slides.discount_factors);
    for ((out, time_value), (&forward, discount_factor)) in out.iter_mut().zip(time_values).zip(slides) {
        *out = discount_factor * (intrinsic(forward) + time_value);
    }
}

/// Changes of value from prices: `size`·weight·(conversion·price − `before`) on each slide.
///
/// A conversion is what one unit of the prices' currency is worth on the slide, in the unit of `before`. As many
/// slides are written as the shortest of the slices has.
#[inline(never)]
pub fn changes(prices: &[f64], before: f64, conversions: &[f64], size: f64, weights: &[f64], out: &mut [f64]) {
    for (((out, price), conversion), weight) in out.iter_mut().zip(prices).zip(conversions).zip(weights) {
        *out = unit_change(*price, before, *conversion) * (size * weight);
    }
}

/// The same for one unit at full weight; [`rows::scale`](crate::rows::scale) then gives the same bits as [`changes`].
#[inline(never)]
pub fn unit_changes(prices: &[f64], before: f64, conversions: &[f64], out: &mut [f64]) {
    for ((out, price), conversion) in out.iter_mut().zip(prices).zip(conversions) {
        *out = unit_change(*price, before, *conversion);
    }
}

#[inline(always)]
fn unit_change(price: f64, before: f64, conversion: f64) -> f64 {
    price * conversion - before
}

/// `x` or zero; unlike `f64::max` it hands NaN on.
#[inline(always)]
fn at_least_zero(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

#[cfg(test)]
mod tests;
