//! Student's t fitted to a series by maximum likelihood.

use std::f64::consts::PI;

use super::{StudentT, gamma_ratio};
use crate::pricing::numeric::{ln, ln_1p};
use crate::statistics::StatisticsError;
use crate::statistics::error::check_series;
use crate::statistics::moments::root_mean_square;

/// Bounds of 1/ν: from as good as normal (ν = 1,000) to Cauchy's distribution (ν = 1).
const INVERSE_BOUNDS: (f64, f64) = (0.001, 1.0);
/// How near 1/ν is found.
const INVERSE_TOLERANCE: f64 = 1e-7;
/// A series of fewer figures says nothing of tails.
const FEWEST: usize = 20;

/// A fitted distribution and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentTFit {
    /// The distribution of the greatest likelihood.
    pub distribution: StudentT,
    /// The logarithm of that likelihood.
    pub log_likelihood: f64,
}

impl StudentT {
    /// Degrees of freedom, location and scale of the greatest likelihood, with ν between 1 and 1,000; a fit at 1,000
    /// says that the series is as good as normal.
    ///
    /// The likelihood with the best location and scale for each ν is a smooth function of 1/ν, whose peak golden
    /// sections find; location and scale come from reweighting (the EM algorithm with the faster scale update of
    /// Kent, Tyler and Vardi 1994).
    ///
    /// # Errors
    /// Fewer than twenty figures, one that is not finite, or a series of which half stand still.
    pub fn fit(series: &[f64]) -> Result<StudentTFit, StatisticsError> {
        fit(series, None)
    }

    /// As [`StudentT::fit`], with the location given rather than fitted.
    ///
    /// # Errors
    /// As [`StudentT::fit`].
    pub fn fit_about(location: f64, series: &[f64]) -> Result<StudentTFit, StatisticsError> {
        fit(series, Some(location))
    }
}

fn fit(series: &[f64], fixed_location: Option<f64>) -> Result<StudentTFit, StatisticsError> {
    check_series(series, FEWEST)?;
    let location = fixed_location.unwrap_or(series.iter().sum::<f64>() / series.len() as f64);
    let deviations: Vec<f64> = series.iter().map(|figure| figure - location).collect();
    let typical = root_mean_square(&deviations);
    if !(typical > 0.0 && typical.is_finite()) {
        return Err(StatisticsError::Still);
    }
    let mut profile = Profile { series, fixed: fixed_location.is_some(), location, square_scale: typical * typical };
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = INVERSE_BOUNDS;
    let mut left = high - golden * (high - low);
    let mut right = low + golden * (high - low);
    let (mut left_value, mut right_value) = (profile.log_likelihood(left), profile.log_likelihood(right));
    while high - low > INVERSE_TOLERANCE {
        if left_value >= right_value {
            (high, right, right_value) = (right, left, left_value);
            left = high - golden * (high - low);
            left_value = profile.log_likelihood(left);
        } else {
            (low, left, left_value) = (left, right, right_value);
            right = low + golden * (high - low);
            right_value = profile.log_likelihood(right);
        }
    }
    // A peak at a bound is approached and never met: take the bound.
    let middle = match 0.5 * (low + high) {
        inverse if inverse - INVERSE_BOUNDS.0 < INVERSE_TOLERANCE => INVERSE_BOUNDS.0,
        inverse if INVERSE_BOUNDS.1 - inverse < INVERSE_TOLERANCE => INVERSE_BOUNDS.1,
        inverse => inverse,
    };
    let log_likelihood = profile.log_likelihood(middle);
    let scale = profile.square_scale.sqrt();
    if !log_likelihood.is_finite() || scale < 1e-9 * typical {
        return Err(StatisticsError::Still);
    }
    Ok(StudentTFit { distribution: StudentT::new(1.0 / middle, profile.location, scale)?, log_likelihood })
}

/// The likelihood as a function of ν alone. Location and scale are kept from one ν to the next, which is near.
struct Profile<'a> {
    series: &'a [f64],
    fixed: bool,
    location: f64,
    square_scale: f64,
}

