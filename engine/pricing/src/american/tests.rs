//! Published figures, certain forwards and edges of [`american`](super).

use super::*;
use crate::numeric::exp;
use crate::{Right, black76};

const BOTH: [Right; 2] = [Right::Call, Right::Put];
const SETTINGS: [Accuracy; 2] = [Accuracy::Fast, Accuracy::Accurate];

/// Strike, vol and the puts for one, four and seven months on a spot of 40 at a rate of 4.88 % without yield.
///
/// R. Geske and H. E. Johnson, "The American put option valued analytically", Journal of Finance 39, 1984, table I:
/// the numerical values of Cox and Rubinstein, whose times are 0.0833, 0.3333 and 0.5833 years.
const PUBLISHED: [(f64, f64, [f64; 3]); 9] = [
    (35.0, 0.2, [0.0062, 0.2004, 0.4328]),
    (40.0, 0.2, [0.8522, 1.5798, 1.9904]),
    (45.0, 0.2, [5.0000, 5.0883, 5.2670]),
    (35.0, 0.3, [0.0774, 0.6975, 1.2198]),
    (40.0, 0.3, [1.3099, 2.4825, 3.1696]),
    (45.0, 0.3, [5.0597, 5.7056, 6.2436]),
    (35.0, 0.4, [0.2466, 1.3460, 2.1549]),
    (40.0, 0.4, [1.7681, 3.3874, 4.3526]),
    (45.0, 0.4, [5.2868, 6.5099, 7.3830]),
];

#[test]
fn published_puts() {
    for (strike, vol, expected) in PUBLISHED {
        for (years, expected) in [0.0833, 0.3333, 0.5833].into_iter().zip(expected) {
            let [fast, accurate] =
                SETTINGS.map(|accuracy| price(Right::Put, 40.0, strike, vol, years, 0.0488, 0.0, accuracy));
            let name = format!("strike {strike}, vol {vol}, {years} years");
            assert!((accurate - expected).abs() < 1.5e-4, "{name}: {accurate} and not {expected}");
            assert!((fast - accurate).abs() < 4e-5 * strike, "{name}: {fast} and not {accurate}");
        }
    }
}

#[test]
fn a_put_that_never_expires_has_its_closed_form() {
    // Merton's perpetual put: (K − B)·(S/B)^λ. After 400 years at 8 % next to nothing is left to come.
    let (rate, dividend, vol) = (0.08_f64, 0.03_f64, 0.3_f64);
    let centre = 0.5 - (rate - dividend) / (vol * vol);
    let root = centre - (centre * centre + 2.0 * rate / (vol * vol)).sqrt();
    let boundary = 100.0 * root / (root - 1.0);
    for (accuracy, tolerance) in [(Accuracy::Fast, 2e-2), (Accuracy::Accurate, 2e-4)] {
        let option = Boundary::new(Right::Put, 100.0, vol, 400.0, rate, dividend, accuracy);
        for spot in [70.0, 100.0, 150.0, 400.0] {
            let exact = (100.0 - boundary) * (spot / boundary).powf(root);
            let ours = option.price(spot);
            assert!((ours - exact).abs() < tolerance * 100.0, "{accuracy:?} {spot}: {ours} and not {exact}");
        }
    }
}

#[test]
fn without_vol_the_best_time_is_found() {
    for right in BOTH {
        for (rate, dividend) in [(0.02, 0.08), (0.08, 0.02), (0.05, 0.05), (0.05, 0.0), (0.0, 0.05), (0.0, -0.03)] {
            for spot in [40.0, 90.0, 100.0, 115.0, 300.0] {
                let exercised = |step: i32| {
                    let time = 5.0 * f64::from(step) / 20_000.0;
                    let (stock, cash) = (spot * exp(-dividend * time), 100.0 * exp(-rate * time));
                    if right == Right::Call { stock - cash } else { cash - stock }
                };
                let best = (0..=20_000).map(exercised).fold(0.0, f64::max);
                for accuracy in SETTINGS {
                    let ours = price(right, spot, 100.0, 0.0, 5.0, rate, dividend, accuracy);
                    assert!((ours - best).abs() < 1e-6, "{right:?} {rate} {dividend} {spot}: {ours} and not {best}");
                    let nearly = price(right, spot, 100.0, 1e-6, 5.0, rate, dividend, accuracy);
                    let off = (nearly - best).abs();
                    assert!(off < 1e-2, "{right:?} {rate} {dividend} {spot}: {nearly} and not {best}");
                }
            }
        }
    }
}

