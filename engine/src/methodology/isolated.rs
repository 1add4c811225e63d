//! Isolated margin: every position alone, nothing nets.

use super::coins_only::coins_only;
use super::position_rules::{Held, PositionRule, Ruling, ShortOptionRates, components};
use super::preset::{CheckParameters, ReadParameters, check};
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::{Book, LegKind, LegList, NetPosition};
use crate::instrument::Right;
use crate::json::{Fields, JsonError};
use crate::slide::Revaluation;

/// Parameters of isolated and of cross margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Rates for short options.
    pub short_option: ShortOptionRates,
    /// Initial rate for futures and perpetuals, as a fraction of notional: 0.10 is ten times leverage.
    pub future_initial: f64,
    /// Maintenance rate for futures and perpetuals.
    pub future_maintenance: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            short_option: fields.object("short_option", ShortOptionRates::read)?,
            future_initial: fields.number("future_initial")?,
            future_maintenance: fields.number("future_maintenance")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.short_option.check()?;
        check("future_initial", self.future_initial, 0.0..=1.0)?;
        check("future_maintenance", self.future_maintenance, 0.0..=self.future_initial)
    }
}

impl Parameters {
    pub(super) fn future_ruling(&self, index: f64) -> Ruling {
        Ruling {
            pair: Pair { initial: self.future_initial, maintenance: self.future_maintenance }.times(index),
            formula: "n·x·rate·U",
            values: vec![("rate", self.future_initial), ("U", index)],
        }
    }
}

/// Each position carries its own collateral: shorts and futures by rule, long options their whole premium,
/// and two positions in the same instrument do not see each other.
pub struct Isolated(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for Isolated {
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
        let alone: Vec<NetPosition> = book
            .legs
            .iter()
            .enumerate()
            .filter(|(_, leg)| leg.kind != LegKind::Settled)
            .map(|(index, leg)| NetPosition { coins: leg.coins, legs: LegList::One([index]) })
            .collect();
        Ok(Requirement {
            components: components(book, &alone, &self.0.parameters, workings)?,
            ..Requirement::default()
        })
    }
}

impl PositionRule for Parameters {
    fn short_option(&self, right: Right, strike: f64, held: &Held) -> Ruling {
        self.short_option.per_coin(right, strike, held.index, held.leg.mark())
    }

    fn long_option(&self, mark: f64) -> Ruling {
        // All that can be lost, and nobody else's gain may pay for it.
        Ruling { pair: Pair::both(mark), formula: "n·x·mark", values: vec![("mark", mark)] }
    }

    fn future(&self, held: &Held) -> Result<Ruling, MethodologyError> {
        Ok(self.future_ruling(held.index))
    }
}
