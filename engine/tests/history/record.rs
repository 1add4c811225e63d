//! The regime model day by day through real histories, beside a static range and plain EWMA.

use std::time::Instant;

use margin_engine::statistics::backtest::{CoverageTest, Side, accepted_breaches, breaches, coverage};
use margin_engine::statistics::procyclicality::{average, largest_rise, peak_to_trough};
use margin_engine::statistics::regime::{
    AntiProcyclicality, RegimeHistory, RegimeParameters, ewma_normal_ranges, walk_forward,
};
use margin_engine::statistics::returns::simple_returns;

use crate::{coins, index, say};

/// What Kupiec's test must not reject at.
const SIGNIFICANCE: f64 = 0.05;

/// Tests one way of setting the range, and says what came of it.
fn tell(name: &str, returns: &[f64], ranges: &[f64]) -> CoverageTest {
    let test = |side| {
        let breaches = breaches(returns, ranges, side).expect("of one length");
        coverage(&breaches, 0.01).expect("days")
    };
    let both = test(Side::Both);
    say(&format!(
        "  {name:26} {:3} breaches, {} down, {} up; p of number {:.3}, of independence {:.3}, of both {:.3}; range {:.2} % \
         on average, peak to trough {:.1}, greatest rise in 5 days {:.0} %",
        both.breaches,
        test(Side::Down).breaches,
        test(Side::Up).breaches,
        both.unconditional.p_value,
        both.independence.p_value,
        both.conditional.p_value,
        100.0 * average(ranges).expect("days"),
        peak_to_trough(ranges).expect("positive"),
        100.0 * largest_rise(ranges, 5).expect("positive"),
    ));
    both
}

fn record(name: &str, closes: &[f64], days_of_ten_years: usize) {
    let returns = simple_returns(closes).expect("prices");
    let parameters = RegimeParameters::default();
    let start = Instant::now();
    let plain = walk_forward(&returns, &parameters).expect("moves");
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let judged = &returns[plain.first_day..];
    let (least, greatest) = accepted_breaches(judged.len(), 0.01, SIGNIFICANCE).expect("days");
    say(&format!("{name}: {} days, {least} to {greatest} breaches accepted; {milliseconds:.0} ms", judged.len()));
    let adaptive = tell("regime-adaptive", judged, &plain.ranges());
    for states in [0, 3] {
        let other = walk_forward(&returns, &RegimeParameters { states, ..parameters.clone() }).expect("moves");
        tell(&format!("the same with {states} states"), judged, &other.ranges());
    }

    // From the least history on, so that for the coins the crash of March 2020 is judged too.
    let early =
        walk_forward(&returns, &RegimeParameters { shortest_history_days: 60, ..parameters.clone() }).expect("moves");
    tell("the same from day 60 on", &returns[early.first_day..], &early.ranges());

    let with = |tools| -> RegimeHistory {
        walk_forward(&returns, &RegimeParameters { anti_procyclicality: tools, ..parameters.clone() }).expect("moves")
    };
    let none = AntiProcyclicality { look_back_days: days_of_ten_years, ..AntiProcyclicality::none() };
    for (tool, tools) in [
        ("with a buffer of 25 %", AntiProcyclicality { buffer: 0.25, buffer_rebuild: 0.02, ..none.clone() }),
        ("with 25 % of stress", AntiProcyclicality { stressed_weight: 0.25, ..none.clone() }),
        ("with a ten-year floor", AntiProcyclicality { look_back_floor: true, ..none.clone() }),
    ] {
        let ranges = with(tools).ranges();
        assert!(tell(tool, judged, &ranges).breaches <= adaptive.breaches, "{name}");
        assert!(peak_to_trough(&ranges) < peak_to_trough(&plain.ranges()), "{name} {tool}");
    }
    let ewma = ewma_normal_ranges(&returns, plain.first_day, parameters.ewma_lambda, 0.99, 1.0).expect("moves");
    let normal = tell("EWMA and normal", judged, &ewma[..judged.len()]);
    tell("static 15 %", judged, &vec![0.15; judged.len()]);

    assert!((least..=greatest).contains(&adaptive.breaches), "{name}: {adaptive:?}");
    assert!(normal.breaches > greatest, "{name}: the test rejects what is known to be too tight");
    for day in plain.days.iter().chain([&plain.today]) {
        assert!(day.range > 0.0 && day.degrees_of_freedom >= 1.0 && day.vol_shift_down < 1.0, "{name}: {day:?}");
    }
}

#[test]
fn bitcoin() {
    if let Some([btc, _]) = coins() {
        record("BTC 2020-2026", &btc, 3_650);
    }
}

#[test]
fn ether() {
    if let Some([_, eth]) = coins() {
        record("ETH 2020-2026", &eth, 3_650);
    }
}

#[test]
fn large_american_shares() {
    if let Some(index) = index() {
        record("S&P 500 1990-2022", &index, 2_520);
    }
}
