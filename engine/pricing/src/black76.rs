//! Black-76: the price of a European option on a forward, and its derivatives, per unit.
//!
//! With x = ln(F/K), s = σ√T, d1 = x/s + s/2, d2 = x/s − s/2 and D the discount factor:
//!
//! ```text
//! call = D·(F·N(d1) − K·N(d2))        put = call − D·(F − K)
//! ```
//!
//! (F. Black, "The pricing of commodity contracts", Journal of Financial Economics 3, 1976.)
//!
//! Only the side out of the money (module `out_of_the_money`) is computed; the other is it plus the intrinsic value.
//! So nothing cancels, and the price is accurate to 1e-12 of itself down to its underflow.
//!
//! # Edges
//!
//! | case | price | delta | the other sensitivities |
//! |---|---|---|---|
//! | expired, T ≤ 0 | intrinsic, not discounted | ±1, 0; at the money ±½ | 0 |
//! | σ = 0, F ≠ K | discounted intrinsic | ±D, 0 | theta and rho from discounting; 0 |
//! | σ = 0, F = K | 0 | ±D/2 | the limits σ → 0 at F = K; gamma 0, since its limit is infinite |
//! | σ√T → ∞ | D·F or D·K | ±D, 0 | 0, or from discounting |
//!
//! The functions of this module check nothing: outside the domain in [the crate's table](crate) they return
//! numbers without meaning (NaN for NaN), but do not panic. [`OptionInputs`](super::OptionInputs) is the checked way
//! in.

use super::mills::mills_ratio;
use super::numeric::{exp, sqrt};
use super::out_of_the_money::Terms;
use crate::Right;

/// The price of one unit and its derivatives. All per unit of the option, in the quote currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensitivities {
    /// The price, in the quote currency per coin.
    pub price: f64,
    /// ∂price/∂F, discounted: between −D and D.
    pub delta_forward: f64,
    /// ∂²price/∂F², discounted, per unit of the quote currency.
    pub gamma_forward: f64,
    /// ∂price/∂σ for 1.00 of vol; a hundredth of it is the change for one vol point.
    pub vega: f64,
    /// The change with calendar time per year at constant forward and vol, discounting included: −∂price/∂T.
    pub theta_year: f64,
    /// ∂price/∂r at constant forward for 1.00 of rate: −T·price.
    pub rho: f64,
    /// ∂²price/∂F∂σ for 1.00 of vol.
    pub vanna: f64,
    /// ∂²price/∂σ² for 1.00 of vol, squared.
    pub volga: f64,
}

/// The price of one unit in the quote currency.
///
/// Domain: `forward`, `strike` > 0; `vol_annual` ≥ 0; `expiry_years` of either sign, where zero and below is expired;
/// `discount_factor` > 0, not used for an expired option. Not checked.
pub fn price(right: Right, forward: f64, strike: f64, vol_annual: f64, expiry_years: f64, discount_factor: f64) -> f64 {
    if expiry_years <= 0.0 {
        return intrinsic(right, forward, strike);
    }
    let terms = Terms::new(forward, strike, vol_annual * sqrt(expiry_years));
    discount_factor * (intrinsic(right, forward, strike) + terms.value())
}

/// The price of one unit and its derivatives in closed form.
///
/// Domain as for [`price`]; `discount_rate` per year, continuous: D = exp(−rT). Not checked.
pub fn sensitivities(
    right: Right,
    forward: f64,
    strike: f64,
    vol_annual: f64,
    expiry_years: f64,
    discount_rate: f64,
) -> Sensitivities {
    if expiry_years <= 0.0 {
        return Sensitivities {
            price: intrinsic(right, forward, strike),
            delta_forward: step_delta(right, forward, strike),
            gamma_forward: 0.0,
            vega: 0.0,
            theta_year: 0.0,
            rho: 0.0,
            vanna: 0.0,
            volga: 0.0,
        };
    }
    let discount_factor = exp(-discount_rate * expiry_years);
    let sqrt_years = sqrt(expiry_years);
    let terms = Terms::new(forward, strike, vol_annual * sqrt_years);
    let price = discount_factor * (intrinsic(right, forward, strike) + terms.value());
    let (d1, d2) = if forward < strike {
        (terms.half_vol - terms.moneyness, -terms.moneyness - terms.half_vol)
    } else {
        (terms.moneyness + terms.half_vol, terms.moneyness - terms.half_vol)
    };

    // φ(d1) = P/F; where it is zero, so is everything that it multiplies, whatever d1 and d2 are.
    let density = terms.scaled_density / forward;
    let vega = discount_factor * terms.scaled_density * sqrt_years;
    let (gamma_forward, vanna, volga) = if density == 0.0 {
        (0.0, 0.0, 0.0)
    } else if vol_annual == 0.0 {
        // At the money; d1/σ and −d2/σ tend to √T/2.
        (0.0, discount_factor * density * 0.5 * sqrt_years, 0.0)
    } else {
        (
            discount_factor * density / (forward * (vol_annual * sqrt_years)),
            -discount_factor * density * (d2 / vol_annual),
            vega * d1 * (d2 / vol_annual),
        )
    };
    Sensitivities {
        price,
        delta_forward: discount_factor * delta_undiscounted(right, d1, density),
        gamma_forward,
        vega,
        theta_year: discount_rate * price - 0.5 * vega * vol_annual / expiry_years,
        rho: -expiry_years * price,
        vanna,
        volga,
    }
}

/// max(F − K, 0) of a call, max(K − F, 0) of a put.
fn intrinsic(right: Right, forward: f64, strike: f64) -> f64 {
    right.payoff(forward, strike)
}

/// The slope of the intrinsic value; at its kink the mean of both sides.
fn step_delta(right: Right, forward: f64, strike: f64) -> f64 {
    let call = if forward > strike {
        1.0
    } else if forward < strike {
        0.0
    } else {
        0.5
    };
    match right {
        Right::Call => call,
        Right::Put => call - 1.0,
    }
}

/// N(d1) of a call, −N(−d1) of a put, where φ(d1) is known.
fn delta_undiscounted(right: Right, d1: f64, density: f64) -> f64 {
    let tail = density * mills_ratio(d1.abs());
    match right {
        Right::Call if d1 < 0.0 => tail,
        Right::Call => 1.0 - tail,
        Right::Put if d1 < 0.0 => tail - 1.0,
        Right::Put => -tail,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
#[cfg(test)]
mod tests;
