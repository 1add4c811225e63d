//! Options that may be exercised early, in terms of the forward as all others are.

use crate::pricing::Right;
use crate::pricing::american::{Accuracy, Boundary};
use crate::pricing::black76::{self, Sensitivities};
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

    /// Price and sensitivities, by central differences of the accurate price.
    ///
    /// All in the sense of [`Sensitivities`]: delta and gamma by the forward, theta and rho at constant forward and
    /// carry. Vanna and volga are those of the European option.
    pub(crate) fn sensitivities(
        &self,
        forward: f64,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
    ) -> Sensitivities {
        let european =
            black76::sensitivities(self.right, forward, self.strike, vol_annual, expiry_years, discount_rate);
        let boundary = |vol, years, rate| self.boundary(vol, years, rate, Accuracy::Accurate);
        let at = |vol, years, rate| boundary(vol, years, rate).price(self.spot(forward, years));
        let today = boundary(vol_annual, expiry_years, discount_rate);
        let on = |forward| today.price(self.spot(forward, expiry_years));
        let price = on(forward);
        let total_vol = vol_annual * expiry_years.sqrt();
        if total_vol <= 0.0 {
            return Sensitivities { price, ..european };
        }
        // Wide enough that the error of the price does not show, narrow beside the option's own width.
        let forward_step = forward * (0.1 * total_vol).clamp(1e-3, 0.02);
        let vol_step = 0.02 * vol_annual;
        let years_step = (1.0 / 365.0_f64).min(0.5 * expiry_years);
        let rate_step = 0.0025;
        let (up, down) = (on(forward + forward_step), on(forward - forward_step));
        let slope = |up: f64, down: f64, step: f64| (up - down) / (2.0 * step);
        Sensitivities {
            price,
            delta_forward: slope(up, down, forward_step),
            gamma_forward: ((up - price) - (price - down)) / (forward_step * forward_step),
            vega: slope(
                at(vol_annual + vol_step, expiry_years, discount_rate),
                at(vol_annual - vol_step, expiry_years, discount_rate),
                vol_step,
            ),
            theta_year: slope(
                at(vol_annual, expiry_years - years_step, discount_rate),
                at(vol_annual, expiry_years + years_step, discount_rate),
                years_step,
            ),
            rho: slope(
                at(vol_annual, expiry_years, discount_rate + rate_step),
                at(vol_annual, expiry_years, discount_rate - rate_step),
                rate_step,
            ),
            ..european
        }
    }
}