#[test]
fn where_early_exercise_earns_nothing_the_price_is_european() {
    for (right, rate, dividend) in [
        (Right::Call, 0.05, 0.0),
        (Right::Call, 0.0, 0.0),
        (Right::Call, 0.05, -0.02),
        (Right::Call, -0.01, -0.02),
        (Right::Put, 0.0, 0.0),
        (Right::Put, 0.0, 0.05),
        (Right::Put, -0.02, 0.05),
        (Right::Put, -0.02, -0.01),
    ] {
        for strike in [1.0, 60.0, 100.0, 140.0, 1e5] {
            let years = 1.5;
            let forward = 100.0 * exp((rate - dividend) * years);
            let european = black76::price(right, forward, strike, 0.7, years, exp(-rate * years));
            for accuracy in SETTINGS {
                let ours = price(right, 100.0, strike, 0.7, years, rate, dividend, accuracy);
                assert!((ours - european).abs() <= 1e-14 * strike, "{right:?} {rate} {dividend} {strike}");
            }
        }
    }
}

#[test]
fn between_two_boundaries_the_larger_bound_stands() {
    let (rate, dividend) = (-0.02, -0.06);
    let forward = 100.0 * exp(0.04);
    for strike in [80.0, 100.0, 300.0] {
        let european = black76::price(Right::Put, forward, strike, 0.1, 1.0, exp(0.02));
        let ours = price(Right::Put, 100.0, strike, 0.1, 1.0, rate, dividend, Accuracy::Accurate);
        assert_eq!(ours, european.max(strike - 100.0));
        assert_eq!(ours, price(Right::Put, 100.0, strike, 0.1, 1.0, rate, dividend, Accuracy::Fast));
    }
}

#[test]
fn expired_options_are_worth_their_exercise() {
    for years in [0.0, -0.0, -2.0] {
        for accuracy in SETTINGS {
            assert_eq!(price(Right::Call, 110.0, 100.0, 0.5, years, 0.05, 0.02, accuracy), 10.0);
            assert_eq!(price(Right::Put, 110.0, 100.0, 0.5, years, 0.05, 0.02, accuracy), 0.0);
        }
    }
}

#[test]
fn deep_in_the_money_the_price_is_the_exercise_and_deep_out_it_keeps_its_digits() {
    for accuracy in SETTINGS {
        assert_eq!(price(Right::Put, 1.0, 100.0, 0.5, 1.0, 0.05, 0.02, accuracy), 99.0);
        assert_eq!(price(Right::Call, 1e4, 100.0, 0.5, 1.0, 0.02, 0.05, accuracy), 9_900.0);
        let forward = 100.0 * exp(0.03);
        let european = black76::price(Right::Put, forward, 5.0, 0.5, 1.0, exp(-0.05));
        let ours = price(Right::Put, 100.0, 5.0, 0.5, 1.0, 0.05, 0.02, accuracy);
        assert!(european > 0.0 && ours >= european && ours < 1.1 * european, "{ours:e} and {european:e}");
    }
}

#[test]
fn no_number_in_gives_no_number_out() {
    let terms = [100.0, 110.0, 0.5, 1.0, 0.05, 0.02];
    for right in BOTH {
        for field in 0..terms.len() {
            let mut terms = terms;
            terms[field] = f64::NAN;
            let [spot, strike, vol, years, rate, dividend] = terms;
            assert!(price(right, spot, strike, vol, years, rate, dividend, Accuracy::Fast).is_nan(), "field {field}");
        }
    }
}
