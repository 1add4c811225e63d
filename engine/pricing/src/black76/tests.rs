//! Independent figures, finite differences and edges of [`black76`](super).

use super::*;

/// Undiscounted prices for forward, strike and total vol, from 60-digit arithmetic on these very doubles.
const REFERENCES: [(f64, f64, f64, Right, f64); 42] = [
    (100.0, 100.0, 1e-08, Right::Call, 3.989422804014327e-07),
    (100.0, 100.0, 1e-08, Right::Put, 3.989422804014327e-07),
    (100.0, 100.0, 0.25, Right::Call, 9.947644966022578),
    (100.0, 100.0, 0.25, Right::Put, 9.947644966022578),
    (100.0, 100.0, 0.3001, Right::Call, 11.927483252563),
    (100.0, 100.0, 0.3001, Right::Put, 11.927483252563),
    (100.0, 100.0, 3.0, Right::Call, 86.63855974622838),
    (100.0, 100.0, 3.0, Right::Put, 86.63855974622838),
    (100.0, 100.0, 20.0, Right::Call, 100.0),
    (100.0, 100.0, 20.0, Right::Put, 100.0),
    (100.0, 100.0000001, 1e-09, Right::Call, 8.331548012774517e-09),
    (100.0, 100.0000001, 1e-09, Right::Put, 1.083315420759569e-07),
    (100.0, 100.001, 0.001, Right::Call, 0.03939642053357035),
    (100.0, 100.001, 0.001, Right::Put, 0.040396420533575124),
    (100.0, 101.0, 0.0005, Right::Call, 5.044832471104967e-91),
    (100.0, 101.0, 0.0005, Right::Put, 1.0),
    (100.0, 101.0, 0.02, Right::Call, 0.3990983040969073),
    (100.0, 101.0, 0.02, Right::Put, 1.3990983040969074),
    (100.0, 99.0, 0.29, Right::Call, 11.978108204055708),
    (100.0, 99.0, 0.29, Right::Put, 10.978108204055708),
    (100.0, 99.0, 0.31, Right::Call, 12.762668077408708),
    (100.0, 99.0, 0.31, Right::Put, 11.762668077408708),
    (100.0, 250.0, 0.3125, Right::Call, 0.02369892717230731),
    (100.0, 250.0, 0.3125, Right::Put, 150.02369892717232),
    (100.0, 250.0, 0.03125, Right::Call, 4.665364085127374e-190),
    (100.0, 250.0, 0.03125, Right::Put, 150.0),
    (100.0, 250.0, 1.375, Right::Call, 28.870670314044087),
    (100.0, 250.0, 1.375, Right::Put, 178.87067031404408),
    (100.0, 40.0, 1.354, Right::Call, 71.21318190894162),
    (100.0, 40.0, 1.354, Right::Put, 11.213181908941621),
    (100.0, 40.0, 6.0, Right::Call, 99.83093243927482),
    (100.0, 40.0, 6.0, Right::Put, 39.83093243927482),
    (1.0, 1000.0, 0.1875, Right::Call, 3.2172507763745626e-298),
    (1.0, 1000.0, 0.1875, Right::Put, 999.0),
    (1.0, 1000.0, 3.5, Right::Call, 0.3133332752411105),
    (1.0, 1000.0, 3.5, Right::Put, 999.3133332752411),
    (60000.0, 61000.0, 0.125, Right::Call, 2541.324991982887),
    (60000.0, 61000.0, 0.125, Right::Put, 3541.324991982887),
    (60000.0, 900000.0, 0.6, Right::Call, 0.08693756265506404),
    (60000.0, 900000.0, 0.6, Right::Put, 840000.0869375627),
    (0.1, 2000000.0, 0.5, Right::Call, 2.5331579781840154e-247),
    (0.1, 2000000.0, 0.5, Right::Put, 1999999.9),
];

