//! Which hedge earns what: two legs apart, less the two together.

use crate::book::Book;
use crate::methodology::{Assessment, Methodology, MethodologyError, Pair};
use crate::order::sorted_by;

use super::super::savings::of_positions;

/// What each two legs save by being held together, without the others.
#[derive(Debug, Clone, PartialEq)]
pub struct PairCredits {
    /// The legs that are compared, in the book's order: all, or those with the largest requirements alone.
    pub legs: Vec<usize>,
    /// For each of them a row of credits with each of them, in the account currency: the two alone less the two
    /// together. Symmetric, nothing with itself; negative where company costs.
    pub credits: Vec<Vec<Pair>>,
}

/// Credits between the legs, at most between the `most` largest; `alone` is what each needs alone.
pub(super) fn pair_credits(
    methodology: &dyn Methodology,
    book: &Book,
    assessment: &Assessment,
    alone: &[Pair],
    most: usize,
) -> Result<PairCredits, MethodologyError> {
    let mut legs = sorted_by((0..alone.len()).collect(), |leg: &usize| -alone[*leg].initial);
    legs.truncate(most);
    legs.sort_unstable();
    let mut credits = vec![vec![Pair::default(); legs.len()]; legs.len()];
    for (row, &first) in legs.iter().enumerate() {
        for (column, &second) in legs.iter().enumerate().skip(row + 1) {
            let both = [first, second];
            let rows = assessment.revaluation.subset(both);
            let together = of_positions(methodology, &book.subset(both).without_balances(), &rows)?;
            let credit = alone[first].plus(alone[second]).plus(together.times(-1.0));
            credits[row][column] = credit;
            credits[column][row] = credit;
        }
    }
    Ok(PairCredits { legs, credits })
}
