//! A normal quantile corrected for skewness and kurtosis.

use super::StatisticsError;
use super::error::{check, check_series};
use crate::pricing::numeric::{norm_cdf, norm_pdf};

/// z′ = z + (z²−1)S/6 + (z³−3z)K/24 − (2z³−5z)S²/36 (Cornish and Fisher 1938), where it is a quantile.
///
/// The expansion is one only as long as it rises with z. It is refused where it does not at z or further out, on the
/// side of z on which its tail lies; z = 0 counts as the lower side. Further out means up to forty deviations: beyond,
/// nothing has a probability, and where S and K are next to nothing the sign of a slope out there is rounding. Skewness S and excess kurtosis K are the
/// parameters of the expansion, which the moments of the result resemble only while both are small.
///
/// # Errors
/// A figure that is not finite, or an expansion that turns back.
pub fn cornish_fisher(z: f64, skewness: f64, excess_kurtosis: f64) -> Result<f64, StatisticsError> {
    check_series(&[z, skewness, excess_kurtosis], 0)?;
    if least_slope_outwards(z, skewness, excess_kurtosis) < 0.0 {
        return Err(StatisticsError::NotMonotone { skewness, excess_kurtosis });
    }
    let (square, cube) = (z * z, z * z * z);
    Ok(z + (square - 1.0) * skewness / 6.0 + (cube - 3.0 * z) * excess_kurtosis / 24.0
        - (2.0 * cube - 5.0 * z) * (skewness * skewness) / 36.0)
}

/// The mean of z′ over the lower tail up to z, a negative figure for a usual tail: minus the expected shortfall in
/// standard deviations from the mean.
///
/// By the normal's moments over the tail: φ/N·(−1 − z·S/6 + (1 − z²)·K/24 − (1 − 2z²)·S²/36).
///
/// # Errors
/// As [`cornish_fisher`], and a z outside −37 to 0.
pub fn mean_of_lower_tail(z: f64, skewness: f64, excess_kurtosis: f64) -> Result<f64, StatisticsError> {
    check("the normal quantile", z, -37.0..=0.0)?;
    cornish_fisher(z, skewness, excess_kurtosis)?;
    let square = z * z;
    let polynomial = -1.0 - z * skewness / 6.0 + (1.0 - square) * excess_kurtosis / 24.0
        - (1.0 - 2.0 * square) * (skewness * skewness) / 36.0;
    Ok(norm_pdf(z) / norm_cdf(z) * polynomial)
}

/// How far out it must rise.
const OUTERMOST: f64 = 40.0;

/// The least of dz′/dz = a·z² + b·z + c from z outwards.
fn least_slope_outwards(z: f64, skewness: f64, excess_kurtosis: f64) -> f64 {
    // By symmetry, the upper tail is the lower one of the mirrored distribution.
    let (z, skewness) = if z > 0.0 { (-z, -skewness) } else { (z, skewness) };
    let square = skewness * skewness;
    let a = excess_kurtosis / 8.0 - square / 6.0;
    let b = skewness / 3.0;
    let c = 1.0 - excess_kurtosis / 8.0 + 5.0 * square / 36.0;
    let slope = |z: f64| (a * z + b) * z + c;
    let outermost = z.min(-OUTERMOST);
    let turn = if a > 0.0 { (-b / (2.0 * a)).max(outermost).min(z) } else { z };
    slope(turn).min(slope(outermost))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE_PERCENT: f64 = -2.326_347_874_040_840_8;

    #[test]
    fn known_values() {
        // By hand from the published expansion.
        for (skewness, kurtosis, expected) in
            [(0.0, 0.0, -2.326347874), (-0.5, 2.0, -3.067496764), (-0.3, 4.0, -3.448223112)]
        {
            let ours = cornish_fisher(ONE_PERCENT, skewness, kurtosis).expect("rises");
            assert!((ours - expected).abs() < 5e-10, "{ours}");
            let mirrored = cornish_fisher(-ONE_PERCENT, -skewness, kurtosis).expect("rises");
            assert!((mirrored + ours).abs() < 1e-15);
        }
    }

    #[test]
    fn refused_exactly_where_a_scan_outwards_finds_it_falling() {
        // A linear book with a speck of gamma: its K is 4/3·S² but for rounding.
        assert!(cornish_fisher(ONE_PERCENT, 1e-9, 1.333_333e-18).is_ok() && cornish_fisher(-1.0, 0.0, -1e-9).is_ok());
        for skewness in [-3.0, -1.2, -0.5, 0.0, 0.7, 2.0] {
            for kurtosis in [-2.0, -0.5, 0.0, 0.5, 1.0, 3.0, 8.0, 20.0] {
                for z in [-3.1, -2.33, -1.0, 0.0, 1.0, 2.33] {
                    let outwards = if z > 0.0 { 1.0 } else { -1.0 };
                    let value = |z: f64| {
                        z + (z * z - 1.0) * skewness / 6.0 + (z.powi(3) - 3.0 * z) * kurtosis / 24.0
                            - (2.0 * z.powi(3) - 5.0 * z) * skewness * skewness / 36.0
                    };
                    let rises = (0..20_000).all(|step| {
                        let from = z + outwards * f64::from(step) * 2e-3;
                        (value(from + outwards * 2e-3) - value(from)) * outwards > 0.0
                    });
                    let ours = cornish_fisher(z, skewness, kurtosis);
                    assert_eq!(ours.is_ok(), rises, "z {z}, skewness {skewness}, excess kurtosis {kurtosis}");
                }
            }
        }
    }

    #[test]
    fn the_mean_of_the_tail_is_the_integral_over_it() {
        for (skewness, kurtosis) in [(0.0, 0.0), (-0.5, 2.0), (-0.3, 4.0), (0.4, 1.5)] {
            // Simpson's rule over probability-weighted quantiles, from twelve deviations out.
            let (steps, from) = (20_000, -12.0);
            let width = (ONE_PERCENT - from) / f64::from(steps);
            let value = |step: i32| {
                let z = from + width * f64::from(step);
                let weight = if step == 0 || step == steps { 1.0 } else { f64::from(2 + 2 * (step % 2)) };
                weight * norm_pdf(z) * cornish_fisher(z, skewness, kurtosis).expect("rises")
            };
            let expected = (0..=steps).map(value).sum::<f64>() * width / 3.0 / 0.01;
            let ours = mean_of_lower_tail(ONE_PERCENT, skewness, kurtosis).expect("rises");
            assert!((ours / expected - 1.0).abs() < 1e-10, "{ours} {expected}");
        }
        // The normal's expected shortfall at 99 %, from a table.
        let normal = mean_of_lower_tail(ONE_PERCENT, 0.0, 0.0).expect("rises");
        assert!((normal + 2.665_214_220).abs() < 5e-10, "{normal}");
        assert!(mean_of_lower_tail(1.0, 0.0, 0.0).is_err() && mean_of_lower_tail(ONE_PERCENT, -2.0, 1.0).is_err());
    }

    #[test]
    fn bad_input_is_refused_with_a_sentence() {
        assert!(cornish_fisher(f64::NAN, 0.0, 0.0).is_err());
        assert_eq!(
            cornish_fisher(ONE_PERCENT, -2.0, 1.0).expect_err("falls").to_string(),
            "the Cornish-Fisher expansion is no quantile for skewness -2 and excess kurtosis 1"
        );
    }
}
