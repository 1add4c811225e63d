//! The one implementation of each transcendental function, so that native code and wasm give the same bits.
//!
//! The standard library's `ln`, `exp` and `powf` call the platform's own library and differ between
//! targets; these come from `libm`, which is the same Rust code everywhere. The square root needs no such
//! care: IEEE 754 asks for the correctly rounded one, and `f64::sqrt` gives it on every target. Nothing here or
//! above uses a fused multiply-add.

use super::mills::mills_ratio;

/// 1/√(2π), the height of the normal density.
pub const INVERSE_SQRT_TWO_PI: f64 = 0.398_942_280_401_432_7;

/// √(2π).
pub const SQRT_TWO_PI: f64 = 2.506_628_274_631_000_7;

/// eˣ.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), exact near zero.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// x to the power y.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The square root, correctly rounded.
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// ln(a/b) for positive a and b, exact also where they nearly agree.
///
/// Within a factor of two a − b has no rounding error (Sterbenz), so ln(1 + (a − b)/b) keeps the digits that the
/// rounding of a/b would lose.
pub fn ln_ratio(a: f64, b: f64) -> f64 {
    let ratio = a / b;
    if (0.5..=2.0).contains(&ratio) { ln_1p((a - b) / b) } else { ln(ratio) }
}

/// The normal density φ(x) = exp(−x²/2)/√(2π).
///
/// Relative error below 1e-13 down to its underflow beyond |x| = 38.
pub fn norm_pdf(x: f64) -> f64 {
    INVERSE_SQRT_TWO_PI * exp(-0.5 * x * x)
}

/// The normal distribution N(x), accurate relative to N(x) itself in the lower tail.
///
/// N(−z) = φ(z)·R(z) with the [Mills ratio](mills_ratio) R; the upper half is 1 − N(−x). Relative error below
/// 1e-13 wherever the density does not underflow.
pub fn norm_cdf(x: f64) -> f64 {
    let tail = norm_pdf(x) * mills_ratio(x.abs());
    if x > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distribution_agrees_with_the_error_function() {
        for step in -3_700..=800 {
            let x = f64::from(step) * 0.01;
            let reference = 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2);
            let error = (norm_cdf(x) / reference - 1.0).abs();
            // libm's own argument is rounded: its tail is off by up to x²/2 units in the last place.
            assert!(error <= 1e-15 + x * x * 2e-16, "N({x}) is {} and not {reference}", norm_cdf(x));
        }
    }

    #[test]
    fn distribution_at_the_ends() {
        assert!((norm_cdf(0.0) - 0.5).abs() <= f64::EPSILON / 2.0);
        assert_eq!(norm_cdf(f64::INFINITY), 1.0);
        assert_eq!(norm_cdf(f64::NEG_INFINITY), 0.0);
        assert_eq!(norm_cdf(1e300), 1.0);
        assert_eq!(norm_cdf(-1e300), 0.0);
        assert!(norm_cdf(f64::NAN).is_nan());
    }

    #[test]
    fn distribution_to_twenty_digits() {
        // 40-digit arithmetic.
        for (x, expected) in [
            (-30.0, 4.906_713_927_148_187e-198),
            (-10.0, 7.619_853_024_160_526e-24),
            (-2.5, 6.209_665_325_776_135e-3),
            (-0.5, 0.308_537_538_725_986_9),
            (1.0, 0.841_344_746_068_542_9),
        ] {
            assert!((norm_cdf(x) / expected - 1.0).abs() < 1e-13, "N({x}) is {} and not {expected}", norm_cdf(x));
        }
    }

    #[test]
    fn density_is_the_slope_of_the_distribution() {
        for step in -80..=80 {
            let x = f64::from(step) * 0.1;
            let slope = (norm_cdf(x + 1e-4) - norm_cdf(x - 1e-4)) / 2e-4;
            assert!((slope - norm_pdf(x)).abs() < 2e-9, "density at {x}");
        }
    }

    #[test]
    fn logarithm_of_a_ratio_keeps_its_digits_near_one() {
        let tiny = 3.0 * f64::EPSILON;
        assert!((ln_ratio(1.0 + tiny, 1.0) / tiny - 1.0).abs() < 1e-15);
        assert_eq!(ln_ratio(7.0, 7.0), 0.0);
        assert_eq!(ln_ratio(80.0, 10.0), ln(8.0));
    }
}
