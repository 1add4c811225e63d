//! Derive's standard manager: rules for short options, bounded by the greatest loss of their expiry.
//!
//! The requirement is counted against cash: what short options are worth is in it, and long options add nothing to
//! cash. Source: the venue's published test cases and worked examples.

use super::charge::{Charge, Contributions};
use super::derive_notes::notes;
use super::preset::{CheckParameters, ReadParameters, check};
use super::{Configured, CountedOptions, Edited, Methodology, MethodologyError, Pair, Requirement, Workings};
use crate::book::{Book, Leg, LegKind, NetPosition};
use crate::instrument::Right;
use crate::json::{ByName, Fields, JsonError};
use crate::pricing::numeric::exp;
use crate::slide::Revaluation;

/// Parameters of the standard manager.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The rates of each underlying.
    pub underlyings: ByName<Rates>,
}

/// The rates of one underlying; fractions of its price where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Initial rate of a short option at the money; what it is out of the money is taken off.
    pub short_option_initial: f64,
    /// That rate is never less.
    pub short_option_initial_floor: f64,
    /// Maintenance rate of short calls.
    pub short_call_maintenance: f64,
    /// Maintenance rate of short puts.
    pub short_put_maintenance: f64,
    /// Maintenance of short puts is at least this fraction of the mark, too.
    pub short_put_maintenance_of_mark: f64,
    /// Initial requirement of short puts is at least this multiple of maintenance.
    pub short_put_initial_multiple: f64,
    /// Multiples of the forward that bound the loss of each short call beyond the long ones.
    pub unpaired_calls: Pair,
    /// Rates of perpetuals, at their mark.
    pub perpetual: Pair,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters { underlyings: fields.by_name("underlyings", Rates::read)? })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.underlyings.iter().try_for_each(|(coin, rates)| rates.check(coin))?;
        Ok(())
    }
}

impl ReadParameters for Rates {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Rates {
            short_option_initial: fields.number("short_option_initial")?,
            short_option_initial_floor: fields.number("short_option_initial_floor")?,
            short_call_maintenance: fields.number("short_call_maintenance")?,
            short_put_maintenance: fields.number("short_put_maintenance")?,
            short_put_maintenance_of_mark: fields.number("short_put_maintenance_of_mark")?,
            short_put_initial_multiple: fields.number("short_put_initial_multiple")?,
            unpaired_calls: fields.object("unpaired_calls", Pair::read)?,
            perpetual: fields.object("perpetual", Pair::read)?,
        })
    }
}

impl Rates {
    fn check(&self, coin: &str) -> Result<(), MethodologyError> {
        for (name, value, domain) in [
            ("short_option_initial", self.short_option_initial, 0.0..=1.0),
            ("short_option_initial_floor", self.short_option_initial_floor, 0.0..=self.short_option_initial),
            ("short_call_maintenance", self.short_call_maintenance, 0.0..=1.0),
            ("short_put_maintenance", self.short_put_maintenance, 0.0..=1.0),
            ("short_put_maintenance_of_mark", self.short_put_maintenance_of_mark, 0.0..=1.0),
            ("short_put_initial_multiple", self.short_put_initial_multiple, 0.0..=10.0),
            ("unpaired_calls.initial", self.unpaired_calls.initial, 0.0..=10.0),
            ("unpaired_calls.maintenance", self.unpaired_calls.maintenance, 0.0..=10.0),
            ("perpetual.initial", self.perpetual.initial, 0.0..=1.0),
            ("perpetual.maintenance", self.perpetual.maintenance, 0.0..=1.0),
        ] {
            check(&format!("underlyings.{coin}.{name}"), value, domain)?;
        }
        Ok(())
    }

    /// Requirement for one short option, per coin and in the quote currency, with the formula of its initial part.
    fn short_option(&self, right: Right, strike: f64, index: f64, mark: f64) -> (Pair, &'static str) {
        let out_of_the_money = right.out_of_the_money(index, strike);
        let initial =
            (self.short_option_initial - out_of_the_money / index).max(self.short_option_initial_floor) * index + mark;
        match right {
            Right::Call => {
                let maintenance = mark + self.short_call_maintenance * index;
                (Pair { initial, maintenance }, "n·x·(max(rate − OTM/U, floor)·U + mark)")
            }
            Right::Put => {
                let of_index = self.short_put_maintenance * index;
                let maintenance = of_index.max(self.short_put_maintenance_of_mark * mark) + mark;
                let least = maintenance * self.short_put_initial_multiple;
                let pair = Pair { initial: initial.max(least), maintenance };
                (pair, "n·x·max(max(rate − OTM/U, floor)·U + mark, (max(MM·U, MM'·mark) + mark)·multiple)")
            }
        }
    }
}

