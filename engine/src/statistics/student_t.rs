//! Student's t distribution with a location and a scale: tails as fat as its degrees of freedom are few.

mod fit;
mod incomplete_beta;
#[cfg(test)]
mod tests;

use std::f64::consts::PI;

use super::StatisticsError;
use super::error::{check, check_confidence};
use super::normal;
use crate::pricing::numeric::{exp, ln, ln_1p};

pub use fit::StudentTFit;
use incomplete_beta::incomplete_beta;

/// Student's t distribution of location + scale·T, where T has ν degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentT {
    degrees_of_freedom: f64,
    location: f64,
    scale: f64,
}

impl StudentT {
    /// ν from 0.5 to 1e6, a finite location, a positive scale. The scale is not the standard deviation, which is
    /// scale·√(ν/(ν−2)) and infinite up to ν = 2.
    ///
    /// # Errors
    /// Parameters outside their domain.
    pub fn new(degrees_of_freedom: f64, location: f64, scale: f64) -> Result<StudentT, StatisticsError> {
        check("degrees_of_freedom", degrees_of_freedom, 0.5..=1e6)?;
        check("location", location, -f64::MAX..=f64::MAX)?;
        check("scale", scale, f64::MIN_POSITIVE..=f64::MAX)?;
        Ok(StudentT { degrees_of_freedom, location, scale })
    }

    /// ν.
    pub fn degrees_of_freedom(&self) -> f64 {
        self.degrees_of_freedom
    }

    /// The centre.
    pub fn location(&self) -> f64 {
        self.location
    }

    /// The unit in which T is counted.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The density at x.
    pub fn density(&self, x: f64) -> f64 {
        standard_density((x - self.location) / self.scale, self.degrees_of_freedom) / self.scale
    }

    /// The probability of at most x. Accurate relative to itself in the lower tail: to 1e-12 up to ν = 1e4, from where
    /// on x = ν/(ν + t²) is so near one that digits are lost, to 1e-10 at ν = 1e6.
    pub fn distribution(&self, x: f64) -> f64 {
        let t = (x - self.location) / self.scale;
        let tail = upper_tail(t.abs(), self.degrees_of_freedom);
        if t > 0.0 { 1.0 - tail } else { tail }
    }

    /// The x that is not exceeded with the probability.
    ///
    /// # Errors
    /// A probability outside 0 to 1 or at its ends.
    pub fn quantile(&self, probability: f64) -> Result<f64, StatisticsError> {
        check("probability", probability, 1e-300..=1.0 - f64::EPSILON / 2.0)?;
        let t = if probability > 0.5 {
            upper_quantile(1.0 - probability, self.degrees_of_freedom)
        } else {
            -upper_quantile(probability, self.degrees_of_freedom)
        };
        Ok(self.location + self.scale * t)
    }

    /// The mean loss beyond the lower quantile, as a positive number: scale·f(q)·(ν + q²)/((ν − 1)(1 − confidence)) less
    /// the location.
    ///
    /// # Errors
    /// A confidence outside 0.5 to 1, or ν ≤ 1, where there is no mean.
    pub fn expected_shortfall(&self, confidence: f64) -> Result<f64, StatisticsError> {
        check_confidence(confidence)?;
        let nu = self.degrees_of_freedom;
        check("degrees_of_freedom", nu, 1.0 + f64::EPSILON..=1e6)?;
        let tail = 1.0 - confidence;
        let q = upper_quantile(tail, nu);
        Ok(self.scale * standard_density(q, nu) * (nu + q * q) / ((nu - 1.0) * tail) - self.location)
    }
}

/// The density of T at t.
fn standard_density(t: f64, nu: f64) -> f64 {
    gamma_ratio(0.5 * nu) / (PI * nu).sqrt() * exp(-0.5 * (nu + 1.0) * ln_1p(t * t / nu))
}

/// P(T > t) for t ≥ 0: half of I_x(ν/2, 1/2) at x = ν/(ν + t²).
fn upper_tail(t: f64, nu: f64) -> f64 {
    let square = t * t;
    if square == f64::INFINITY {
        return 0.0;
    }
    let sum = nu + square;
    let power = exp(-0.5 * nu * ln_1p(square / nu));
    let front = gamma_ratio(0.5 * nu) / PI.sqrt() * power * (t / sum.sqrt());
    0.5 * incomplete_beta(0.5 * nu, 0.5, nu / sum, square / sum, front)
}

/// The t with P(T > t) = tail, for a tail of at most a half.
///
/// Newton in the logarithms of both: the tail is nearly a power of t far out, and ln tail is concave in ln t, so at
/// most the first step goes too far and the rest come back from there. Starts at the normal quantile, which is nearer.
fn upper_quantile(tail: f64, nu: f64) -> f64 {
    let mut t = -normal::lower_quantile(tail);
    if t <= f64::EPSILON {
        return 0.0;
    }
    for _ in 0..100 {
        let probability = upper_tail(t, nu);
        let step = ln(probability / tail) * probability / (t * standard_density(t, nu));
        t *= exp(step);
        if step.abs() <= 1e-15 {
            break;
        }
    }
    t
}

/// Γ(a + ½)/Γ(a), to a few units in the last place.
///
/// A series in 1/a (Tricomi and Erdélyi 1951) from a = 32 on, to which smaller a are carried by Γ(a + 1) = a·Γ(a). The
/// difference of two logarithms of Γ would lose digits where ν is large.
fn gamma_ratio(a: f64) -> f64 {
    const SERIES: [f64; 8] = [
        1.0,
        -1.0 / 8.0,
        1.0 / 128.0,
        5.0 / 1_024.0,
        -21.0 / 32_768.0,
        -399.0 / 262_144.0,
        869.0 / 4_194_304.0,
        39_325.0 / 33_554_432.0,
    ];
    let (mut a, mut factor) = (a, 1.0);
    while a < 32.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let series = SERIES.iter().rev().fold(0.0, |sum, coefficient| sum / a + coefficient);
    factor * a.sqrt() * series
}
