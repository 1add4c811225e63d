//! The vols of one expiry.

use super::MarketFault;
use super::error::price;
use crate::order::sorted_by;
use crate::pricing::numeric::ln;

/// Vol by strike for one expiry.
///
/// Between two knots the *variance* σ² (and so the total variance σ²T) is linear in the logarithm of the strike;
/// beyond the first and the last knot the vol is flat. At a knot the vol is the knot's own, to the bit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Smile {
    knots: Vec<Knot>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Knot {
    strike: f64,
    ln_strike: f64,
    vol_annual: f64,
}

impl Smile {
    /// Sorts and checks pairs of strike and annual vol. No pairs make an empty smile, which has no vol anywhere.
    pub fn new(points: &[(f64, f64)]) -> Result<Smile, MarketFault> {
        let mut knots = Vec::with_capacity(points.len());
        for &(strike, vol_annual) in points {
            price("strike of a vol", strike)?;
            if !(0.0..=100.0).contains(&vol_annual) {
                return Err(MarketFault::Vol { strike, value: vol_annual });
            }
            knots.push(Knot { strike, ln_strike: ln(strike), vol_annual });
        }
        let knots = sorted_by(knots, |knot| knot.strike);
        if let Some(pair) = knots.windows(2).find(|pair| pair[0].strike == pair[1].strike) {
            return Err(MarketFault::RepeatedStrike(pair[0].strike));
        }
        Ok(Smile { knots })
    }

    /// The annual vol at a positive strike; `None` only if the smile is empty.
    pub fn vol(&self, strike: f64) -> Option<f64> {
        let (first, last) = (self.knots.first()?, self.knots.last()?);
        let above = self.knots.partition_point(|knot| knot.strike < strike);
        let Some(upper) = self.knots.get(above) else { return Some(last.vol_annual) };
        if above == 0 || upper.strike == strike {
            return Some(if above == 0 { first.vol_annual } else { upper.vol_annual });
        }
        let lower = &self.knots[above - 1];
        let weight = (ln(strike) - lower.ln_strike) / (upper.ln_strike - lower.ln_strike);
        let (from, to) = (lower.vol_annual * lower.vol_annual, upper.vol_annual * upper.vol_annual);
        Some((from + weight * (to - from)).max(0.0).sqrt())
    }

    /// The pairs of strike and annual vol, by rising strike.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + DoubleEndedIterator + '_ {
        self.knots.iter().map(|knot| (knot.strike, knot.vol_annual))
    }

    /// Whether it has no vol at all.
    pub fn is_empty(&self) -> bool {
        self.knots.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variance_is_linear_in_log_strike_and_flat_beyond() {
        let smile = Smile::new(&[(400.0, 0.5), (100.0, 0.7)]).expect("valid");
        // Half way in log-strike lies 200: variance (0.49 + 0.25) / 2 = 0.37.
        let middle = smile.vol(200.0).expect("not empty");
        assert!((middle - 0.37_f64.sqrt()).abs() < 1e-15, "{middle}");
        assert_eq!(smile.vol(100.0), Some(0.7));
        assert_eq!(smile.vol(400.0), Some(0.5));
        assert_eq!(smile.vol(1e-9), Some(0.7));
        assert_eq!(smile.vol(1e9), Some(0.5));
        assert_eq!(Smile::default().vol(100.0), None);
        assert_eq!(Smile::new(&[(100.0, 0.0)]).expect("zero is a vol").vol(50.0), Some(0.0));
    }

    #[test]
    fn bad_points_are_refused_with_a_sentence() {
        for (points, sentence) in [
            ([(0.0, 0.5), (1.0, 0.5)], "the strike of a vol must be a positive price, not 0"),
            ([(f64::NAN, 0.5), (1.0, 0.5)], "the strike of a vol must be a positive price, not NaN"),
            (
                [(90.0, -0.1), (1.0, 0.5)],
                "the vol at strike 90 must lie between 0 and 100, where 0.55 means 55 %; it is -0.1",
            ),
            (
                [(90.0, f64::INFINITY), (1.0, 0.5)],
                "the vol at strike 90 must lie between 0 and 100, where 0.55 means 55 %; it is inf",
            ),
            ([(90.0, 0.5), (90.0, 0.6)], "the strike 90 occurs twice"),
        ] {
            assert_eq!(Smile::new(&points).expect_err(sentence).to_string(), sentence);
        }
    }
}
