//! Was a range left as often as it should have been, and at random?
//!
//! Kupiec (1995) tests how often, Christoffersen (1998) whether one breach makes the next likelier; both are likelihood
//! ratios with a chi-square distribution in the long run.

use super::StatisticsError;
use super::chi_square::{upper_tail_1, upper_tail_2};
use super::error::{check, check_lengths, check_series};
use crate::pricing::numeric::ln;

/// Which moves count as breaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Falls beyond the range: what a long position loses.
    Down,
    /// Rises beyond the range: what a short position loses.
    Up,
    /// Both.
    Both,
}

/// A likelihood ratio and how likely one as great is if the range is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelihoodRatio {
    /// −2 ln of the ratio.
    pub statistic: f64,
    /// The chance of this or more; a small one speaks against the range.
    pub p_value: f64,
}

/// What the tests say of a series of breaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoverageTest {
    /// Days.
    pub observations: usize,
    /// Days on which the range was left.
    pub breaches: usize,
    /// Days on which it should have been.
    pub expected_breaches: f64,
    /// Breaches on the day after a breach.
    pub repeated_breaches: usize,
    /// Kupiec's unconditional coverage: are there as many as there should be? χ² of one degree.
    pub unconditional: LikelihoodRatio,
    /// Christoffersen's independence: do they come at random? χ² of one degree. 1 where there are no breaches.
    pub independence: LikelihoodRatio,
    /// Both at once, the sum of the two statistics. χ² of two degrees.
    pub conditional: LikelihoodRatio,
}

/// On which days the return went beyond the range that was forecast for it. A return at the range is within.
///
/// # Errors
/// Series of different lengths, a figure that is not finite.
pub fn breaches(returns: &[f64], ranges: &[f64], side: Side) -> Result<Vec<bool>, StatisticsError> {
    check_lengths(returns, ranges)?;
    check_series(returns, 0)?;
    check_series(ranges, 0)?;
    let beyond = |step: f64, range: f64| match side {
        Side::Down => step < -range,
        Side::Up => step > range,
        Side::Both => step.abs() > range,
    };
    Ok(returns.iter().zip(ranges).map(|(&step, &range)| beyond(step, range)).collect())
}

/// Tests breaches against the probability that each day should have had.
///
/// # Errors
/// Fewer than two days, a probability outside 0 to 1 or at its ends.
pub fn coverage(breaches: &[bool], probability: f64) -> Result<CoverageTest, StatisticsError> {
    check("probability", probability, f64::MIN_POSITIVE..=1.0 - f64::EPSILON)?;
    if breaches.len() < 2 {
        return Err(StatisticsError::TooShort { needed: 2, given: breaches.len() });
    }
    let count = breaches.iter().filter(|&&breach| breach).count();
    let mut transitions = [[0usize; 2]; 2];
    for pair in breaches.windows(2) {
        transitions[usize::from(pair[0])][usize::from(pair[1])] += 1;
    }
    let unconditional = unconditional_statistic(breaches.len(), count, probability);
    let independence = independence_statistic(transitions);
    let conditional = unconditional + independence;
    Ok(CoverageTest {
        observations: breaches.len(),
        breaches: count,
        expected_breaches: breaches.len() as f64 * probability,
        repeated_breaches: transitions[1][1],
        unconditional: LikelihoodRatio { statistic: unconditional, p_value: upper_tail_1(unconditional) },
        independence: LikelihoodRatio { statistic: independence, p_value: upper_tail_1(independence) },
        conditional: LikelihoodRatio { statistic: conditional, p_value: upper_tail_2(conditional) },
    })
}

/// The least and the greatest number of breaches that Kupiec's test does not reject: p-value of at least the
/// significance. At 99 % and 0.05: 1 to 6 in 255 days, 5 to 16 in 1,000.
///
/// # Errors
/// No days, a probability or significance outside 0 to 1 or at its ends; so few days that no number is accepted.
pub fn accepted_breaches(
    observations: usize,
    probability: f64,
    significance: f64,
) -> Result<(usize, usize), StatisticsError> {
    check("probability", probability, f64::MIN_POSITIVE..=1.0 - f64::EPSILON)?;
    check("significance", significance, f64::MIN_POSITIVE..=1.0 - f64::EPSILON)?;
    let accepted =
        |&breaches: &usize| upper_tail_1(unconditional_statistic(observations, breaches, probability)) >= significance;
    // The statistic is zero at the expected number and grows on both sides of it.
    let below = (observations as f64 * probability) as usize;
    let least = (0..=below).rev().take_while(accepted).last();
    let greatest = (below + 1..=observations).take_while(accepted).last();
    match (least, greatest) {
        (Some(least), greatest) => Ok((least, greatest.unwrap_or(below))),
        (None, Some(greatest)) => Ok((below + 1, greatest)),
        (None, None) => Err(StatisticsError::TooShort { needed: observations + 1, given: observations }),
    }
}

/// −2 ln of the likelihood at the probability over that at the frequency seen.
fn unconditional_statistic(observations: usize, breaches: usize, probability: f64) -> f64 {
    let (kept, left) = ((observations - breaches) as f64, breaches as f64);
    2.0 * (log_likelihood(kept, left) - times_ln(kept, 1.0 - probability) - times_ln(left, probability))
}

