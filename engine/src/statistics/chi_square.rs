//! Upper tails of the chi-square distribution, where they have a closed form.

use crate::pricing::numeric::{exp, norm_cdf};

/// P(χ²₁ > x) = 2·N(−√x); 1 for x ≤ 0.
pub fn upper_tail_1(x: f64) -> f64 {
    2.0 * norm_cdf(-x.max(0.0).sqrt())
}

/// P(χ²₂ > x) = exp(−x/2); 1 for x ≤ 0.
pub fn upper_tail_2(x: f64) -> f64 {
    exp(-0.5 * x.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_values_of_the_tables() {
        for (level, one, two) in
            [(0.05, 3.841_458_820_694_124, 5.991_464_547_107_979), (0.01, 6.634_896_601_021_213, 9.210_340_371_976_18)]
        {
            assert!((upper_tail_1(one) / level - 1.0).abs() < 1e-13);
            assert!((upper_tail_2(two) / level - 1.0).abs() < 1e-13);
        }
        // A likelihood ratio may come out a rounding below zero.
        assert!((upper_tail_1(-1e-17) - 1.0).abs() < 1e-15 && upper_tail_2(-1e-17) == 1.0);
    }
}
