//! An assessment that follows its account edit by edit.
//!
//! What is kept is what would be computed: after each update book and assessment are those of
//! [`Book::resolve`](crate::book::Book::resolve) and [`assess`](crate::methodology::assess), to the bit, whatever came
//! before. So an edit changes how long an answer takes, and nothing else.
//!
//! | what changes | what is done again |
//! |---|---|
//! | size or entry price of a leg | its row is scaled from that of one unit: nothing is priced, unless slides follow sizes |
//! | instrument of a leg, legs that come or go | those legs are resolved and priced, the slides are asked for and compared |
//! | balances | nothing is priced |
//! | market, account currency, methodology, parameters | everything |
//! | the order in which groups are first used | everything |
//!
//! Sums over legs are made anew each time, in the order of the legs: adding a difference to a sum gives other bits.

use std::rc::Rc;
use std::sync::Arc;

use crate::account::{Account, Quantity};
use crate::book::{Book, BookEdit, ExpiredPositions, LegEdits, LiveBook, ResolveError};
use crate::insight::{Savings, leg_alone, savings_of};
use crate::market::Market;
use crate::methodology::{
    Assessment, ConfiguredMethodology, Entry, Methodology, MethodologyError, NO_PNL, Pair, Workings,
    checked_requirement, requirement_of_numbers,
};
use crate::slide::{SlideGrid, UnitRows};

/// Why an account has no assessment.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LiveError {
    /// It cannot be resolved.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The methodology gives no figure.
    #[error(transparent)]
    Methodology(#[from] MethodologyError),
}

/// A book and its assessment, kept from one edit to the next.
#[derive(Default)]
pub struct LiveAssessment {
    book: LiveBook,
    assessed: Option<Assessed>,
}

/// What was computed last.
struct Assessed {
    entry: &'static Entry,
    /// Held, so that no other methodology can be where this one is.
    methodology: Rc<ConfiguredMethodology>,
    rows: UnitRows,
    assessment: Assessment,
    /// What each leg needs alone, as far as somebody asked.
    alone: Vec<Option<Pair>>,
}

impl LiveAssessment {
    /// The book; none before the first update, and where the account could not be resolved.
    pub fn book(&self) -> Option<&Book> {
        self.book.book()
    }

    /// The assessment of the book; none before the first update, and after one that failed.
    pub fn assessment(&self) -> Option<&Assessment> {
        self.assessed.as_ref().map(|assessed| &assessed.assessment)
    }

    /// Makes them those of this account, market and methodology.
    ///
    /// Market and methodology are compared by their addresses: whoever keeps both where they are is answered soonest.
    ///
    /// # Errors
    /// Those of [`Book::resolve`] and [`assess`](crate::methodology::assess). The next update then starts anew.
    pub fn update(
        &mut self,
        account: &Account,
        market: &Arc<Market>,
        expired: ExpiredPositions,
        entry: &'static Entry,
        methodology: &Rc<ConfiguredMethodology>,
    ) -> Result<(), LiveError> {
        let kept = self.assessed.take();
        let edit = self.book.update(account, market, expired)?;
        let Some(book) = self.book.book() else { return Ok(()) };
        let is_same = |kept: &Assessed| kept.entry.id == entry.id && Rc::ptr_eq(&kept.methodology, methodology);
        let assessed = match (edit, kept.filter(is_same)) {
            (BookEdit::Legs(edits), Some(kept)) => kept.edited(book, &edits)?,
            _ => Assessed::new(entry, methodology, book)?,
        };
        self.assessed = Some(assessed);
        Ok(())
    }

    /// Gives one leg of the book another size, which counts what the size before counted and is one that an
    /// [`Account`] may have. Whether there is such a leg with an assessment is returned; without, nothing changes.
    ///
    /// # Errors
    /// Those of the methodology. The next update then starts anew.
    pub fn resize(&mut self, leg: usize, quantity: Quantity) -> Result<bool, LiveError> {
        if self.assessed.is_none() {
            return Ok(false);
        }
        let Some(edits) = self.book.resize(leg, quantity) else { return Ok(false) };
        let (Some(kept), Some(book)) = (self.assessed.take(), self.book.book()) else { return Ok(false) };
        self.assessed = Some(kept.edited(book, &edits)?);
        Ok(true)
    }

