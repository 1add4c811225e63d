//! What single positions require by rule: the formulas that isolated, cross and standard margin share.

use super::preset::{ReadParameters, check};
use super::{Component, MethodologyError};
use crate::book::{Book, Leg, LegKind, NetPosition};
use crate::instrument::Right;
use crate::json::{Fields, JsonError};

/// The rates for short options, as fractions of the underlying's price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShortOptionRates {
    /// Initial rate at the money; what the option is out of the money is taken off.
    pub initial: f64,
    /// The initial rate never falls below.
    pub initial_floor: f64,
    /// Maintenance rate.
    pub maintenance: f64,
}

/// Initial and maintenance requirement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Pair {
    pub initial: f64,
    pub maintenance: f64,
}

impl Pair {
    pub(super) fn times(self, factor: f64) -> Pair {
        Pair { initial: self.initial * factor, maintenance: self.maintenance * factor }
    }
}

impl ReadParameters for ShortOptionRates {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(ShortOptionRates {
            initial: fields.number("initial")?,
            initial_floor: fields.number("initial_floor")?,
            maintenance: fields.number("maintenance")?,
        })
    }
}

impl ShortOptionRates {
    pub(super) fn check(&self) -> Result<(), MethodologyError> {
        check("short_option.initial", self.initial, 0.0..=1.0)?;
        check("short_option.initial_floor", self.initial_floor, 0.0..=self.initial)?;
        check("short_option.maintenance", self.maintenance, 0.0..=1.0)
    }

    /// Requirement for one short option, in the quote currency.
    ///
    /// Deribit's standard margin: initial max(rate·U − out-of-the-money, floor·U) + mark, maintenance
    /// rate·U + mark; for puts the maintenance rate applies to the greater of U and the mark, and the initial
    /// is not below the maintenance. Coin-settled options have the same rule in units of U.
    pub(super) fn per_coin(&self, right: Right, strike: f64, underlying: f64, mark: f64) -> Pair {
        let out_of_the_money = match right {
            Right::Call => (strike - underlying).max(0.0),
            Right::Put => (underlying - strike).max(0.0),
        };
        let initial = (self.initial * underlying - out_of_the_money).max(self.initial_floor * underlying) + mark;
        match right {
            Right::Call => Pair { initial, maintenance: self.maintenance * underlying + mark },
            Right::Put => {
                // Coin-settled marks are compared with one coin, so with U in the quote currency.
                let maintenance = self.maintenance * underlying.max(mark) + mark;
                Pair { initial: initial.max(maintenance), maintenance }
            }
        }
    }
}

/// How a rule treats each kind of position.
pub(super) trait PositionRule {
    /// A short option, in the quote currency per coin.
    fn short_option(&self, right: Right, strike: f64, underlying: f64, mark: f64) -> Pair;

    /// A long option worth `mark`, in the quote currency per coin.
    fn long_option(&self, mark: f64) -> Pair;

    /// A future or perpetual of `coins` (unsigned), in the quote currency per coin.
    ///
    /// # Errors
    /// The rule knows no rate for this underlying.
    fn future(&self, leg: &Leg, coins: f64, index: f64) -> Result<Pair, MethodologyError>;
}

/// The three components of a rule-based requirement: short options, long options, futures.
///
/// Coins held outright need no margin: they are collateral.
pub(super) fn components(
    book: &Book,
    positions: &[NetPosition],
    rule: &impl PositionRule,
) -> Result<Vec<Component>, MethodologyError> {
    let mut short_options = Part::new("short options", book);
    let mut long_options = Part::new("long options", book);
    let mut futures = Part::new("futures", book);
    for position in positions {
        let leg = &book.legs[position.legs[0]];
        let index = book.index_of(leg);
        let coins = position.coins.abs();
        let (part, per_coin) = match leg.kind {
            LegKind::Option { right, strike, .. } if position.coins < 0.0 => {
                (&mut short_options, rule.short_option(right, strike, index, leg.mark()))
            }
            LegKind::Option { .. } => (&mut long_options, rule.long_option(leg.mark())),
            LegKind::Future => (&mut futures, rule.future(leg, coins, index)?),
            LegKind::Spot | LegKind::Settled => continue,
        };
        part.add(book, position, per_coin.times(coins * leg.account_per_quote));
    }
    Ok([
        short_options.into_component("a share of the underlying's price for each short option, plus its mark"),
        long_options.into_component("the premium of long options, where the rule asks for it"),
        futures.into_component("a share of the notional of each future and perpetual"),
    ]
    .into_iter()
    .filter(|component| component.initial != 0.0 || component.maintenance != 0.0)
    .collect())
}

/// A component in the making.
struct Part {
    name: &'static str,
    total: Pair,
    by_leg: Vec<f64>,
}

impl Part {
    fn new(name: &'static str, book: &Book) -> Part {
        Part { name, total: Pair::default(), by_leg: vec![0.0; book.legs.len()] }
    }

    fn add(&mut self, book: &Book, position: &NetPosition, requirement: Pair) {
        self.total.initial += requirement.initial;
        self.total.maintenance += requirement.maintenance;
        if position.coins == 0.0 {
            return;
        }
        // Legs against the net position get a negative share: they are what nets it.
        for &leg in &position.legs {
            self.by_leg[leg] += requirement.initial * (book.legs[leg].coins / position.coins);
        }
    }

    fn into_component(self, explanation: &str) -> Component {
        Component {
            name: self.name,
            explanation: explanation.to_owned(),
            initial: self.total.initial,
            maintenance: self.total.maintenance,
            initial_by_leg: self.by_leg,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: ShortOptionRates = ShortOptionRates { initial: 0.15, initial_floor: 0.10, maintenance: 0.075 };

    #[test]
    fn worked_example_of_a_linear_put() {
        // bit.com, of the same family of rules: ETH 1850 put short, underlying 2098, mark 2.4.
        let pair = RATES.per_coin(Right::Put, 1850.0, 2098.0, 2.4);
        assert!((pair.maintenance - 159.75).abs() < 1e-9);
        assert!((pair.initial - 212.2).abs() < 1e-9);
        assert!((pair.times(50.0).maintenance - 7987.5).abs() < 1e-9);
    }

    #[test]
    fn a_put_deeper_than_the_coin_itself_is_charged_on_its_mark() {
        // Mark 250 against an underlying of 100: 7.5 % of 250, and the initial is lifted to the maintenance.
        let pair = RATES.per_coin(Right::Put, 350.0, 100.0, 250.0);
        assert!((pair.maintenance - 268.75).abs() < 1e-9);
        assert!((pair.initial - 268.75).abs() < 1e-9);
    }
}
