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
}

/// A vol move at one expiry: σ' = max(σ·scale + shift, floor).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct VolTerms {
    scale: f64,
    shift: f64,
    floor: f64,
}

impl VolTerms {
    /// The vol after the move.
    pub(crate) fn apply(&self, vol_annual: f64) -> f64 {
        (vol_annual * self.scale + self.shift).max(self.floor)
    }
}

impl VolMove {
    /// What the move does to options with `expiry_years` to go, worked out once for all of them.
    pub(crate) fn terms(&self, expiry_years: f64) -> VolTerms {
        match *self {
            VolMove::Unchanged => VolTerms { scale: 1.0, shift: 0.0, floor: 0.0 },
            VolMove::Points(points) => VolTerms { scale: 1.0, shift: points, floor: 0.0 },
            VolMove::Relative { change, term, floor } => {
                VolTerms { scale: 1.0 + change * term.factor(expiry_years), shift: 0.0, floor: floor.max(0.0) }
            }
        }
    }

    /// The vol after the move of an option with `vol_annual` and `expiry_years` to go; never below zero.
    pub fn apply(&self, vol_annual: f64, expiry_years: f64) -> f64 {
        self.terms(expiry_years).apply(vol_annual)
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
        assert!((up.apply(1.0, years) - 1.712_811_375_927_374).abs() < 1e-14);
        // Inside the last day the factor stays.
        assert_eq!(up.apply(1.0, 0.0), up.apply(1.0, 1.0 / 365.0));
    }

    #[test]
    fn vols_do_not_go_negative_and_floors_hold() {
        assert_eq!(VolMove::Points(-0.5).apply(0.4, 1.0), 0.0);
        let down = VolMove::Relative { change: -0.9, term: TERM, floor: 0.0 };
        assert_eq!(down.apply(0.4, 1.0 / 365.0), 0.0);
        let up = VolMove::Relative { change: 0.5, term: TermScaling::FLAT, floor: 0.5 };
        assert_eq!(up.apply(0.2, 0.1), 0.5);
    }
}
