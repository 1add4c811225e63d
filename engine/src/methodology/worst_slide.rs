//! The component that most methodologies start from: a multiple of the loss on the worst slide.

use super::charge::Charge;
use super::{Component, Pair, Pot, Workings};
use crate::book::Book;
use crate::slide::Revaluation;

/// `factors` times the pot's worst loss, shared by the legs as they made it. Every leg of the book is in the pot, and
/// its P&L counts as it is.
pub(super) fn worst_slide(
    book: &Book,
    revaluation: &Revaluation,
    pot: &Pot,
    factors: Pair,
    workings: &mut Workings,
) -> Component {
    let mut charge = Charge::new("worst slide", book);
    if let Some(worst) = pot.worst {
        let loss = pot.worst_loss();
        let by_leg = (0..book.legs.len()).map(|leg| (leg, -revaluation.leg(leg)[worst] * factors.initial)).collect();
        charge.add(factors.times(loss), &by_leg);
        let values = [("factor", factors.initial), ("loss", loss)];
        workings.note_slide("worst slide", worst, "factor·loss", &values, factors.initial * loss);
    }
    charge.into_component("the greatest loss over all slides, times the factor")
}
