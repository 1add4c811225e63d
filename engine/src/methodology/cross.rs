//! Cross margin: position rules, one pot of equity.

use super::coins_only::coins_only;
use super::isolated::Parameters;
use super::position_rules::{Held, PositionRule, Ruling, components};
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Requirement, Workings};
use crate::book::Book;
use crate::instrument::Right;
use crate::slide::Revaluation;

/// The rules of isolated margin over one pot of equity: positions in the same instrument net, and long options,
/// whose value lies in the pot, need nothing more. Different instruments still do not hedge each other.
pub struct Cross(pub(in crate::methodology) Configured<Parameters>);

/// Isolated margin's rates, with long options paid for out of the pot.
struct Pooled<'a>(&'a Parameters);

impl Methodology for Cross {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn counted_options(&self) -> CountedOptions {
        CountedOptions::Long
    }

    fn requirement(
        &self,
        book: &Book,
        _revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        coins_only(book)?;
        let components = components(book, &book.net_by_instrument(), &Pooled(&self.0.parameters), workings)?;
        Ok(Requirement { components, ..Requirement::default() })
    }
}

impl PositionRule for Pooled<'_> {
    fn short_option(&self, right: Right, strike: f64, held: &Held) -> Ruling {
        self.0.short_option(right, strike, held)
    }

    fn long_option(&self, _mark: f64) -> Ruling {
        Ruling::nothing()
    }

    fn future(&self, held: &Held) -> Result<Ruling, MethodologyError> {
        self.0.future(held)
    }
}