/// −2 ln of the likelihood without memory over that with the memory of one day.
fn independence_statistic([[calm, entered], [left, stayed]]: [[usize; 2]; 2]) -> f64 {
    let [calm, entered, left, stayed] = [calm, entered, left, stayed].map(|count| count as f64);
    let with_memory = log_likelihood(calm, entered) + log_likelihood(left, stayed);
    2.0 * (with_memory - log_likelihood(calm + left, entered + stayed))
}

/// The logarithm of the likelihood of two counts at their own frequencies.
fn log_likelihood(zeros: f64, ones: f64) -> f64 {
    let sum = zeros + ones;
    times_ln(zeros, zeros / sum) + times_ln(ones, ones / sum)
}

/// n·ln p, which is zero for n = 0 whatever p.
fn times_ln(count: f64, probability: f64) -> f64 {
    if count > 0.0 { count * ln(probability) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(days: &[usize], observations: usize) -> Vec<bool> {
        (0..observations).map(|day| days.contains(&day)).collect()
    }

    #[test]
    fn breaches_by_side() {
        let (returns, ranges) = ([0.02, -0.02, 0.03, -0.04], [0.02, 0.01, 0.02, 0.05]);
        assert_eq!(breaches(&returns, &ranges, Side::Both), Ok(vec![false, true, true, false]));
        assert_eq!(breaches(&returns, &ranges, Side::Down), Ok(vec![false, true, false, false]));
        assert_eq!(breaches(&returns, &ranges, Side::Up), Ok(vec![false, false, true, false]));
        assert!(breaches(&returns, &ranges[1..], Side::Both).is_err());
        assert!(breaches(&[f64::NAN], &[0.1], Side::Both).is_err());
    }

    #[test]
    fn kupiecs_regions() {
        // The table of Kupiec (1995) at a significance of 5 %, strictly between whose bounds a model is kept.
        for (observations, probability, least, greatest) in [
            (255, 0.01, 0, 7),
            (510, 0.01, 1, 11),
            (1_000, 0.01, 4, 17),
            (255, 0.05, 6, 21),
            (510, 0.05, 16, 36),
            (1_000, 0.05, 37, 65),
            (1_000, 0.025, 15, 36),
        ] {
            let accepted = accepted_breaches(observations, probability, 0.05).expect("in the domain");
            assert_eq!(accepted, (least + 1, greatest - 1), "{observations} days at {probability}");
        }
        assert_eq!(accepted_breaches(10, 0.01, 0.05), Ok((0, 1)));
        assert!(accepted_breaches(0, 0.01, 0.05).is_ok() && accepted_breaches(10, 0.0, 0.05).is_err());
    }

    #[test]
    fn kupiecs_statistic_of_scipy() {
        // scipy.special.xlogy and scipy.stats.chi2.sf.
        for (observations, count, statistic, p_value) in [
            (250, 5, 1.956809788230622, 0.1618549171960387),
            (255, 7, 5.316341340978191, 0.02112632378977111),
            (1_000, 17, 4.090972554545601, 0.043112828006510305),
            (500, 0, 10.050335853501451, 0.0015232016983636651),
        ] {
            let days: Vec<usize> = (0..count).map(|breach| 7 + 11 * breach).collect();
            let test = coverage(&on(&days, observations), 0.01).expect("in the domain");
            assert!((test.unconditional.statistic - statistic).abs() < 1e-11, "{test:?}");
            assert!((test.unconditional.p_value - p_value).abs() < 1e-12, "{test:?}");
            assert_eq!((test.breaches, test.repeated_breaches), (count, 0));
        }
    }

    #[test]
    fn a_bank_of_1998() {
        // Jorion, Value at Risk, 3rd edition, chapter 6: 252 days at 5 %, 20 breaches, six of them on the day after one.
        let independence = independence_statistic([[218, 14], [14, 6]]);
        let unconditional = unconditional_statistic(252, 20, 0.05);
        assert!((independence - 9.53).abs() < 0.005, "{independence}");
        assert!((unconditional - 3.91).abs() < 0.005, "{unconditional}");
        assert!((independence + unconditional - 13.44).abs() < 0.005);
    }

    #[test]
    fn clusters_of_scipy() {
        // 400 days; scipy as above, by the definitions of Christoffersen (1998).
        let test = coverage(&on(&[10, 11, 12, 90, 200, 201, 390], 400), 0.01).expect("in the domain");
        assert_eq!((test.breaches, test.repeated_breaches, test.expected_breaches), (7, 3, 4.0));
        for (ours, statistic, p_value) in [
            (test.unconditional, 1.8574059143135813, 0.17292449371829086),
            (test.independence, 16.279688770704126, 5.4646584605444035e-05),
            (test.conditional, 1.8574059143135813 + 16.279688770704126, 0.00011523381238187583),
        ] {
            assert!((ours.statistic - statistic).abs() < 1e-11, "{ours:?}");
            assert!((ours.p_value / p_value - 1.0).abs() < 1e-9, "{ours:?}");
        }
    }

    #[test]
    fn ends() {
        let none = coverage(&[false; 10], 0.01).expect("in the domain");
        assert_eq!((none.independence.statistic, none.breaches), (0.0, 0));
        assert!((none.independence.p_value - 1.0).abs() < 1e-15);
        let all = coverage(&[true; 10], 0.01).expect("in the domain");
        assert!(all.unconditional.p_value < 1e-15 && all.independence.statistic.abs() < 1e-12, "{all:?}");
        assert!(coverage(&[true], 0.01).is_err() && coverage(&[true; 9], 1.0).is_err());
    }
}
