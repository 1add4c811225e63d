//! What the model must do whatever the figures: see no future, follow vol and tails, keep its bounds.

use super::*;

/// Draws from a distribution, the same ones each time, scaled for each day.
fn series(distribution: StudentT, days: usize, scale: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut seed = 20_200_312_u64;
    let mut uniform = || {
        // Knuth's multiplier; the upper bits are random enough.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((seed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..days).map(|day| scale(day) * distribution.quantile(uniform()).expect("in the domain")).collect()
}

fn distribution(nu: f64) -> StudentT {
    StudentT::new(nu, 0.0, 0.02).expect("in the domain")
}

fn parameters() -> RegimeParameters {
    RegimeParameters { maximum_range: 10.0, minimum_range: 0.0, ..RegimeParameters::default() }
}

#[test]
fn no_forecast_sees_its_own_day_or_a_later_one() {
    let returns = series(distribution(4.0), 700, |day| if day % 200 < 50 { 3.0 } else { 1.0 });
    let mut tools = parameters();
    tools.anti_procyclicality = AntiProcyclicality {
        buffer: 0.25,
        buffer_rebuild: 0.02,
        stressed_weight: 0.25,
        look_back_floor: true,
        look_back_days: 400,
        greatest_rise: 0.5,
        greatest_fall: 0.1,
    };
    for parameters in [parameters(), tools] {
        let whole = walk_forward(&returns, &parameters).expect("moves");
        assert_eq!((whole.first_day, whole.days.len()), (250, 450));
        for cut in [251, 310, 311, 555] {
            let mut other = returns[..cut].to_vec();
            let before = walk_forward(&other, &parameters).expect("moves");
            assert_eq!(before.today, whole.days[cut - 250], "day {cut}");
            assert_eq!(before.days, whole.days[..cut - 250]);
            other.extend([0.9; 20]);
            assert_eq!(walk_forward(&other, &parameters).expect("moves").days[..cut - 249], whole.days[..cut - 249]);
        }
    }
}

#[test]
fn normal_returns_give_the_normal_range() {
    let normal = series(distribution(1e6), 2_000, |_| 1.0);
    let history =
        walk_forward(&normal, &RegimeParameters { states: 0, ewma_lambda: 0.99, window_days: 1_500, ..parameters() })
            .expect("moves");
    let today = history.today;
    // 2.5758 standard deviations of 2 %.
    assert!((today.range / 0.0515166 - 1.0).abs() < 0.1, "{today:?}");
    assert!(today.degrees_of_freedom > 30.0, "{today:?}");
    assert_eq!((today.vol, today.vol_regime, today.turbulent_probability), (today.vol_ewma, today.vol_ewma, 0.0));
}

#[test]
fn fatter_tails_make_wider_ranges_at_equal_vol() {
    let multiple = |nu: f64| {
        let returns = series(distribution(nu), 2_000, |_| 1.0);
        let today = walk_forward(
            &returns,
            &RegimeParameters { states: 0, ewma_lambda: 0.99, window_days: 1_500, ..parameters() },
        )
        .expect("moves")
        .today;
        today.model_range / today.vol
    };
    let (fat, medium, thin) = (multiple(3.0), multiple(6.0), multiple(1e6));
    assert!(fat > 1.05 * medium && medium > 1.05 * thin, "{fat} {medium} {thin}");
}

#[test]
fn turbulence_is_recognised_and_widens_the_range() {
    let returns = series(distribution(1e6), 1_500, |day| if day % 300 >= 240 { 4.0 } else { 1.0 });
    for states in [2, 3] {
        let history = walk_forward(
            &returns,
            &RegimeParameters { states, regime_weight: 0.5, window_days: 1_000, ..parameters() },
        )
        .expect("moves");
        let day = |day: usize| history.days[day - history.first_day];
        let (calm, turbulent) = (day(1_430), day(1_480));
        assert!(turbulent.range > 2.0 * calm.range, "{calm:?} {turbulent:?}");
        assert!(calm.turbulent_probability < 0.1 && turbulent.turbulent_probability > 0.8, "{calm:?} {turbulent:?}");
        assert!(calm.vol_shift_up > turbulent.vol_shift_up && calm.vol_shift_down < turbulent.vol_shift_down);
    }
}

#[test]
fn horizon_bounds_and_vol_shifts() {
    let returns = series(distribution(4.0), 600, |_| 1.0);
    let today = |parameters: &RegimeParameters| walk_forward(&returns, parameters).expect("moves").today;
    let day = today(&parameters());
    let four = today(&RegimeParameters { horizon_days: 4.0, ..parameters() });
    assert!((four.range / day.range - 2.0).abs() < 1e-12);
    let bounded = today(&RegimeParameters { minimum_range: 0.3, maximum_range: 0.5, ..parameters() });
    assert_eq!((bounded.range, bounded.model_range), (0.3, day.model_range));
    let bounded = today(&RegimeParameters { maximum_range: 0.01, ..parameters() });
    assert_eq!(bounded.range, 0.01);
    let fixed = today(&RegimeParameters { minimum_vol_shift: 0.4, maximum_vol_shift: 0.4, ..parameters() });
    assert_eq!((fixed.vol_shift_up, fixed.vol_shift_down), (0.4, 0.4));
}

#[test]
fn stress_weight_and_floor_hold_the_range_up() {
    let returns = series(distribution(1e6), 1_500, |day| if (300..400).contains(&day) { 5.0 } else { 1.0 });
    let today = |tools: AntiProcyclicality| {
        let parameters = RegimeParameters { anti_procyclicality: tools, ..parameters() };
        walk_forward(&returns, &parameters).expect("moves").today
    };
    let plain = today(AntiProcyclicality::none());
    let stressed = today(AntiProcyclicality { stressed_weight: 0.25, ..AntiProcyclicality::none() });
    let floored = today(AntiProcyclicality { look_back_floor: true, ..AntiProcyclicality::none() });
    let buffered = today(AntiProcyclicality { buffer: 0.25, ..AntiProcyclicality::none() });
    assert!(stressed.range > 1.2 * plain.range && floored.range > 1.2 * plain.range, "{stressed:?} {floored:?}");
    assert!(buffered.range >= plain.range && buffered.range <= 1.25 * plain.range);
    assert_eq!(plain.range, plain.model_range);
    assert_eq!(stressed.model_range, plain.model_range);
}

#[test]
fn greatest_of_the_last_days_by_brute_force() {
    let figures: Vec<f64> = (0..60).map(|day| ((day * 37) % 53) as f64 - (day / 20 * 30) as f64).collect();
    for days in [1, 2, 7, 100] {
        let expected: Vec<f64> = (0..60)
            .map(|day: usize| figures[(day + 1).saturating_sub(days)..=day].iter().copied().fold(f64::MIN, f64::max))
            .collect();
        assert_eq!(greatest_so_far(&figures, days), expected, "{days}");
    }
}

#[test]
fn plain_alternative_by_hand() {
    let returns = [0.02, -0.02, 0.02, -0.04];
    let ranges = ewma_normal_ranges(&returns, 3, 0.94, 0.99, 4.0).expect("moves");
    // The 99.5 % quantile, twice for four days.
    assert_eq!(ranges.len(), 2);
    assert!((ranges[0] - 2.0 * 2.575_829_303_548_900_4 * 0.02).abs() < 1e-15);
    assert!((ranges[1] - 2.0 * 2.575_829_303_548_900_4 * (0.94 * 0.0004 + 0.06 * 0.0016_f64).sqrt()).abs() < 1e-15);
    assert!(ewma_normal_ranges(&returns, 5, 0.94, 0.99, 1.0).is_err());
    assert_eq!(ewma_normal_ranges(&[0.0; 9], 3, 0.94, 0.99, 1.0), Err(StatisticsError::Still));
}

#[test]
fn what_is_outside_the_domain_is_refused() {
    let returns = series(distribution(4.0), 300, |_| 1.0);
    for bad in [
        RegimeParameters { confidence: 1.0, ..parameters() },
        RegimeParameters { confidence: f64::NAN, ..parameters() },
        RegimeParameters { states: 1, ..parameters() },
        RegimeParameters { states: 4, ..parameters() },
        RegimeParameters { refit_days: 0, ..parameters() },
        RegimeParameters { window_days: 100, ..parameters() },
        RegimeParameters { minimum_range: 0.5, maximum_range: 0.4, ..parameters() },
        RegimeParameters { shortest_history_days: 301, ..parameters() },
    ] {
        assert!(walk_forward(&returns, &bad).is_err(), "{bad:?}");
    }
    let mut still = returns.clone();
    still[..260].fill(0.0);
    assert_eq!(walk_forward(&still, &parameters()), Err(StatisticsError::Still));
    // With exactly the shortest history, there is today's forecast only.
    assert!(walk_forward(&returns[..250], &parameters()).expect("moves").days.is_empty());
}
