//! Options that may be exercised early, in terms of the forward as all others are.

use super::american_mark::AmericanMark;
use crate::pricing::Right;
use crate::pricing::american::{Accuracy, Boundary, BoundaryByVol};
use crate::pricing::black76::Sensitivities;
use crate::pricing::numeric::exp;

/// What of an American option does not change when the market moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AmericanTerms {
    /// Call or put.
    pub right: Right,
    /// Strike in the quote currency.
    pub strike: f64,
    /// Drift of the share, ln(F/S)/T per year: the discount rate less the dividend yield q.
    pub carry: f64,
}

impl AmericanTerms {
    /// The price of the share, F·exp(−carry·T).
    pub(crate) fn spot(&self, forward: f64, expiry_years: f64) -> f64 {
        forward * exp(-self.carry * expiry_years)
    }

    /// The option on a share that yields q = r − carry, to be priced on any [`spot`](Self::spot).
    ///
    /// Cash dividends enter as the yield that gives the same forward.
    pub(crate) fn boundary(
        &self,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
        accuracy: Accuracy,
    ) -> Boundary {
        let dividend_yield = discount_rate - self.carry;
        Boundary::new(self.right, self.strike, vol_annual, expiry_years, discount_rate, dividend_yield, accuracy)
    }

    /// The same at any vol of a range; none where [`BoundaryByVol::new`] says so.
    pub(crate) fn boundary_by_vol(
        &self,
        vols: (f64, f64),
        expiry_years: f64,
        discount_rate: f64,
    ) -> Option<BoundaryByVol> {
        BoundaryByVol::new(self.right, self.strike, vols, expiry_years, discount_rate, discount_rate - self.carry)
    }

    /// Price and sensitivities at a forward: see [`AmericanMark::sensitivities`].
    pub(crate) fn sensitivities(
        &self,
        forward: f64,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
    ) -> Sensitivities {
        AmericanMark::new(*self, vol_annual, expiry_years, discount_rate).sensitivities(forward)
    }
}