    /// What the hedges save: [`savings`](crate::insight::savings) of book and assessment, none where there are none. Only
    /// legs that changed since it was asked for last are assessed alone.
    ///
    /// # Errors
    /// Those of the methodology.
    pub fn savings(&mut self) -> Result<Option<Savings>, MethodologyError> {
        let (Some(assessed), Some(book)) = (&mut self.assessed, self.book.book()) else { return Ok(None) };
        let methodology = configured(&assessed.methodology)?;
        let mut legs = Vec::with_capacity(book.legs.len());
        for (leg, known) in assessed.alone.iter_mut().enumerate() {
            let alone = match *known {
                Some(alone) => alone,
                None => leg_alone(methodology, book, &assessed.assessment, leg)?,
            };
            *known = Some(alone);
            legs.push(alone);
        }
        savings_of(methodology, book, &assessed.assessment, legs).map(Some)
    }
}

impl Assessed {
    /// Everything from the beginning.
    fn new(
        entry: &'static Entry,
        methodology: &Rc<ConfiguredMethodology>,
        book: &Book,
    ) -> Result<Assessed, MethodologyError> {
        let grid = configured(methodology)?.slides(book)?;
        Assessed::on_grid(entry, methodology, book, grid)
    }

    fn on_grid(
        entry: &'static Entry,
        methodology: &Rc<ConfiguredMethodology>,
        book: &Book,
        grid: SlideGrid,
    ) -> Result<Assessed, MethodologyError> {
        let rows = UnitRows::new(book, &grid);
        let revaluation = rows.scaled(book);
        let rules = configured(methodology)?;
        let requirement = checked_requirement(rules, book, &revaluation, &mut Workings::unwanted())?;
        let assessment = Assessment::new(entry, rules, book, grid, revaluation, requirement);
        let alone = vec![None; book.legs.len()];
        Ok(Assessed { entry, methodology: Rc::clone(methodology), rows, assessment, alone })
    }

    /// The same after some legs of the book changed.
    fn edited(mut self, book: &Book, edits: &LegEdits) -> Result<Assessed, MethodologyError> {
        let LegEdits { replaced, renewed, resized, has_new_groups } = edits;
        let holds_others = replaced.is_some() || !renewed.is_empty();
        let rules = configured(&self.methodology)?;
        if holds_others || rules.slides_follow_sizes() {
            let grid = rules.slides(book)?;
            if grid != self.assessment.grid {
                return Assessed::on_grid(self.entry, &self.methodology, book, grid);
            }
        }
        if let Some((legs, count)) = replaced {
            self.rows.replace(legs, *count);
            self.assessment.revaluation.replace(legs, *count);
            self.alone.splice(legs.clone(), std::iter::repeat_n(None, *count));
        }
        if *has_new_groups {
            self.alone.fill(None);
        }
        if holds_others {
            self.rows.reprice(book, &self.assessment.grid, renewed);
        }
        for &leg in renewed.iter().chain(resized) {
            self.alone[leg] = None;
            self.rows.scale_into(leg, &book.legs[leg], &mut self.assessment.revaluation);
            // The other rows were checked when they were made.
            if !self.assessment.revaluation.is_leg_finite(leg) {
                return Err(NO_PNL);
            }
        }
        let workings = &mut Workings::unwanted();
        let requirement = requirement_of_numbers(rules, book, &self.assessment.revaluation, workings)?;
        self.assessment.require(requirement, book);
        Ok(self)
    }
}

fn configured(methodology: &ConfiguredMethodology) -> Result<&dyn Methodology, MethodologyError> {
    match methodology {
        Ok(methodology) => Ok(methodology.as_ref()),
        Err(reason) => Err(reason.clone()),
    }
}
