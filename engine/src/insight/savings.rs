//! The hedging credit: what the legs would need alone, less what they need together.

use crate::book::Book;
use crate::methodology::{Assessment, Component, Methodology, MethodologyError, Workings, checked_requirement};

/// What one leg would need if it were held alone.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LegAlone {
    /// Initial requirement, in the account currency.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
}

/// Legs alone against the book.
#[derive(Debug, Clone, PartialEq)]
pub struct Savings {
    /// Each leg alone, in the book's order, without the balances.
    pub legs: Vec<LegAlone>,
    /// Their sum, and what the balances need without any leg.
    pub alone: LegAlone,
    /// The book, without charges that belong to no position.
    pub together: LegAlone,
    /// The hedging credit: alone − together. Negative only where a methodology charges positions more for being
    /// held together.
    pub credit: LegAlone,
}

impl Savings {
    /// The credit on the initial requirement as a fraction of the legs alone; none where they need nothing.
    pub fn credit_fraction(&self) -> Option<f64> {
        (self.alone.initial > 0.0).then(|| self.credit.initial / self.alone.initial)
    }
}

/// Assesses each leg alone, under the methodology that made `assessment` of `book`.
///
/// Nothing is priced again: the rows of the book's revaluation serve.
///
/// # Errors
/// Those of the methodology.
pub fn savings(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
) -> Result<Savings, MethodologyError> {
    let alone = |legs: &[usize], part: &Book| {
        let rows = assessment.revaluation.subset(legs.iter().copied());
        let requirement = checked_requirement(methodology, part, &rows, &mut Workings::unwanted())?;
        Ok(sum_of_positions(&requirement.components))
    };
    let legs = (0..book.legs.len())
        .map(|leg| alone(&[leg], &book.subset([leg]).without_balances()))
        .collect::<Result<Vec<LegAlone>, MethodologyError>>()?;
    let balances = if book.balances.is_empty() { LegAlone::default() } else { alone(&[], &book.subset([]))? };
    let alone = legs.iter().fold(balances, |sum, leg| LegAlone {
        initial: sum.initial + leg.initial,
        maintenance: sum.maintenance + leg.maintenance,
    });
    let together = sum_of_positions(&assessment.components);
    let credit =
        LegAlone { initial: alone.initial - together.initial, maintenance: alone.maintenance - together.maintenance };
    Ok(Savings { legs, alone, together, credit })
}

fn sum_of_positions(components: &[Component]) -> LegAlone {
    let of_positions = components.iter().filter(|component| !component.is_account_charge());
    of_positions.fold(LegAlone::default(), |sum, component| LegAlone {
        initial: sum.initial + component.initial,
        maintenance: sum.maintenance + component.maintenance,
    })
}
