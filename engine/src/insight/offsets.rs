//! Who gains and who loses on a slide: what a hedge is worth where it counts.

use crate::methodology::Assessment;
use crate::order::sorted_by;

/// P&L of the legs on one slide, gains and losses apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Offsets {
    /// Legs that gain, the greatest gain first.
    pub gains: Vec<(usize, f64)>,
    /// Legs that lose, the greatest loss first.
    pub losses: Vec<(usize, f64)>,
    /// The sum of gains, not negative.
    pub gained: f64,
    /// The sum of losses, not positive.
    pub lost: f64,
}

/// Splits a slide's P&L by leg; nothing for a slide that the assessment does not have.
pub fn offsets(assessment: &Assessment, slide: usize) -> Option<Offsets> {
    if slide >= assessment.grid.slides.len() {
        return None;
    }
    let pnl = |leg: usize| (leg, assessment.revaluation.leg(leg)[slide]);
    let legs = 0..assessment.leg_shares.len();
    let gains = sorted_by(legs.clone().map(pnl).filter(|(_, pnl)| *pnl > 0.0).collect(), |leg: &(usize, f64)| -leg.1);
    let losses = sorted_by(legs.map(pnl).filter(|(_, pnl)| *pnl < 0.0).collect(), |leg: &(usize, f64)| leg.1);
    let sum = |legs: &[(usize, f64)]| legs.iter().map(|(_, pnl)| pnl).sum();
    Some(Offsets { gained: sum(&gains), lost: sum(&losses), gains, losses })
}
