//! Correlation matrices: whether one is one, and how far prices may part under it.

use super::parameters::Correlation;
use crate::book::Book;
use crate::methodology::{MethodologyError, check};
use crate::statistics::correlation::correlation_matrix;

/// Added to the diagonal, so that perfect correlations can be solved with.
const RIDGE: f64 = 1e-9;

/// Moves apart that are smaller are none: they come of the ridge.
const LEAST_MOVE: f64 = 1e-3;

/// Up to so many underlyings move in all combinations of directions; with more, each one moves against the others.
const MOST_COMBINED: usize = 4;

/// What an estimate is multiplied by, again and again, until it is a correlation matrix.
const SHRINK: f64 = 0.95;

/// Checks that n·n figures are a correlation matrix.
pub(super) fn check_matrix(matrix: &[f64], count: usize) -> Result<(), MethodologyError> {
    let refused = |reason: String| Err(MethodologyError::Parameters(format!("correlation.matrix {reason}")));
    if matrix.len() != count * count {
        return refused(format!("has {} figures; {count} underlyings need {}", matrix.len(), count * count));
    }
    for row in 0..count {
        for column in 0..count {
            let value = matrix[row * count + column];
            check("correlation.matrix", value, -1.0..=1.0)?;
            if row == column && value != 1.0 {
                return refused(format!("has {value} on its diagonal; it must be 1"));
            }
            if (value - matrix[column * count + row]).abs() > 1e-12 {
                return refused("is not symmetric".to_owned());
            }
        }
    }
    match cholesky(matrix, count) {
        Some(_) => Ok(()),
        None => refused("is not positive semidefinite: no prices can move together like that".to_owned()),
    }
}

/// The correlations of a book's underlyings, in their order.
///
/// # Errors
/// There is no history to estimate from; the pairs together are no correlation matrix.
pub(super) fn correlations(rule: &Correlation, book: &Book) -> Result<Vec<f64>, MethodologyError> {
    let assets: Vec<_> = book.underlyings.iter().map(|underlying| underlying.asset).collect();
    let count = assets.len();
    if !rule.is_estimated {
        let pair = |at: usize| {
            let (row, column) = (at / count, at % count);
            if row == column { 1.0 } else { rule.of(assets[row], assets[column]) }
        };
        let matrix: Vec<f64> = (0..count * count).map(pair).collect();
        check_matrix(&matrix, count)?;
        return Ok(matrix);
    }
    let refused =
        |reason: String| MethodologyError::NotApplicable(format!("correlations cannot be estimated: {reason}"));
    let Some(history) = &book.history else { return Err(refused("the market has no daily closes".to_owned())) };
    let joint = history.joint_returns(&assets, rule.history_days).map_err(|error| refused(error.to_string()))?;
    if joint.days.len() < 60 {
        return Err(refused(format!("there are {} days, and it takes 60", joint.days.len())));
    }
    let series: Vec<&[f64]> = joint.returns.iter().map(Vec::as_slice).collect();
    let mut matrix = correlation_matrix(&series).map_err(|error| refused(error.to_string()))?;
    let off_diagonal = |at: usize| at / count != at % count;
    for (_, value) in matrix.iter_mut().enumerate().filter(|(at, _)| off_diagonal(*at)) {
        *value = (*value * rule.estimate_factor).clamp(rule.floor, rule.cap);
    }
    // Bounds, pair by pair, may leave no correlation matrix. Correlations nearer to zero always are one.
    while cholesky(&matrix, count).is_none() {
        matrix.iter_mut().enumerate().filter(|(at, _)| off_diagonal(*at)).for_each(|(_, value)| *value *= SHRINK);
    }
    Ok(matrix)
}

/// The moves of all underlyings in units of their own ranges, beside all moving alike: each in full with the others
/// where its move puts them, and apart as far as the ellipse z′ρ⁻¹z = 1 reaches.
pub(super) fn directions(matrix: &[f64], count: usize) -> Vec<Vec<f64>> {
    if count < 2 {
        return vec![];
    }
    let mut directions: Vec<Vec<f64>> = matrix.chunks_exact(count).map(<[f64]>::to_vec).collect();
    let Some(factor) = cholesky(matrix, count) else { return directions };
    let signs: Vec<Vec<f64>> = if count <= MOST_COMBINED {
        let pattern = |bits: u32| (0..count).map(|place| if (bits >> place) & 1 == 1 { -1.0 } else { 1.0 }).collect();
        (1..(1_u32 << count) - 1).map(pattern).collect()
    } else {
        let against = |one: usize, sign: f64| (0..count).map(|place| if place == one { sign } else { -sign }).collect();
        (0..count).flat_map(|one| [against(one, 1.0), against(one, -1.0)]).collect()
    };
    for pattern in signs {
        // σ′ρ⁻¹σ is the square of the solution of L·x = σ.
        let mut solved: Vec<f64> = Vec::with_capacity(count);
        for row in 0..count {
            let known: f64 = solved.iter().enumerate().map(|(column, x)| factor[row * count + column] * x).sum();
            solved.push((pattern[row] - known) / factor[row * count + row]);
        }
        let reach = 1.0 / solved.iter().map(|x| x * x).sum::<f64>().sqrt();
        if reach > LEAST_MOVE {
            directions.push(pattern.iter().map(|sign| sign * reach.min(1.0)).collect());
        }
    }
    directions
}

/// The lower factor L of ρ = L·L′; none where the matrix is not positive semidefinite.
fn cholesky(matrix: &[f64], count: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; count * count];
    for row in 0..count {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| factor[row * count + k] * factor[column * count + k]).sum();
            let rest = matrix[row * count + column] - known;
            if row != column {
                factor[row * count + column] = rest / factor[column * count + column];
            } else if rest + RIDGE > 0.0 {
                factor[row * count + row] = (rest + RIDGE).sqrt();
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two prices at correlation ρ part by √((1 − ρ)/2) of their ranges, and not at all at 1.
    #[test]
    fn prices_part_as_far_as_their_correlation_lets_them() {
        let apart = directions(&[1.0, 0.5, 0.5, 1.0], 2);
        assert_eq!(apart[..2], [vec![1.0, 0.5], vec![0.5, 1.0]]);
        assert!((apart[2][0] + 0.5).abs() < 1e-8 && (apart[2][1] - 0.5).abs() < 1e-8, "{apart:?}");
        assert_eq!(directions(&[1.0; 4], 2), [vec![1.0, 1.0], vec![1.0, 1.0]]);
        assert!(directions(&[1.0], 1).is_empty());
    }

    #[test]
    fn what_is_no_correlation_matrix_is_refused() {
        assert!(check_matrix(&[1.0, 1.0, 1.0, 1.0], 2).is_ok());
        for (bad, word) in [
            (vec![1.0, 0.5, 0.4, 1.0], "symmetric"),
            (vec![1.0, 1.5, 1.5, 1.0], "between -1 and 1"),
            (vec![1.0, f64::NAN, f64::NAN, 1.0], "between -1 and 1"),
            (vec![0.5, 0.0, 0.0, 1.0], "diagonal"),
            (vec![1.0], "figures"),
        ] {
            let error = check_matrix(&bad, 2).expect_err(word).to_string();
            assert!(error.contains(word), "{error}");
        }
        let impossible = [1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
        let error = check_matrix(&impossible, 3).expect_err("no such prices").to_string();
        assert!(error.contains("positive semidefinite"), "{error}");
    }
}