#[test]
fn every_digit_of_the_references() {
    for (forward, strike, total_vol, right, expected) in REFERENCES {
        let ours = price(right, forward, strike, total_vol, 1.0, 1.0);
        // The rounding of a reaches the price a² times over: 1,300 times in the farthest wing, a few dozen elsewhere.
        let allowed = if expected < 1e-20 * forward { 5e-13 } else { 1e-14 };
        let error = (ours - expected).abs();
        assert!(error <= allowed * expected, "{right:?} {forward} {strike} {total_vol}: {ours:e}, not {expected:e}");
    }
}

/// A quantity's derivative by central differences of two widths, the leading error taken out.
fn slope(function: impl Fn(f64) -> f64, at: f64, width: f64) -> f64 {
    let central = |width: f64| (function(at + width) - function(at - width)) / (2.0 * width);
    (4.0 * central(width) - central(2.0 * width)) / 3.0
}

/// The second derivative, likewise.
fn curvature(function: impl Fn(f64) -> f64, at: f64, width: f64) -> f64 {
    let central = |width: f64| (function(at + width) - 2.0 * function(at) + function(at - width)) / (width * width);
    (4.0 * central(width) - central(2.0 * width)) / 3.0
}

const BOTH: [Right; 2] = [Right::Call, Right::Put];

