//! One option whose early exercise is worked out, to be priced on any spot.

use super::Accuracy;
use super::below::{Below, LnBoundaries};
use super::fixed_point::Scheme;
use super::integral::Terms;
use super::premium::Premium;
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
    /// The forward of a spot of one.
    growth: f64,
    discount_factor: f64,
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
    Below(Below),
}

/// From so many spots on it may pay to interpolate.
const MANY: usize = 64;

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
        let scheme = Scheme::of(accuracy);
        Boundary::by(right, strike, vol_annual, expiry_years, discount_rate, dividend_yield, &scheme)
    }

    /// As [`new`](Self::new), by a scheme of its own.
    #[inline(never)]
    pub(super) fn by(
        right: Right,
        strike: f64,
        vol_annual: f64,
        expiry_years: f64,
        discount_rate: f64,
        dividend_yield: f64,
        scheme: &Scheme,
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
            EarlyExercise::Below(Below::new(terms, scheme))
        };
        let growth = exp((discount_rate - dividend_yield) * expiry_years);
        let discount_factor = exp(-discount_rate * expiry_years);
        Boundary { right, strike, vol_annual, expiry_years, growth, discount_factor, early }
    }

    /// ln B, where there is a boundary.
    pub(super) fn ln_boundaries(&self) -> Option<LnBoundaries> {
        match &self.early {
            EarlyExercise::Below(below) => Some(below.ln_boundaries()),
            _ => None,
        }
    }

    /// Becomes another option at another vol, at which its boundary is known.
    pub(super) fn set_vol(&mut self, other: &Boundary, vol_annual: f64, ln_boundaries: &LnBoundaries) {
        if let (EarlyExercise::Below(below), EarlyExercise::Below(other)) = (&mut self.early, &other.early) {
            below.set_vol(other, vol_annual, ln_boundaries);
            self.vol_annual = vol_annual;
        }
    }

    /// The price of one unit in the quote currency at `spot` > 0, which is not checked.
    pub fn price(&self, spot: f64) -> f64 {
        let &Boundary { right, strike, vol_annual, expiry_years, growth, discount_factor, .. } = self;
        let (scale, other) = self.as_put(spot);
        if expiry_years <= 0.0 {
            return at_least(0.0, scale - other);
        }
        let european = black76::price(right, spot * growth, strike, vol_annual, expiry_years, discount_factor);
        let early = match &self.early {
            EarlyExercise::Nothing => european,
            EarlyExercise::Certain(terms) => scale * best_exercise(terms, other / scale),
            EarlyExercise::Below(below) => {
                let ln_moneyness = ln_ratio(other, scale);
                return self
                    .given(spot, european, below, ln_moneyness, |moneyness| below.earned(ln_moneyness, moneyness));
            }
        };
        at_least(at_least(0.0, scale - other), at_least(european, early))
    }

    /// Prices on many spots: `prices` holds those of the European option, which give way to this one's. All are of one
    /// length; `ln_spots` are the logarithms of `spots`.
    ///
    /// On fewer than 64 spots, or some more that are far apart, they are those of [`price`](Self::price) to the bit,
    /// whatever the European ones. On more, what early exercise adds is interpolated; the [module](super) says how far
    /// they are off.
    // Inlined into code that is compiled for size, it would be compiled for size as well.
    #[inline(never)]
    pub fn prices(&self, spots: &[f64], ln_spots: &[f64], prices: &mut [f64]) {
        if let EarlyExercise::Below(below) = &self.early
            && spots.len() >= MANY
        {
            let ln_strike = ln(self.strike);
            let ln_moneyness = |ln_spot: f64| match self.right {
                Right::Put => ln_spot - ln_strike,
                Right::Call => ln_strike - ln_spot,
            };
            if let Some(premium) = Premium::new(below, spots.len(), |spot| ln_moneyness(ln_spots[spot])) {
                for ((price, spot), ln_spot) in prices.iter_mut().zip(spots).zip(ln_spots) {
                    let x = ln_moneyness(*ln_spot);
                    *price = self.given(*spot, *price, below, x, |_| premium.at(x));
                }
                return;
            }
        }
        for (price, spot) in prices.iter_mut().zip(spots) {
            *price = self.price(*spot);
        }
    }

    /// The price of an option that is exercised below a boundary, given the European one and a function that says of
    /// the put of strike 1 what early exercise adds at a moneyness above it.
    #[inline(always)]
    fn given(
        &self,
        spot: f64,
        european: f64,
        below: &Below,
        ln_moneyness: f64,
        earned: impl FnOnce(f64) -> f64,
    ) -> f64 {
        let (scale, other) = self.as_put(spot);
        let intrinsic = at_least(0.0, scale - other);
        let early = if ln_moneyness <= below.ln_today {
            intrinsic
        } else {
            let moneyness = other / scale;
            let held = european + scale * earned(moneyness);
            // Both bounds hold of every put. The lower one is met when σ is so small that the integrand has a
            // kink, the upper one, the strike, when σ√T is in the hundreds.
            let held = at_least(scale * best_exercise(&below.terms, moneyness), held);
            if held > scale { scale } else { held }
        };
        at_least(intrinsic, at_least(european, early))
    }

    /// The option is worth as many puts of strike 1 as the first, at a moneyness of the second over the first.
    fn as_put(&self, spot: f64) -> (f64, f64) {
        match self.right {
            Right::Put => (self.strike, spot),
            Right::Call => (spot, self.strike),
        }
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
