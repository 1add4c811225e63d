//! Moments of a P&L that is quadratic in normal moves, in closed form.
//!
//! With moves x ~ N(0, Σ), exposures a and a diagonal of gammas Γ, the P&L is a′x + ½x′Γx. Its cumulants are
//! κᵣ = ½r!·a′Σ(ΓΣ)^(r−2)a + ½(r−1)!·tr (ΓΣ)^r, the first term from r = 2 on: Mathai and Provost, *Quadratic Forms in
//! Random Variables* (1992), theorem 3.2b.3; in risk Britten-Jones and Schaefer (1999).

use super::StatisticsError;
use super::error::{check_lengths, check_series};

/// The moments, and what each underlying adds to them.
#[derive(Debug, Clone, PartialEq)]
pub struct DeltaGamma {
    /// The mean, ½·tr ΓΣ.
    pub mean: f64,
    /// The standard deviation, not negative.
    pub standard_deviation: f64,
    /// The skewness; 0 where nothing moves.
    pub skewness: f64,
    /// The excess kurtosis; 0 where nothing moves.
    pub excess_kurtosis: f64,
    /// The mean for each unit of gamma, by underlying: half the diagonal of Σ.
    pub mean_by_gamma: Vec<f64>,
    /// The variance for each unit of exposure, by underlying: Σa.
    pub variance_by_exposure: Vec<f64>,
    /// The variance for each unit of gamma, by underlying: half the diagonal of ΣΓΣ.
    pub variance_by_gamma: Vec<f64>,
}

