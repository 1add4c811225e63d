//! The price of one option on many slides: the loop in which a revaluation spends its time.
//!
//! Same formula as [`black76`](super::black76), other trade: one exponential and two divisions an option and slide,
//! straight-line code over flat arrays, and an error that is absolute: at most 1e-13·max(F, K), in practice a few
//! units in the last place of max(F, K).
//!
//! # Method
//!
//! F·φ(d1) = K·φ(d2) = P, so with the Mills ratio R one exponential serves both terms:
//!
//! ```text
//! F·N(θd1) = P·R(|d1|)  if θd1 < 0, else F − P·R(|d1|)        θ = 1 for a call, −1 for a put
//! K·N(θd2) = P·R(|d2|)  if θd2 < 0, else K − P·R(|d2|)        price = D·θ·(F·N(θd1) − K·N(θd2))
//! ```
//!
//! Both ratios come over one common denominator, which saves a division. The loop has no branch that data can
//! mispredict and calls nothing, so a SIMD kernel can do the same operations lane by lane; as each rounds by itself
//! and nothing is fused or reordered, that changes no bit.

use crate::Right;

/// What of an option does not change from slide to slide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridOption {
    /// Call or put.
    pub right: Right,
    /// K in the quote currency, above zero.
    pub strike: f64,
    /// ln K.
    pub ln_strike: f64,
}

impl GridOption {
    /// The option with its logarithm taken.
    pub fn new(right: Right, strike: f64) -> GridOption {
        GridOption { right, strike, ln_strike: super::numeric::ln(strike) }
    }
}

/// Writes the price of one unit of `option` on each slide into `out`, in the quote currency.
///
/// Slide i has the forward `forwards[i]` > 0 and its logarithm `ln_forwards[i]`, the total vol σ√T
/// `total_vols[i]` ≥ 0 and the discount factor `discount_factors[i]` > 0. A total vol of zero gives the discounted
/// intrinsic value exactly. Prices are never negative; NaN in gives NaN out. Nothing is allocated.
///
/// Prices as many slides as the shortest of the slices has, `out` included; the rest of `out` stays as it is.
pub fn price_row(
    option: &GridOption,
    forwards: &[f64],
    ln_forwards: &[f64],
    total_vols: &[f64],
    discount_factors: &[f64],
    out: &mut [f64],
) {
    match option.right {
        Right::Call => row::<true>(option, forwards, ln_forwards, total_vols, discount_factors, out),
        Right::Put => row::<false>(option, forwards, ln_forwards, total_vols, discount_factors, out),
    }
}

fn row<const CALL: bool>(
    option: &GridOption,
    forwards: &[f64],
    ln_forwards: &[f64],
    total_vols: &[f64],
    discount_factors: &[f64],
    out: &mut [f64],
) {
    let slides = out.iter_mut().zip(forwards).zip(ln_forwards).zip(total_vols).zip(discount_factors);
    for ((((out, &forward), &ln_forward), &total_vol), &discount_factor) in slides {
        let undiscounted = price_one::<CALL>(option.strike, forward, ln_forward - option.ln_strike, total_vol);
        *out = discount_factor * undiscounted;
    }
}

/// Beyond this |d| the density is 1e-307 and stands for zero.
const FARTHEST: f64 = 37.5;

/// The undiscounted price; `log_moneyness` is ln(F/K).
#[inline(always)]
fn price_one<const CALL: bool>(strike: f64, forward: f64, log_moneyness: f64, total_vol: f64) -> f64 {
    let centre = log_moneyness / total_vol;
    let half_vol = 0.5 * total_vol;
    // θ·d1 and θ·d2.
    let (d1, d2) = if CALL { (centre + half_vol, centre - half_vol) } else { (-half_vol - centre, half_vol - centre) };
    let (z1, z2) = (at_most(d1.abs(), FARTHEST), at_most(d2.abs(), FARTHEST));

    let scaled_density = forward * exp_of_negative(0.5 * z1 * z1);
    let (numerator1, denominator1) = mills_fraction(z1);
    let (numerator2, denominator2) = mills_fraction(z2);
    let (sign1, whole1) = if d1 < 0.0 { (1.0, 0.0) } else { (-1.0, forward) };
    let (sign2, whole2) = if d2 < 0.0 { (1.0, 0.0) } else { (-1.0, strike) };
    let difference = sign1 * numerator1 * denominator2 - sign2 * numerator2 * denominator1;
    let tails = scaled_density * (difference / (denominator1 * denominator2));
    let (value, intrinsic) = if CALL {
        ((whole1 - whole2) + tails, forward - strike)
    } else {
        ((whole2 - whole1) - tails, strike - forward)
    };
    at_least_zero(if total_vol == 0.0 { intrinsic } else { value })
}

