//! Quantile, value at risk and expected shortfall of a sample of P&Ls.
//!
//! # Conventions
//!
//! With n equally likely losses sorted L₁ ≤ … ≤ Lₙ, the **value at risk** at confidence α is the lower α-quantile
//! inf{x : Fₙ(x) ≥ α}, that is the order statistic L₍⌈nα⌉₎: nothing is interpolated, a loss that happened is reported.
//! It is definition 1 of Hyndman and Fan (1996), `inverted_cdf` in NumPy and type 1 in R.
//!
//! The **expected shortfall** is that of Acerbi and Tasche (2002): the mean of the worst n(1−α) losses exactly, the last
//! of which counts by the fraction that is left. So it does not depend on which quantile is chosen, ties need no rule,
//! and the measure is coherent. It is never below the value at risk.
//!
//! Where n·α is whole but its product in floating point is a rounding above, it is taken as whole.

use super::StatisticsError;
use super::error::{check, check_confidence, check_series};
use crate::order::ascending;

/// Relative slack for n·α that is meant to be whole.
const WHOLE: f64 = 1e-9;

/// Value at risk and expected shortfall: losses as positive numbers, so negative where even the tail gains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailRisk {
    /// The loss that is not exceeded with the confidence asked for.
    pub value_at_risk: f64,
    /// The mean loss of the worst 1 − confidence.
    pub expected_shortfall: f64,
    /// Which P&L of the sample is the value at risk, counted from 0: the day that sets it.
    pub index: usize,
    /// Its place among the losses, the worst being 1.
    pub rank: usize,
}

/// Tail risk of a sample of equally likely P&Ls, losses negative.
///
/// # Errors
/// An empty sample, a figure that is not finite, a confidence outside 0.5 to 1.
pub fn tail_risk(pnl: &[f64], confidence: f64) -> Result<TailRisk, StatisticsError> {
    check_confidence(confidence)?;
    check_series(pnl, 1)?;
    let count = pnl.len() as f64;
    // From the worst: position k of the losses in descending order is L₍n−k₎.
    let worst_first = ascending(pnl);
    let rank = pnl.len() + 1 - (count * confidence - WHOLE).ceil().clamp(1.0, count) as usize;
    let index = worst_first[rank - 1];
    let beyond = beyond(&worst_first, confidence);
    let sum: f64 = beyond.iter().map(|&(index, part)| part * -pnl[index]).sum();
    Ok(TailRisk { value_at_risk: -pnl[index], expected_shortfall: sum / (count * (1.0 - confidence)), index, rank })
}

/// What each P&L of the tail has for a weight in the expected shortfall, the worst first: its place in the sample,
/// counted from 0, and the weight. The weights sum to 1 but where the sample is smaller than its tail.
///
/// # Errors
/// As [`tail_risk`].
pub fn tail_weights(pnl: &[f64], confidence: f64) -> Result<Vec<(usize, f64)>, StatisticsError> {
    check_confidence(confidence)?;
    check_series(pnl, 1)?;
    let count = pnl.len() as f64 * (1.0 - confidence);
    Ok(beyond(&ascending(pnl), confidence).into_iter().map(|(index, part)| (index, part / count)).collect())
}

/// The worst n(1−α) of the sample, and how much of each: the last counts by the fraction that is left.
fn beyond(worst_first: &[usize], confidence: f64) -> Vec<(usize, f64)> {
    let beyond = worst_first.len() as f64 * (1.0 - confidence);
    let whole = (beyond + WHOLE).floor();
    let mut parts: Vec<(usize, f64)> = worst_first.iter().take(whole as usize).map(|&index| (index, 1.0)).collect();
    if let Some(&next) = worst_first.get(whole as usize) {
        parts.push((next, beyond - whole));
    }
    parts
}

