//! Bonds with a fixed coupon, by their yield: per 1 of face, dirty.
//!
//! ```text
//! price = Σ c/2·(1 + y/2)^(−2tᵢ) + (1 + y/2)^(−2T)
//! ```
//!
//! over the coupons that are still to come at tᵢ years from now: the street convention of half-yearly compounding.
//! Coupons fall due every half a year back from maturity, and years have 365 days, where the convention counts actual
//! days in each coupon period: of a period of 181 to 184 days that is at most 2 days of accrued interest. The coupon
//! is annual and is paid in halves; the price holds the interest accrued so far.

use super::numeric::{ln, pow};

/// A bond with a fixed coupon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedCoupon {
    /// The coupon per year for 1 of face: 0.0425.
    pub coupon_annual: f64,
    /// Time to maturity in years of 365 days; 0 or less has been repaid and is worth nothing.
    pub maturity_years: f64,
}

/// Yields between which [`FixedCoupon::yield_at`] looks.
const YIELDS: (f64, f64) = (-0.9, 4.0);

impl FixedCoupon {
    /// The price for 1 of face when `elapsed_years` have passed, and its derivative by the yield.
    ///
    /// `yield_annual` is compounded half-yearly and above −2. What falls due while time passes counts as received and
    /// earns nothing more, so the price does not jump over a coupon.
    pub fn price(&self, yield_annual: f64, elapsed_years: f64) -> (f64, f64) {
        let growth = 1.0 + 0.5 * yield_annual;
        let (periods, elapsed) = (2.0 * self.maturity_years, 2.0 * elapsed_years);
        let (mut price, mut slope) = (0.0, 0.0);
        let mut add = |amount: f64, left: f64, discount: f64| {
            price += amount * discount;
            slope -= amount * discount * (0.5 * left / growth);
        };
        // From the last coupon to the next one, so that one power serves all.
        let mut due = periods;
        let mut discount = pow(growth, -(periods - elapsed).max(0.0));
        if due > 0.0 {
            add(1.0, (due - elapsed).max(0.0), discount);
        }
        while due > 0.0 {
            let left = due - elapsed;
            let is_paid = left <= 0.0;
            add(0.5 * self.coupon_annual, if is_paid { 0.0 } else { left }, if is_paid { 1.0 } else { discount });
            due -= 1.0;
            discount *= growth;
        }
        (price, slope)
    }

    /// The change of the price with time per year at constant yield: 2·ln(1 + y/2)·price.
    pub fn theta_year(&self, yield_annual: f64) -> f64 {
        2.0 * ln(1.0 + 0.5 * yield_annual) * self.price(yield_annual, 0.0).0
    }

    /// The yield at which the bond is worth `price` for 1 of face; none if it lies outside −90 % to 400 %.
    pub fn yield_at(&self, price: f64) -> Option<f64> {
        let worth = |yield_annual| self.price(yield_annual, 0.0).0;
        let (mut low, mut high) = YIELDS;
        if !(worth(low) >= price && price >= worth(high)) {
            return None;
        }
        // Halved until it is as fine as numbers are.
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if worth(middle) > price { low = middle } else { high = middle }
        }
        Some(0.5 * (low + high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64, tolerance: f64) {
        assert!((left - right).abs() <= tolerance, "{left} {right}");
    }

    #[test]
    fn on_a_coupon_day_it_is_the_annuity_and_the_redemption() {
        // c/y·(1 − v²ⁿ) + v²ⁿ; at a yield of the coupon par.
        for (coupon_annual, maturity_years, yield_annual) in
            [(0.06, 10.0, 0.06), (0.06, 10.0, 0.043), (0.0, 30.0, 0.05)]
        {
            let discount = (1.0_f64 + yield_annual / 2.0).powf(-2.0 * maturity_years);
            let expected = coupon_annual / yield_annual * (1.0 - discount) + discount;
            close(FixedCoupon { coupon_annual, maturity_years }.price(yield_annual, 0.0).0, expected, 1e-14);
        }
    }

    #[test]
    fn between_coupons_interest_accrues_at_the_yield() {
        // Three months after a coupon the price is that of the coupon day, grown by a quarter of a year.
        let [whole, later] = [10.0, 9.75].map(|maturity_years| FixedCoupon { coupon_annual: 0.04, maturity_years });
        close(later.price(0.05, 0.0).0, whole.price(0.05, 0.0).0 * 1.025_f64.powf(0.5), 1e-14);
        close(whole.price(0.05, 0.25).0, later.price(0.05, 0.0).0, 1e-14);
        // A coupon that was paid on the way is still there.
        let after = FixedCoupon { maturity_years: 9.25, ..whole };
        close(whole.price(0.05, 0.75).0, after.price(0.05, 0.0).0 + 0.02, 1e-14);
        close(whole.price(0.05, 11.0).0, 1.0 + 20.0 * 0.02, 1e-14);
        assert_eq!(FixedCoupon { coupon_annual: 0.04, maturity_years: 0.0 }.price(0.05, 0.0), (0.0, 0.0));
    }

    #[test]
    fn derivatives_are_slopes() {
        let bond = FixedCoupon { coupon_annual: 0.0425, maturity_years: 7.31 };
        let (_, slope) = bond.price(0.04, 0.0);
        close(slope, (bond.price(0.0401, 0.0).0 - bond.price(0.0399, 0.0).0) / 0.0002, 1e-6);
        close(bond.theta_year(0.04), (bond.price(0.04, 1e-4).0 - bond.price(0.04, 0.0).0) / 1e-4, 1e-5);
    }

    #[test]
    fn the_yield_is_found_again() {
        let bond = FixedCoupon { coupon_annual: 0.06, maturity_years: 10.0 };
        for yield_annual in [-0.01, 0.0, 0.0412, 0.06, 0.5] {
            close(bond.yield_at(bond.price(yield_annual, 0.0).0).expect("within"), yield_annual, 1e-14);
        }
        assert_eq!(bond.yield_at(0.0), None);
        assert_eq!(bond.yield_at(f64::NAN), None);
    }
}