/// The smaller of two numbers; unlike `f64::min` it hands NaN on.
#[inline(always)]
fn at_most(x: f64, limit: f64) -> f64 {
    if x > limit { limit } else { x }
}

/// `x` or zero; unlike `f64::max` it hands NaN on.
#[inline(always)]
fn at_least_zero(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

/// The normal distribution N(x) from the same pieces, without a branch: absolute error a few units of 1e-17, and
/// NaN for NaN. [`norm_cdf`](super::numeric::norm_cdf) is accurate relative to its tail, and slower.
#[inline(always)]
pub(super) fn norm_cdf_absolute(x: f64) -> f64 {
    let z = at_most(x.abs(), FARTHEST);
    let (numerator, denominator) = mills_fraction(z);
    let tail = exp_of_negative(0.5 * z * z) * (numerator / denominator);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// φ(z)·R(z)·exp(z²/2) = R(z)/√(2π) as numerator and denominator, for 0 ≤ z ≤ 37.5.
///
/// A minimax rational function of degree 6 over 7, made for this crate by the Remez exchange in 60-digit
/// arithmetic; what is levelled is the error times exp(−z²/2), which is what reaches the price: 2.2e-17 in N(z).
/// All coefficients are positive.
#[inline(always)]
fn mills_fraction(z: f64) -> (f64, f64) {
    let numerator = 0.3989496060390871;
    let numerator = numerator * z + 7.923894939198332;
    let numerator = numerator * z + 72.11254214211515;
    let numerator = numerator * z + 383.6756328033625;
    let numerator = numerator * z + 1268.012522882529;
    let numerator = numerator * z + 2502.698473088601;
    let numerator = numerator * z + 2491.2971011964555;
    let denominator = z + 19.863018928910975;
    let denominator = denominator * z + 181.74389985844186;
    let denominator = denominator * z + 981.8001462677335;
    let denominator = denominator * z + 3355.19020732669;
    let denominator = denominator * z + 7210.4748755385735;
    let denominator = denominator * z + 8980.931933012425;
    let denominator = denominator * z + 4982.594202392911;
    (numerator, denominator)
}

/// exp(−y) for 0 ≤ y ≤ 708, within two units in the last place, without a branch.
///
/// −y = n·ln 2 + r with |r| ≤ ln(2)/2 (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions",
/// 1980); exp(r) is a minimax polynomial of degree 11, relative error 3.2e-18 before rounding, made for this crate;
/// the factor 2ⁿ is put together from its bits.
#[inline(always)]
fn exp_of_negative(y: f64) -> f64 {
    /// Adding 1.5·2⁵² rounds to an integer and leaves it in the low bits.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    /// ln 2 to 32 bits, so that its product with n is exact, and the rest of it.
    const LN_2_HIGH: f64 = 0.6931471803691238;
    const LN_2_LOW: f64 = 1.9082149292705877e-10;

    let shifted = y * -std::f64::consts::LOG2_E + ROUNDER;
    let exponent = shifted - ROUNDER;
    let r = -y - exponent * LN_2_HIGH - exponent * LN_2_LOW;
    let power = 2.5110049204818658e-8;
    let power = power * r + 2.763265472252779e-7;
    let power = power * r + 2.755724088722987e-6;
    let power = power * r + 2.4801485441561313e-5;
    let power = power * r + 0.00019841269890076403;
    let power = power * r + 0.0013888888952352863;
    let power = power * r + 0.008333333333319589;
    let power = power * r + 0.04166666666648795;
    let power = power * r + 0.1666666666666668;
    let power = power * r + 0.5000000000000019;
    let power = power * r + 1.0;
    let power = power * r + 1.0;
    power * f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52))
}

#[cfg(test)]
mod tests;
