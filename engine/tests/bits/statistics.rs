//! The regime model on a fixed series, and a hash of the bits of all it says, beside [`books`](super::books).

use margin_engine::statistics::backtest::{Side, breaches, coverage};
use margin_engine::statistics::regime::{AntiProcyclicality, RegimeParameters, walk_forward};
use margin_engine::statistics::student_t::StudentT;
use margin_engine::statistics::tail::tail_risk;

use super::books::{Hash, Random};

/// The hash of all figures.
pub const EXPECTED: u64 = 0x4f19_8f57_bffb_439b;

/// Fits, ranges and tests of a thousand days with two regimes and fat tails.
pub fn figures() -> u64 {
    let mut random = Random(1_995);
    let mut hash = Hash::new();
    let returns: Vec<f64> = (0..1_000)
        .map(|day| {
            let distribution =
                StudentT::new(3.0, 0.0, if day % 150 < 30 { 0.04 } else { 0.015 }).expect("in the domain");
            distribution.quantile(random.between(1e-6, 1.0 - 1e-6)).expect("in the domain")
        })
        .collect();
    hash.extend(&returns);
    let tools = AntiProcyclicality {
        buffer: 0.25,
        buffer_rebuild: 0.02,
        stressed_weight: 0.25,
        look_back_floor: true,
        ..AntiProcyclicality::none()
    };
    for states in [0, 2, 3] {
        let parameters = RegimeParameters { states, anti_procyclicality: tools.clone(), ..RegimeParameters::default() };
        let history = walk_forward(&returns, &parameters).expect("moves");
        for day in history.days.iter().chain([&history.today]) {
            hash.extend(&[day.range, day.model_range, day.vol, day.degrees_of_freedom, day.turbulent_probability]);
            hash.extend(&[day.vol_shift_up, day.vol_shift_down]);
        }
        let breaches = breaches(&returns[history.first_day..], &history.ranges(), Side::Both).expect("of one length");
        let test = coverage(&breaches, 0.01).expect("days");
        hash.extend(&[test.unconditional.p_value, test.independence.p_value, test.conditional.p_value]);
    }
    let risk = tail_risk(&returns, 0.975).expect("a sample");
    hash.extend(&[risk.value_at_risk, risk.expected_shortfall]);
    hash.finish()
}
