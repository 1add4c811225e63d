//! The arithmetic of a forward curve: ln(F/S) over time.

use crate::pricing::numeric::{exp, ln};

/// The largest carry per year that is extended beyond the last expiry.
const LARGEST_CARRY: f64 = 1.0;

/// The forward at `years` from dividends: (S − Σ amount·exp(−r·t))·exp((r − q)·T), where the sum runs over pairs of
/// time in years and amount.
pub(super) fn forward_with_dividends(
    index: f64,
    dividends: impl Iterator<Item = (f64, f64)>,
    discount_rate: f64,
    dividend_yield: f64,
    years: f64,
) -> f64 {
    let present_value: f64 = dividends.map(|(at, amount)| amount * exp(-discount_rate * at)).sum();
    (index - present_value) * exp((discount_rate - dividend_yield) * years)
}

/// The forward at `years` between two points (years, forward) of a curve, linear in the logarithm.
pub(super) fn interpolate_forward(before: (f64, f64), after: (f64, f64), years: f64) -> f64 {
    if years == after.0 || before.0 == after.0 {
        return after.1;
    }
    let weight = (years - before.0) / (after.0 - before.0);
    before.1 * exp(weight * ln(after.1 / before.1))
}

/// The forward at `years` beyond the last point of a curve, whose carry goes on within bounds.
pub(super) fn extend_forward(index: f64, last: (f64, f64), years: f64) -> f64 {
    let (last_years, last_forward) = last;
    if last_years <= 0.0 {
        return index;
    }
    let carry = (ln(last_forward / index) / last_years).clamp(-LARGEST_CARRY, LARGEST_CARRY);
    last_forward * exp(carry * (years - last_years))
}

/// The forward when `years` have become `years_left` at the same carry, and prices are multiplied by `factor`.
pub(crate) fn roll_forward(index: f64, forward: f64, factor: f64, years: f64, years_left: f64) -> f64 {
    if years_left <= 0.0 || years <= 0.0 {
        return index * factor;
    }
    if years_left == years {
        return forward * factor;
    }
    index * factor * exp(ln(forward / index) * (years_left / years))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left / right - 1.0).abs() < 1e-14
    }

    #[test]
    fn between_two_points_it_is_their_geometric_mean_half_way() {
        assert!(close(interpolate_forward((0.5, 100.0), (1.5, 121.0), 1.0), 110.0));
        assert_eq!(interpolate_forward((0.0, 100.0), (1.5, 121.0), 1.5), 121.0);
    }

    #[test]
    fn beyond_the_last_the_carry_goes_on_within_a_hundred_percent_a_year() {
        assert!(close(extend_forward(100.0, (1.0, 110.0), 2.0), 121.0));
        assert!(close(extend_forward(100.0, (0.001, 110.0), 1.001), 110.0 * std::f64::consts::E));
        assert_eq!(extend_forward(100.0, (0.0, 100.0), 2.0), 100.0);
    }

    #[test]
    fn rolling_keeps_the_carry() {
        assert!(close(roll_forward(100.0, 121.0, 2.0, 2.0, 1.0), 220.0));
        assert_eq!(roll_forward(100.0, 121.0, 1.0, 2.0, 2.0), 121.0);
        assert_eq!(roll_forward(100.0, 121.0, 1.5, 2.0, 0.0), 150.0);
    }
}
