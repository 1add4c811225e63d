//! The sixteen scenarios: as slides, and as arrays of P&L.

use crate::slide::{Stress, VolMove};

/// How many scenarios there are.
pub const SCENARIOS: usize = 16;

/// Profit or loss of something on each scenario.
pub type RiskArray = [f64; SCENARIOS];

/// Price moves of the scenarios in pairs, in thirds of the price scan range: each with vol up and vol down.
const THIRDS: [f64; 7] = [0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0];

/// For the seven price points from the lowest to the highest, the scenario there with vol up; the next has vol down.
const ASCENDING: [usize; 7] = [12, 8, 4, 0, 2, 6, 10];

/// Weights of the deltas at these points in the composite delta. They sum to 0.998 and are divided by that, so that
/// a future has a delta of one.
pub(super) const DELTA_WEIGHTS: [f64; 7] = [0.037, 0.110, 0.217, 0.270, 0.217, 0.110, 0.037];

/// What all combined commodities share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scenarios {
    /// The extreme moves, as a multiple of the price scan range.
    pub extreme_multiple: f64,
    /// The part of their P&L that counts.
    pub extreme_cover: f64,
    /// How far the scenarios look ahead.
    pub look_ahead_years: f64,
}

impl Scenarios {
    /// The stress of a scenario, counted from 0, for this price scan range and so many vol points.
    ///
    /// Options are a day older; futures move by a fraction of the price scan range and by nothing else.
    pub(super) fn stress(&self, scenario: usize, price_range: f64, vol_points: f64) -> Stress {
        let (multiple, vol_move) = match THIRDS.get(scenario / 2) {
            Some(thirds) => (thirds / 3.0, if is_vol_up(scenario) { vol_points } else { -vol_points }),
            None if is_vol_up(scenario) => (self.extreme_multiple, 0.0),
            None => (-self.extreme_multiple, 0.0),
        };
        Stress {
            // A price does not fall below nothing, however wide the range.
            spot_move: (multiple * price_range).max(-0.99),
            vol_move: if vol_move == 0.0 { VolMove::Unchanged } else { VolMove::Points(vol_move) },
            time_step_years: self.look_ahead_years,
            keeps_forwards: true,
            ..Stress::NONE
        }
    }

    /// What the P&L of a scenario is multiplied by.
    pub(super) fn weight(&self, scenario: usize) -> f64 {
        if is_extreme(scenario) { self.extreme_cover } else { 1.0 }
    }
}

/// Whether a scenario is one of the last two.
pub(super) fn is_extreme(scenario: usize) -> bool {
    scenario / 2 >= THIRDS.len()
}

fn is_vol_up(scenario: usize) -> bool {
    scenario.is_multiple_of(2)
}

/// The vol move of a scenario in words.
pub(super) fn vol_label(scenario: usize) -> &'static str {
    match (is_extreme(scenario), is_vol_up(scenario)) {
        (true, _) => "vol same, extreme",
        (_, true) => "vol up",
        (_, false) => "vol down",
    }
}

/// The scenario with the same price move and the other vol; an extreme one is its own.
pub(super) fn paired(scenario: usize) -> usize {
    if is_extreme(scenario) { scenario } else { scenario ^ 1 }
}

/// The slope of an array at each of the seven price points, from the lowest to the highest, for a price that moves by
/// `third_of_range` from one to the next.
///
/// The value at a point is the mean over vol up and vol down. Slopes are differences between the neighbours of a
/// point, at the ends between the end and its neighbour; so they cost no slides beyond the sixteen, lie between those
/// of the option today and far out, and are exact for what moves one to one.
pub(super) fn slopes(pnl: &[f64], third_of_range: f64) -> [f64; 7] {
    let values = ASCENDING.map(|up| (pnl[up] + pnl[up + 1]) / 2.0);
    std::array::from_fn(|point| {
        let (low, high) = (point.saturating_sub(1), (point + 1).min(6));
        (values[high] - values[low]) / ((high - low) as f64 * third_of_range)
    })
}

/// The composite delta of these slopes.
pub(super) fn composite_delta(slopes: &[f64; 7]) -> f64 {
    let weighted: f64 = slopes.iter().zip(DELTA_WEIGHTS).map(|(slope, weight)| slope * weight).sum();
    weighted / DELTA_WEIGHTS.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIOS_16: Scenarios = Scenarios { extreme_multiple: 2.0, extreme_cover: 0.35, look_ahead_years: 0.0 };

    #[test]
    fn the_table_of_scenarios() {
        let moves: Vec<f64> = (0..16).map(|i| SCENARIOS_16.stress(i, 0.3, 0.1).spot_move).collect();
        let expected = [0.0, 0.0, 0.1, 0.1, -0.1, -0.1, 0.2, 0.2, -0.2, -0.2, 0.3, 0.3, -0.3, -0.3, 0.6, -0.6];
        assert!(moves.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{moves:?}");
        let vols: Vec<f64> = (0..16).map(|i| SCENARIOS_16.stress(i, 0.3, 0.1).vol_move.apply(0.5, 1.0, 0.0)).collect();
        assert!(vols[..14].chunks(2).all(|pair| pair == [0.6, 0.4]) && vols[14..] == [0.5, 0.5], "{vols:?}");
        assert_eq!([13, 14, 15].map(|i| SCENARIOS_16.weight(i)), [1.0, 0.35, 0.35]);
    }

    #[test]
    fn a_future_has_a_delta_of_one_and_a_call_less() {
        let future: RiskArray = std::array::from_fn(|i| 1000.0 * SCENARIOS_16.stress(i, 0.3, 0.0).spot_move);
        assert!((composite_delta(&slopes(&future, 100.0)) - 1.0).abs() < 1e-15);
        // A call at its expiry, at the money: nothing below, one above, a half between.
        let call = future.map(|pnl| pnl.max(0.0));
        let expected = [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0];
        assert!(slopes(&call, 100.0).iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!((composite_delta(&slopes(&call, 100.0)) - 0.5).abs() < 1e-12);
    }
}
