//! Identities that hold of every option: [`black76`](super) on random terms.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

const BOTH: [Right; 2] = [Right::Call, Right::Put];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1976), ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn parity_bounds_and_signs(
        forward in 1e-2..1e6_f64,
        ln_ratio in -8.0..8.0_f64,
        vol in prop_oneof![Just(0.0), 1e-9..1e-2_f64, 0.01..5.0_f64, 5.0..1e4_f64],
        years in prop_oneof![1e-9..1e-3_f64, 1e-3..10.0_f64],
        rate in -0.1..0.3_f64,
    ) {
        let strike = forward * exp(ln_ratio);
        let factor = exp(-rate * years);
        let larger = forward.max(strike);
        let [call, put] = BOTH.map(|right| sensitivities(right, forward, strike, vol, years, rate));
        for (ours, right, cap) in [(call, Right::Call, forward), (put, Right::Put, strike)] {
            prop_assert_eq!(ours.price, price(right, forward, strike, vol, years, factor));
            prop_assert!(ours.price >= factor * intrinsic(right, forward, strike));
            prop_assert!(ours.price <= factor * cap * (1.0 + 4.0 * f64::EPSILON));
            prop_assert!(ours.gamma_forward >= 0.0 && ours.vega >= 0.0);
            let all = [ours.delta_forward, ours.gamma_forward, ours.vega, ours.theta_year, ours.rho, ours.vanna, ours.volga];
            prop_assert!(all.iter().all(|figure| figure.is_finite()), "{:?}", ours);
        }
        prop_assert!((0.0..=factor).contains(&call.delta_forward));
        prop_assert!((-factor..=0.0).contains(&put.delta_forward));
        prop_assert!((call.price - put.price - factor * (forward - strike)).abs() <= 1e-15 * factor * larger);
        prop_assert!((call.delta_forward - put.delta_forward - factor).abs() <= 1e-15 * factor);
        let shared = |s: &Sensitivities| [s.gamma_forward, s.vega, s.vanna, s.volga];
        prop_assert_eq!(shared(&call), shared(&put));
    }

    #[test]
    fn prices_rise_with_vol_and_with_the_forward_of_a_call(
        forward in 1.0..1e5_f64,
        ln_ratio in -3.0..3.0_f64,
        total_vol in prop_oneof![1e-4..0.3_f64, 0.25..0.35_f64, 0.3..6.0_f64],
        step in 1e-9..1e-1_f64,
    ) {
        let strike = forward * exp(ln_ratio);
        for right in BOTH {
            let lower = price(right, forward, strike, total_vol, 1.0, 1.0);
            let higher = price(right, forward, strike, total_vol * (1.0 + step), 1.0, 1.0);
            // A unit in the last place of the price for the sum with the intrinsic value, and of ln(price) in a wing.
            prop_assert!(higher >= lower * (1.0 - 1e-15) - 1e-13 * lower.min(1e-3 * forward), "{} {}", lower, higher);
            let farther = price(right, forward * (1.0 + step), strike, total_vol, 1.0, 1.0);
            let slack = 1e-15 * forward + 1e-13 * lower.min(1e-3 * forward);
            match right {
                Right::Call => prop_assert!(farther >= lower - slack, "{} {}", lower, farther),
                Right::Put => prop_assert!(farther <= lower + slack, "{} {}", lower, farther),
            }
        }
    }
}
