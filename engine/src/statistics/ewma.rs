//! Vol as an exponentially weighted moving average, and history rescaled to today's vol.
//!
//! v_t = λ·v_{t−1} + (1−λ)·r²_{t−1}, about zero. RiskMetrics takes λ = 0.94, clearing houses 0.97 to 0.99.

use super::StatisticsError;
use super::error::{check, check_series};

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
    fn what_is_outside_the_domain_is_refused() {
        for (initial, lambda) in [(0.0, 0.94), (-1.0, 0.94), (0.02, 1.01), (f64::NAN, 0.94), (0.02, f64::NAN)] {
            assert!(ewma_vols(&RETURNS, initial, lambda).is_err(), "{initial} {lambda}");
        }
        assert_eq!(filtered_returns(&[0.0, 0.0], 0.02, 0.0), Err(StatisticsError::Still));
        let error = ewma_vols(&RETURNS, 0.02, 2.0).expect_err("outside");
        assert_eq!(error.to_string(), "ewma_lambda is 2; it must lie between 0 and 1");
    }
}
