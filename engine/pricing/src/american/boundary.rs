//! One option whose early exercise is worked out, to be priced on any spot.

use super::Accuracy;
use super::fixed_point::{LnBoundary, Scheme};
use super::integral::{Integral, Terms};
use super::quadrature::MAXIMUM_POINTS;
use crate::numeric::{exp, ln, ln_ratio, sqrt};
use crate::{Right, black76};

/// An American option at one vol, time and pair of rates, with the boundary at which it is exercised.
///
/// The boundary is the expensive part, and does not depend on the spot.
#[derive(Debug, Clone)]
pub struct Boundary {
    right: Right,
    strike: f64,
    vol_annual: f64,
    expiry_years: f64,
    discount_rate: f64,
    dividend_yield: f64,
    early: EarlyExercise,
}

/// What early exercise adds, for the put of strike 1 with which the option is worth the same.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nothing is allocated to price")]
enum EarlyExercise {
    /// Nothing, or what is not computed: see the module's edges.
    Nothing,
    /// There is next to no vol, so the best time is known today for this put.
    Certain(Terms),
    /// Exercise pays below a boundary.
    Below {
        /// The put.
        terms: Terms,
        /// The integral of Kim's formula up to expiry.
        integral: Integral,
        /// ln B at its points.
        ln_boundaries: [f64; MAXIMUM_POINTS],
        /// ln B today.
        ln_today: f64,
    },
}

/// Below this σ√T the forward is as good as certain.
const SMALLEST_TOTAL_VOL: f64 = 1e-8;

impl Boundary {
    /// Works out when the option is exercised.
    ///
    /// `strike` > 0 in the quote currency; `vol_annual` ≥ 0 per √year; `expiry_years` in years of 365 days, where zero
    /// and below is expired; `discount_rate` and `dividend_yield` per year, continuous, of either sign. Not checked.
    pub fn new(
        right: Right,
        strike: f64,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
        dividend_yield: f64,
        accuracy: Accuracy,
    ) -> Boundary {
        let (rate, dividend) = match right {
            Right::Put => (discount_rate, dividend_yield),
            Right::Call => (dividend_yield, discount_rate),
        };
        let terms = Terms { rate, dividend, vol: vol_annual, years: expiry_years };
        let pays = rate > 0.0 || (rate == 0.0 && dividend < 0.0);
        let early = if !pays || expiry_years <= 0.0 {
            EarlyExercise::Nothing
        } else if vol_annual * sqrt(expiry_years) < SMALLEST_TOTAL_VOL {
            EarlyExercise::Certain(terms)
        } else {
            let scheme = Scheme::of(accuracy);
            let boundary = LnBoundary::of(&terms, &scheme);
            let integral = Integral::new(&terms, 1.0, scheme.outer);
            let mut ln_boundaries = [0.0; MAXIMUM_POINTS];
            boundary.evaluate(integral.root_shares(), &mut ln_boundaries);
            let mut today = [0.0];
            boundary.evaluate(&[1.0], &mut today);
            EarlyExercise::Below { terms, integral, ln_boundaries, ln_today: today[0] }
        };
        Boundary { right, strike, vol_annual, expiry_years, discount_rate, dividend_yield, early }
    }

    /// The price of one unit in the quote currency at `spot` > 0, which is not checked.
    pub fn price(&self, spot: f64) -> f64 {
        let &Boundary { right, strike, vol_annual, expiry_years, .. } = self;
        let intrinsic = match right {
            Right::Call => at_least(0.0, spot - strike),
            Right::Put => at_least(0.0, strike - spot),
        };
        if expiry_years <= 0.0 {
            return intrinsic;
        }
        let forward = spot * exp((self.discount_rate - self.dividend_yield) * expiry_years);
        let discount_factor = exp(-self.discount_rate * expiry_years);
        let european = black76::price(right, forward, strike, vol_annual, expiry_years, discount_factor);
        // The put of strike 1 at `moneyness`, `scale` times, is this option.
        let (scale, other) = match right {
            Right::Put => (strike, spot),
            Right::Call => (spot, strike),
        };
        let moneyness = other / scale;
        let early = match &self.early {
            EarlyExercise::Nothing => european,
            EarlyExercise::Certain(terms) => scale * best_exercise(terms, moneyness),
            EarlyExercise::Below { terms, integral, ln_boundaries, ln_today } => {
                let ln_moneyness = ln_ratio(other, scale);
                if ln_moneyness <= *ln_today {
                    intrinsic
                } else {
                    let (rate_sum, dividend_sum) = integral.sums(ln_moneyness, ln_boundaries, -1.0);
                    let held = european + scale * (rate_sum - moneyness * dividend_sum);
                    // Both bounds hold of every put. The lower one is met when σ is so small that the integrand has a
                    // kink, the upper one, the strike, when σ√T is in the hundreds.
                    let held = at_least(scale * best_exercise(terms, moneyness), held);
                    if held > scale { scale } else { held }
                }
            }
        };
        at_least(intrinsic, at_least(european, early))
    }
}

/// The larger of both; NaN where `value` is.
fn at_least(limit: f64, value: f64) -> f64 {
    if value < limit { limit } else { value }
}

/// The most that e^(−rt) − m·e^(−qt) is worth inside [0, T], or zero: what is had for certain by exercising at a time
/// fixed today.
///
/// Only for q > r is it more than at both ends.
fn best_exercise(terms: &Terms, moneyness: f64) -> f64 {
    let Terms { rate, dividend, years, .. } = *terms;
    if dividend <= rate {
        return 0.0;
    }
    let time = ln(dividend * moneyness / rate) / (dividend - rate);
    if time > 0.0 && time < years { exp(-rate * time) - moneyness * exp(-dividend * time) } else { 0.0 }
}
