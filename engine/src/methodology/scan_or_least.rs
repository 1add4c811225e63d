//! The greater of what the worst slide costs and of a least requirement, for each underlying.

use super::charge::{Charge, Contributions};
use super::unit::{Unit, units};
use super::{Pair, Requirement, Workings};
use crate::book::Book;
use crate::slide::Revaluation;

/// What an underlying requires at the least, before the factors.
pub(super) struct Least {
    /// In the account currency, not negative.
    pub value: f64,
    /// What each leg adds to it.
    pub by_leg: Contributions,
    /// How it comes about, times a `factor`.
    pub formula: &'static str,
    /// The names in the formula but the factor.
    pub values: Vec<(&'static str, f64)>,
}

/// What the least requirement is called, and what it is made of.
pub(super) struct LeastName {
    /// The component.
    pub name: &'static str,
    /// In one sentence.
    pub explanation: &'static str,
    /// The line that says that it sets the requirement.
    pub reason: &'static str,
}

/// `factors` times the greater of worst loss and least requirement, underlying by underlying: a pot each.
pub(super) fn scan_or_least(
    book: &Book,
    revaluation: &Revaluation,
    factors: Pair,
    (name, least): (LeastName, &dyn Fn(&Unit) -> Least),
    workings: &mut Workings,
) -> Requirement {
    let mut scan = Charge::new("worst slide", book);
    let mut floor = Charge::new(name.name, book);
    let mut pots = Vec::new();
    for unit in units(book) {
        let pot = unit.pot(revaluation);
        let (loss, least) = (pot.worst_loss(), least(&unit));
        match pot.worst {
            Some(worst) if loss >= least.value => {
                scan.add(factors.times(loss), &unit.losses(revaluation, worst, factors.initial));
                let values = [("factor", factors.initial), ("loss", loss)];
                workings.note_slide(scan.name(), worst, "factor·loss", &values, factors.initial * loss);
            }
            _ => {
                let by_leg = least.by_leg.iter().map(|(leg, share)| (*leg, share * factors.initial)).collect();
                floor.add(factors.times(least.value), &by_leg);
                let values: Vec<_> = least.values.iter().copied().chain([("factor", factors.initial)]).collect();
                workings.note(name.name, least.formula, &values, factors.initial * least.value);
            }
        }
        pots.push(pot);
    }
    let reason = if floor.is_nothing() { String::new() } else { name.reason.to_owned() };
    let scan = scan.into_component("the greatest loss over all slides, underlying by underlying, times the factor");
    let mut components = vec![scan];
    components.extend(floor.into_component_if_any(name.explanation));
    Requirement { components, pots, reason, ..Requirement::default() }
}
