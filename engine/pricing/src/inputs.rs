//! The checked way into the pricing functions.

use super::black76::{self, Sensitivities};
use super::numeric::exp;
use crate::Right;

/// A number outside the domain of Black-76, with the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PricingError {
    /// A forward or a strike that is zero, negative, infinite or not a number.
    #[error("the {field} must be a finite number above zero, but it is {value}")]
    NotPositive {
        /// What the number is.
        field: &'static str,
        /// The number.
        value: f64,
    },
    /// A vol that is negative, infinite or not a number.
    #[error("the {field} must be a finite number of zero or more, but it is {value}")]
    Negative {
        /// What the number is.
        field: &'static str,
        /// The number.
        value: f64,
    },
    /// A time, rate or price that is infinite or not a number.
    #[error("the {field} must be a finite number, but it is {value}")]
    NotFinite {
        /// What the number is.
        field: &'static str,
        /// The number.
        value: f64,
    },
}

/// `value`, if it is finite and above zero.
pub(super) fn positive(field: &'static str, value: f64) -> Result<f64, PricingError> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(PricingError::NotPositive { field, value }) }
}

/// `value`, if it is finite and not below zero.
pub(super) fn not_negative(field: &'static str, value: f64) -> Result<f64, PricingError> {
    if value >= 0.0 && value.is_finite() { Ok(value) } else { Err(PricingError::Negative { field, value }) }
}

/// `value`, if it is finite.
pub(super) fn finite(field: &'static str, value: f64) -> Result<f64, PricingError> {
    if value.is_finite() { Ok(value) } else { Err(PricingError::NotFinite { field, value }) }
}

/// The terms of one European option on a forward, all in the domain of the formulas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptionInputs {
    right: Right,
    forward: f64,
    strike: f64,
    vol_annual: f64,
    expiry_years: f64,
    discount_rate: f64,
}

impl OptionInputs {
    /// Checks each number and names the first that is out of its domain.
    ///
    /// `forward` and `strike` are in the quote currency per coin and above zero; `vol_annual` is per √year and not
    /// negative; `expiry_years` is in years of 365 days, and a past expiry (zero or below) is an expired option;
    /// `discount_rate` is per year, continuous, of either sign.
    pub fn new(
        right: Right,
        forward: f64,
        strike: f64,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
    ) -> Result<OptionInputs, PricingError> {
        Ok(OptionInputs {
            right,
            forward: positive("forward", forward)?,
            strike: positive("strike", strike)?,
            vol_annual: not_negative("vol", vol_annual)?,
            expiry_years: finite("time to expiry in years", expiry_years)?,
            discount_rate: finite("discount rate", discount_rate)?,
        })
    }

    /// The price per unit in the quote currency: see [`black76::price`].
    pub fn price(&self) -> f64 {
        let discount_factor = exp(-self.discount_rate * self.expiry_years.max(0.0));
        black76::price(self.right, self.forward, self.strike, self.vol_annual, self.expiry_years, discount_factor)
    }

    /// The price and its derivatives per unit: see [`black76::sensitivities`].
    pub fn sensitivities(&self) -> Sensitivities {
        black76::sensitivities(
            self.right,
            self.forward,
            self.strike,
            self.vol_annual,
            self.expiry_years,
            self.discount_rate,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(forward: f64, strike: f64, vol_annual: f64, expiry_years: f64, discount_rate: f64) -> String {
        OptionInputs::new(Right::Call, forward, strike, vol_annual, expiry_years, discount_rate)
            .expect_err("a number is out of its domain")
            .to_string()
    }

    #[test]
    fn each_number_out_of_its_domain_is_named() {
        let nan = f64::NAN;
        let infinite = f64::INFINITY;
        let above_zero = |field, value| format!("the {field} must be a finite number above zero, but it is {value}");
        assert_eq!(error(0.0, 90.0, 0.5, 0.1, 0.0), above_zero("forward", "0"));
        assert_eq!(error(-1.5, 90.0, 0.5, 0.1, 0.0), above_zero("forward", "-1.5"));
        assert_eq!(error(nan, 90.0, 0.5, 0.1, 0.0), above_zero("forward", "NaN"));
        assert_eq!(error(infinite, 90.0, 0.5, 0.1, 0.0), above_zero("forward", "inf"));
        assert_eq!(error(100.0, 0.0, 0.5, 0.1, 0.0), above_zero("strike", "0"));
        assert_eq!(error(100.0, nan, 0.5, 0.1, 0.0), above_zero("strike", "NaN"));
        let zero_or_more = |value| format!("the vol must be a finite number of zero or more, but it is {value}");
        assert_eq!(error(100.0, 90.0, -0.01, 0.1, 0.0), zero_or_more("-0.01"));
        assert_eq!(error(100.0, 90.0, nan, 0.1, 0.0), zero_or_more("NaN"));
        assert_eq!(error(100.0, 90.0, infinite, 0.1, 0.0), zero_or_more("inf"));
        let time = "the time to expiry in years must be a finite number, but it is NaN";
        assert_eq!(error(100.0, 90.0, 0.5, nan, 0.0), time);
        assert_eq!(error(100.0, 90.0, 0.5, 0.1, infinite), "the discount rate must be a finite number, but it is inf");
    }

    #[test]
    fn good_numbers_are_priced() {
        let inputs = OptionInputs::new(Right::Put, 100.0, 90.0, 0.5, 0.25, 0.03).expect("all in the domain");
        assert_eq!(inputs.price(), inputs.sensitivities().price);
        let expired = OptionInputs::new(Right::Put, 80.0, 90.0, 0.5, -0.25, 0.03).expect("expired is fine");
        assert_eq!(expired.price(), 10.0);
    }
}
