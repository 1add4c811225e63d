//! What a slide does to implied vol.

use crate::pricing::numeric::pow;

/// How a relative vol shift depends on the time to expiry: short options swing more than long ones.
///
/// The shift is multiplied by (30 / max(days, minimum days))^power, with one power below thirty days and
/// another from thirty days on, as Deribit and Derive publish it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TermScaling {
    /// Exponent below thirty days.
    pub short_power: f64,
    /// Exponent from thirty days on.
    pub long_power: f64,
    /// Days to expiry count at least so many; above 0.
    pub minimum_days: f64,
}

impl TermScaling {
    /// The same shift for every expiry.
    pub const FLAT: TermScaling = TermScaling { short_power: 0.0, long_power: 0.0, minimum_days: 1.0 };

    /// The factor for an option that expires in `expiry_years`.
    pub fn factor(&self, expiry_years: f64) -> f64 {
        let days = expiry_years * 365.0;
        let power = if days < 30.0 { self.short_power } else { self.long_power };
        pow(30.0 / days.max(self.minimum_days), power)
    }
}

/// A change of implied vol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VolMove {
    /// Vols stay.
    Unchanged,
    /// So much is added to each vol: 0.10 is ten points. Never below zero.
    Points(f64),
    /// Each vol is multiplied by 1 + change·(term factor), but not below `floor`.
    Relative {
        /// Signed relative change at thirty days: 0.5 is "up by half".
        change: f64,
        /// Dependence on the time to expiry.
        term: TermScaling,
        /// The least vol that results; 0 where there is none.
        floor: f64,
    },
    /// The smile is twisted; never below zero.
    Skew(Skew),
}

/// A twist of the smile around the money, as Derive's portfolio manager has it.
///
/// With s = √T and k = ln(K/F), or its magnitude: a vol is multiplied by 1 + k·cap/k*, within ±cap, where
/// cap = base + slope·s and k* = max(least, s·width·(static + scale·s)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Skew {
    /// Whether both wings rise; otherwise the upper rises and the lower falls.
    pub both_wings: bool,
    /// The greatest relative change of an option without time to go.
    pub cap_base: f64,
    /// What is added to it for each √year to expiry.
    pub cap_slope: f64,
    /// The least distance from the money at which the cap is reached, in ln(K/F); above 0.
    pub least_width: f64,
    /// That distance in standard deviations.
    pub width: f64,
    /// The vol that a standard deviation is taken at, per √year.
    pub vol_static: f64,
    /// What is added to that vol for each √year to expiry.
    pub vol_scale: f64,
}

/// A vol move at one expiry: σ' = max(σ·(scale + twist(k)) + shift, floor).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct VolTerms {
    scale: f64,
    shift: f64,
    floor: f64,
    twist: Option<Twist>,
}

/// A skew at one expiry.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Twist {
    both_wings: bool,
    cap: f64,
    slope: f64,
}

impl VolTerms {
    fn new(scale: f64, shift: f64, floor: f64) -> VolTerms {
        VolTerms { scale, shift, floor, twist: None }
    }

    /// The vol after the move of an option whose ln(K/F) is `ln_moneyness`.
    pub(crate) fn apply(&self, vol_annual: f64, ln_moneyness: f64) -> f64 {
        let twist = self.twist.map_or(0.0, |twist| twist.at(ln_moneyness));
        let vol = vol_annual * (self.scale + twist) + self.shift;
        // Not `max`: it would turn NaN into the floor, and wasm calls a function for it.
        if vol < self.floor { self.floor } else { vol }
    }
}

impl Twist {
    fn new(skew: &Skew, expiry_years: f64) -> Twist {
        let sqrt_years = expiry_years.sqrt();
        let cap = skew.cap_base + skew.cap_slope * sqrt_years;
        let width = skew.least_width.max(sqrt_years * skew.width * (skew.vol_static + sqrt_years * skew.vol_scale));
        Twist { both_wings: skew.both_wings, cap, slope: cap / width }
    }

    fn at(&self, ln_moneyness: f64) -> f64 {
        let k = if self.both_wings { ln_moneyness.abs() } else { ln_moneyness };
        // Not `clamp`, which panics where the cap of a long expiry has turned negative.
        if k >= 0.0 { self.cap.min(k * self.slope) } else { (-self.cap).max(k * self.slope) }
    }
}

impl VolMove {
    /// What the move does to options with `expiry_years` to go, worked out once for all of them.
    pub(crate) fn terms(&self, expiry_years: f64) -> VolTerms {
        match *self {
            VolMove::Unchanged => VolTerms::new(1.0, 0.0, 0.0),
            VolMove::Points(points) => VolTerms::new(1.0, points, 0.0),
            VolMove::Relative { change, term, floor } => {
                VolTerms::new(1.0 + change * term.factor(expiry_years), 0.0, floor.max(0.0))
            }
            VolMove::Skew(skew) => {
                VolTerms { twist: Some(Twist::new(&skew, expiry_years)), ..VolTerms::new(1.0, 0.0, 0.0) }
            }
        }
    }

    /// The vol after the move of an option with `vol_annual` and `expiry_years` to go, `ln_moneyness` = ln(K/F) away
    /// from the money; never below zero.
    pub fn apply(&self, vol_annual: f64, expiry_years: f64, ln_moneyness: f64) -> f64 {
        self.terms(expiry_years).apply(vol_annual, ln_moneyness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: TermScaling = TermScaling { short_power: 0.3, long_power: 0.13, minimum_days: 1.0 };

    #[test]
    fn short_expiries_swing_more() {
        // A reference from another venue's published risk manager with the same rule: an option 794,852 s from
        // expiry has a vol-up multiple of 1.712811375927374 at 50 %.
        let years = 794_852.0 / 31_536_000.0;
        let up = VolMove::Relative { change: 0.5, term: TERM, floor: 0.0 };
        assert!((up.apply(1.0, years, 0.0) - 1.712_811_375_927_374).abs() < 1e-14);
        // Inside the last day the factor stays.
        assert_eq!(up.apply(1.0, 0.0, 0.0), up.apply(1.0, 1.0 / 365.0, 0.0));
    }

    #[test]
    fn vols_do_not_go_negative_and_floors_hold() {
        assert_eq!(VolMove::Points(-0.5).apply(0.4, 1.0, 0.0), 0.0);
        let down = VolMove::Relative { change: -0.9, term: TERM, floor: 0.0 };
        assert_eq!(down.apply(0.4, 1.0 / 365.0, 0.0), 0.0);
        let up = VolMove::Relative { change: 0.5, term: TermScaling::FLAT, floor: 0.5 };
        assert_eq!(up.apply(0.2, 0.1, 0.0), 0.5);
    }
}
