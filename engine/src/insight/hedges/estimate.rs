//! What trades would do to the worst slides, from the rows of the revaluation alone.

use crate::book::Book;
use crate::methodology::{Pot, Requirement};
use crate::slide::Revaluation;

/// The slides of a book by pot, and a row for each candidate. Each pot's counted P&L is that of the methodology, with
/// its offsets and dampeners; trades add to it what they gain and lose, as it is. So the worst loss is a maximum of
/// linear functions of the sizes: exact where a pot's P&L is a plain sum, and near it elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Estimate {
    /// P&L that counts, by pot and slide.
    pub pots: Vec<Vec<f64>>,
    /// Each candidate's pot, and its P&L per unit on each slide.
    pub rows: Vec<(usize, Vec<f64>)>,
    /// How much the initial requirement is for one of worst loss.
    pub factor: f64,
}

impl Estimate {
    /// Takes a requirement of the first `held` legs apart; the candidates are the legs given.
    pub(super) fn new(
        book: &Book,
        rows: &Revaluation,
        held: usize,
        requirement: &Requirement,
        candidates: impl Iterator<Item = usize>,
    ) -> Estimate {
        if rows.slide_count() == 0 {
            return Estimate::default();
        }
        let fits = !requirement.pots.is_empty()
            && requirement.pots.iter().all(|pot| pot.counted_pnl.len() == rows.slide_count());
        let whole = [Pot::new(None, rows.subset(0..held).totals())];
        let known: &[Pot] = if fits { &requirement.pots } else { &whole };
        let worst: f64 = known.iter().map(Pot::worst_loss).sum();
        let largest = requirement.components.iter().map(|component| component.initial).fold(0.0, f64::max);
        let factor = if worst > 0.0 { (largest / worst).clamp(0.5, 2.0) } else { 1.0 };
        let mut pots: Vec<Vec<f64>> = known.iter().map(|pot| pot.counted_pnl.clone()).collect();
        let each = candidates.map(|leg| {
            let place = known.iter().position(|pot| pot.holds(book, &book.legs[leg])).unwrap_or_else(|| {
                pots.push(vec![0.0; rows.slide_count()]);
                pots.len() - 1
            });
            (place, rows.leg(leg).to_vec())
        });
        let rows = each.collect();
        Estimate { pots, rows, factor }
    }

    /// Whether there are slides to go by.
    pub(super) fn has_slides(&self) -> bool {
        !self.pots.is_empty()
    }

    /// The requirement that so many units of a candidate would free, by the slides of its pot.
    pub(super) fn freed(&self, candidate: usize, units: f64) -> f64 {
        let Some((pot, row)) = self.rows.get(candidate) else { return 0.0 };
        let counted = &self.pots[*pot];
        let before = counted.iter().fold(0.0_f64, |worst, pnl| worst.max(-pnl));
        let after = counted.iter().zip(row).fold(0.0_f64, |worst, (pnl, unit)| worst.max(-(pnl + unit * units)));
        self.factor * (before - after)
    }
}
