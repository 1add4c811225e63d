//! Prices on many spots and at many vols, against those that are computed one by one.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::black76;
use crate::numeric::{exp, ln};

const BOTH: [Right; 2] = [Right::Call, Right::Put];
const STRIKE: f64 = 100.0;

/// Vol, years, rate and dividend yield.
type Terms = (f64, f64, f64, f64);

/// Those of most options.
fn ordinary() -> impl Strategy<Value = Terms> {
    (0.08..0.9_f64, 1e-3..3.0_f64, 0.0..0.1_f64, 0.0..0.1_f64)
}

/// Those for which the method is meant.
fn wide() -> impl Strategy<Value = Terms> {
    (prop_oneof![0.03..0.1_f64, 0.1..2.5_f64], 1e-3..5.0_f64, -0.05..0.3_f64, -0.05..0.3_f64)
}

/// So many spots from e^`from` to e^`to` of the strike, ascending.
fn spots(count: usize, from: f64, to: f64) -> Vec<f64> {
    (0..count).map(|place| STRIKE * exp(from + (to - from) * place as f64 / (count - 1) as f64)).collect()
}

fn option(right: Right, (vol, years, rate, dividend): Terms, accuracy: Accuracy) -> Boundary {
    Boundary::new(right, STRIKE, vol, years, rate, dividend, accuracy)
}

/// The prices on `spots`, all together.
fn together(right: Right, terms: Terms, spots: &[f64]) -> Vec<f64> {
    let (vol, years, rate, dividend) = terms;
    let forward = |spot: f64| spot * exp((rate - dividend) * years);
    let european = |spot: &f64| black76::price(right, forward(*spot), STRIKE, vol, years, exp(-rate * years));
    let mut prices: Vec<f64> = spots.iter().map(european).collect();
    let ln_spots: Vec<f64> = spots.iter().map(|spot| ln(*spot)).collect();
    option(right, terms, Accuracy::Fast).prices(spots, &ln_spots, &mut prices);
    prices
}

/// The strike of a put, the spot of a call: what errors are fractions of.
fn unit(right: Right, spot: f64) -> f64 {
    if right == Right::Put { STRIKE } else { spot }
}

/// On many spots: within `most` of the price alone, and of the accurate one within `error` of the unit.
fn check_spots(terms: Terms, from: f64, to: f64, most: f64, error: f64) -> Result<(), TestCaseError> {
    let spots = spots(500, from, to);
    for right in BOTH {
        let [alone, accurate] = [Accuracy::Fast, Accuracy::Accurate].map(|accuracy| option(right, terms, accuracy));
        for (spot, ours) in spots.iter().zip(together(right, terms, &spots)) {
            let (unit, expected) = (unit(right, *spot), alone.price(*spot));
            prop_assert!((ours - expected).abs() <= most * unit, "{right:?} {spot}: {ours} and not {expected}");
            let expected = accurate.price(*spot);
            prop_assert!((ours - expected).abs() <= error * unit, "{right:?} {spot}: {ours} and not {expected}");
            prop_assert!(ours >= if right == Right::Put { STRIKE - spot } else { spot - STRIKE }, "{right:?} {spot}");
        }
    }
    Ok(())
}

