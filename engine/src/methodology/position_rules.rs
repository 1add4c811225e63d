//! What single positions require by rule: the formulas that isolated, cross and standard margin share.

use super::charge::Charge;
use super::preset::{ReadParameters, check};
use super::{Component, MethodologyError, Pair, Workings};
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
    pub(super) fn per_coin(&self, right: Right, strike: f64, underlying: f64, mark: f64) -> Ruling {
        let out_of_the_money = right.out_of_the_money(underlying, strike);
        let initial = (self.initial * underlying - out_of_the_money).max(self.initial_floor * underlying) + mark;
        let mut values = vec![
            ("rate", self.initial),
            ("floor", self.initial_floor),
            ("U", underlying),
            ("OTM", out_of_the_money),
            ("mark", mark),
        ];
        match right {
            Right::Call => Ruling {
                pair: Pair { initial, maintenance: self.maintenance * underlying + mark },
                formula: "n·x·(max(rate·U − OTM, floor·U) + mark)",
                values,
            },
            Right::Put => {
                // Coin-settled marks are compared with one coin, so with U in the quote currency.
                let maintenance = self.maintenance * underlying.max(mark) + mark;
                values.push(("MM", self.maintenance));
                Ruling {
                    pair: Pair { initial: initial.max(maintenance), maintenance },
                    formula: "n·x·(max(max(rate·U − OTM, floor·U), MM·max(U, mark)) + mark)",
                    values,
                }
            }
        }
    }
}

/// A rule's answer for one position, in the quote currency per coin.
pub(super) struct Ruling {
    pub pair: Pair,
    /// The initial requirement of the whole position: `n·x·(…)`, n coins at x of the account currency per unit of the
    /// quote currency.
    pub formula: &'static str,
    /// The names in it but n and x.
    pub values: Vec<(&'static str, f64)>,
}

impl Ruling {
    /// The rule asks for nothing.
    pub(super) fn nothing() -> Ruling {
        Ruling { pair: Pair::default(), formula: "0", values: vec![] }
    }
}

/// A net position as a rule sees it; prices in the quote currency.
pub(super) struct Held<'a> {
    /// A leg in its instrument.
    pub leg: &'a Leg,
    /// Its size in coins, without sign.
    pub coins: f64,
    /// The index of its underlying.
    pub index: f64,
    /// The price per coin at which it was entered, on average; the mark for what does not say.
    pub entry: f64,
}

impl<'a> Held<'a> {
    fn new(book: &'a Book, position: &NetPosition) -> Held<'a> {
        let leg = &book.legs[position.legs[0]];
        let index = book.index_of(leg);
        // The legs on the other side have closed a part of these.
        let opening = position.legs.iter().map(|&leg| &book.legs[leg]).filter(|leg| leg.coins * position.coins > 0.0);
        let (coins, cost) = opening
            .fold((0.0, 0.0), |(coins, cost), leg| (coins + leg.coins, cost + leg.coins * leg.entry_or_mark(index)));
        let entry = if coins == 0.0 { leg.mark() } else { cost / coins };
        Held { leg, coins: position.coins.abs(), index, entry }
    }
}

/// How a rule treats each kind of position.
pub(super) trait PositionRule {
    /// A short option.
    fn short_option(&self, right: Right, strike: f64, held: &Held) -> Ruling;

    /// A long option worth `mark`.
    fn long_option(&self, mark: f64) -> Ruling;

    /// A future or perpetual.
    ///
    /// # Errors
    /// The rule knows no rate for this underlying.
    fn future(&self, held: &Held) -> Result<Ruling, MethodologyError>;
}

/// The three components of a rule-based requirement: short options, long options, futures.
///
/// Coins held outright need no margin: they are collateral.
pub(super) fn components(
    book: &Book,
    positions: &[NetPosition],
    rule: &impl PositionRule,
    workings: &mut Workings,
) -> Result<Vec<Component>, MethodologyError> {
    let mut short_options = Charge::new("short options", book);
    let mut long_options = Charge::new("long options", book);
    let mut futures = Charge::new("futures", book);
    for position in positions {
        let held = Held::new(book, position);
        let leg = held.leg;
        let (charge, ruling) = match leg.kind {
            LegKind::Option { right, strike, .. } if position.coins < 0.0 => {
                (&mut short_options, rule.short_option(right, strike, &held))
            }
            LegKind::Option { .. } => (&mut long_options, rule.long_option(leg.mark())),
            LegKind::Future => (&mut futures, rule.future(&held)?),
            LegKind::Spot if book.underlyings[leg.underlying].class.is_coin() => continue,
            LegKind::Settled => continue,
            LegKind::Spot | LegKind::Bond { .. } => {
                return Err(MethodologyError::NotApplicable(format!(
                    "rules of crypto venues have none for {}",
                    leg.instrument
                )));
            }
        };
        let Ruling { pair, formula, mut values } = ruling;
        let requirement = pair.times(held.coins * leg.account_per_quote);
        values.extend([("n", held.coins), ("x", leg.account_per_quote)]);
        workings.note_leg(charge.name(), position.legs[0], formula, &values, requirement.initial);
        charge.add_position(book, position, requirement);
    }
    Ok([
        short_options.into_component_if_any("a share of the underlying's price for each short option, plus its mark"),
        long_options.into_component_if_any("the premium of long options, where the rule asks for it"),
        futures.into_component_if_any("a share of the notional of each future and perpetual"),
    ]
    .into_iter()
    .flatten()
    .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: ShortOptionRates = ShortOptionRates { initial: 0.15, initial_floor: 0.10, maintenance: 0.075 };

    #[test]
    fn worked_example_of_a_linear_put() {
        // bit.com, of the same family of rules: ETH 1850 put short, underlying 2098, mark 2.4.
        let pair = RATES.per_coin(Right::Put, 1850.0, 2098.0, 2.4).pair;
        assert!((pair.maintenance - 159.75).abs() < 1e-9);
        assert!((pair.initial - 212.2).abs() < 1e-9);
        assert!((pair.times(50.0).maintenance - 7987.5).abs() < 1e-9);
    }

    #[test]
    fn a_put_deeper_than_the_coin_itself_is_charged_on_its_mark() {
        // Mark 250 against an underlying of 100: 7.5 % of 250, and the initial is lifted to the maintenance.
        let pair = RATES.per_coin(Right::Put, 350.0, 100.0, 250.0).pair;
        assert!((pair.maintenance - 268.75).abs() < 1e-9);
        assert!((pair.initial - 268.75).abs() < 1e-9);
    }
}
