//! Risk units: the legs of one underlying, which net with each other and with nothing else.

use super::Pot;
use super::charge::Contributions;
use crate::book::{Book, Leg, LegKind, NetPosition};
use crate::instrument::Settlement;
use crate::slide::Revaluation;

/// The legs of one underlying.
pub(super) struct Unit<'a> {
    /// The book that they are from.
    pub book: &'a Book,
    /// Index into [`Book::underlyings`].
    pub underlying: usize,
    /// The index of each leg, and the part of it that counts.
    legs: Vec<(usize, f64)>,
}

/// The units of a book, in the order of its underlyings; every leg counts whole, settled ones are left out.
pub(super) fn units(book: &Book) -> Vec<Unit<'_>> {
    let unit = |underlying| {
        let is_held = |leg: &Leg| leg.underlying == underlying && leg.kind != LegKind::Settled;
        let legs = book.legs.iter().enumerate().filter(|(_, leg)| is_held(leg));
        Unit { book, underlying, legs: legs.map(|(index, _)| (index, 1.0)).collect() }
    };
    (0..book.underlyings.len()).map(unit).filter(|unit| !unit.legs.is_empty()).collect()
}

impl<'a> Unit<'a> {
    /// The legs with their indices, and the part of each that counts.
    pub(super) fn legs(&self) -> impl Iterator<Item = (usize, &'a Leg, f64)> + '_ {
        self.legs.iter().map(|&(index, part)| (index, &self.book.legs[index], part))
    }

    /// The same legs, of each of which the part counts that `part` says.
    pub(super) fn counting(mut self, part: &dyn Fn(&Leg) -> f64) -> Unit<'a> {
        self.legs.iter_mut().for_each(|(index, counted)| *counted = part(&self.book.legs[*index]));
        self
    }

    /// Its net positions.
    pub(super) fn positions(&self) -> Vec<NetPosition> {
        let mut positions = self.book.net_by_instrument();
        positions.retain(|position| self.book.legs[position.legs[0]].underlying == self.underlying);
        positions
    }

    /// Its net positions but coins held outright.
    pub(super) fn derivatives(&self) -> Vec<NetPosition> {
        let mut positions = self.positions();
        positions.retain(|position| self.book.legs[position.legs[0]].kind != LegKind::Spot);
        positions
    }

    /// Counted P&L on each slide.
    pub(super) fn pot(&self, revaluation: &Revaluation) -> Pot {
        let mut counted = vec![0.0; revaluation.slide_count()];
        for &(leg, part) in &self.legs {
            for (sum, pnl) in counted.iter_mut().zip(revaluation.leg(leg)) {
                *sum += pnl * part;
            }
        }
        Pot::of_underlying(self.book.underlyings[self.underlying].asset, counted)
    }

    /// `factor` times what each leg adds to the loss on a slide.
    pub(super) fn losses(&self, revaluation: &Revaluation, slide: usize, factor: f64) -> Contributions {
        self.legs.iter().map(|&(leg, part)| (leg, -revaluation.leg(leg)[slide] * part * factor)).collect()
    }
}

/// Says that coin-settled legs are counted in dollars, where there are any and the venue lists none.
pub(super) fn note_on_coin_settled(book: &Book) -> Vec<String> {
    let is_coin_settled =
        |leg: &Leg| leg.settlement == Settlement::Inverse && !matches!(leg.kind, LegKind::Spot | LegKind::Settled);
    if book.legs.iter().any(is_coin_settled) {
        vec!["The venue lists dollar-settled contracts only: coin-settled ones count as if they were.".to_owned()]
    } else {
        vec![]
    }
}
