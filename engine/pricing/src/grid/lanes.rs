//! The kernel on four slides at a time.
//!
//! Operation by operation what [`scalar`](super::scalar) does. The lanes come from the crate `wide`: core's intrinsics
//! of x86 can only be called from `unsafe` code. Its `mul_add` would fuse where the target can, and its `max` and
//! `min` treat NaN as the target does, so none of them is used where that could be seen.

use wide::{bytemuck, f64x4, i64x4};

use super::scalar::{
    FARTHEST, HALF_SQUARE_TO_POWER, MILLS_DENOMINATOR, MILLS_NUMERATOR, POWER_EVEN, POWER_ODD, ROUNDER,
};
use super::{GridOption, GridSlides, GridVols};

/// How many slides go together.
const LANES: usize = 4;

/// Writes the time value of one unit on each slide into `out`: undiscounted, in the quote currency, the price of
/// whichever of call and put is out of the money. It is the same for both.
///
/// No value is negative or above min(F, K) by more than rounding, zero vol gives exactly zero, and NaN in gives NaN
/// out. Nothing is allocated. As many slides are priced as the shortest of the lists has; the rest of `out` stays as it
/// is.
// Inlined into code that is compiled for size, it would be compiled for size as well.
#[inline(never)]
pub fn time_values(option: &GridOption, slides: &GridSlides, vols: &GridVols, out: &mut [f64]) {
    let strike = [f64x4::splat(option.strike), f64x4::splat(option.ln_strike)];
    let lists = [&slides.forwards, &slides.ln_forwards, &vols.halves, &vols.inverses];
    let count = lists.iter().fold(out.len(), |count, list| count.min(list.len()));
    let [forwards, ln_forwards, halves, inverses] = lists.map(|list| list[..count].chunks_exact(LANES));
    let rests = [&forwards, &ln_forwards, &halves, &inverses].map(|list| filled_up(list.remainder()));
    let mut out = out[..count].chunks_exact_mut(LANES);
    for ((((out, forward), ln_forward), half), inverse) in
        (&mut out).zip(forwards).zip(ln_forwards).zip(halves).zip(inverses)
    {
        let values = time_value(strike, [forward, ln_forward, half, inverse].map(loaded));
        out.copy_from_slice(&values.to_array());
    }
    let rest = out.into_remainder();
    if !rest.is_empty() {
        // What the lanes without a slide compute is thrown away.
        let values = time_value(strike, rests).to_array();
        rest.copy_from_slice(&values[..rest.len()]);
    }
}

#[inline(always)]
fn loaded(numbers: &[f64]) -> f64x4 {
    f64x4::new([numbers[0], numbers[1], numbers[2], numbers[3]])
}

fn filled_up(numbers: &[f64]) -> f64x4 {
    let mut lanes = [1.0; LANES];
    lanes[..numbers.len()].copy_from_slice(numbers);
    f64x4::new(lanes)
}

/// One block of lanes: strike and its logarithm; forward, its logarithm, half and inverse of the total vol.
#[inline(always)]
fn time_value([strike, ln_strike]: [f64x4; 2], [forward, ln_forward, half_vol, inverse_vol]: [f64x4; 4]) -> f64x4 {
    let farthest = f64x4::splat(FARTHEST);

    let moneyness = (ln_forward - ln_strike).abs() * inverse_vol;
    let (near, far) = (moneyness - half_vol, moneyness + half_vol);
    let z_near = near.abs();
    // NaN stays NaN in this one, which reaches the result; in the others it need not.
    let z_near = z_near.simd_gt(farthest).select(farthest, z_near);
    let z_far = far.fast_min(farthest);
    let lower = strike.fast_min(forward);

    let (density, density_divisor) = exp_of_half_square(z_near);
    let (numerator_near, denominator_near) = mills_fraction(z_near);
    let (numerator_far, denominator_far) = mills_fraction(z_far);
    let is_negative = near.simd_lt(f64x4::ZERO);
    let signed_near = numerator_near ^ (is_negative & f64x4::splat(-0.0));
    let difference = signed_near * denominator_far - numerator_far * denominator_near;
    let divisor = denominator_near * denominator_far * density_divisor;
    let value = (is_negative & lower) + lower * density * (difference / divisor);
    !value.simd_lt(f64x4::ZERO) & value
}

/// The normal distribution of each number, in its place: that of [`scalar`](super::scalar) to the bit.
#[inline(never)]
pub(crate) fn norm_cdfs(numbers: &mut [f64]) {
    let mut blocks = numbers.chunks_exact_mut(LANES);
    for block in &mut blocks {
        let values = norm_cdf(loaded(block));
        block.copy_from_slice(&values.to_array());
    }
    let rest = blocks.into_remainder();
    if !rest.is_empty() {
        let values = norm_cdf(filled_up(rest)).to_array();
        rest.copy_from_slice(&values[..rest.len()]);
    }
}

#[inline(always)]
fn norm_cdf(x: f64x4) -> f64x4 {
    let farthest = f64x4::splat(FARTHEST);
    let z = x.abs();
    let z = z.simd_gt(farthest).select(farthest, z);
    let (numerator, denominator) = mills_fraction(z);
    let (density, density_divisor) = exp_of_half_square(z);
    let tail = density * (numerator / (denominator * density_divisor));
    x.simd_lt(f64x4::ZERO).select(tail, f64x4::ONE - tail)
}

#[inline(always)]
fn mills_fraction(z: f64x4) -> (f64x4, f64x4) {
    let [highest, rest @ ..] = MILLS_NUMERATOR;
    let [second, lower @ ..] = MILLS_DENOMINATOR;
    (horner(f64x4::splat(highest), &rest, z), horner(z + f64x4::splat(second), &lower, z))
}

#[inline(always)]
fn exp_of_half_square(z: f64x4) -> (f64x4, f64x4) {
    let rounder = f64x4::splat(ROUNDER);
    let power = z * z * f64x4::splat(HALF_SQUARE_TO_POWER);
    let shifted = power + rounder;
    let r = power - (shifted - rounder);
    let square = r * r;
    let [highest, rest @ ..] = POWER_ODD;
    let odd = horner(f64x4::splat(highest), &rest, square) * r;
    let [second, lower @ ..] = POWER_EVEN;
    let even = horner(square + f64x4::splat(second), &lower, square);
    let bits: i64x4 = bytemuck::cast(shifted);
    let scale: f64x4 = bytemuck::cast(bits << 52);
    ((even + odd) * scale, even - odd)
}

/// A polynomial from its highest coefficient down.
#[inline(always)]
fn horner<const DEGREE: usize>(highest: f64x4, rest: &[f64; DEGREE], x: f64x4) -> f64x4 {
    rest.iter().fold(highest, |sum, coefficient| sum * x + f64x4::splat(*coefficient))
}
