//! What keeps a margin from jumping when it hurts most, and measures of how much it does.
//!
//! Article 28 of the EMIR technical standards (Commission Delegated Regulation 153/2013) asks for one of three tools: a
//! [buffer](buffered), a [weight on stressed observations](weighted_with_stress), or a [floor](floored) from a long
//! look-back. It does not say how; the rules here are the plainest that do what it says. A [bound on the daily
//! change](bounded) is common beside them. All work on a series of margins or ranges, oldest first, and use for
//! each day only that day and those before.

use super::StatisticsError;
use super::error::{check, check_lengths, check_series};

/// The least buffer of Article 28(1)(a), as a fraction of the margin.
pub const REGULATORY_BUFFER: f64 = 0.25;
/// The least weight of stressed observations of Article 28(1)(b).
pub const REGULATORY_STRESS_WEIGHT: f64 = 0.25;

/// A buffer on top of the margin that is used up when margins rise: what is charged stays where it was as long as that
/// lies between the margin and the margin with the whole buffer, and else goes to the nearer of the two.
///
/// Each day `rebuild` of what is missing from the whole buffer is put back first, so that after a lasting rise it does
/// not stay used up; 0 for only by falling margins. On the first day the buffer is whole.
///
/// # Errors
/// A figure that is not finite, a buffer outside 0 to 10, a rebuild outside 0 to 1.
pub fn buffered(margins: &[f64], buffer: f64, rebuild: f64) -> Result<Vec<f64>, StatisticsError> {
    check("buffer", buffer, 0.0..=10.0)?;
    check("buffer_rebuild", rebuild, 0.0..=1.0)?;
    check_series(margins, 0)?;
    let mut charged = f64::INFINITY;
    let each = margins.iter().map(|&margin| {
        let whole = margin * (1.0 + buffer);
        if charged < whole {
            charged += rebuild * (whole - charged);
        }
        charged = charged.min(whole).max(margin);
        charged
    });
    Ok(each.collect())
}

/// (1 − weight)·margin + weight·stressed margin, day by day.
///
/// # Errors
/// Series of different lengths, a figure that is not finite, a weight outside 0 to 1.
pub fn weighted_with_stress(margins: &[f64], stressed: &[f64], weight: f64) -> Result<Vec<f64>, StatisticsError> {
    check("stressed_weight", weight, 0.0..=1.0)?;
    pairwise(margins, stressed, |margin, stressed| (1.0 - weight) * margin + weight * stressed)
}

/// Never below the floor of the day, such as the margin at the vol of a ten-year [look-back](look_back_vols).
///
/// # Errors
/// Series of different lengths, a figure that is not finite.
pub fn floored(margins: &[f64], floors: &[f64]) -> Result<Vec<f64>, StatisticsError> {
    pairwise(margins, floors, f64::max)
}

/// No greater change from what was charged the day before than by these fractions of it.
///
/// A bound on rises leaves the margin short of what the model asks for: it trades cover for calm, while a bound on falls
/// costs only margin.
///
/// # Errors
/// A figure that is not finite, a rise outside 0 to 1,000, a fall outside 0 to 1.
pub fn bounded(margins: &[f64], greatest_rise: f64, greatest_fall: f64) -> Result<Vec<f64>, StatisticsError> {
    check("greatest_rise", greatest_rise, 0.0..=1_000.0)?;
    check("greatest_fall", greatest_fall, 0.0..=1.0)?;
    check_series(margins, 0)?;
    let mut before = None;
    let each = margins.iter().map(|&margin| {
        let charged = match before {
            Some(before) => margin.min(before * (1.0 + greatest_rise)).max(before * (1.0 - greatest_fall)),
            None => margin,
        };
        before = Some(charged);
        charged
    });
    Ok(each.collect())
}

/// The vol about zero of the returns before each day, at most `days` of them, for the days from `first_day` on and the
/// one after the last return.
///
/// # Errors
/// No day at all to look back on, a return that is not finite.
pub fn look_back_vols(returns: &[f64], days: usize, first_day: usize) -> Result<Vec<f64>, StatisticsError> {
    check("look_back_days", days as f64, 1.0..=1e6)?;
    check("first_day", first_day as f64, 1.0..=returns.len() as f64)?;
    check_series(returns, 1)?;
    let squares = |returns: &[f64]| returns.iter().map(|step| step * step).sum::<f64>();
    let mut sum = squares(&returns[first_day.saturating_sub(days)..first_day]);
    let mut vols = Vec::with_capacity(returns.len() + 1 - first_day);
    for day in first_day..=returns.len() {
        vols.push((sum.max(0.0) / day.min(days) as f64).sqrt());
        if let Some(step) = returns.get(day) {
            sum += step * step;
            if day >= days {
                sum -= returns[day - days] * returns[day - days];
            }
        }
    }
    Ok(vols)
}

/// The greatest figure over the least; `None` for an empty series or one that is not positive throughout.
pub fn peak_to_trough(margins: &[f64]) -> Option<f64> {
    let trough = margins.iter().copied().fold(f64::INFINITY, f64::min);
    let peak = margins.iter().copied().fold(0.0, f64::max);
    (trough > 0.0 && peak > 0.0).then(|| peak / trough)
}

