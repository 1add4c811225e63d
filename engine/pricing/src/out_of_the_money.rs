//! The undiscounted value of the side of an option that is out of the money, with every digit.
//!
//! Subtracting the two terms of Black's formula loses every digit in the wings and most digits of a short-dated
//! option. With f = min(F, K), k = max(F, K), s = σ√T, a = |ln(F/K)|/s, h = s/2, P = f·φ(a − h) = k·φ(a + h) and
//! the [Mills ratio](super::mills) R, the same value is a sum of positive terms or a mild difference:
//!
//! ```text
//! P·∫ (1 − zR(z)) dz over [a−h, a+h]     h small, by Gauss–Legendre quadrature
//! P·(R(a−h) − R(a+h))                    a ≥ h
//! f − P·(R(h−a) + R(h+a))                a < h
//! ```
//!
//! That the value is P times a difference of Mills ratios is P. Jäckel's observation ("Let's be rational", Wilmott
//! 2015, there with erfcx); the quadrature for small h is this crate's own.

use super::mills::{mills_ratio, mills_slope};
use super::numeric::{INVERSE_SQRT_TWO_PI, exp, ln_ratio};

/// The numbers in which price and sensitivities are written.
pub(super) struct Terms {
    /// f = min(F, K).
    pub(super) lower: f64,
    /// a = |ln(F/K)|/s.
    pub(super) moneyness: f64,
    /// h = s/2.
    pub(super) half_vol: f64,
    /// P = F·φ(d1) = K·φ(d2).
    pub(super) scaled_density: f64,
}

impl Terms {
    /// `total_vol` is s = σ√T ≥ 0.
    pub(super) fn new(forward: f64, strike: f64, total_vol: f64) -> Terms {
        let distance = ln_ratio(forward, strike).abs();
        // At the money without vol the ratio 0/0 means 0: the limit along F = K.
        let moneyness = if distance == 0.0 { 0.0 } else { distance / total_vol };
        let half_vol = 0.5 * total_vol;
        let lower = if strike < forward { strike } else { forward };
        let gap = moneyness - half_vol;
        let scaled_density = lower * INVERSE_SQRT_TWO_PI * exp(-0.5 * gap * gap);
        Terms { lower, moneyness, half_vol, scaled_density }
    }

    /// Up to this h the integral over the slope is used; beyond it, differences lose at most two digits.
    const SMALL_HALF_VOL: f64 = 0.15;

    /// The undiscounted value of whichever of call and put is out of the money: between 0 and f.
    pub(super) fn value(&self) -> f64 {
        let near = self.moneyness - self.half_vol;
        let far = self.moneyness + self.half_vol;
        if self.scaled_density == 0.0 {
            // Nothing is left of the option, or nothing of the density beside f when s is huge.
            return if near > 0.0 { 0.0 } else { self.lower };
        }
        if self.half_vol < Self::SMALL_HALF_VOL {
            self.scaled_density * self.half_vol * mean_slope_twice(self.moneyness, self.half_vol)
        } else if near >= 0.0 {
            self.scaled_density * (mills_ratio(near) - mills_ratio(far))
        } else {
            self.lower - self.scaled_density * (mills_ratio(-near) + mills_ratio(far))
        }
    }
}

/// Nodes of six-point Gauss–Legendre quadrature on [−1, 1] and their weights; the other half mirrors them.
const NODES: [(f64, f64); 3] = [
    (0.2386191860831969, 0.46791393457269104),
    (0.6612093864662645, 0.3607615730481386),
    (0.932469514203152, 0.17132449237917036),
];

/// The integral of −R′ over [centre − half_width, centre + half_width], divided by `half_width`.
///
/// The remainder, relative to the integral, is below 9e-12·(2·half_width)¹² (from the twelfth derivative of −R′
/// at zero, where it is largest): 5e-18 at a half width of 0.15.
fn mean_slope_twice(centre: f64, half_width: f64) -> f64 {
    NODES.iter().rev().fold(0.0, |sum, (node, weight)| {
        let offset = half_width * node;
        sum + weight * (mills_slope(centre - offset) + mills_slope(centre + offset))
    })
}
