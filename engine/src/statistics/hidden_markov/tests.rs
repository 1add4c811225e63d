//! Against sums over every path of states, and against what was simulated.

use super::*;

const LIMITS: FitLimits = FitLimits { iterations: 500, tolerance: 1e-6 };

fn three_states() -> HiddenMarkov {
    HiddenMarkov {
        states: 3,
        means: [0.001, 0.0, -0.002],
        vols: [0.01, 0.02, 0.05],
        transitions: [[0.9, 0.08, 0.02], [0.1, 0.8, 0.1], [0.05, 0.15, 0.8]],
        start: [0.5, 0.3, 0.2],
    }
}

const RETURNS: [f64; 6] = [0.004, -0.03, 0.09, 0.0, -0.012, 0.02];

/// The probability of all returns up to `until` along with state `wanted` on `day`, summed over all paths.
fn joint(model: &HiddenMarkov, until: usize, day: usize, wanted: usize) -> f64 {
    let mut sum = 0.0;
    for path in 0..3_usize.pow(until as u32 + 1) {
        let states: Vec<usize> = (0..=until).map(|day| path / 3_usize.pow(day as u32) % 3).collect();
        if states[day] != wanted {
            continue;
        }
        let mut product = model.start[states[0]];
        for (step, &state) in states.iter().enumerate() {
            let distance = (RETURNS[step] - model.means[state]) / model.vols[state];
            product *= (-0.5 * distance * distance).exp() / (model.vols[state] * (2.0 * PI).sqrt());
            if step > 0 {
                product *= model.transitions[states[step - 1]][state];
            }
        }
        sum += product;
    }
    sum
}

#[test]
fn filter_and_smoother_are_sums_over_all_paths() {
    let model = three_states();
    let filtered = model.filter(&RETURNS).expect("finite");
    let smoothed = model.smooth(&RETURNS).expect("finite");
    let last = RETURNS.len() - 1;
    let total = |until: usize| (0..3).map(|state| joint(&model, until, until, state)).sum::<f64>();
    assert!((filtered.log_likelihood - total(last).ln()).abs() < 1e-12);
    let mut expected = model.start;
    for day in 0..=last {
        for (state, (known, hindsight)) in filtered.probabilities[day].iter().zip(smoothed[day]).enumerate() {
            assert!((known - joint(&model, day, day, state) / total(day)).abs() < 1e-13, "day {day}");
            assert!((hindsight - joint(&model, last, day, state) / total(last)).abs() < 1e-13, "day {day}");
        }
        // One day at a time gives the same.
        let updated = model.update(&expected, RETURNS[day]).expect("finite");
        assert_eq!(updated, filtered.probabilities[day]);
        expected = model.predict(&updated);
        assert!((expected.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }
}

#[test]
fn vol_of_a_mixture_by_hand() {
    let model = three_states();
    let vol = model.vol(&[0.5, 0.0, 0.5]);
    assert!((vol * vol - 0.5 * (1e-4 + 1e-6) - 0.5 * (25e-4 + 4e-6)).abs() < 1e-17);
    assert_eq!((model.means(), model.vols(), model.states()), (&[0.001, 0.0, -0.002][..], &[0.01, 0.02, 0.05][..], 3));
    assert_eq!((model.transitions(1), model.transitions(3)), (&[0.1, 0.8, 0.1][..], &[][..]));
}

#[test]
fn a_simulated_chain_is_found_again() {
    let (returns, turbulent) = simulated(20_000);
    let fit = HiddenMarkov::fit(&returns, 2, LIMITS).expect("moves");
    assert!(fit.converged, "{fit:?}");
    let model = fit.model;
    assert!((model.vols()[0] / 0.01 - 1.0).abs() < 0.02 && (model.vols()[1] / 0.04 - 1.0).abs() < 0.03, "{model:?}");
    assert!(
        (model.transitions(0)[1] - 0.02).abs() < 0.004 && (model.transitions(1)[0] - 0.05).abs() < 0.01,
        "{model:?}"
    );
    let smoothed = model.smooth(&returns).expect("finite");
    let right = smoothed.iter().zip(&turbulent).filter(|(day, truth)| (day[1] > 0.5) == **truth).count();
    assert!(right as f64 > 0.97 * returns.len() as f64, "{right}");
    // No model nearby is likelier, and more rounds are.
    let likelihood = |model: &HiddenMarkov| model.filter(&returns).expect("finite").log_likelihood;
    assert!((likelihood(&model) - fit.log_likelihood).abs() < 1e-6);
    for (calm, turbulent) in [(1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99)] {
        let mut other = model;
        other.vols[0] *= calm;
        other.vols[1] *= turbulent;
        assert!(likelihood(&other) < fit.log_likelihood);
    }
    // The least probability of a start costs a little near the end.
    let mut before = f64::NEG_INFINITY;
    for iterations in 1..20 {
        let limits = FitLimits { iterations, tolerance: f64::NEG_INFINITY };
        let likelihood = HiddenMarkov::fit(&returns, 2, limits).expect("moves").log_likelihood;
        assert!(likelihood >= before - 1e-6, "round {iterations}");
        before = likelihood;
    }
}

#[test]
fn states_are_sorted_and_probabilities_sum_to_one() {
    let (returns, _) = simulated(3_000);
    for states in [2, 3] {
        let model = HiddenMarkov::fit(&returns, states, LIMITS).expect("moves").model;
        assert!(model.vols().windows(2).all(|pair| pair[0] <= pair[1]), "{model:?}");
        for state in 0..states {
            assert!((model.transitions(state).iter().sum::<f64>() - 1.0).abs() < 1e-14);
        }
        // A return that no state explains is no division by zero.
        let updated = model.update(&model.start(), 40.0).expect("finite");
        assert!((updated.iter().sum::<f64>() - 1.0).abs() < 1e-14, "{updated:?}");
    }
}

#[test]
fn what_has_no_regimes_is_refused() {
    assert_eq!(HiddenMarkov::fit(&[0.01; 500], 2, LIMITS), Err(StatisticsError::Still));
    assert_eq!(HiddenMarkov::fit(&[0.01; 50], 3, LIMITS), Err(StatisticsError::TooShort { needed: 60, given: 50 }));
    let (mut returns, _) = simulated(100);
    for states in [0, 1, 4] {
        assert!(HiddenMarkov::fit(&returns, states, LIMITS).is_err());
    }
    returns[3] = f64::INFINITY;
    assert!(HiddenMarkov::fit(&returns, 2, LIMITS).is_err());
    // Mostly still, with repeated figures: a state may shrink onto them, but not to nothing.
    let mut sparse = vec![0.0; 400];
    for day in (0..400).step_by(40) {
        sparse[day] = 0.01 * (day as f64 - 200.0);
    }
    let model = HiddenMarkov::fit(&sparse, 2, LIMITS).expect("moves").model;
    assert!(model.vols()[0] > 0.0, "{model:?}");
}

/// Two states, 1 % and 4 % a day, left with a chance of 2 % and 5 %; and which days were turbulent.
fn simulated(days: usize) -> (Vec<f64>, Vec<bool>) {
    let mut seed = 20_200_312_u64;
    let mut uniform = || {
        // Knuth's multiplier; the upper bits are random enough.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut turbulent = false;
    let each = (0..days).map(|_| {
        turbulent = if turbulent { uniform() > 0.05 } else { uniform() < 0.02 };
        let normal = (-2.0 * uniform().ln()).sqrt() * (2.0 * PI * uniform()).cos();
        (normal * if turbulent { 0.04 } else { 0.01 }, turbulent)
    });
    each.unzip()
}
