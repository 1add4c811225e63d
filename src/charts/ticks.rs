//! Round axis ticks.

use margin_engine::pricing::numeric::{ln, pow};

/// More ticks than this are never asked for; a bound keeps absurd ranges from filling memory.
const MOST_TICKS: f64 = 60.0;

/// Round values (1, 2 or 5 times a power of ten apart) within `low..=high`, ascending, about `wanted` of them. Empty
/// when the range is empty, reversed or not finite.
#[must_use]
pub fn round_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 || wanted == 0 {
        return Vec::new();
    }
    let wanted = wanted as f64;
    let decade = pow(10.0, (ln(span / wanted) / std::f64::consts::LN_10).floor());
    let far_from_wanted = |step: &f64| ((span / step + 1.0) - wanted).abs();
    let Some(step) = [1.0, 2.0, 5.0, 10.0]
        .map(|multiple| multiple * decade)
        .into_iter()
        .min_by(|a, b| far_from_wanted(a).total_cmp(&far_from_wanted(b)))
    else {
        return Vec::new();
    };
    // A hair of tolerance keeps an end such as 0.3 with a step of 0.1 on the axis.
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    if !first.is_finite() || !last.is_finite() || last - first > MOST_TICKS {
        return Vec::new();
    }
    let count = (last - first) as usize + 1;
    (0..count).map(|index| (first + index as f64) * step + 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_both_ends() {
        let percent: Vec<f64> = round_ticks(-0.3, 0.3, 7).iter().map(|tick| (tick * 100.0).round()).collect();
        assert_eq!(percent, [-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0]);
        assert_eq!(round_ticks(-25.0, 25.0, 5), [-20.0, -10.0, 0.0, 10.0, 20.0]);
        assert_eq!(round_ticks(54_000.0, 100_000.0, 5), [60_000.0, 70_000.0, 80_000.0, 90_000.0, 100_000.0]);
    }

    #[test]
    fn odd_ranges_give_no_ticks() {
        for (low, high) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (f64::NEG_INFINITY, 0.0), (1e17, 1e17 + 64.0)] {
            assert!(round_ticks(low, high, 5).len() <= 61);
        }
        assert!(round_ticks(0.0, 1.0, 0).is_empty());
        assert!(round_ticks(2.0, 1.0, 5).is_empty());
    }

    #[test]
    fn zero_is_never_negative() {
        assert!(round_ticks(-1.0, 1.0, 5).iter().all(|tick| *tick != 0.0 || tick.is_sign_positive()));
    }
}