/// The mean; `None` for an empty series.
pub fn average(margins: &[f64]) -> Option<f64> {
    (!margins.is_empty()).then(|| margins.iter().sum::<f64>() / margins.len() as f64)
}

/// The greatest rise over `days`, as a fraction of where it began: the call for cash that had to be met within them.
/// `None` where no two days are as far apart, or a figure is not positive.
pub fn largest_rise(margins: &[f64], days: usize) -> Option<f64> {
    if margins.iter().any(|&margin| margin.is_nan() || margin <= 0.0) {
        return None;
    }
    let later = margins.get(days..)?;
    margins.iter().zip(later).map(|(before, after)| after / before - 1.0).reduce(f64::max)
}

fn pairwise(first: &[f64], second: &[f64], both: impl Fn(f64, f64) -> f64) -> Result<Vec<f64>, StatisticsError> {
    check_lengths(first, second)?;
    check_series(first, 0)?;
    check_series(second, 0)?;
    Ok(first.iter().zip(second).map(|(&first, &second)| both(first, second)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: &[f64], expected: &[f64]) {
        assert_eq!(ours.len(), expected.len());
        for (ours, expected) in ours.iter().zip(expected) {
            assert!((ours - expected).abs() < 1e-12, "{ours} and not {expected}");
        }
    }

    #[test]
    fn a_buffer_is_used_up_by_a_rise_and_comes_back_with_a_fall() {
        let margins = [100.0, 110.0, 125.0, 150.0, 140.0, 120.0, 100.0];
        // Whole at first, holds 125 until the margin is there, follows it, holds 150 until 120 with its buffer is as much.
        close(
            &buffered(&margins, REGULATORY_BUFFER, 0.0).expect("in the domain"),
            &[125.0, 125.0, 125.0, 150.0, 150.0, 150.0, 125.0],
        );
        // A tenth of what is missing each day: 125 + (137.5 − 125)/10.
        let rebuilt = buffered(&margins, 0.25, 0.1).expect("in the domain");
        close(&rebuilt[..2], &[125.0, 126.25]);
        let lasting = buffered(&[[100.0].as_slice(), &[150.0; 200]].concat(), 0.25, 0.1).expect("in the domain");
        assert!((lasting[200] - 187.5).abs() < 1e-6, "{}", lasting[200]);
        assert_eq!(buffered(&margins, 0.0, 0.5).expect("in the domain"), margins);
    }

    #[test]
    fn a_buffer_takes_from_the_peak_to_trough_ratio() {
        let margins = [100.0, 90.0, 140.0, 200.0, 150.0];
        let with = buffered(&margins, 0.25, 0.0).expect("in the domain");
        assert!(peak_to_trough(&with) < peak_to_trough(&margins));
        assert!(with.iter().zip(&margins).all(|(with, without)| with >= without));
    }

    #[test]
    fn weight_floor_and_bound_by_hand() {
        close(&weighted_with_stress(&[100.0, 200.0], &[300.0, 300.0], 0.25).expect("fits"), &[150.0, 225.0]);
        close(&floored(&[100.0, 200.0], &[150.0, 150.0]).expect("fits"), &[150.0, 200.0]);
        close(&bounded(&[100.0, 150.0, 150.0, 50.0], 0.2, 0.1).expect("fits"), &[100.0, 120.0, 144.0, 129.6]);
        assert!(floored(&[1.0], &[1.0, 2.0]).is_err());
        assert!(weighted_with_stress(&[1.0], &[1.0], 1.1).is_err());
        assert!(bounded(&[1.0, f64::NAN], 1.0, 1.0).is_err());
        assert!(buffered(&[1.0], -0.1, 0.0).is_err());
    }

    #[test]
    fn look_back_by_hand() {
        let returns = [3.0, 4.0, 0.0, 5.0];
        close(
            &look_back_vols(&returns, 2, 1).expect("in the domain"),
            &[3.0, 12.5_f64.sqrt(), 8.0_f64.sqrt(), 12.5_f64.sqrt()],
        );
        close(&look_back_vols(&returns, 9, 4).expect("in the domain"), &[12.5_f64.sqrt()]);
        assert!(look_back_vols(&returns, 2, 5).is_err() && look_back_vols(&returns, 2, 0).is_err());
        assert!(look_back_vols(&[], 2, 0).is_err());
    }

    #[test]
    fn measures_by_hand() {
        let margins = [100.0, 80.0, 120.0, 160.0];
        assert_eq!(peak_to_trough(&margins), Some(2.0));
        assert_eq!(average(&margins), Some(115.0));
        assert_eq!((largest_rise(&margins, 1), largest_rise(&margins, 2)), (Some(0.5), Some(1.0)));
        assert_eq!((largest_rise(&margins, 4), largest_rise(&[0.0, 1.0], 1)), (None, None));
        assert_eq!((peak_to_trough(&[]), average(&[]), peak_to_trough(&[1.0, 0.0])), (None, None, None));
    }
}
