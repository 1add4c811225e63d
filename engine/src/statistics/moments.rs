//! Mean, standard deviation, skewness and kurtosis of a sample.

use super::StatisticsError;
use super::error::check_series;

/// The first four moments of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// The mean.
    pub mean: f64,
    /// The *sample* standard deviation: the sum of squares is divided by n − 1.
    pub standard_deviation: f64,
    /// The *population* skewness m₃/m₂^1.5, each moment divided by n.
    pub skewness: f64,
    /// The *population* excess kurtosis m₄/m₂² − 3, each moment divided by n. Normal: 0.
    pub excess_kurtosis: f64,
}

/// The moments of a series.
///
/// # Errors
/// Fewer than two figures, one that is not finite, or a series that does not move.
pub fn moments(series: &[f64]) -> Result<Moments, StatisticsError> {
    check_series(series, 2)?;
    let count = series.len() as f64;
    let mean = series.iter().sum::<f64>() / count;
    let (mut second, mut third, mut fourth) = (0.0, 0.0, 0.0);
    for figure in series {
        let deviation = figure - mean;
        let square = deviation * deviation;
        second += square;
        third += square * deviation;
        fourth += square * square;
    }
    if stands_still(second, mean, count) {
        return Err(StatisticsError::Still);
    }
    let variance = second / count;
    Ok(Moments {
        mean,
        standard_deviation: (second / (count - 1.0)).sqrt(),
        skewness: third / count / (variance * variance.sqrt()),
        excess_kurtosis: fourth / count / (variance * variance) - 3.0,
    })
}

/// Whether deviations with this sum of squares are the rounding of their mean and no more.
pub(super) fn stands_still(sum_of_squares: f64, mean: f64, count: f64) -> bool {
    let rounding = count * f64::EPSILON * mean;
    sum_of_squares <= count * rounding * rounding
}

/// The root of the mean square: the vol of a series about zero rather than about its mean, which over days is small
/// and not known. Zero for an empty series.
pub fn root_mean_square(series: &[f64]) -> f64 {
    let sum: f64 = series.iter().map(|figure| figure * figure).sum();
    (sum / (series.len().max(1)) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Deviations −2, −1, 0, 3: sums of powers 14, 18, 98.
        let ours = moments(&[1.0, 2.0, 3.0, 6.0]).expect("moves");
        assert_eq!(ours.mean, 3.0);
        assert!((ours.standard_deviation - (14.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!((ours.skewness - 4.5 / 3.5_f64.powf(1.5)).abs() < 1e-15);
        assert!((ours.excess_kurtosis + 1.0).abs() < 1e-15, "24.5/12.25 - 3");
        assert_eq!(root_mean_square(&[3.0, -4.0, 0.0, 0.0]), 2.5);
        assert_eq!(root_mean_square(&[]), 0.0);
    }

    #[test]
    fn what_has_no_moments_is_refused() {
        assert_eq!(moments(&[0.5; 9]), Err(StatisticsError::Still));
        // The mean of these is not 0.01 to the last digit.
        assert_eq!(moments(&[0.01; 500]), Err(StatisticsError::Still));
        assert_eq!(moments(&[1.0]), Err(StatisticsError::TooShort { needed: 2, given: 1 }));
        let error = moments(&[1.0, f64::INFINITY]).expect_err("infinite");
        assert_eq!(error.to_string(), "figure 2 of the series is inf, which is no number to reckon with");
    }
}
