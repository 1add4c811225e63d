//! Quantile and expected shortfall of the normal distribution.

use super::StatisticsError;
use super::error::{check, check_confidence};
use crate::pricing::numeric::{ln, norm_cdf, norm_pdf};

/// The standard normal quantile: z with N(z) = probability.
///
/// A rational start (Abramowitz and Stegun 26.2.23, off by at most 4.5e-4) and three of Halley's steps, each of which
/// cubes the error. Worked in the lower tail, so relative accuracy holds there down to 1e-300.
///
/// # Errors
/// A probability outside 0 to 1 or at its ends.
pub fn quantile(probability: f64) -> Result<f64, StatisticsError> {
    check("probability", probability, 1e-300..=1.0 - f64::EPSILON / 2.0)?;
    if probability > 0.5 {
        return Ok(-lower_quantile(1.0 - probability));
    }
    Ok(lower_quantile(probability))
}

/// The quantile of a probability of at most a half.
pub(super) fn lower_quantile(probability: f64) -> f64 {
    let root = (-2.0 * ln(probability)).sqrt();
    let above = 2.515517 + root * (0.802853 + root * 0.010328);
    let below = 1.0 + root * (1.432788 + root * (0.189269 + root * 0.001308));
    let mut z = above / below - root;
    for _ in 0..3 {
        let newton = (norm_cdf(z) - probability) / norm_pdf(z);
        z -= newton / (1.0 + 0.5 * z * newton);
    }
    z
}

/// The mean of the losses beyond the quantile, φ(z)/(1 − confidence), in standard deviations.
///
/// # Errors
/// A confidence outside 0.5 to 1.
pub fn expected_shortfall(confidence: f64) -> Result<f64, StatisticsError> {
    check_confidence(confidence)?;
    let tail = 1.0 - confidence;
    Ok(norm_pdf(lower_quantile(tail)) / tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_tables() {
        // 20-digit tables.
        for (probability, expected) in [
            (0.01, -2.326_347_874_040_840_8),
            (0.025, -1.959_963_984_540_054_4),
            (0.05, -1.644_853_626_951_472_2),
            (0.995, 2.575_829_303_548_900_4),
            (1e-10, -6.361_340_902_404_056),
        ] {
            let ours = quantile(probability).expect("in the domain");
            assert!((ours / expected - 1.0).abs() < 2e-15, "{probability}: {ours}");
        }
        assert!(quantile(0.5).expect("in the domain").abs() < 1e-15);
        assert!((norm_cdf(quantile(1e-300).expect("in the domain")) / 1e-300 - 1.0).abs() < 1e-12);
        assert!(quantile(0.0).is_err() && quantile(1.0).is_err() && quantile(f64::NAN).is_err());
    }

    #[test]
    fn shortfall_of_the_tables() {
        for (confidence, expected) in [(0.975, 2.337_802_792), (0.99, 2.665_214_220)] {
            let ours = expected_shortfall(confidence).expect("in the domain");
            assert!((ours - expected).abs() < 5e-10, "{ours}");
        }
        assert!(expected_shortfall(1.0).is_err());
    }
}
