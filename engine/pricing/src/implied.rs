//! The volatility behind a price.

use implied_vol::{DefaultSpecialFn, ImpliedBlackVolatility};

use super::inputs::{PricingError, finite, not_negative, positive};
use super::numeric::{ln_ratio, sqrt};
use super::out_of_the_money::Terms;
use crate::Right;

/// Why a price has no implied volatility.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ImpliedVolError {
    /// An input is outside its domain.
    #[error(transparent)]
    Input(#[from] PricingError),
    /// An expired option has no volatility.
    #[error("the option has expired, so its price implies no volatility")]
    Expired,
    /// No vol, however small, makes the option so cheap.
    #[error("the price {price} is below the discounted intrinsic value {intrinsic}: no volatility explains it")]
    BelowIntrinsic {
        /// The price asked about.
        price: f64,
        /// D·max(F − K, 0) of a call, D·max(K − F, 0) of a put.
        intrinsic: f64,
    },
    /// No vol, however large, makes the option so dear.
    #[error("the price {price} is not below {maximum}, the most such an option can cost: no volatility explains it")]
    AboveMaximum {
        /// The price asked about.
        price: f64,
        /// D·F of a call, D·K of a put.
        maximum: f64,
    },
    /// The price is so near an end of its range that rounding decides.
    #[error("the price {price} is too close to the end of its range to tell a volatility from it")]
    Undetermined {
        /// The price asked about.
        price: f64,
    },
}

/// The annual vol σ ≥ 0 (0.40 is 40 %) at which [`black76::price`](super::black76::price) gives `price`.
///
/// `price`, `forward` and `strike` per unit in the quote currency; `expiry_years` in years of 365 days;
/// `discount_factor` above zero. The intrinsic value itself implies zero.
///
/// P. Jäckel, "Let's be rational" (Wilmott, 2015), through the crate `implied-vol`, and two steps of Newton's method
/// from its answer: that crate calls the platform's exponential, these steps only the engine's own.
pub fn implied_vol(
    right: Right,
    price: f64,
    forward: f64,
    strike: f64,
    expiry_years: f64,
    discount_factor: f64,
) -> Result<f64, ImpliedVolError> {
    not_negative("price", price)?;
    positive("forward", forward)?;
    positive("strike", strike)?;
    positive("discount factor", discount_factor)?;
    if finite("time to expiry in years", expiry_years)? <= 0.0 {
        return Err(ImpliedVolError::Expired);
    }
    let (exercise, maximum) = match right {
        Right::Call => (forward - strike, forward),
        Right::Put => (strike - forward, strike),
    };
    let intrinsic = discount_factor * exercise.max(0.0);
    let maximum = discount_factor * maximum;
    if price < intrinsic {
        return Err(ImpliedVolError::BelowIntrinsic { price, intrinsic });
    }
    if price >= maximum {
        return Err(ImpliedVolError::AboveMaximum { price, maximum });
    }
    // The other side, out of the money, has the same vol.
    let time_value = (price - intrinsic) / discount_factor;
    if time_value == 0.0 {
        return Ok(0.0);
    }
    let total_vol = ImpliedBlackVolatility::builder()
        .option_price(time_value)
        .forward(forward)
        .strike(strike)
        .expiry(1.0)
        .is_call(forward <= strike)
        .build()
        .and_then(|solver| solver.calculate::<DefaultSpecialFn>())
        .filter(|total_vol| total_vol.is_finite())
        .ok_or(ImpliedVolError::Undetermined { price })?;
    Ok(settle(total_vol, time_value, forward, strike) / sqrt(expiry_years))
}

