//! The Mills ratio of the normal distribution, R(z) = (1 − N(z))/φ(z), and its slope.
//!
//! Far out, 1 − N and φ both vanish but their ratio behaves like 1/z. Prices written with it keep every digit in
//! the wings: an out-of-the-money option is φ times a difference of two ratios.
//!
//! # Source
//!
//! R = N/Q, a minimax rational function of degree 11 over 12, made for this crate by the Remez exchange in
//! 60-digit arithmetic on [0, ∞). Q is monic and shares its next coefficient with N, so that 1 − zR = A/Q, where
//! A = Q − zN has degree 10 and falls off like 1/z² as it must. The error was levelled in the larger of its two
//! weights, so that R and 1 − zR are both within 2.6e-17 of the truth, relatively, for every z ≥ 0. All
//! coefficients are positive: rounding adds a few units in the last place and nothing cancels.

use super::numeric::{SQRT_TWO_PI, exp};

/// N, from the constant term up.
const NUMERATOR: [f64; 12] = [
    5357728.606929844,
    10163765.33201494,
    9516906.786681682,
    5738574.235960703,
    2460242.469665055,
    785054.1613938946,
    190157.46245958208,
    35021.04088223693,
    4824.590808826765,
    476.68982069228554,
    30.739324482980766,
    1.0,
];

/// Q, from the constant term up.
const DENOMINATOR: [f64; 13] = [
    4274848.936441166,
    11520347.404189065,
    14647875.85236124,
    11642805.3949977,
    6458279.217926157,
    2641058.143662092,
    819131.822636042,
    194920.57461943157,
    35495.730702929264,
    4855.330133309745,
    477.68982069228554,
    30.739324482980766,
    1.0,
];

/// A = Q − zN, from the constant term up.
const COMPLEMENT: [f64; 11] = [
    4274848.936441166,
    6162618.79725922,
    4484110.5203463,
    2125898.6083160173,
    719704.9819654537,
    180815.6739970364,
    34077.661242147464,
    4763.112159849495,
    474.68982069233687,
    30.739324482980678,
    1.0,
];

/// From here on 1/z is R and 1/z² is 1 − zR to the last bit, and z¹² cannot overflow before.
const FAR: f64 = 1e9;

/// R(z) = (1 − N(z))/φ(z) for z ≥ 0, infinity included; relative error a few units in the last place.
pub fn mills_ratio(z: f64) -> f64 {
    if z > FAR { 1.0 / z } else { polynomial(&NUMERATOR, z) / polynomial(&DENOMINATOR, z) }
}

/// −R′(z) = 1 − z·R(z), which is positive and falls; relative error a few units in the last place.
///
/// For z ≥ −37: below, R itself overflows.
pub fn mills_slope(z: f64) -> f64 {
    if z < 0.0 {
        // R(−z) = 1/φ(z) − R(z), and both terms of the sum are positive.
        1.0 - z * (SQRT_TWO_PI * exp(0.5 * z * z) - mills_ratio(-z))
    } else if z > FAR {
        1.0 / z / z
    } else {
        polynomial(&COMPLEMENT, z) / polynomial(&DENOMINATOR, z)
    }
}

/// Horner's scheme; `coefficients` from the constant term up.
pub(super) fn polynomial(coefficients: &[f64], z: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * z + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::norm_pdf;

    /// The continued fraction 1/(z + 1/(z + 2/(z + …))) (Laplace), for z where it converges fast. Returns R and
    /// 1 − zR.
    fn continued_fraction(z: f64) -> (f64, f64) {
        let tail = (1..=2_000).rev().fold(0.0, |tail, k| f64::from(k) / (z + tail));
        (1.0 / (z + tail), tail / (z + tail))
    }

    #[test]
    fn agrees_with_the_continued_fraction() {
        for step in 40..=4_000 {
            let z = f64::from(step) * 0.05;
            let (ratio, slope) = continued_fraction(z);
            assert!((mills_ratio(z) / ratio - 1.0).abs() < 1e-15, "R({z})");
            assert!((mills_slope(z) / slope - 1.0).abs() < 2e-15, "1 - zR at {z}");
        }
    }

    #[test]
    fn agrees_with_the_error_function() {
        for step in 0..=3_000 {
            let z = f64::from(step) * 0.001;
            let reference = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) / norm_pdf(z);
            assert!((mills_ratio(z) / reference - 1.0).abs() < 4e-15, "R({z})");
            assert!((mills_slope(z) - (1.0 - z * reference)).abs() < 4e-15, "1 - zR at {z}");
        }
    }

    #[test]
    fn slope_continues_below_zero() {
        for (z, expected) in SLOPES_BELOW_ZERO {
            assert!((mills_slope(z) / expected - 1.0).abs() < 1e-15, "1 - zR at {z}");
        }
    }

    /// 40-digit arithmetic.
    const SLOPES_BELOW_ZERO: [(f64, f64); 4] = [
        (-0.015625, 1.019829584542657),
        (-0.125, 1.1735996353307196),
        (-1.0, 4.477051811703695),
        (-4.0, 29888.667693691976),
    ];

    #[test]
    fn far_out() {
        assert_eq!(mills_ratio(f64::INFINITY), 0.0);
        assert_eq!(mills_slope(f64::INFINITY), 0.0);
        assert_eq!(mills_ratio(1e300), 1e-300);
        assert!((mills_ratio(0.999 * FAR) * FAR - 1.0 / 0.999).abs() < 1e-15);
        assert!(mills_ratio(f64::NAN).is_nan());
    }
}
