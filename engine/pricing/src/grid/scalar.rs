//! The kernel on one number at a time: the reference that [`lanes`](super::lanes) agrees with to the bit, and the
//! normal distribution for loops that are not over slides.

use super::{GridOption, TotalVol, at_least_zero};

/// Beyond this |d| the density is 1e-307 and stands for zero.
pub(super) const FARTHEST: f64 = 37.5;

/// The time value on one slide: see [`time_values`](super::time_values).
pub fn time_value(option: &GridOption, forward: f64, ln_forward: f64, total_vol: TotalVol) -> f64 {
    let moneyness = (ln_forward - option.ln_strike).abs() * total_vol.inverse;
    let (near, far) = (moneyness - total_vol.half, moneyness + total_vol.half);
    let (z_near, z_far) = (at_most(near.abs(), FARTHEST), at_most(far, FARTHEST));
    let lower = at_most(option.strike, forward);

    let scaled_density = lower * exp_of_negative(0.5 * z_near * z_near);
    let (numerator_near, denominator_near) = mills_fraction(z_near);
    let (numerator_far, denominator_far) = mills_fraction(z_far);
    let (signed_near, whole) = if near < 0.0 { (-numerator_near, lower) } else { (numerator_near, 0.0) };
    let difference = signed_near * denominator_far - numerator_far * denominator_near;
    at_least_zero(whole + scaled_density * (difference / (denominator_near * denominator_far)))
}

/// The smaller of two numbers; where `x` is NaN it hands that on, unlike `f64::min`.
#[inline(always)]
fn at_most(x: f64, limit: f64) -> f64 {
    if x > limit { limit } else { x }
}

/// The normal distribution N(x) from the same pieces, without a branch: absolute error a few units of 1e-17, and
/// NaN for NaN. [`norm_cdf`](crate::numeric::norm_cdf) is accurate relative to its tail, and slower.
#[inline(always)]
pub(crate) fn norm_cdf_absolute(x: f64) -> f64 {
    let z = at_most(x.abs(), FARTHEST);
    let (numerator, denominator) = mills_fraction(z);
    let tail = exp_of_negative(0.5 * z * z) * (numerator / denominator);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// The numerator of φ(z)·R(z)·exp(z²/2) = R(z)/√(2π) for 0 ≤ z ≤ 37.5, from the highest power down.
///
/// A minimax rational function of degree 6 over 7, made for this crate by the Remez exchange in 60-digit
/// arithmetic; what is levelled is the error times exp(−z²/2), which is what reaches the price: 2.2e-17 in N(z).
/// All coefficients are positive.
pub(super) const MILLS_NUMERATOR: [f64; 7] = [
    0.3989496060390871,
    7.923894939198332,
    72.11254214211515,
    383.6756328033625,
    1268.012522882529,
    2502.698473088601,
    2491.2971011964555,
];

/// Its denominator, whose highest power has the coefficient one, which is left out.
pub(super) const MILLS_DENOMINATOR: [f64; 7] = [
    19.863018928910975,
    181.74389985844186,
    981.8001462677335,
    3355.19020732669,
    7210.4748755385735,
    8980.931933012425,
    4982.594202392911,
];

/// exp(r) for |r| ≤ ln(2)/2, from the highest power down: a minimax polynomial, relative error 3.2e-18 before
/// rounding, made for this crate.
pub(super) const EXPONENTIAL: [f64; 12] = [
    2.5110049204818658e-8,
    2.763265472252779e-7,
    2.755724088722987e-6,
    2.4801485441561313e-5,
    0.00019841269890076403,
    0.0013888888952352863,
    0.008333333333319589,
    0.04166666666648795,
    0.1666666666666668,
    0.5000000000000019,
    1.0,
    1.0,
];

/// Adding it to a number of moderate size rounds that to an integer and leaves it in the low bits, with the bias of
/// a double's exponent added: 1.5·2⁵² + 1023.
pub(super) const ROUNDER: f64 = 6_755_399_441_056_767.0;
/// ln 2 to 32 bits, so that its product with a small integer is exact.
pub(super) const LN_2_HIGH: f64 = 0.6931471803691238;
/// The rest of ln 2.
pub(super) const LN_2_LOW: f64 = 1.9082149292705877e-10;

#[inline(always)]
fn mills_fraction(z: f64) -> (f64, f64) {
    let [highest, rest @ ..] = MILLS_NUMERATOR;
    (horner(highest, &rest, z), horner(1.0, &MILLS_DENOMINATOR, z))
}

/// exp(−y) for 0 ≤ y ≤ 708, within two units in the last place, without a branch.
///
/// −y = n·ln 2 + r with |r| ≤ ln(2)/2 (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions",
/// 1980); the factor 2ⁿ is put together from its bits.
#[inline(always)]
pub(super) fn exp_of_negative(y: f64) -> f64 {
    let shifted = y * -std::f64::consts::LOG2_E + ROUNDER;
    let exponent = shifted - ROUNDER;
    let r = -y - exponent * LN_2_HIGH - exponent * LN_2_LOW;
    let [highest, rest @ ..] = EXPONENTIAL;
    horner(highest, &rest, r) * f64::from_bits(shifted.to_bits() << 52)
}

/// A polynomial from its highest coefficient down.
#[inline(always)]
fn horner<const DEGREE: usize>(highest: f64, rest: &[f64; DEGREE], x: f64) -> f64 {
    rest.iter().fold(highest, |sum, coefficient| sum * x + coefficient)
}