/// At many vols, from that of `terms` to so many times as much.
fn check_vols(terms: Terms, factor: f64, most: f64, error: f64) -> Result<(), TestCaseError> {
    let (vol, years, rate, dividend) = terms;
    for right in BOTH {
        let Some(mut by_vol) = BoundaryByVol::new(right, STRIKE, (vol, factor * vol), years, rate, dividend) else {
            continue;
        };
        for step in 0..=7 {
            let vol = vol * (1.0 + (factor - 1.0) * f64::from(step) / 7.0);
            let ours = by_vol.at(vol);
            let terms = (vol, years, rate, dividend);
            let [alone, accurate] = [Accuracy::Fast, Accuracy::Accurate].map(|accuracy| option(right, terms, accuracy));
            for spot in spots(40, -1.0, 1.0) {
                let (unit, ours, expected) = (unit(right, spot), ours.price(spot), alone.price(spot));
                prop_assert!((ours - expected).abs() <= most * unit, "{right:?} {vol} {spot}: {ours} {expected}");
                let expected = accurate.price(spot);
                prop_assert!((ours - expected).abs() <= error * unit, "{right:?} {vol} {spot}: {ours} {expected}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1969), ..ProptestConfig::with_cases(500) })]

    #[test]
    fn many_spots(terms in ordinary(), from in -1.0..-0.05_f64, to in 0.05..1.0_f64) {
        check_spots(terms, from, to, 2.5e-5, 4e-5)?;
    }

    #[test]
    fn many_spots_on_wide_terms(terms in wide(), from in -1.0..-0.05_f64, to in 0.05..1.0_f64) {
        check_spots(terms, from, to, 1.5e-4, 7e-4)?;
    }

    #[test]
    fn many_vols(terms in ordinary(), factor in 1.05..4.0_f64) {
        check_vols(terms, factor, 2.5e-5, 4e-5)?;
    }

    #[test]
    fn many_vols_on_wide_terms(terms in wide(), factor in 1.05..4.0_f64) {
        check_vols(terms, factor, 3e-4, 7e-4)?;
    }

    /// Few spots, or far apart, have the bits that they have alone; the European prices do not matter.
    #[test]
    fn few_spots_are_priced_one_by_one(terms in wide(), count in 2..64_usize) {
        for right in BOTH {
            let alone = option(right, terms, Accuracy::Fast);
            for spots in [spots(count, -0.5, 0.5), spots(100, -200.0 * terms.0, 500.0)] {
                let ln_spots: Vec<f64> = spots.iter().map(|spot| ln(*spot)).collect();
                let mut prices = vec![f64::NAN; spots.len()];
                alone.prices(&spots, &ln_spots, &mut prices);
                for (spot, ours) in spots.iter().zip(prices) {
                    prop_assert_eq!(ours.to_bits(), alone.price(*spot).to_bits());
                }
            }
        }
    }
}

#[test]
fn no_number_in_gives_no_number_out() {
    let terms = (0.3, 0.5, 0.04, 0.01);
    for right in BOTH {
        let mut spots = spots(100, -0.3, 0.3);
        spots[17] = f64::NAN;
        let prices = together(right, terms, &spots);
        assert!(prices[17].is_nan() && prices.iter().filter(|price| price.is_nan()).count() == 1);
        let terms = (f64::NAN, 0.5, 0.04, 0.01);
        assert!(together(right, terms, &spots).iter().all(|price| price.is_nan()));
    }
    assert!(BoundaryByVol::new(Right::Put, STRIKE, (f64::NAN, 0.4), 0.5, 0.04, 0.01).is_none());
    let mut by_vol = BoundaryByVol::new(Right::Put, STRIKE, (0.2, 0.4), 0.5, 0.04, 0.01).expect("a boundary");
    assert!(by_vol.at(f64::NAN).price(90.0).is_nan());
}

/// Where vols are too far apart, or nobody exercises, there is nothing to interpolate.
#[test]
fn ranges_that_do_not_serve() {
    let by_vol = |right, vols, rate| BoundaryByVol::new(right, STRIKE, vols, 0.5, rate, 0.0).is_some();
    assert!(by_vol(Right::Put, (0.2, 0.8), 0.04));
    for (right, vols, rate) in [
        (Right::Put, (0.2, 0.81), 0.04),
        (Right::Put, (0.2, 0.2), 0.04),
        (Right::Put, (0.0, 0.2), 0.04),
        (Right::Put, (0.2, 0.4), 0.0),
        (Right::Call, (0.2, 0.4), 0.04),
    ] {
        assert!(!by_vol(right, vols, rate), "{right:?} {vols:?} {rate}");
    }
}
