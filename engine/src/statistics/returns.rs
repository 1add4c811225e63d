//! Returns from closes.

use super::StatisticsError;
use crate::pricing::numeric::ln_ratio;

/// The simple return of each step, close/previous close − 1: what a price range is a fraction of. One figure fewer
/// than closes.
///
/// # Errors
/// Fewer than two closes; a close that is not a positive price.
pub fn simple_returns(closes: &[f64]) -> Result<Vec<f64>, StatisticsError> {
    check_closes(closes)?;
    // The difference is exact where the two are near; the ratio less one would not be.
    Ok(closes.windows(2).map(|pair| (pair[1] - pair[0]) / pair[0]).collect())
}

/// The logarithmic return of each step, ln(close/previous close), which adds up over time. One figure fewer than
/// closes.
///
/// # Errors
/// As [`simple_returns`].
pub fn log_returns(closes: &[f64]) -> Result<Vec<f64>, StatisticsError> {
    check_closes(closes)?;
    Ok(closes.windows(2).map(|pair| ln_ratio(pair[1], pair[0])).collect())
}

fn check_closes(closes: &[f64]) -> Result<(), StatisticsError> {
    if let Some(index) = closes.iter().position(|&close| !(close > 0.0 && close.is_finite())) {
        return Err(StatisticsError::Price { index, value: closes[index] });
    }
    if closes.len() < 2 {
        return Err(StatisticsError::TooShort { needed: 2, given: closes.len() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(simple_returns(&[100.0, 110.0, 99.0]).expect("prices"), [0.1, -0.1]);
        let logarithms = log_returns(&[100.0, 110.0, 99.0]).expect("prices");
        // ln 1.1 and ln 0.9 from a table.
        assert!((logarithms[0] - 0.095_310_179_804_324_87).abs() < 1e-16);
        assert!((logarithms[1] + 0.105_360_515_657_826_3).abs() < 1e-16);
    }

    #[test]
    fn a_close_that_is_no_price_is_named() {
        for bad in [0.0, -1.0, f64::INFINITY] {
            let error = log_returns(&[1.0, bad]).expect_err("no price");
            assert_eq!(error.to_string(), format!("close 2 of the series must be a positive price, not {bad}"));
        }
        assert!(simple_returns(&[1.0, f64::NAN]).is_err());
        assert_eq!(simple_returns(&[1.0]), Err(StatisticsError::TooShort { needed: 2, given: 1 }));
    }
}