/// Derive's rule-based margin.
pub struct DeriveStandard(pub(in crate::methodology) Configured<Parameters>);

impl DeriveStandard {
    fn rates(&self, book: &Book, underlying: usize) -> Result<&Rates, MethodologyError> {
        let coin = book.underlyings[underlying].asset;
        let found = self.0.parameters.underlyings.get(coin.as_str());
        found.ok_or_else(|| MethodologyError::NotApplicable(format!("the preset has no rates for {coin}")))
    }
}

impl Methodology for DeriveStandard {
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
        let mut options = Charge::new("options by expiry", book);
        let mut futures = Charge::new("perpetuals and futures", book);
        for (expiry, group) in book.expiries.iter().enumerate() {
            charge_expiry(&mut options, self.rates(book, group.underlying)?, book, expiry, workings)?;
        }
        for position in book.net_by_instrument() {
            let leg = &book.legs[position.legs[0]];
            if leg.is_future() {
                let rate = self.rates(book, leg.underlying)?.perpetual;
                let requirement = rate.times(position.coins.abs() * leg.account_per_quote * leg.mark());
                let values =
                    [("n", position.coins), ("x", leg.account_per_quote), ("mark", leg.mark()), ("rate", rate.initial)];
                let formula = "abs(n)·x·mark·rate";
                workings.note_leg(futures.name(), position.legs[0], formula, &values, requirement.initial);
                futures.add_position(book, &position, requirement);
            }
        }
        let components = [
            options.into_component_if_any(
                "in each expiry the rules for short options, or the greatest loss of the expiry where that is less",
            ),
            futures.into_component_if_any("a share of the notional of each perpetual and future"),
        ];
        Ok(Requirement {
            components: components.into_iter().flatten().collect(),
            notes: notes(book, "Derive lists no dated futures: they are charged as perpetuals are.", &[]),
            ..Requirement::default()
        })
    }
}

/// Adds what the options of one expiry require.
fn charge_expiry(
    charge: &mut Charge,
    rates: &Rates,
    book: &Book,
    expiry: usize,
    workings: &mut Workings,
) -> Result<(), MethodologyError> {
    let group = &book.expiries[expiry];
    // The rules' marks are not discounted.
    let undiscounted = exp(group.discount_rate * group.expiry_years);
    let mut options = Vec::new();
    let mut isolated = Pair::default();
    let mut isolated_by_leg = Contributions::new();
    for position in book.net_by_instrument() {
        let leg = &book.legs[position.legs[0]];
        let LegKind::Option { strike, right, .. } = leg.kind else { continue };
        if leg.expiry != expiry {
            continue;
        }
        let units = position.coins * leg.account_per_quote;
        options.push(Held { strike, right, units, position: position.clone() });
        if position.coins >= 0.0 {
            continue;
        }
        let (index, mark) = (book.index_of(leg), leg.mark() * undiscounted);
        // No number would be lost when the lesser of two figures is taken.
        if !mark.is_finite() {
            return Err(MethodologyError::NotANumber("a mark"));
        }
        let (per_coin, formula) = rates.short_option(right, strike, index, mark);
        let requirement = per_coin.times(-units);
        let values = [
            ("n", -position.coins),
            ("x", leg.account_per_quote),
            ("rate", rates.short_option_initial),
            ("floor", rates.short_option_initial_floor),
            ("OTM", right.out_of_the_money(index, strike)),
            ("U", index),
            ("mark", mark),
            ("MM", rates.short_put_maintenance),
            ("MM'", rates.short_put_maintenance_of_mark),
            ("multiple", rates.short_put_initial_multiple),
        ];
        let values = if right == Right::Call { &values[..7] } else { &values[..] };
        workings.note_leg(charge.name(), position.legs[0], formula, values, requirement.initial);
        isolated = isolated.plus(requirement);
        let of_leg = |&leg: &usize| (leg, requirement.initial * (book.legs[leg].coins / position.coins));
        isolated_by_leg.extend(position.legs.iter().map(of_leg));
    }
    let Some(first) = options.first() else { return Ok(()) };
    let first_leg = first.position.legs[0];
    let (price, loss) = greatest_loss(&options);
    let calls: f64 = options.iter().filter(|held| held.right == Right::Call).map(|held| held.units).sum();
    let unpaired = (-calls).max(0.0) * group.forward;
    let bounded = rates.unpaired_calls.times(unpaired).plus(Pair::both(loss));
    let requirement = Pair {
        initial: isolated.initial.min(bounded.initial),
        maintenance: isolated.maintenance.min(bounded.maintenance),
    };
    let values = [
        ("isolated", isolated.initial),
        ("loss", loss),
        ("multiple", rates.unpaired_calls.initial),
        ("calls", calls),
        ("F", group.forward),
    ];
    let formula = "min(isolated, loss + multiple·max(−calls, 0)·F)";
    workings.note_leg(charge.name(), first_leg, formula, &values, requirement.initial);
    if isolated.initial <= bounded.initial {
        charge.add(requirement, &isolated_by_leg);
        return Ok(());
    }
    // Each leg by what it pays at the price of the greatest loss, and each call by what it takes from the pairs.
    let shares = options.iter().flat_map(|held| {
        let payoff = if loss > 0.0 { held.right.payoff(price, held.strike) } else { 0.0 };
        let is_unpaired = held.right == Right::Call && unpaired > 0.0;
        let call = if is_unpaired { rates.unpaired_calls.initial * group.forward } else { 0.0 };
        held.position.legs.iter().map(move |&leg| (leg, -(payoff + call)))
    });
    let shares = shares.map(|(leg, per_unit)| {
        let Leg { coins, account_per_quote, .. } = book.legs[leg];
        (leg, per_unit * coins * account_per_quote)
    });
    charge.add(requirement, &shares.collect());
    Ok(())
}

