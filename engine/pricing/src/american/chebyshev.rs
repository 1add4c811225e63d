//! Interpolation on [0, 1] at Chebyshev's points x_j = (1 + cos(jπ/n))/2, j = 0…n.
//!
//! (L. N. Trefethen, "Approximation Theory and Approximation Practice", SIAM, 2013.)

use std::f64::consts::FRAC_1_SQRT_2;

use super::quadrature::MAXIMUM_POINTS;

/// The highest degree, and the one in which the table of cosines counts.
pub(super) const MAXIMUM_DEGREE: usize = 12;

/// cos(iπ/12).
const COSINES: [f64; MAXIMUM_DEGREE + 1] = [
    1.0,
    0.9659258262890683,
    0.8660254037844386,
    FRAC_1_SQRT_2,
    0.5,
    0.25881904510252074,
    0.0,
    -0.25881904510252074,
    -0.5,
    -FRAC_1_SQRT_2,
    -0.8660254037844386,
    -0.9659258262890683,
    -1.0,
];

/// cos(iπ/degree), where `degree` divides twelve.
fn cosine(i: usize, degree: usize) -> f64 {
    let turned = i * (MAXIMUM_DEGREE / degree) % (2 * MAXIMUM_DEGREE);
    COSINES[turned.min(2 * MAXIMUM_DEGREE - turned)]
}

/// x_j, falling from 1 to 0.
pub(super) fn point(j: usize, degree: usize) -> f64 {
    0.5 + 0.5 * cosine(j, degree)
}

/// The polynomial through given values, as the coefficients of Chebyshev's polynomials.
pub(super) struct Polynomial {
    degree: usize,
    coefficients: [f64; MAXIMUM_DEGREE + 1],
}

impl Polynomial {
    /// The polynomial of `degree` (a divisor of twelve) with `values[j]` at x_j, and zero at x_n = 0.
    pub(super) fn through(values: &[f64; MAXIMUM_DEGREE], degree: usize) -> Polynomial {
        let mut coefficients = [0.0; MAXIMUM_DEGREE + 1];
        for (k, coefficient) in coefficients.iter_mut().enumerate().take(degree + 1) {
            let mut sum = 0.5 * values[0];
            for (j, value) in values.iter().enumerate().take(degree).skip(1) {
                sum += value * cosine(j * k, degree);
            }
            let share = if k == 0 || k == degree { 1.0 } else { 2.0 };
            *coefficient = sum * share / degree as f64;
        }
        Polynomial { degree, coefficients }
    }

    /// Its value at one place.
    pub(super) fn at(&self, x: f64) -> f64 {
        let twice = 4.0 * x - 2.0;
        let (mut one, mut two) = (0.0, 0.0);
        for coefficient in self.coefficients[1..=self.degree].iter().rev() {
            (one, two) = (coefficient + twice * one - two, one);
        }
        self.coefficients[0] + 0.5 * twice * one - two
    }

    /// Writes its values at `at`, side by side, into `out`, by Clenshaw's recurrence; at most as many as
    /// [`MAXIMUM_POINTS`].
    pub(super) fn evaluate(&self, at: &[f64], out: &mut [f64]) {
        let (mut one, mut two) = ([0.0; MAXIMUM_POINTS], [0.0; MAXIMUM_POINTS]);
        for coefficient in self.coefficients[1..=self.degree].iter().rev() {
            for ((at, one), two) in at.iter().zip(&mut one).zip(&mut two) {
                let next = coefficient + (4.0 * at - 2.0) * *one - *two;
                *two = *one;
                *one = next;
            }
        }
        for (((at, one), two), out) in at.iter().zip(&one).zip(&two).zip(out) {
            *out = self.coefficients[0] + (2.0 * at - 1.0) * one - two;
        }
    }
}

/// What each value at x_j counts in the polynomial of degree twelve at `x`: the shares add up to one.
///
/// By the second barycentric formula (J.-P. Berrut and L. N. Trefethen, "Barycentric Lagrange interpolation", SIAM
/// Review 46, 2004).
pub(super) fn shares(x: f64) -> [f64; MAXIMUM_DEGREE + 1] {
    let mut shares = [0.0; MAXIMUM_DEGREE + 1];
    let mut total = 0.0;
    for (j, share) in shares.iter_mut().enumerate() {
        let away = x - point(j, MAXIMUM_DEGREE);
        if away == 0.0 {
            let mut all = [0.0; MAXIMUM_DEGREE + 1];
            all[j] = 1.0;
            return all;
        }
        let half = if j == 0 || j == MAXIMUM_DEGREE { 0.5 } else { 1.0 };
        *share = if j % 2 == 0 { half } else { -half } / away;
        total += *share;
    }
    shares.map(|share| share / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_of_the_degree_are_reproduced() {
        for degree in [1, 2, 3, 4, 6, 12] {
            let exact = |x: f64| x * (x - 0.75).powi(degree as i32 - 1);
            let mut values = [0.0; MAXIMUM_DEGREE];
            for (j, value) in values.iter_mut().enumerate().take(degree) {
                *value = exact(point(j, degree));
            }
            let at = [0.0, 0.11, 0.4, 0.5, 0.66, 0.95, 1.0];
            let mut ours = [0.0; 7];
            Polynomial::through(&values, degree).evaluate(&at, &mut ours);
            for (x, ours) in at.into_iter().zip(ours) {
                assert!((Polynomial::through(&values, degree).at(x) - ours).abs() < 1e-15, "degree {degree} at {x}");
                assert!((ours - exact(x)).abs() < 1e-14, "degree {degree} at {x}: {ours} and not {}", exact(x));
            }
        }
    }

    #[test]
    fn shares_reproduce_polynomials_and_add_up() {
        for x in [0.0, 0.11, 0.4, 0.5, 0.66, 0.95, 1.0] {
            let shares = shares(x);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            for power in [1, 5, 12] {
                let values = (0..=MAXIMUM_DEGREE).map(|j| point(j, MAXIMUM_DEGREE).powi(power));
                let sum: f64 = values.zip(shares).map(|(value, share)| value * share).sum();
                assert!((sum - x.powi(power)).abs() < 1e-14, "{power} at {x}: {sum}");
            }
        }
    }

    #[test]
    fn points_are_cosines() {
        for degree in [6, 12] {
            for j in 0..=degree {
                let exact = (j as f64 * std::f64::consts::PI / degree as f64).cos();
                assert!((point(j, degree) - 0.5 * (1.0 + exact)).abs() < 2e-16);
            }
        }
    }
}
