//! How several series move together.

use super::StatisticsError;
use super::error::{check_lengths, check_series};
use super::moments::stands_still;

/// The Pearson correlations of n series of one length: n·n figures, row by row, with ones on the diagonal.
///
/// # Errors
/// Series of different lengths or of fewer than two figures, a figure that is not finite, a series that does not move.
pub fn correlation_matrix(series: &[&[f64]]) -> Result<Vec<f64>, StatisticsError> {
    let mut standardised = Vec::with_capacity(series.len());
    for &one in series {
        check_series(one, 2)?;
        check_lengths(series[0], one)?;
        let mean = one.iter().sum::<f64>() / one.len() as f64;
        let square = one.iter().map(|figure| (figure - mean) * (figure - mean)).sum::<f64>();
        if stands_still(square, mean, one.len() as f64) {
            return Err(StatisticsError::Still);
        }
        let length = square.sqrt();
        standardised.push(one.iter().map(|figure| (figure - mean) / length).collect::<Vec<f64>>());
    }
    let count = series.len();
    let mut matrix = vec![1.0; count * count];
    for row in 0..count {
        for column in 0..row {
            let product: f64 = standardised[row].iter().zip(&standardised[column]).map(|(a, b)| a * b).sum();
            // Rounding must not carry a perfect correlation past one.
            let correlation = product.clamp(-1.0, 1.0);
            matrix[row * count + column] = correlation;
            matrix[column * count + row] = correlation;
        }
    }
    Ok(matrix)
}

/// The standard deviation √(x′Σx) of the sum of exposures xᵢ·rᵢ, where Σ is made of the standard deviations of the
/// returns and their [correlations](correlation_matrix): the base of parametric value at risk.
///
/// # Errors
/// Lists that do not fit together, or a figure that is not finite.
pub fn portfolio_standard_deviation(
    exposures: &[f64],
    standard_deviations: &[f64],
    correlations: &[f64],
) -> Result<f64, StatisticsError> {
    check_lengths(exposures, standard_deviations)?;
    let count = exposures.len();
    if correlations.len() != count * count {
        return Err(StatisticsError::Lengths { first: count * count, second: correlations.len() });
    }
    for list in [exposures, standard_deviations, correlations] {
        check_series(list, 0)?;
    }
    let risk: Vec<f64> = exposures.iter().zip(standard_deviations).map(|(x, sigma)| x * sigma).collect();
    let mut variance = 0.0;
    for row in 0..count {
        for column in 0..count {
            variance += risk[row] * correlations[row * count + column] * risk[column];
        }
    }
    // A perfect hedge may come out a rounding below zero.
    Ok(variance.max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let (a, b, c) = ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0], [-2.0, -4.0, -6.0]);
        let matrix = correlation_matrix(&[&a, &b, &c]).expect("fit together");
        for (ours, expected) in matrix.iter().zip([1.0, 0.5, -1.0, 0.5, 1.0, -0.5, -1.0, -0.5, 1.0]) {
            assert!((ours - expected).abs() < 1e-15, "{matrix:?}");
        }
        let deviation = portfolio_standard_deviation(&[3.0, 4.0], &[1.0, 1.0], &[1.0, 0.5, 0.5, 1.0]).expect("fits");
        assert!((deviation - 37.0_f64.sqrt()).abs() < 1e-15);
        let hedged = portfolio_standard_deviation(&[0.3, -0.1], &[0.1, 0.3], &[1.0, 1.0, 1.0, 1.0]).expect("fits");
        assert!(hedged < 1e-9, "{hedged}");
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        assert_eq!(
            correlation_matrix(&[&[1.0, 2.0], &[1.0, 2.0, 3.0]]),
            Err(StatisticsError::Lengths { first: 2, second: 3 })
        );
        assert_eq!(correlation_matrix(&[&[1.0, 1.0], &[1.0, 2.0]]), Err(StatisticsError::Still));
        assert!(portfolio_standard_deviation(&[1.0], &[1.0, 1.0], &[1.0]).is_err());
        assert!(portfolio_standard_deviation(&[1.0], &[1.0], &[]).is_err());
        assert!(portfolio_standard_deviation(&[f64::NAN], &[1.0], &[1.0]).is_err());
        assert_eq!(correlation_matrix(&[]), Ok(vec![]));
    }
}
