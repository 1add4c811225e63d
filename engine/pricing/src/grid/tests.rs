//! The grid kernel against the accurate price, and its edges.

use super::*;
use crate::black76;
use crate::numeric::{exp, ln};

/// One slide through the kernel.
fn one(right: Right, forward: f64, strike: f64, total_vol: f64, discount_factor: f64) -> f64 {
    let mut out = [f64::NAN];
    let option = GridOption::new(right, strike);
    price_row(&option, &[forward], &[ln(forward)], &[total_vol], &[discount_factor], &mut out);
    out[0]
}

const BOTH: [Right; 2] = [Right::Call, Right::Put];

/// Error against the accurate price, of max(F, K), at most.
const TOLERANCE: f64 = 1e-13;
/// What it is in fact on the sweep, a few units in the last place; more means that something has been lost.
const TYPICAL: f64 = 4e-15;

#[test]
fn agrees_with_the_accurate_price_on_a_dense_sweep() {
    // Standard deviations to the strike and total vols, both finer than any change of formula.
    let mut worst = 0.0_f64;
    for strike in [0.037, 1.0, 61_803.4] {
        for vol_step in 0..=120 {
            let total_vol = exp(-12.0 + 0.125 * f64::from(vol_step));
            for deviation_step in -160..=160 {
                let deviations = 0.25 * f64::from(deviation_step);
                let log_moneyness = (deviations * total_vol).clamp(-12.0, 12.0);
                let forward = strike * exp(log_moneyness);
                for right in BOTH {
                    let ours = one(right, forward, strike, total_vol, 0.9);
                    let accurate = black76::price(right, forward, strike, total_vol, 1.0, 0.9);
                    let error = (ours - accurate).abs() / forward.max(strike);
                    assert!(error <= TOLERANCE, "{right:?} {forward} {strike} {total_vol}: {ours} not {accurate}");
                    worst = worst.max(error);
                }
            }
        }
    }
    assert!(worst <= TYPICAL, "the largest error is {worst:e}");
}

#[test]
fn a_row_is_its_slides_whatever_its_length() {
    let forwards: Vec<f64> = (0..41).map(|i| 80.0 + f64::from(i)).collect();
    let ln_forwards: Vec<f64> = forwards.iter().map(|forward| ln(*forward)).collect();
    let total_vols: Vec<f64> = (0..41).map(|i| 0.02 * f64::from(i)).collect();
    let discount_factors: Vec<f64> = (0..41).map(|i| 1.0 - 0.001 * f64::from(i)).collect();
    for right in BOTH {
        let option = GridOption::new(right, 100.0);
        for slides in [0, 1, 2, 3, 7, 35, 41] {
            let mut out = [-1.0; 41];
            price_row(&option, &forwards, &ln_forwards, &total_vols, &discount_factors, &mut out[..slides]);
            for (i, price) in out.iter().enumerate() {
                let alone = one(right, forwards[i], 100.0, total_vols[i], discount_factors[i]);
                let expected = if i < slides { alone } else { -1.0 };
                assert_eq!(price.to_bits(), expected.to_bits(), "slide {i} of {slides}");
            }
        }
    }
}

#[test]
fn without_vol_it_is_the_discounted_intrinsic_value() {
    assert_eq!(one(Right::Call, 110.0, 100.0, 0.0, 0.9), 0.9 * 10.0);
    assert_eq!(one(Right::Put, 110.0, 100.0, 0.0, 0.9), 0.0);
    assert_eq!(one(Right::Call, 90.0, 100.0, 0.0, 0.9), 0.0);
    assert_eq!(one(Right::Put, 90.0, 100.0, -0.0, 0.9), 0.9 * 10.0);
    for right in BOTH {
        assert_eq!(one(right, 100.0, 100.0, 0.0, 0.9), 0.0);
    }
}

#[test]
fn the_ends_of_the_range() {
    for tiny in [f64::MIN_POSITIVE, 1e-310, 1e-100, 1e-17] {
        assert!(one(Right::Call, 100.0, 100.0, tiny, 1.0) < 1e-13);
        assert_eq!(one(Right::Call, 110.0, 100.0, tiny, 1.0), 10.0);
        assert_eq!(one(Right::Put, 110.0, 100.0, tiny, 1.0), 0.0);
    }
    for huge in [80.0, 1e5, 1e160, f64::MAX, f64::INFINITY] {
        assert_eq!(one(Right::Call, 110.0, 100.0, huge, 1.0), 110.0);
        assert_eq!(one(Right::Put, 110.0, 100.0, huge, 1.0), 100.0);
    }
    for right in BOTH {
        assert!(one(right, f64::NAN, 100.0, 0.3, 1.0).is_nan());
        assert!(one(right, 100.0, f64::NAN, 0.3, 1.0).is_nan());
        assert!(one(right, 100.0, 110.0, f64::NAN, 1.0).is_nan());
        assert!(one(right, 100.0, 110.0, 0.3, f64::NAN).is_nan());
    }
}

#[test]
fn the_exponential_is_good_to_two_units_in_the_last_place() {
    for step in 0..=70_800 {
        let y = 0.01 * f64::from(step);
        let (ours, reference) = (exp_of_negative(y), exp(-y));
        assert!((ours - reference).abs() <= 2.0 * f64::EPSILON * reference, "exp(-{y}): {ours:e} not {reference:e}");
    }
    assert_eq!(exp_of_negative(0.0), 1.0);
    assert!(exp_of_negative(0.5 * FARTHEST * FARTHEST) > 0.0);
}
