//! The volatility behind a price.

use implied_vol::{DefaultSpecialFn, ImpliedBlackVolatility};

use super::inputs::{PricingError, finite, not_negative, positive};
use crate::instrument::Right;

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
/// `discount_factor` above zero. The intrinsic value itself implies zero. P. Jäckel, "Let's be rational",
/// Wilmott 2015, through the crate `implied-vol`.
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
    // The other side out of the money has the same vol, and its price has no digits that cancel.
    let time_value = (price - intrinsic) / discount_factor;
    let out_of_the_money_call = strike >= forward;
    ImpliedBlackVolatility::builder()
        .option_price(time_value)
        .forward(forward)
        .strike(strike)
        .expiry(expiry_years)
        .is_call(out_of_the_money_call)
        .build()
        .and_then(|solver| solver.calculate::<DefaultSpecialFn>())
        .filter(|vol| vol.is_finite())
        .ok_or(ImpliedVolError::Undetermined { price })
}
