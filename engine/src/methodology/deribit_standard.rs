//! Deribit standard margin: a rule for each position, summed.

use super::coins_only::coins_only;
use super::position_rules::{Held, PositionRule, Ruling, ShortOptionRates, components};
use super::preset::{CheckParameters, ReadParameters, check};
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::Book;
use crate::instrument::Right;
use crate::json::{ByName, Fields, JsonError};
use crate::slide::Revaluation;

/// Parameters of standard margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Rates for short options.
    pub short_option: ShortOptionRates,
    /// Rates for futures and perpetuals, by underlying.
    pub futures: ByName<FutureRates>,
}

/// Rates that grow with the size of the position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FutureRates {
    /// Initial rate of the smallest position, as a fraction of notional.
    pub initial: f64,
    /// Maintenance rate of the smallest position.
    pub maintenance: f64,
    /// What is added to both for each coin of the position.
    pub slope_per_coin: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            short_option: fields.object("short_option", ShortOptionRates::read)?,
            futures: fields.by_name("futures", FutureRates::read)?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.short_option.check()?;
        for (coin, rates) in self.futures.iter() {
            check(&format!("futures.{coin}.initial"), rates.initial, 0.0..=1.0)?;
            check(&format!("futures.{coin}.maintenance"), rates.maintenance, 0.0..=rates.initial)?;
            check(&format!("futures.{coin}.slope_per_coin"), rates.slope_per_coin, 0.0..=1.0)?;
        }
        Ok(())
    }
}

impl ReadParameters for FutureRates {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(FutureRates {
            initial: fields.number("initial")?,
            maintenance: fields.number("maintenance")?,
            slope_per_coin: fields.number("slope_per_coin")?,
        })
    }
}

/// Deribit's rule-based margin.
pub struct DeribitStandard(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for DeribitStandard {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn counted_options(&self) -> CountedOptions {
        CountedOptions::None
    }

    fn requirement(
        &self,
        book: &Book,
        _revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        coins_only(book)?;
        let components = components(book, &book.net_by_instrument(), &self.0.parameters, workings)?;
        Ok(Requirement { components, ..Requirement::default() })
    }
}

impl PositionRule for Parameters {
    fn short_option(&self, right: Right, strike: f64, held: &Held) -> Ruling {
        self.short_option.per_coin(right, strike, held.index, held.leg.mark())
    }

    fn long_option(&self, _mark: f64) -> Ruling {
        // Its premium was paid when it was bought.
        Ruling::nothing()
    }

    fn future(&self, held: &Held) -> Result<Ruling, MethodologyError> {
        let coin = held.leg.instrument.product.base;
        let rates = self.futures.get(coin.as_str()).ok_or_else(|| {
            MethodologyError::NotApplicable(format!("the preset has no rate for futures and perpetuals on {coin}"))
        })?;
        let growth = rates.slope_per_coin * held.coins;
        Ok(Ruling {
            pair: Pair { initial: rates.initial + growth, maintenance: rates.maintenance + growth }.times(held.index),
            formula: "n·x·(rate + slope·n)·U",
            values: vec![("rate", rates.initial), ("slope", rates.slope_per_coin), ("U", held.index)],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_of_futures_grow_with_size() {
        let rates = FutureRates { initial: 0.02, maintenance: 0.01, slope_per_coin: 0.00005 };
        let parameters = Parameters {
            short_option: ShortOptionRates { initial: 0.15, initial_floor: 0.10, maintenance: 0.075 },
            futures: [("BTC".to_owned(), rates)].into_iter().collect(),
        };
        let leg = crate::testing::book("USD", &[("BTC-PERPETUAL", 100.0)]).legs.remove(0);
        let pair = parameters
            .future(&Held { leg: &leg, coins: 100.0, index: 50_000.0, entry: 50_000.0 })
            .expect("BTC has a rate")
            .pair;
        // 2 % + 100 · 0.005 % = 2.5 %; 1 % + 0.5 % = 1.5 %.
        assert!((pair.initial - 1250.0).abs() < 1e-9);
        assert!((pair.maintenance - 750.0).abs() < 1e-9);
    }
}