/// A net position in one option.
struct Held {
    strike: f64,
    right: Right,
    /// Signed size, times what one unit of the quote currency is worth in the account currency.
    units: f64,
    position: NetPosition,
}

/// The price at which options of one expiry lose most when they expire, and that loss, not negative. Beyond the
/// highest strike nothing is looked at: that is what unpaired calls are charged for.
fn greatest_loss(options: &[Held]) -> (f64, f64) {
    let payoff =
        |price: f64| options.iter().map(|held| held.units * held.right.payoff(price, held.strike)).sum::<f64>();
    let prices = std::iter::once(0.0).chain(options.iter().map(|held| held.strike));
    let losses = prices.map(|price| (price, -payoff(price)));
    losses.fold((0.0, 0.0), |worst, next| if next.1 > worst.1 { next } else { worst })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    /// The venue's figures, in dollars against cash, of short and long options that are marked as given.
    fn requirement(index: f64, forward: f64, options: &[(&str, f64, f64)]) -> Pair {
        let positions: Vec<(&str, f64)> = options.iter().map(|(name, coins, _)| (*name, *coins)).collect();
        let mut book = testing::book("USDC", &positions);
        book.underlyings[0].index = index;
        book.expiries[0].forward = forward;
        for (leg, (.., mark)) in book.legs.iter_mut().zip(options) {
            leg.sensitivities.price = *mark;
        }
        let entry = crate::methodology::find("derive-standard").expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let requirement = methodology.requirement(&book, &Revaluation::default(), &mut Workings::unwanted());
        let requirement = requirement.expect("ETH has rates");
        for component in &requirement.components {
            let shares: f64 = component.initial_by_leg.iter().sum();
            assert!((shares - component.initial).abs() < 1e-9);
        }
        Pair { initial: requirement.initial(), maintenance: requirement.maintenance() }
    }

    /// Worked examples of the venue's documentation, at its live parameters.
    #[test]
    fn published_examples() {
        // $2,000 of cash less three calls 100 in the money, marked 120: 785 and 1,127 are left.
        let calls = requirement(1_900.0, 1_900.0, &[("ETH_USDC-25SEP26-1800-C", -3.0, 120.0)]);
        assert!((2_000.0 - calls.initial - 785.0).abs() < 1e-9, "{calls:?}");
        assert!((2_000.0 - calls.maintenance - 1_127.0).abs() < 1e-9, "{calls:?}");
        // Eight call spreads lose 200 each and no more.
        let spread = [("ETH_USDC-25SEP26-1700-C", -8.0, 425.0), ("ETH_USDC-25SEP26-1900-C", 8.0, 262.0)];
        assert_eq!(requirement(2_100.0, 2_105.0, &spread), Pair::both(1_600.0));
    }

    /// Twice as many short calls as long ones: the pairs lose 200, and one call is bounded by 120 % of the forward.
    #[test]
    fn an_unpaired_call_is_bounded_by_the_forward() {
        let options = [("ETH_USDC-25SEP26-100-C", -2.0, 2_400.0), ("ETH_USDC-25SEP26-300-C", 1.0, 1_800.0)];
        // Alone 2·(0.15·2,100 + 2,400) = 5,430. Bounded: two calls pay 200 each at 300, and 1.2·2,105 = 2,526.
        assert_eq!(requirement(2_100.0, 2_105.0, &options).initial, 2_926.0);
    }
}