impl Profile<'_> {
    fn log_likelihood(&mut self, inverse: f64) -> f64 {
        let nu = 1.0 / inverse;
        self.settle(nu);
        let unit = 1.0 / (nu * self.square_scale);
        let mut sum = 0.0;
        for figure in self.series {
            let deviation = figure - self.location;
            sum += ln_1p(deviation * deviation * unit);
        }
        let constant = ln(gamma_ratio(0.5 * nu)) - 0.5 * ln(PI * nu * self.square_scale);
        self.series.len() as f64 * constant - 0.5 * (nu + 1.0) * sum
    }

    /// The best location and scale for ν.
    fn settle(&mut self, nu: f64) {
        for _ in 0..200 {
            let base = nu * self.square_scale;
            let (mut weights, mut first, mut second) = (0.0, 0.0, 0.0);
            for figure in self.series {
                let deviation = figure - self.location;
                let square = deviation * deviation;
                let weight = 1.0 / (base + square);
                weights += weight;
                first += weight * deviation;
                second += weight * square;
            }
            // All weights are of one factor, which falls out of both ratios.
            let shift = if self.fixed { 0.0 } else { first / weights };
            let square_scale = second / weights - shift * shift;
            let change = (square_scale / self.square_scale - 1.0).abs() + shift * shift / self.square_scale;
            self.location += shift;
            self.square_scale = square_scale.max(f64::MIN_POSITIVE);
            if change < 1e-13 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles at (i + ½)/n: as regular a sample as there is.
    fn sample(distribution: StudentT, count: u32) -> Vec<f64> {
        let at = |index: u32| (f64::from(index) + 0.5) / f64::from(count);
        (0..count).map(|index| distribution.quantile(at(index)).expect("in the domain")).collect()
    }

    #[test]
    fn what_was_put_in_comes_out() {
        for (nu, location, scale) in [(2.5, 0.001, 0.02), (4.0, -3.0, 1.0), (12.0, 0.0, 1e-4)] {
            let truth = StudentT::new(nu, location, scale).expect("in the domain");
            let ours = StudentT::fit(&sample(truth, 20_000)).expect("moves").distribution;
            // The sample has no extremes, so the fit is a little too thin.
            assert!((ours.degrees_of_freedom() / nu - 1.0).abs() < 0.02, "{ours:?}");
            assert!((ours.location() - location).abs() < 1e-6 * scale, "{ours:?}");
            assert!((ours.scale() / scale - 1.0).abs() < 0.01, "{ours:?}");
            let about = StudentT::fit_about(location, &sample(truth, 20_000)).expect("moves").distribution;
            assert!((about.degrees_of_freedom() / ours.degrees_of_freedom() - 1.0).abs() < 1e-4);
            assert_eq!(about.location(), location);
        }
    }

    #[test]
    fn no_neighbour_is_likelier() {
        let truth = StudentT::new(3.3, 0.4, 2.0).expect("in the domain");
        let series = sample(truth, 500);
        let fitted = StudentT::fit(&series).expect("moves");
        let best = fitted.distribution;
        let likelihood = |distribution: StudentT| series.iter().map(|&x| distribution.density(x).ln()).sum::<f64>();
        assert!(
            (likelihood(best) - fitted.log_likelihood).abs() < 1e-9,
            "{} {}",
            likelihood(best),
            fitted.log_likelihood
        );
        for (nu, location, scale) in [
            (0.01, 0.0, 0.0),
            (-0.01, 0.0, 0.0),
            (0.0, 0.01, 0.0),
            (0.0, -0.01, 0.0),
            (0.0, 0.0, 0.01),
            (0.0, 0.0, -0.01),
        ] {
            let neighbour =
                StudentT::new(best.degrees_of_freedom() + nu, best.location() + location, best.scale() + scale);
            assert!(likelihood(neighbour.expect("in the domain")) < fitted.log_likelihood);
        }
    }

    #[test]
    fn thin_tails_end_at_the_bound() {
        let uniform: Vec<f64> = (0..1_000).map(f64::from).collect();
        let fitted = StudentT::fit(&uniform).expect("moves").distribution;
        assert_eq!(fitted.degrees_of_freedom(), 1_000.0);
    }

    #[test]
    fn what_has_no_distribution_is_refused() {
        assert_eq!(StudentT::fit(&[0.3; 50]), Err(StatisticsError::Still));
        assert_eq!(StudentT::fit(&[0.3; 5]), Err(StatisticsError::TooShort { needed: 20, given: 5 }));
        let mut mostly_still = vec![0.0; 100];
        mostly_still[7] = 1.0;
        assert_eq!(StudentT::fit(&mostly_still), Err(StatisticsError::Still));
        mostly_still[9] = f64::NAN;
        assert!(StudentT::fit(&mostly_still).is_err());
    }
}
