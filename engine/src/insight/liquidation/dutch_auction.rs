//! The second mechanism: an auction that sells a fraction of the whole account at a discount that grows with time.
//!
//! Source: Derive's documentation, with its two worked examples as tests. MtM is the account's value, MM its margin
//! net of it: what is left until liquidation, negative in one.
//!
//! ```text
//! buffer margin    BM = MM + s·(MM − MtM)
//! fee              MtM·rate·BM/(BM − MtM)
//! discount         5 % at once, 30 % after 15 minutes, 100 % twelve hours later, straight lines between
//! fraction         f = BM/(BM − (1 − d)·MtM − d·reserved)        what earlier bidders paid is reserved
//! ```

use crate::json::{Fields, JsonError};
use crate::methodology::{CheckParameters, MethodologyError, ReadParameters, check};

/// Parameters of the auction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AuctionParameters {
    /// s: by which fraction of the requirement the account is to be safer than at its maintenance requirement.
    pub buffer_share: f64,
    /// The fee, as a fraction of the value of what is to be sold.
    pub fee: f64,
    /// The discount at the start.
    pub first_discount: f64,
    /// The discount at the end of the fast part.
    pub fast_discount: f64,
    /// How long the fast part takes.
    pub fast_seconds: f64,
    /// How long it then takes until the discount is all of it.
    pub slow_seconds: f64,
    /// When a bidder comes.
    pub bid_seconds: f64,
}

impl ReadParameters for AuctionParameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(AuctionParameters {
            buffer_share: fields.number("buffer_share")?,
            fee: fields.number("fee")?,
            first_discount: fields.number("first_discount")?,
            fast_discount: fields.number("fast_discount")?,
            fast_seconds: fields.number("fast_seconds")?,
            slow_seconds: fields.number("slow_seconds")?,
            bid_seconds: fields.number("bid_seconds")?,
        })
    }
}

impl CheckParameters for AuctionParameters {
    fn check(&self) -> Result<(), MethodologyError> {
        check("auction.buffer_share", self.buffer_share, 0.0..=10.0)?;
        check("auction.fee", self.fee, 0.0..=1.0)?;
        check("auction.first_discount", self.first_discount, 0.0..=1.0)?;
        check("auction.fast_discount", self.fast_discount, self.first_discount..=1.0)?;
        check("auction.fast_seconds", self.fast_seconds, 1.0..=1e7)?;
        check("auction.slow_seconds", self.slow_seconds, 1.0..=1e7)?;
        check("auction.bid_seconds", self.bid_seconds, 0.0..=1e8)
    }
}

impl AuctionParameters {
    /// The discount for whoever comes after so many seconds, at most 1.
    pub fn discount(&self, seconds: f64) -> f64 {
        if seconds <= self.fast_seconds {
            return self.first_discount + (self.fast_discount - self.first_discount) * (seconds / self.fast_seconds);
        }
        let along = ((seconds - self.fast_seconds) / self.slow_seconds).min(1.0);
        self.fast_discount + (1.0 - self.fast_discount) * along
    }

    /// BM, from the account's value and its margin net of it.
    pub fn buffer_margin(&self, value: f64, net_margin: f64) -> f64 {
        net_margin + self.buffer_share * (net_margin - value)
    }

    /// What is charged when the auction begins, of an account worth something whose buffer margin is negative.
    pub fn fee(&self, value: f64, buffer_margin: f64) -> f64 {
        value * self.fee * largest_fraction(value, buffer_margin, 0.0, 0.0)
    }
}

/// f: the largest fraction of the account that may be sold, after which its buffer margin is nothing. The account is
/// worth something, its buffer margin is negative, and `reserved` of its value is not for sale.
pub fn largest_fraction(value: f64, buffer_margin: f64, discount: f64, reserved: f64) -> f64 {
    buffer_margin / (buffer_margin - (1.0 - discount) * value - discount * reserved)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::liquidation::LiquidationRules;

    fn auction() -> AuctionParameters {
        LiquidationRules::new(None).expect("the preset reads").parameters().auction
    }

    /// The venue's two worked figures.
    #[test]
    fn the_published_examples() {
        let auction = auction();
        assert!((largest_fraction(100_000.0, -60_000.0, 0.0, 0.0) - 0.375).abs() < 1e-12);
        assert!((auction.fee(100_000.0, -60_000.0) - 3_750.0).abs() < 1e-9);
        let later = largest_fraction(98_000.0, -62_000.0, 0.12, 0.0);
        assert!((later - 0.418).abs() < 0.0005, "{later}");
    }

    #[test]
    fn the_discount_grows_to_all_of_it() {
        let auction = auction();
        let known = [(0.0, 0.05), (450.0, 0.175), (900.0, 0.30), (900.0 + 21_600.0, 0.65), (44_100.0, 1.0), (1e7, 1.0)];
        for (seconds, discount) in known {
            assert!((auction.discount(seconds) - discount).abs() < 1e-12, "{seconds}");
        }
    }

    /// What is left and what was paid: (1 − f)·(BM − R) + R + f·(1 − d)·(MtM − R) = 0.
    #[test]
    fn the_buffer_margin_is_nothing_after_the_sale() {
        for (value, margin, discount, reserved) in [(100.0, -60.0, 0.12, 0.0), (98.0, -5.0, 0.3, 20.0)] {
            let sold = largest_fraction(value, margin, discount, reserved);
            let after = (1.0 - sold) * (margin - reserved) + reserved + sold * (1.0 - discount) * (value - reserved);
            assert!(after.abs() < 1e-12, "{after}");
        }
        assert_eq!(auction().buffer_margin(100.0, -10.0), -10.0 - 0.15 * 110.0);
    }
}
