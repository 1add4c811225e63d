//! Vol as an exponentially weighted moving average, and history rescaled to today's vol.
//!
//! v_t = λ·v_{t−1} + (1−λ)·r²_{t−1}, about zero. RiskMetrics takes λ = 0.94, clearing houses 0.97 to 0.99.

use super::StatisticsError;
use super::error::{check, check_lengths, check_series};

/// The vol forecast for each return and, last, for the next one that is not known yet: one figure more than returns.
/// The first is `initial`.
///
/// # Errors
/// λ outside 0 to 1, an initial vol that is not positive, a return that is not finite.
pub fn ewma_vols(returns: &[f64], initial: f64, lambda: f64) -> Result<Vec<f64>, StatisticsError> {
    check("ewma_lambda", lambda, 0.0..=1.0)?;
    check("the initial vol", initial, f64::MIN_POSITIVE..=1e150)?;
    check_series(returns, 0)?;
    let mut variance = initial * initial;
    let mut vols = Vec::with_capacity(returns.len() + 1);
    vols.push(initial);
    for step in returns {
        variance = lambda * variance + (1.0 - lambda) * (step * step);
        vols.push(variance.sqrt());
    }
    Ok(vols)
}

/// Each return in today's vol: r·σ_T/σ, with σ the forecast for that return and σ_T the one for the next.
///
/// This is the history of filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999).
///
/// # Errors
/// As [`ewma_vols`]; a vol that has run down to zero over a long time without any move.
pub fn filtered_returns(returns: &[f64], initial: f64, lambda: f64) -> Result<Vec<f64>, StatisticsError> {
    let vols = ewma_vols(returns, initial, lambda)?;
    let today = vols[returns.len()];
    if vols.iter().any(|&vol| vol <= 0.0) {
        return Err(StatisticsError::Still);
    }
    Ok(returns.iter().zip(&vols).map(|(step, vol)| step * (today / vol)).collect())
}

/// The covariances of the next returns of n series of one length, about zero: n·n figures, row by row.
///
/// They start from the mean products of the whole series and forget as [`ewma_vols`] does; with λ = 1 they stay there,
/// and every return counts alike.
///
/// # Errors
/// λ outside 0 to 1, series of different lengths or without a return, a return that is not finite, a series that does
/// not move.
pub fn ewma_covariances(series: &[Vec<f64>], lambda: f64) -> Result<Vec<f64>, StatisticsError> {
    check("ewma_lambda", lambda, 0.0..=1.0)?;
    for one in series {
        check_series(one, 1)?;
        check_lengths(&series[0], one)?;
    }
    let count = series.len();
    let mut matrix = vec![0.0; count * count];
    for row in 0..count {
        for column in 0..=row {
            let products = || series[row].iter().zip(&series[column]).map(|(a, b)| a * b);
            let start = products().sum::<f64>() / series[row].len() as f64;
            let latest = products().fold(start, |before, product| lambda * before + (1.0 - lambda) * product);
            matrix[row * count + column] = latest;
            matrix[column * count + row] = latest;
        }
        if matrix[row * count + row] <= 0.0 {
            return Err(StatisticsError::Still);
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETURNS: [f64; 5] = [0.01, -0.02, 0.015, -0.03, 0.005];

    #[test]
    fn known_values() {
        // By hand, twelve digits.
        for (lambda, expected) in [(0.94, 0.019554250656), (0.97, 0.019758356200)] {
            let vols = ewma_vols(&RETURNS, 0.02, lambda).expect("in the domain");
            assert_eq!((vols.len(), vols[0]), (6, 0.02));
            assert!((vols[5] - expected).abs() < 5e-13, "{}", vols[5]);
        }
    }

    #[test]
    fn filtered_history_is_in_the_units_of_today() {
        let filtered = filtered_returns(&RETURNS, 0.02, 0.94).expect("in the domain");
        let vols = ewma_vols(&RETURNS, 0.02, 0.94).expect("in the domain");
        assert!((filtered[0] - 0.01 * vols[5] / 0.02).abs() < 1e-18);
        assert!((filtered[4] - 0.005 * vols[5] / vols[4]).abs() < 1e-18);
        // With λ = 1 nothing is forgotten nor learned, and history stays as it was.
        assert_eq!(filtered_returns(&RETURNS, 0.02, 1.0).expect("in the domain"), RETURNS);
    }

    #[test]
    fn covariances_forget_as_vols_do() {
        let other: Vec<f64> = RETURNS.iter().map(|step| 0.5 - 3.0 * step).collect();
        let series = [RETURNS.to_vec(), other.clone()];
        let matrix = ewma_covariances(&series, 0.94).expect("in the domain");
        for (place, returns) in [(0, &RETURNS[..]), (3, &other[..])] {
            let start = super::super::moments::root_mean_square(returns);
            let vol = ewma_vols(returns, start, 0.94).expect("in the domain")[5];
            assert!((matrix[place] / (vol * vol) - 1.0).abs() < 1e-14, "{matrix:?}");
        }
        assert_eq!(matrix[1], matrix[2]);
        // Equal weights by hand: the mean of 0.5·r − 3·r², with Σr = −0.02 and Σr² = 0.00165.
        let equal = ewma_covariances(&series, 1.0).expect("in the domain");
        assert!((equal[1] - (0.5 * -0.02 - 3.0 * 0.00165) / 5.0).abs() < 1e-17, "{equal:?}");
        assert_eq!(ewma_covariances(&[vec![0.0; 9]], 0.94), Err(StatisticsError::Still));
        assert!(ewma_covariances(&[vec![0.1], vec![0.1, 0.2]], 0.94).is_err());
    }

    #[test]
    fn what_is_outside_the_domain_is_refused() {
        for (initial, lambda) in [(0.0, 0.94), (-1.0, 0.94), (0.02, 1.01), (f64::NAN, 0.94), (0.02, f64::NAN)] {
            assert!(ewma_vols(&RETURNS, initial, lambda).is_err(), "{initial} {lambda}");
        }
        assert_eq!(filtered_returns(&[0.0, 0.0], 0.02, 0.0), Err(StatisticsError::Still));
        let error = ewma_vols(&RETURNS, 0.02, 2.0).expect_err("outside");
        assert_eq!(error.to_string(), "ewma_lambda is 2; it must lie between 0 and 1");
    }
}