impl DeltaGamma {
    /// From n exposures (P&L for each unit of a move), n gammas (second derivatives) and n·n covariances of the moves,
    /// row by row.
    ///
    /// # Errors
    /// Lists that do not fit together, or a figure that is not finite.
    pub fn new(exposures: &[f64], gammas: &[f64], covariances: &[f64]) -> Result<DeltaGamma, StatisticsError> {
        let count = exposures.len();
        check_lengths(exposures, gammas)?;
        if covariances.len() != count * count {
            return Err(StatisticsError::Lengths { first: count * count, second: covariances.len() });
        }
        for list in [exposures, gammas, covariances] {
            check_series(list, 0)?;
        }
        let each = || 0..count;
        let row = |row: usize| &covariances[row * count..][..count];
        let times_covariances = |list: &[f64]| each().map(|u| dot(row(u), list)).collect::<Vec<f64>>();
        let with_gammas = |list: &[f64]| each().map(|u| gammas[u] * list[u]).collect::<Vec<f64>>();
        // (ΓΣ)², the traces of whose products with ΓΣ and itself are those of the third and fourth power.
        let once: Vec<f64> = each().flat_map(|u| row(u).iter().map(move |covariance| gammas[u] * covariance)).collect();
        let column = |matrix: &[f64], v: usize| each().map(|u| matrix[u * count + v]).collect::<Vec<f64>>();
        let trace = |one: &[f64], other: &[f64]| -> f64 {
            each().map(|u| dot(&one[u * count..][..count], &column(other, u))).sum()
        };
        let mut twice = Vec::with_capacity(count * count);
        for u in each() {
            twice.extend(each().map(|v| dot(&once[u * count..][..count], &column(&once, v))));
        }

        let mean_by_gamma: Vec<f64> = each().map(|u| 0.5 * row(u)[u]).collect();
        let variance_by_exposure = times_covariances(exposures);
        let variance_by_gamma: Vec<f64> = each().map(|u| 0.5 * dot(row(u), &with_gammas(row(u)))).collect();
        let variance = dot(exposures, &variance_by_exposure) + dot(gammas, &variance_by_gamma);
        let curved = with_gammas(&variance_by_exposure);
        let third = 3.0 * dot(&variance_by_exposure, &curved) + trace(&once, &twice);
        let fourth = 12.0 * dot(&curved, &times_covariances(&curved)) + 3.0 * trace(&twice, &twice);
        // A perfect hedge may come out a rounding below zero.
        let standard_deviation = variance.max(0.0).sqrt();
        let shape = |cumulant: f64, scale: f64| if scale > 0.0 { cumulant / scale } else { 0.0 };
        Ok(DeltaGamma {
            mean: dot(gammas, &mean_by_gamma),
            standard_deviation,
            skewness: shape(third, variance * standard_deviation),
            excess_kurtosis: shape(fourth, variance * variance),
            mean_by_gamma,
            variance_by_exposure,
            variance_by_gamma,
        })
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::numeric::norm_pdf;

    fn near(ours: f64, expected: f64) {
        assert!((ours - expected).abs() < 1e-9 * expected.abs().max(1.0), "{ours} {expected}");
    }

    #[test]
    fn chi_squares() {
        // x² has mean 1, variance 2, skewness √8 and excess kurtosis 12; the sum of two 2, 4, 2 and 6.
        let one = DeltaGamma::new(&[0.0], &[2.0], &[1.0]).expect("fits");
        near(one.mean, 1.0);
        near(one.standard_deviation, 2.0_f64.sqrt());
        near(one.skewness, 8.0_f64.sqrt());
        near(one.excess_kurtosis, 12.0);
        let two = DeltaGamma::new(&[0.0; 2], &[2.0; 2], &[1.0, 0.0, 0.0, 1.0]).expect("fits");
        near(two.mean, 2.0);
        near(two.standard_deviation, 2.0);
        near(two.skewness, 2.0);
        near(two.excess_kurtosis, 6.0);
    }

    #[test]
    fn what_is_linear_is_normal() {
        let linear = DeltaGamma::new(&[3.0, -1.0], &[0.0; 2], &[0.04, 0.01, 0.01, 0.09]).expect("fits");
        near(linear.standard_deviation, (9.0_f64 * 0.04 - 6.0 * 0.01 + 0.09).sqrt());
        assert_eq!((linear.mean, linear.skewness, linear.excess_kurtosis), (0.0, 0.0, 0.0));
        let nothing = DeltaGamma::new(&[0.0], &[0.0], &[0.04]).expect("fits");
        assert_eq!((nothing.standard_deviation, nothing.skewness, nothing.excess_kurtosis), (0.0, 0.0, 0.0));
        assert!(DeltaGamma::new(&[0.0], &[0.0; 2], &[0.04]).is_err());
        assert!(DeltaGamma::new(&[0.0], &[0.0], &[]).is_err() && DeltaGamma::new(&[f64::NAN], &[0.0], &[1.0]).is_err());
    }

    #[test]
    fn moments_by_integration_over_the_plane() {
        let (a, gamma, covariances) = ([1.5, -0.7], [-0.8, 1.1], [0.6, 0.35, 0.35, 0.9]);
        let ours = DeltaGamma::new(&a, &gamma, &covariances).expect("fits");
        // x = L·z with L lower triangular; a grid is exact for smooth functions that vanish outwards.
        let l11 = 0.6_f64.sqrt();
        let (l21, l22) = (0.35 / l11, (0.9 - 0.35 * 0.35 / 0.6_f64).sqrt());
        let mut raw = [0.0; 5];
        for i in -90..=90 {
            for j in -90..=90 {
                let (z1, z2) = (0.1 * f64::from(i), 0.1 * f64::from(j));
                let (x1, x2) = (l11 * z1, l21 * z1 + l22 * z2);
                let pnl = a[0] * x1 + a[1] * x2 + 0.5 * (gamma[0] * x1 * x1 + gamma[1] * x2 * x2);
                for (power, sum) in raw.iter_mut().enumerate() {
                    *sum += 0.01 * norm_pdf(z1) * norm_pdf(z2) * (pnl - ours.mean).powi(power as i32);
                }
            }
        }
        near(raw[0], 1.0);
        near(raw[1], 0.0);
        near(ours.standard_deviation, raw[2].sqrt());
        near(ours.skewness, raw[3] / raw[2].powf(1.5));
        near(ours.excess_kurtosis, raw[4] / (raw[2] * raw[2]) - 3.0);
        let parts = dot(&a, &ours.variance_by_exposure) + dot(&gamma, &ours.variance_by_gamma);
        near(parts, raw[2]);
    }
}
