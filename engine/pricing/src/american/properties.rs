//! Bounds and identities that hold of every American option, and a binomial tree, on random terms.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::black76;
use crate::numeric::{exp, sqrt};

const BOTH: [Right; 2] = [Right::Call, Right::Put];
/// The settings, each with what it may be off, of the larger of spot and strike.
const SETTINGS: [(Accuracy, f64); 2] = [(Accuracy::Fast, 1e-4), (Accuracy::Accurate, 4e-6)];

fn vols() -> impl Strategy<Value = f64> {
    prop_oneof![0.03..0.3_f64, 0.3..2.0_f64]
}

fn years() -> impl Strategy<Value = f64> {
    prop_oneof![1e-3..0.1_f64, 0.1..4.0_f64]
}

fn rates() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..0.12_f64]
}

/// Cox, Ross and Rubinstein's tree ("Option pricing: a simplified approach", Journal of Financial Economics 7, 1979).
#[expect(clippy::too_many_arguments, reason = "the terms of an option, each a plain number")]
fn tree(right: Right, spot: f64, strike: f64, vol: f64, years: f64, rate: f64, dividend: f64, steps: usize) -> f64 {
    let step_years = years / steps as f64;
    let up = (vol * step_years.sqrt()).exp();
    let growth = ((rate - dividend) * step_years).exp();
    let discount = (-rate * step_years).exp();
    let probability = (growth - 1.0 / up) / (up - 1.0 / up);
    let exercise = |level: usize, ups: usize| {
        let price = spot * up.powi(2 * ups as i32 - level as i32);
        if right == Right::Call { price - strike } else { strike - price }
    };
    let mut values: Vec<f64> = (0..=steps).map(|ups| exercise(steps, ups).max(0.0)).collect();
    for level in (0..steps).rev() {
        for ups in 0..=level {
            let held = discount * (probability * values[ups + 1] + (1.0 - probability) * values[ups]);
            values[ups] = held.max(exercise(level, ups));
        }
    }
    values[0]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(2016), ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn bounds(
        ln_ratio in prop_oneof![-1.0..1.0_f64, -20.0..20.0_f64],
        vol in prop_oneof![Just(0.0), 1e-12..1e-2_f64, 0.01..5.0_f64, 5.0..1e3_f64],
        years in prop_oneof![1e-12..1e-3_f64, 1e-3..10.0_f64, 10.0..500.0_f64],
        rate in prop_oneof![Just(0.0), -0.1..0.5_f64],
        dividend in prop_oneof![Just(0.0), -0.1..0.5_f64],
    ) {
        let (spot, strike) = (100.0 * exp(ln_ratio), 100.0);
        let forward = spot * exp((rate - dividend) * years);
        for right in BOTH {
            let european = black76::price(right, forward, strike, vol, years, exp(-rate * years));
            let (exercise, most) = match right {
                Right::Call => (spot - strike, spot * exp(-dividend.min(0.0) * years)),
                Right::Put => (strike - spot, strike * exp(-rate.min(0.0) * years)),
            };
            for (accuracy, _) in SETTINGS {
                let ours = price(right, spot, strike, vol, years, rate, dividend, accuracy);
                prop_assert!(ours >= european.max(exercise), "{} {} {}", ours, european, exercise);
                prop_assert!(ours <= most * (1.0 + 1e-12), "{} {}", ours, most);
            }
        }
    }

    #[test]
    fn monotone_in_spot_and_vol(
        ln_ratio in -1.5..1.5_f64, vol in vols(), years in years(), rate in rates(), dividend in rates(),
        step in 1e-6..0.3_f64,
    ) {
        let (spot, strike) = (100.0 * exp(ln_ratio), 100.0);
        for right in BOTH {
            for (accuracy, tolerance) in SETTINGS {
                let option = Boundary::new(right, strike, vol, years, rate, dividend, accuracy);
                let ours = option.price(spot);
                prop_assert_eq!(ours, price(right, spot, strike, vol, years, rate, dividend, accuracy));
                let moved = option.price(spot * (1.0 + step));
                let slack = 0.5 * tolerance * spot.max(strike);
                let rise = if right == Right::Call { moved - ours } else { ours - moved };
                prop_assert!(rise >= -slack, "{:?} {:?} from {} to {}", right, accuracy, ours, moved);
                prop_assert!(rise <= spot * step + slack, "{:?} {:?} from {} to {}", right, accuracy, ours, moved);
                let livelier = price(right, spot, strike, vol * (1.0 + step), years, rate, dividend, accuracy);
                prop_assert!(livelier >= ours - slack, "{:?} {:?} {} after {}", right, accuracy, livelier, ours);
            }
        }
    }

    #[test]
    fn a_call_is_a_put_with_everything_exchanged(
        ln_ratio in -2.0..2.0_f64, vol in vols(), years in years(), rate in rates(), dividend in rates(),
    ) {
        let (spot, strike) = (100.0 * exp(ln_ratio), 100.0);
        for (accuracy, _) in SETTINGS {
            let call = price(Right::Call, spot, strike, vol, years, rate, dividend, accuracy);
            let put = price(Right::Put, strike, spot, vol, years, dividend, rate, accuracy);
            prop_assert!((call - put).abs() <= 1e-13 * spot.max(strike), "{} and {}", call, put);
        }
    }

    #[test]
    fn a_call_without_yield_is_european(ln_ratio in -3.0..3.0_f64, vol in vols(), years in years(), rate in rates()) {
        let spot = 100.0 * exp(ln_ratio);
        let european = black76::price(Right::Call, spot * exp(rate * years), 100.0, vol, years, exp(-rate * years));
        for (accuracy, _) in SETTINGS {
            prop_assert_eq!(price(Right::Call, spot, 100.0, vol, years, rate, 0.0, accuracy), european.max(spot - 100.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1979), ..ProptestConfig::with_cases(150) })]

    #[test]
    fn agrees_with_a_binomial_tree(
        ln_ratio in -0.7..0.7_f64, vol in vols(), years in years(),
        rate in prop_oneof![rates(), -0.03..0.0_f64], dividend in prop_oneof![rates(), -0.03..0.0_f64],
    ) {
        const STEPS: usize = 400;
        let (spot, strike) = (100.0 * exp(ln_ratio), 100.0);
        for right in BOTH {
            let (earns, keeps) = if right == Right::Put { (rate, dividend) } else { (dividend, rate) };
            // There the price is a lower bound only.
            let two_boundaries = earns < 0.0 && keeps < earns;
            // The mean of an even and an odd tree, whose errors at the strike have opposite signs.
            let [even, odd] = [STEPS, STEPS + 1].map(|n| tree(right, spot, strike, vol, years, rate, dividend, n));
            let expected = 0.5 * (even + odd);
            for (accuracy, tolerance) in SETTINGS {
                let ours = price(right, spot, strike, vol, years, rate, dividend, accuracy);
                let allowed = (tolerance + vol * sqrt(years) / STEPS as f64) * spot.max(strike);
                prop_assert!(
                    ours <= expected + allowed && (two_boundaries || ours >= expected - allowed),
                    "{:?} {:?} {} and not {}", right, accuracy, ours, expected
                );
            }
        }
    }
}
