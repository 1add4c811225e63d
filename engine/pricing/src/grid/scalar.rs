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

    let (density, density_divisor) = exp_of_half_square(z_near);
    let (numerator_near, denominator_near) = mills_fraction(z_near);
    let (numerator_far, denominator_far) = mills_fraction(z_far);
    let (signed_near, whole) = if near < 0.0 { (-numerator_near, lower) } else { (numerator_near, 0.0) };
    let difference = signed_near * denominator_far - numerator_far * denominator_near;
    let divisor = denominator_near * denominator_far * density_divisor;
    at_least_zero(whole + lower * density * (difference / divisor))
}

/// The smaller of two numbers; where `x` is NaN it hands that on, unlike `f64::min`.
#[inline(always)]
fn at_most(x: f64, limit: f64) -> f64 {
    if x > limit { limit } else { x }
}

/// The normal distribution N(x) from the same pieces, without a branch: absolute error up to 1.5e-16, and
/// NaN for NaN. [`norm_cdf`](crate::numeric::norm_cdf) is accurate relative to its tail, and slower.
#[inline(always)]
pub(crate) fn norm_cdf_absolute(x: f64) -> f64 {
    let z = at_most(x.abs(), FARTHEST);
    let (numerator, denominator) = mills_fraction(z);
    let (density, density_divisor) = exp_of_half_square(z);
    let tail = density * (numerator / (denominator * density_divisor));
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

/// 2ʳ = (Q + r·P)/(Q − r·P) for |r| ≤ ½, with P and Q polynomials in r²: a minimax fraction, relative error 8.4e-19 before
/// rounding, made for this crate. P, from the highest power down.
pub(super) const POWER_ODD: [f64; 3] = [0.023093347705734914, 20.20206566931633, 1513.906801156127];

/// Q, whose highest power has the coefficient one, which is left out.
pub(super) const POWER_EVEN: [f64; 2] = [233.18421172231156, 4368.211668792037];

/// −½·log₂e, for exp(−z²/2) = 2^(this·z²).
pub(super) const HALF_SQUARE_TO_POWER: f64 = -0.5 * std::f64::consts::LOG2_E;

/// Adding it to a number of moderate size rounds that to an integer and leaves it in the low bits, with the bias of
/// a double's exponent added: 1.5·2⁵² + 1023.
pub(super) const ROUNDER: f64 = 6_755_399_441_056_767.0;

#[inline(always)]
fn mills_fraction(z: f64) -> (f64, f64) {
    let [highest, rest @ ..] = MILLS_NUMERATOR;
    (horner(highest, &rest, z), horner(1.0, &MILLS_DENOMINATOR, z))
}

/// exp(−z²/2) for 0 ≤ z ≤ 37.5 as numerator and denominator, without a branch: its division waits for the one that comes
/// in any case.
///
/// −z²/2·log₂e = n + r with n an integer and |r| ≤ ½ (W. J. Cody and W. Waite, "Software Manual for the Elementary
/// Functions", 1980); the factor 2ⁿ is put together from its bits. Square, constant and product are rounded, which is off
/// by less than z² units in the last place of a number that is exp(−z²/2): at most 1.2e-16.
#[inline(always)]
pub(super) fn exp_of_half_square(z: f64) -> (f64, f64) {
    let power = z * z * HALF_SQUARE_TO_POWER;
    let shifted = power + ROUNDER;
    let r = power - (shifted - ROUNDER);
    let square = r * r;
    let [highest, rest @ ..] = POWER_ODD;
    let odd = horner(highest, &rest, square) * r;
    let even = horner(1.0, &POWER_EVEN, square);
    ((even + odd) * f64::from_bits(shifted.to_bits() << 52), even - odd)
}

/// A polynomial from its highest coefficient down.
#[inline(always)]
fn horner<const DEGREE: usize>(highest: f64, rest: &[f64; DEGREE], x: f64) -> f64 {
    rest.iter().fold(highest, |sum, coefficient| sum * x + coefficient)
}
