//! The grid kernel against the accurate price, and its edges.

use super::scalar::{FARTHEST, exp_of_half_square, norm_cdf_absolute, time_value};
use super::*;
use crate::black76;
use crate::numeric::{exp, ln};

/// The total vols of one option, as the kernel wants them.
fn vols(slides: &GridSlides, total_vols: &[TotalVol]) -> GridVols {
    let mut vols = GridVols::default();
    vols.fill(slides, total_vols);
    vols
}

/// A row of prices, and the time values in it.
fn row(right: Right, strike: f64, slides: &GridSlides, total_vols: &[TotalVol]) -> (Vec<f64>, Vec<f64>) {
    let mut values = vec![f64::NAN; slides.forwards.len()];
    let mut row = values.clone();
    time_values(&GridOption::new(strike), slides, &vols(slides, total_vols), &mut values);
    prices(right, strike, slides, &values, &mut row);
    (row, values)
}

/// Slides that each have a vol of their own.
fn slides(forwards: Vec<f64>, discount_factors: Vec<f64>) -> GridSlides {
    let ln_forwards = forwards.iter().map(|forward| ln(*forward)).collect();
    let vol_kinds = (0..forwards.len() as u32).collect();
    GridSlides { forwards, ln_forwards, discount_factors, vol_kinds }
}

/// One slide through the kernel.
fn one(right: Right, forward: f64, strike: f64, total_vol: f64, discount_factor: f64) -> f64 {
    row(right, strike, &slides(vec![forward], vec![discount_factor]), &[TotalVol::new(total_vol)]).0[0]
}

const BOTH: [Right; 2] = [Right::Call, Right::Put];

/// Error against the accurate price, of max(F, K), at most.
const TOLERANCE: f64 = 1e-13;
/// What it is in fact on the sweep, a few units in the last place (7.5e-16); more means that something has been lost.
const TYPICAL: f64 = 8e-16;

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

/// Rows of every length up to five blocks of lanes, from the money to far beyond the wings.
#[test]
fn scalar_lanes_and_grid_agree_on_every_row_to_the_bit() {
    let special = [0.0, 1e-310, 1e-17, 40.0, 1e160, f64::INFINITY];
    let total_vols: Vec<TotalVol> =
        (0..40).map(|i| exp(-7.0 + 0.25 * f64::from(i))).chain(special).map(TotalVol::new).collect();
    let kinds = total_vols.len();
    for number in 0..2_000 {
        let strike = 50.0 * exp(0.1 * f64::from((number % 23) as u32));
        let forwards = (0..number % 21).map(|i| strike * exp(0.003 * ((number * 7 + i * 97) % 601) as f64 - 0.9));
        let mut slides = slides(forwards.collect(), vec![0.97; number % 21]);
        if number % 21 > 0 {
            // At the money in one of the lanes.
            slides.forwards[0] = strike;
            slides.ln_forwards[0] = ln(strike);
        }
        slides.vol_kinds = (0..number % 21).map(|i| ((number + i * 13) % kinds) as u32).collect();
        for right in BOTH {
            let (prices, values) = row(right, strike, &slides, &total_vols);
            for (i, (price, value)) in prices.iter().zip(&values).enumerate() {
                let total_vol = total_vols[slides.vol_kinds[i] as usize];
                let option = GridOption::new(strike);
                let reference = time_value(&option, slides.forwards[i], slides.ln_forwards[i], total_vol);
                assert_eq!(value.to_bits(), reference.to_bits(), "row {number}, slide {i}: {value} not {reference}");
                let expected = slides.discount_factors[i] * (right.payoff(slides.forwards[i], strike) + reference);
                assert_eq!(price.to_bits(), expected.to_bits(), "row {number}, slide {i}");
                assert!(*value >= 0.0 && *price >= 0.0);
            }
        }
    }
}

#[test]
fn the_distribution_in_lanes_is_that_of_single_numbers_to_the_bit() {
    let edges = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, FARTHEST, -FARTHEST, 1e300, 1e-300];
    let numbers: Vec<f64> = (-4_000..4_000).map(|step| f64::from(step) * 0.0103).chain(edges).collect();
    for count in [0, 1, 2, 3, 4, 5, 12, 24, numbers.len()] {
        let mut lanes = numbers[numbers.len() - count..].to_vec();
        norm_cdfs(&mut lanes);
        for (lane, number) in lanes.iter().zip(&numbers[numbers.len() - count..]) {
            let alone = norm_cdf_absolute(*number);
            assert!(lane.to_bits() == alone.to_bits() || (lane.is_nan() && alone.is_nan()), "{number}: {lane} {alone}");
        }
    }
}

#[test]
fn nothing_is_written_beyond_the_shortest_list() {
    let mut slides = slides((0..9).map(|i| 80.0 + f64::from(i)).collect(), vec![1.0; 9]);
    slides.ln_forwards.truncate(6);
    let mut values = [-1.0; 9];
    let vols = vols(&slides, &[TotalVol::new(0.2); 9]);
    time_values(&GridOption::new(90.0), &slides, &vols, &mut values);
    assert!(values[..6].iter().all(|value| *value > 0.0) && values[6..] == [-1.0; 3]);
}

#[test]
fn changes_are_sized_once() {
    let mut out = [f64::NAN; 3];
    changes(&[10.0, 8.0], 10.0, &[1.0, 1.5, 1.0], -2.0, &[1.0, 0.5], &mut out);
    assert_eq!(out[..2], [0.0, -2.0]);
    assert!(out[2].is_nan());
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

/// The square is rounded, and with it the exponent by so many units in its last place.
#[test]
fn the_density_is_good_to_the_rounding_of_its_exponent() {
    for step in 0..=37_500 {
        let z = 0.001 * f64::from(step);
        let (numerator, denominator) = exp_of_half_square(z);
        let (ours, reference) = (numerator / denominator, exp(-0.5 * z * z));
        let allowed = (2.0 + z * z) * f64::EPSILON * reference;
        assert!((ours - reference).abs() <= allowed, "exp(-{z}²/2): {ours:e} not {reference:e}");
    }
    let (numerator, denominator) = exp_of_half_square(0.0);
    assert_eq!(numerator, denominator);
    assert!(exp_of_half_square(FARTHEST).0 > 0.0);
}