#[test]
fn every_sensitivity_is_the_derivative_of_the_price() {
    let (forward, rate) = (100.0, 0.07);
    for right in BOTH {
        for strike in [70.0, 95.0, 100.0, 101.0, 140.0] {
            for (vol, years) in [(0.5, 0.25), (0.2, 1.5), (1.8, 0.02), (0.9, 3.0)] {
                let value = |forward: f64, vol: f64, years: f64, rate: f64| {
                    price(right, forward, strike, vol, years, exp(-rate * years))
                };
                let ours = sensitivities(right, forward, strike, vol, years, rate);
                // The widths are in units over which the price bends.
                let total_vol = vol * sqrt(years);
                let (forward_width, vol_width) = (0.02 * forward * total_vol, 0.02 * vol);
                let by_forward = |vol: f64| slope(|forward| value(forward, vol, years, rate), forward, forward_width);
                let expected = [
                    ("price", ours.price, value(forward, vol, years, rate), 0.0),
                    ("delta", ours.delta_forward, by_forward(vol), 1e-6),
                    (
                        "gamma",
                        ours.gamma_forward,
                        curvature(|forward| value(forward, vol, years, rate), forward, forward_width),
                        1e-6 / (forward * total_vol),
                    ),
                    ("vega", ours.vega, slope(|vol| value(forward, vol, years, rate), vol, vol_width), 1e-6 * forward),
                    (
                        "theta",
                        ours.theta_year,
                        -slope(|years| value(forward, vol, years, rate), years, 0.02 * years),
                        1e-6 * forward * total_vol / years,
                    ),
                    ("rho", ours.rho, slope(|rate| value(forward, vol, years, rate), rate, 1e-3), 1e-8 * forward),
                    ("vanna", ours.vanna, slope(by_forward, vol, vol_width), 2e-6 / vol),
                    (
                        "volga",
                        ours.volga,
                        curvature(|vol| value(forward, vol, years, rate), vol, vol_width),
                        2e-6 * forward / vol,
                    ),
                ];
                for (figure, ours, difference, allowed) in expected {
                    let error = (ours - difference).abs();
                    assert!(
                        error <= allowed,
                        "{figure} of {right:?} {strike} at {vol} for {years}: {ours} against {difference}, \
                         {error:e} of {allowed:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_expired_option_is_worth_its_exercise() {
    for years in [0.0, -0.0, -0.5] {
        for (forward, call, put, call_delta) in
            [(110.0, 10.0, 0.0, 1.0), (90.0, 0.0, 10.0, 0.0), (100.0, 0.0, 0.0, 0.5)]
        {
            // Neither vol nor rate matters any more.
            let ours = BOTH.map(|right| sensitivities(right, forward, 100.0, 0.8, years, 0.05));
            assert_eq!(ours.map(|s| s.price), [call, put]);
            assert_eq!(BOTH.map(|right| price(right, forward, 100.0, 0.8, years, 0.95)), [call, put]);
            assert_eq!(ours.map(|s| s.delta_forward), [call_delta, call_delta - 1.0]);
            for s in ours {
                assert_eq!([s.gamma_forward, s.vega, s.theta_year, s.rho, s.vanna, s.volga], [0.0; 6]);
            }
        }
    }
}

#[test]
fn without_vol_only_discounting_is_left() {
    let factor = exp(-0.05 * 2.0);
    for (forward, call, put, call_delta) in [(110.0, 10.0, 0.0, 1.0), (90.0, 0.0, 10.0, 0.0)] {
        let ours = BOTH.map(|right| sensitivities(right, forward, 100.0, 0.0, 2.0, 0.05));
        assert_eq!(ours.map(|s| s.price), [factor * call, factor * put]);
        assert_eq!(ours.map(|s| s.delta_forward), [factor * call_delta, factor * (call_delta - 1.0)]);
        for s in ours {
            assert_eq!([s.gamma_forward, s.vega, s.vanna, s.volga], [0.0; 4]);
            assert_eq!([s.theta_year, s.rho], [0.05 * s.price, -2.0 * s.price]);
        }
    }
}

#[test]
fn at_the_money_without_vol_is_the_limit_of_little_vol() {
    for right in BOTH {
        let none = sensitivities(right, 100.0, 100.0, 0.0, 2.0, 0.05);
        let little = sensitivities(right, 100.0, 100.0, 1e-9, 2.0, 0.05);
        assert_eq!((none.price, none.gamma_forward, none.volga), (0.0, 0.0, 0.0));
        for (figure, none, little) in [
            ("price", none.price, little.price),
            ("delta", none.delta_forward, little.delta_forward),
            ("vega", none.vega, little.vega),
            ("theta", none.theta_year, little.theta_year),
            ("vanna", none.vanna, little.vanna),
            ("volga", none.volga, little.volga),
        ] {
            assert!((none - little).abs() < 1e-6, "{figure}: {none} against {little}");
        }
    }
}

#[test]
fn vol_beyond_measure_makes_a_call_the_forward_and_a_put_the_strike() {
    for vol in [1e2, 1e10, 1e200, f64::MAX] {
        for (right, cap, delta) in [(Right::Call, 100.0, 1.0), (Right::Put, 120.0, 0.0)] {
            let ours = sensitivities(right, 100.0, 120.0, vol, 4.0, 0.0);
            assert_eq!((ours.price, ours.delta_forward), (cap, delta));
            assert_eq!([ours.gamma_forward, ours.vanna], [0.0; 2]);
            assert!(ours.vega >= 0.0 && ours.vega < 1e-300);
            assert!(ours.volga.is_finite() && ours.theta_year.is_finite());
        }
    }
}

#[test]
fn numbers_out_of_the_domain_are_handed_on_and_not_made_up() {
    for right in BOTH {
        assert!(price(right, f64::NAN, 100.0, 0.5, 1.0, 1.0).is_nan());
        assert!(price(right, 100.0, f64::NAN, 0.5, 1.0, 1.0).is_nan());
        assert!(price(right, 100.0, 100.5, f64::NAN, 1.0, 1.0).is_nan());
        assert!(price(right, 100.0, 100.5, 0.5, f64::NAN, 1.0).is_nan());
        assert!(price(right, 100.0, 100.5, 0.5, 1.0, f64::NAN).is_nan());
        assert!(price(right, -100.0, 100.0, 0.5, 1.0, 1.0).is_nan());
        assert!(sensitivities(right, f64::NAN, 100.0, 0.5, 1.0, 0.0).vega.is_nan());
    }
}