/// The lower quantile of a sample, inf{x : Fₙ(x) ≥ probability}; probability 0 gives the least figure.
///
/// # Errors
/// An empty sample, a figure that is not finite, a probability outside 0 to 1.
pub fn quantile(sample: &[f64], probability: f64) -> Result<f64, StatisticsError> {
    check("probability", probability, 0.0..=1.0)?;
    check_series(sample, 1)?;
    let count = sample.len() as f64;
    let rank = (count * probability - WHOLE).ceil().clamp(1.0, count) as usize;
    Ok(sample[ascending(sample)[rank - 1]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn risk(pnl: &[f64], confidence: f64) -> (f64, f64) {
        let risk = tail_risk(pnl, confidence).expect("a sample");
        (risk.value_at_risk, risk.expected_shortfall)
    }

    #[test]
    fn one_to_a_hundred() {
        // Losses 1 … 100. At 95 % the 95th loss; beyond it 96 … 100, mean 98.
        let pnl: Vec<f64> = (1..=100).map(|loss| -f64::from(loss)).collect();
        let (at_risk, shortfall) = risk(&pnl, 0.95);
        assert_eq!(at_risk, 95.0);
        assert!((shortfall - 98.0).abs() < 1e-12, "{shortfall}");
        // 2.5 losses beyond 97.5 %: (100 + 99 + 98/2)/2.5.
        let (at_risk, shortfall) = risk(&pnl, 0.975);
        assert_eq!(at_risk, 98.0);
        assert!((shortfall - 99.2).abs() < 1e-12, "{shortfall}");
        // Fewer than one loss beyond 99.9 %: both are the worst.
        let (at_risk, shortfall) = risk(&pnl, 0.999);
        assert_eq!(at_risk, 100.0);
        assert!((shortfall - 100.0).abs() < 1e-9, "{shortfall}");
        let risk = tail_risk(&pnl, 0.99).expect("a sample");
        assert_eq!((risk.index, risk.rank), (98, 2));
        let weights = tail_weights(&pnl, 0.975).expect("a sample");
        assert_eq!(weights.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [99, 98, 97]);
        for ((_, ours), expected) in weights.iter().zip([0.4, 0.4, 0.2]) {
            assert!((ours - expected).abs() < 1e-12, "{ours}");
        }
    }

    #[test]
    fn whole_products_that_round_up_stay_whole() {
        // 0.07·100 is 7.000000000000001 in floating point.
        let sample: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&sample, 0.07), Ok(7.0));
        assert_eq!(quantile(&sample, 0.0), Ok(1.0));
        assert_eq!(quantile(&sample, 1.0), Ok(100.0));
        assert_eq!(quantile(&sample, 0.071), Ok(8.0));
    }

    #[test]
    fn ties_and_single_figures() {
        assert_eq!(risk(&[-5.0; 7], 0.99).0, 5.0);
        assert!((risk(&[-5.0; 7], 0.9).1 - 5.0).abs() < 1e-14);
        assert!((risk(&[3.0], 0.99).1 + 3.0).abs() < 1e-12, "a gain is a negative risk");
    }

    #[test]
    fn shortfall_is_subadditive_where_value_at_risk_is_not() {
        // Two bonds that default on different days, each once in 40 days.
        let mut one = [1.0; 40];
        let mut other = [1.0; 40];
        one[3] = -100.0;
        other[7] = -100.0;
        let both: Vec<f64> = one.iter().zip(&other).map(|(a, b)| a + b).collect();
        let (one, other, both) = (risk(&one, 0.96), risk(&other, 0.96), risk(&both, 0.96));
        assert!(both.0 > one.0 + other.0, "the known defect of value at risk");
        assert!(both.1 <= one.1 + other.1, "{} and {} against {}", one.1, other.1, both.1);
    }

    #[test]
    fn what_is_no_sample_is_refused() {
        assert_eq!(tail_risk(&[], 0.99), Err(StatisticsError::TooShort { needed: 1, given: 0 }));
        assert!(tail_risk(&[1.0, f64::NAN], 0.99).is_err());
        assert!(tail_risk(&[1.0], 1.0).is_err() && tail_risk(&[1.0], f64::NAN).is_err());
        assert!(quantile(&[1.0], 1.5).is_err());
    }
}
