//! [`implied_vol`] undoes [`black76::price`] on random terms.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::black76;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(2015), max_global_rejects: 40_000, ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn the_vol_of_a_price_is_the_vol_it_was_made_with(
        is_call in any::<bool>(),
        forward in 1e-1..1e6_f64,
        deviations in -20.0..20.0_f64,
        vol in 0.01..6.0_f64,
        years in 1e-4..5.0_f64,
        discount_factor in 0.7..1.1_f64,
    ) {
        let right = if is_call { Right::Call } else { Right::Put };
        let total_vol = vol * sqrt(years);
        let strike = forward * crate::numeric::exp((deviations * total_vol).clamp(-6.0, 6.0));
        let price = black76::price(right, forward, strike, vol, years, discount_factor);
        let vega = discount_factor * Terms::new(forward, strike, total_vol).scaled_density * sqrt(years);
        // A price is known to a few units in its last place, and the vol no better than that over vega.
        let allowed = 1e-14 * vol + 8.0 * f64::EPSILON * price / vega;
        // Deep in the money the time value drowns in the price, and any vol or none may come out.
        prop_assume!(allowed < 1e-3 * vol);
        let ours = implied_vol(right, price, forward, strike, years, discount_factor).map_err(|error| {
            TestCaseError::fail(error.to_string())
        })?;
        prop_assert!((ours - vol).abs() <= allowed, "{} and not {}, allowed {:e}", ours, vol, allowed);
    }
}
