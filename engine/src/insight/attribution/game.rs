//! The requirement of any set of legs.

use crate::book::Book;
use crate::methodology::{Assessment, Methodology, MethodologyError, Pair, Workings, checked_requirement};
use crate::progress::Progress;
use crate::slide::Revaluation;

/// So many computations of a requirement take a fraction of a second: all sets of twelve legs.
const AFFORDABLE: usize = 4096;
/// Where a search pairs the legs, or from so many slides on, each takes several times as long.
const MANY_SLIDES: usize = 200;

/// How many computations of the requirement are asked for at most where nobody says.
pub(super) fn affordable(assessment: &Assessment) -> usize {
    let is_slow = !assessment.pairings.is_empty() || assessment.grid.slides.len() >= MANY_SLIDES;
    if is_slow { AFFORDABLE / 4 } else { AFFORDABLE }
}

/// A book whose legs come and go, with its balances.
pub(super) struct Game<'a> {
    methodology: &'a dyn Methodology,
    book: &'a Book,
    revaluation: &'a Revaluation,
    evaluations: usize,
    /// How many computations of the requirement there will be, about.
    expected: usize,
    progress: Progress<'a>,
}

impl<'a> Game<'a> {
    pub(super) fn new(
        methodology: &'a dyn Methodology,
        book: &'a Book,
        assessment: &'a Assessment,
        expected: usize,
        progress: Progress<'a>,
    ) -> Game<'a> {
        Game { methodology, book, revaluation: &assessment.revaluation, evaluations: 0, expected, progress }
    }

    /// How many legs there are, counting or not.
    pub(super) fn leg_count(&self) -> usize {
        self.book.legs.len()
    }

    /// How often a requirement was computed.
    pub(super) fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// The requirement of the account with these legs only, given in the book's order.
    pub(super) fn of(&mut self, legs: &[usize]) -> Result<Pair, MethodologyError> {
        let part = self.book.subset(legs.iter().copied());
        self.requirement(&part, &self.revaluation.subset(legs.iter().copied()))
    }

    /// The derivative of the requirement by the logarithm of a leg's size, by differences of `step` both ways.
    pub(super) fn slope(&mut self, leg: usize, step: f64) -> Result<Pair, MethodologyError> {
        let more = self.resized(leg, 1.0 + step)?;
        let less = self.resized(leg, 1.0 - step)?;
        Ok(more.plus(less.times(-1.0)).times(0.5 / step))
    }

    fn resized(&mut self, leg: usize, factor: f64) -> Result<Pair, MethodologyError> {
        let mut book = self.book.clone();
        book.legs[leg].coins *= factor;
        let factors = (0..book.legs.len()).map(|other| if other == leg { factor } else { 1.0 });
        self.requirement(&book, &self.revaluation.scaled(factors))
    }

    fn requirement(&mut self, book: &Book, rows: &Revaluation) -> Result<Pair, MethodologyError> {
        self.evaluations += 1;
        self.progress.steps(self.evaluations, self.expected);
        Ok(checked_requirement(self.methodology, book, rows, &mut Workings::unwanted())?.pair())
    }
}
