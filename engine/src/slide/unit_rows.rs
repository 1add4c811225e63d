//! Rows of a revaluation before size enters: what stays when a quantity is edited.

use std::ops::Range;

use super::revaluation::{price_rows, replace_rows};
use super::{Revaluation, SlideGrid};
use crate::book::{Book, Leg};
use crate::pricing::grid::unit_changes;
use crate::pricing::rows::scale;

/// What one unit of each leg gains on each slide, kept from one edit to the next.
///
/// Rows that are scaled to the sizes of a book are [`revalue`](super::revalue) of it, to the bit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitRows {
    slide_count: usize,
    pnl: Vec<f64>,
    /// Whether any slide moves the leg: what none moves is worth exactly nothing, whatever the sign of its size.
    moves: Vec<bool>,
    /// What P&L is multiplied by: by underlying, then by slide.
    weights: Vec<Vec<f64>>,
}

impl UnitRows {
    /// Prices every leg of the book.
    pub(crate) fn new(book: &Book, grid: &SlideGrid) -> UnitRows {
        let weights = |underlying| grid.slides.iter().map(|slide| slide.weights[underlying]).collect();
        let slide_count = grid.slides.len();
        let mut rows = UnitRows {
            slide_count,
            pnl: vec![0.0; book.legs.len() * slide_count],
            moves: vec![false; book.legs.len()],
            weights: (0..book.underlyings.len()).map(weights).collect(),
        };
        let legs: Vec<usize> = (0..book.legs.len()).collect();
        rows.reprice(book, grid, &legs);
        rows
    }

    /// Prices some legs of the book anew, on the grid of the other rows.
    pub(crate) fn reprice(&mut self, book: &Book, grid: &SlideGrid, legs: &[usize]) {
        let width = self.slide_count;
        legs.iter().for_each(|leg| self.moves[*leg] = false);
        price_rows(book, grid, legs, &mut |leg, row| {
            self.moves[leg] = true;
            unit_changes(row.prices, row.before, row.conversions, &mut self.pnl[leg * width..][..width]);
        });
    }

    /// Makes room for `count` legs in the place of some; their rows are still to be priced.
    pub(crate) fn replace(&mut self, legs: &Range<usize>, count: usize) {
        replace_rows(&mut self.pnl, self.slide_count, legs, count);
        self.moves.splice(legs.clone(), std::iter::repeat_n(false, count));
    }

    /// Writes the row of a leg at its size into a revaluation on the same grid.
    pub(crate) fn scale_into(&self, place: usize, leg: &Leg, revaluation: &mut Revaluation) {
        let out = revaluation.leg_mut(place);
        if self.moves[place] {
            let unit = &self.pnl[place * self.slide_count..][..self.slide_count];
            scale(unit, leg.coins * leg.account_per_quote, &self.weights[leg.underlying], out);
        } else {
            out.fill(0.0);
        }
    }

    /// The rows of the book at its sizes.
    pub(crate) fn scaled(&self, book: &Book) -> Revaluation {
        let mut revaluation = Revaluation::of_nothing(self.slide_count, book.legs.len());
        for (place, leg) in book.legs.iter().enumerate() {
            self.scale_into(place, leg, &mut revaluation);
        }
        revaluation
    }
}
