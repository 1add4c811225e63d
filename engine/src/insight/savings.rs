//! The hedging credit: what the legs would need alone, less what they need together.

use crate::book::Book;
use crate::methodology::{Assessment, Component, Methodology, MethodologyError, Pair, Workings, checked_requirement};
use crate::slide::Revaluation;

/// Legs alone against the book.
#[derive(Debug, Clone, PartialEq)]
pub struct Savings {
    /// Each leg alone, in the book's order, without the balances.
    pub legs: Vec<Pair>,
    /// Their sum, and what the balances need without any leg.
    pub alone: Pair,
    /// The book, without charges that belong to no position.
    pub together: Pair,
    /// The hedging credit: alone − together. Negative only where a methodology charges positions more for being
    /// held together.
    pub credit: Pair,
}

impl Savings {
    /// The credit on the initial requirement as a fraction of the legs alone; none where they need nothing.
    pub fn credit_fraction(&self) -> Option<f64> {
        (self.alone.initial > 0.0).then(|| self.credit.initial / self.alone.initial)
    }
}

/// Assesses each leg alone, under the methodology that made `assessment` of `book`.
///
/// Nothing is priced again: the rows of the book's revaluation serve. So legs alone and together are counted on the same
/// slides, also where a methodology has more of them for more underlyings; else a hedge could seem to cost margin.
///
/// # Errors
/// Those of the methodology.
pub fn savings(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
) -> Result<Savings, MethodologyError> {
    let each = 0..book.legs.len();
    let legs = each.map(|leg| leg_alone(methodology, book, assessment, leg)).collect::<Result<_, _>>()?;
    savings_of(methodology, book, assessment, legs)
}

/// What a leg needs alone, without the balances.
///
/// It depends on the leg and its row, on the methodology and on the book's groups and market, and on no other leg.
///
/// # Errors
/// Those of the methodology.
pub(crate) fn leg_alone(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
    leg: usize,
) -> Result<Pair, MethodologyError> {
    of_positions(methodology, &book.subset([leg]).without_balances(), &assessment.revaluation.subset([leg]))
}

/// The savings, where it is known what each leg needs alone.
///
/// # Errors
/// Those of the methodology.
pub(crate) fn savings_of(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
    legs: Vec<Pair>,
) -> Result<Savings, MethodologyError> {
    let balances = if book.balances.is_empty() {
        Pair::default()
    } else {
        of_positions(methodology, &book.subset([]), &assessment.revaluation.subset([]))?
    };
    let alone = legs.iter().fold(balances, |sum, leg| sum.plus(*leg));
    let together = sum_of_positions(&assessment.components);
    let credit = alone.plus(together.times(-1.0));
    Ok(Savings { legs, alone, together, credit })
}

/// What a book needs, without charges that belong to no position; `rows` are its legs' rows of a revaluation.
///
/// # Errors
/// Those of the methodology.
pub(super) fn of_positions(
    methodology: &dyn Methodology,
    book: &Book,
    rows: &Revaluation,
) -> Result<Pair, MethodologyError> {
    let requirement = checked_requirement(methodology, book, rows, &mut Workings::unwanted())?;
    Ok(sum_of_positions(&requirement.components))
}

fn sum_of_positions(components: &[Component]) -> Pair {
    let of_positions = components.iter().filter(|component| !component.is_account_charge());
    of_positions.fold(Pair::default(), |sum, component| sum.plus(component.pair()))
}