/// The same root from the engine's own arithmetic, so that it has the same bits on every target.
///
/// The start is cut to 26 bits, which forgets how the platform rounded (but for one start in ten million, which lies
/// at a cut; it leads to the same root within rounding). Newton's method on ln(value) doubles the
/// digits: in the wings ln(value) is about −a²/2, which makes the relative error of a step 3/2 of the square of the
/// one before, and two steps are enough. Where the price says so little about the vol that a step is longer than the
/// cut, the start stands.
fn settle(start: f64, time_value: f64, forward: f64, strike: f64) -> f64 {
    const CUT_BITS: u32 = 27;
    let mut total_vol = f64::from_bits((start.to_bits() >> CUT_BITS) << CUT_BITS);
    for _ in 0..2 {
        let terms = Terms::new(forward, strike, total_vol);
        let value = terms.value();
        let step = ln_ratio(time_value, value) * (value / terms.scaled_density);
        // Also false for the NaN of a value or density that underflows.
        if step.abs() <= 1e-6 * total_vol {
            total_vol += step;
        } else {
            return start;
        }
    }
    total_vol
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn error(price: f64, forward: f64, strike: f64, expiry_years: f64, discount_factor: f64) -> String {
        implied_vol(Right::Call, price, forward, strike, expiry_years, discount_factor)
            .expect_err("the price has no vol")
            .to_string()
    }

    #[test]
    fn what_no_vol_explains_is_said_in_a_sentence() {
        let no_vol = "no volatility explains it";
        let below = format!("the price 4.9 is below the discounted intrinsic value 5: {no_vol}");
        assert_eq!(error(4.9, 110.0, 100.0, 1.0, 0.5), below);
        let above = format!("the price 55 is not below 55, the most such an option can cost: {no_vol}");
        assert_eq!(error(55.0, 110.0, 100.0, 1.0, 0.5), above);
        for expiry_years in [0.0, -1.0] {
            let expired = "the option has expired, so its price implies no volatility";
            assert_eq!(error(12.0, 110.0, 100.0, expiry_years, 1.0), expired);
        }
        let price = "the price must be a finite number of zero or more, but it is NaN";
        assert_eq!(error(f64::NAN, 110.0, 100.0, 1.0, 1.0), price);
        let forward = "the forward must be a finite number above zero, but it is inf";
        assert_eq!(error(12.0, f64::INFINITY, 100.0, 1.0, 1.0), forward);
        let time = "the time to expiry in years must be a finite number, but it is NaN";
        assert_eq!(error(12.0, 110.0, 100.0, f64::NAN, 1.0), time);
        let discount = "the discount factor must be a finite number above zero, but it is 0";
        assert_eq!(error(12.0, 110.0, 100.0, 1.0, 0.0), discount);
    }

    #[test]
    fn the_intrinsic_value_implies_no_vol() {
        assert_eq!(implied_vol(Right::Call, 5.0, 110.0, 100.0, 1.0, 0.5), Ok(0.0));
        assert_eq!(implied_vol(Right::Put, 0.0, 110.0, 100.0, 1.0, 0.5), Ok(0.0));
        assert_eq!(implied_vol(Right::Put, 0.0, 100.0, 100.0, 1.0, 0.5), Ok(0.0));
    }

    #[test]
    fn a_price_that_rounds_to_its_maximum_is_an_error_and_no_infinite_vol() {
        let price = 100.0_f64.next_down();
        match implied_vol(Right::Call, price, 100.0, 100.0, 1.0, 1.0) {
            Ok(vol) => assert!(vol.is_finite() && vol > 10.0, "{vol}"),
            Err(other) => assert_eq!(other, ImpliedVolError::Undetermined { price }),
        }
    }

    #[test]
    fn rounding_of_the_start_is_forgotten() {
        let mut settled_vols = 0;
        for step in 1..=400 {
            let total_vol = 0.01 * f64::from(step);
            for strike in [30.0, 80.0, 100.0, 101.0, 150.0, 400.0] {
                let value = Terms::new(100.0, strike, total_vol).value();
                if value < 1e-290 {
                    continue;
                }
                settled_vols += 1;
                let settled = settle(total_vol * (1.0 + 3e-12), value, 100.0, strike);
                let other = settle(total_vol * (1.0 + 3e-12 + 4.0 * f64::EPSILON), value, 100.0, strike);
                assert_eq!(settled.to_bits(), other.to_bits(), "{strike} at {total_vol}");
            }
        }
        assert!(settled_vols > 2_300, "{settled_vols}");
    }
}
