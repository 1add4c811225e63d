//! Bybit standard margin: a rule for each position, which knows the price at which it was entered.
//!
//! Source: the venue's documentation; its worked short options are reproduced. Futures by convention.

use super::coins_only::coins_only;
use super::position_rules::{Held, PositionRule, Ruling, ShortOptionRates, components};
use super::preset::{CheckParameters, ReadParameters, check};
use super::unit::note_on_coin_settled;
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::Book;
use crate::instrument::Right;
use crate::json::{Fields, JsonError};
use crate::slide::Revaluation;

/// Parameters of standard margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// Rates for short options.
    pub short_option: ShortOptionRates,
    /// The fee on a liquidation, as a fraction of the underlying's price.
    pub liquidation_fee: f64,
    /// Initial rate for futures and perpetuals, as a fraction of what was paid: 0.10 is ten times leverage.
    pub future_initial: f64,
    /// Maintenance rate for futures and perpetuals, as a fraction of what they are worth.
    pub future_maintenance: f64,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            short_option: fields.object("short_option", ShortOptionRates::read)?,
            liquidation_fee: fields.number("liquidation_fee")?,
            future_initial: fields.number("future_initial")?,
            future_maintenance: fields.number("future_maintenance")?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.short_option.check()?;
        check("liquidation_fee", self.liquidation_fee, 0.0..=1.0)?;
        check("future_initial", self.future_initial, 0.0..=1.0)?;
        check("future_maintenance", self.future_maintenance, 0.0..=self.future_initial)
    }
}

/// Bybit's rule-based margin.
pub struct BybitStandard(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for BybitStandard {
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
        Ok(Requirement { components, notes: note_on_coin_settled(book), ..Requirement::default() })
    }
}

impl PositionRule for Parameters {
    /// Maintenance max(rate·U, rate·mark) + mark + fee·U; initial the greater of that and of
    /// max(rate·U − out-of-the-money, floor·U) + max(entry, mark).
    fn short_option(&self, right: Right, strike: f64, held: &Held) -> Ruling {
        let ShortOptionRates { initial, initial_floor, maintenance } = self.short_option;
        let (underlying, mark) = (held.index, held.leg.mark());
        let out_of_the_money = right.out_of_the_money(underlying, strike);
        let at_least = maintenance * underlying.max(mark) + mark + self.liquidation_fee * underlying;
        let opening = (initial * underlying - out_of_the_money).max(initial_floor * underlying) + held.entry.max(mark);
        Ruling {
            pair: Pair { initial: opening.max(at_least), maintenance: at_least },
            formula: "n·x·max(max(rate·U − OTM, floor·U) + max(entry, mark), MM·max(U, mark) + mark + fee·U)",
            values: vec![
                ("rate", initial),
                ("floor", initial_floor),
                ("MM", maintenance),
                ("fee", self.liquidation_fee),
                ("U", underlying),
                ("OTM", out_of_the_money),
                ("entry", held.entry),
                ("mark", mark),
            ],
        }
    }

    fn long_option(&self, _mark: f64) -> Ruling {
        // Its premium was paid when it was bought.
        Ruling::nothing()
    }

    fn future(&self, held: &Held) -> Result<Ruling, MethodologyError> {
        let mark = held.leg.mark();
        let maintenance = self.future_maintenance * mark;
        Ok(Ruling {
            pair: Pair { initial: (self.future_initial * held.entry).max(maintenance), maintenance },
            formula: "n·x·max(rate·entry, MM·mark)",
            values: vec![
                ("rate", self.future_initial),
                ("entry", held.entry),
                ("MM", self.future_maintenance),
                ("mark", mark),
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, Position, Quantity};
    use crate::book::{ExpiredPositions, Leg};
    use crate::methodology::{assess, find};
    use crate::testing::{book, market};

    fn parameters() -> Parameters {
        let entry = find("bybit-standard").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let parameters = &methodology.configured().parameters;
        Fields::new(parameters).and_then(|fields| Parameters::read(&fields)).expect("its parameters")
    }

    /// A short option with this mark.
    fn option(name: &str, mark: f64) -> Leg {
        let mut leg = book("USD", &[(name, -1.0)]).legs.remove(0);
        leg.sensitivities.price = mark;
        leg
    }

    /// Bybit's documentation: a short put at 18,500, entered at 280, marked 290, the index at 20,250; and a short call
    /// at 31,000 marked 300, the index at 30,000, of which the maintenance is given.
    #[test]
    fn worked_short_options() {
        let put = option("BTC_USDC-25SEP26-18500-P", 290.0);
        let held = Held { leg: &put, coins: 1.0, index: 20_250.0, entry: 280.0 };
        let pair = parameters().short_option(Right::Put, 18_500.0, &held).pair;
        assert!((pair.maintenance - 938.0).abs() < 1e-9, "{}", pair.maintenance);
        assert!((pair.initial - 2_315.0).abs() < 1e-9, "{}", pair.initial);
        let call = option("BTC_USDC-25SEP26-31000-C", 300.0);
        let held = Held { leg: &call, coins: 1.0, index: 30_000.0, entry: 300.0 };
        let pair = parameters().short_option(Right::Call, 31_000.0, &held).pair;
        assert!((pair.maintenance - 1_260.0).abs() < 1e-9, "{}", pair.maintenance);
    }

    /// Ten times leverage on what was paid, half a per cent of what it is worth: 3 coins, two bought at 70,000 and two
    /// at 90,000, one sold again; coin-settled options are entered in coin.
    #[test]
    fn entries_count_on_average() {
        let position = |name: &str, coins, entry_price| Position {
            instrument: name.parse().expect("a valid name"),
            quantity: Quantity::coins(coins),
            entry_price,
        };
        let name = "BTC_USDC-PERPETUAL";
        let assessed = |positions: Vec<Position>| {
            let account = Account::new("USD".parse().expect("a ticker"), positions, vec![]).expect("an account");
            let book = Book::resolve(&account, &market(), ExpiredPositions::Refuse).expect("listed");
            let entry = find("bybit-standard").expect("registered");
            let methodology = entry.configure(None).expect("a preset");
            (assess(entry, methodology.as_ref(), &book).expect("it has rules for the book"), book)
        };
        let (assessment, _) = assessed(vec![
            position(name, 2.0, Some(70_000.0)),
            position(name, 2.0, Some(90_000.0)),
            position(name, -1.0, Some(1.0)),
        ]);
        assert!((assessment.initial - 3.0 * 8_000.0).abs() < 1e-9, "{}", assessment.initial);
        assert!((assessment.maintenance - 3.0 * 0.005 * 80_040.0).abs() < 1e-9, "{}", assessment.maintenance);

        let short = |entry| assessed(vec![position("BTC-25SEP26-80000-C", -1.0, entry)]);
        let (at_the_mark, book) = short(None);
        let mark = book.legs[0].mark();
        assert!((at_the_mark.initial - (0.15 * 80_000.0 + mark)).abs() < 1e-9);
        // Half a coin is 40,000 dollars.
        let (dear, _) = short(Some(0.5));
        assert!((dear.initial - (0.15 * 80_000.0 + 40_000.0)).abs() < 1e-9, "{}", dear.initial);
        assert_eq!(dear.maintenance, at_the_mark.maintenance);
    }
}
