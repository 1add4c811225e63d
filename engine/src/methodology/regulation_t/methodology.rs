//! The methodology: a book's positions as holdings of each underlying, and their pairings as a requirement.

use super::{Holding, OptionTerms, Pairings, Rates, Underlying, pair};
use crate::book::{Book, LegKind, NetPosition};
use crate::instrument::Exercise;
use crate::json::{ByName, Fields, JsonError};
use crate::market::UnderlyingClass;
use crate::methodology::charge::{Charge, Contributions};
use crate::methodology::preset::{CheckParameters, ReadParameters, check};
use crate::methodology::{
    Configured, CountedOptions, Edited, Memo, MemoUnit, Methodology, MethodologyError, Pairing, Requirement, Workings,
};
use crate::slide::Revaluation;

/// Parameters of strategy-based margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The rates of the rules.
    pub rates: Rates,
    /// Tickers of broad indices; all others are narrow.
    pub broad_indexes: ByName<()>,
}

impl ReadParameters for Parameters {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Parameters {
            rates: fields.object("rates", Rates::read)?,
            broad_indexes: fields.by_name("broad_indexes", |_| Ok(()))?,
        })
    }
}

impl CheckParameters for Parameters {
    fn check(&self) -> Result<(), MethodologyError> {
        self.rates.check()
    }
}

impl ReadParameters for Rates {
    fn read(fields: &Fields) -> Result<Self, JsonError> {
        Ok(Rates {
            equity: fields.number("equity")?,
            broad_index: fields.number("broad_index")?,
            least: fields.number("least")?,
            long_term_option: fields.number("long_term_option")?,
            long_term_years: fields.number("long_term_years")?,
            stock_initial: fields.number("stock_initial")?,
            long_stock: fields.number("long_stock")?,
            short_stock: fields.number("short_stock")?,
            short_stock_least: fields.number("short_stock_least")?,
            protected_stock: fields.number("protected_stock")?,
            european_box: fields.number("european_box")?,
        })
    }
}

impl Rates {
    fn check(&self) -> Result<(), MethodologyError> {
        let fractions = [
            ("equity", self.equity),
            ("broad_index", self.broad_index),
            ("least", self.least),
            ("long_term_option", self.long_term_option),
            ("stock_initial", self.stock_initial),
            ("long_stock", self.long_stock),
            ("short_stock", self.short_stock),
            ("protected_stock", self.protected_stock),
            ("european_box", self.european_box),
        ];
        fractions.into_iter().try_for_each(|(name, value)| check(name, value, 0.0..=1.0))?;
        check("long_term_years", self.long_term_years, 0.0..=100.0)?;
        check("short_stock_least", self.short_stock_least, 0.0..=1e6)
    }
}

/// Strategy-based margin by the cheapest pairing.
pub struct RegulationT(pub(in crate::methodology) Configured<Parameters>);

impl RegulationT {
    /// Pairs the positions in one underlying, in the account currency.
    fn pairings(
        &self,
        book: &Book,
        underlying: usize,
        positions: &[NetPosition],
    ) -> Result<Pairings, MethodologyError> {
        let group = &book.underlyings[underlying];
        let mut rates = self.0.parameters.rates;
        let mut per_quote = 1.0;
        let mut holdings = Vec::with_capacity(positions.len());
        for position in positions {
            let leg = &book.legs[position.legs[0]];
            // All rules are proportional to prices, so they may be in the account currency from the start.
            per_quote = leg.account_per_quote;
            holdings.push(match leg.kind {
                LegKind::Option { right, strike, exercise, .. } => Holding::Option {
                    option: OptionTerms {
                        right,
                        strike: strike * per_quote,
                        expiry_years: book.expiries[leg.expiry].expiry_years,
                        premium: leg.mark() * per_quote,
                        shares_per_contract: leg.contract_size,
                        is_european: exercise == Exercise::European,
                    },
                    contracts: position.coins / leg.contract_size,
                },
                _ => Holding::Stock { shares: position.coins },
            });
        }
        rates.short_stock_least *= per_quote;
        let is_broad_index = group.class == UnderlyingClass::Index
            && self.0.parameters.broad_indexes.get(group.asset.as_str()).is_some();
        let underlying = Underlying { price: group.index * per_quote, is_broad_index, leverage: group.leverage.abs() };
        pair(&rates, &underlying, &holdings)
            .map_err(|error| MethodologyError::NotApplicable(format!("{}: {error}", group.asset)))
    }
}

impl Methodology for RegulationT {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn counted_options(&self) -> CountedOptions {
        CountedOptions::Long
    }

    fn holds_short_stock(&self) -> bool {
        true
    }

    fn requirement(
        &self,
        book: &Book,
        _revaluation: &Revaluation,
        _workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let mut by_underlying: Vec<Vec<NetPosition>> = book.underlyings.iter().map(|_| Vec::new()).collect();
        for position in book.net_by_instrument() {
            let leg = &book.legs[position.legs[0]];
            check_has_rule(book, &position)?;
            if position.coins != 0.0 {
                by_underlying[leg.underlying].push(position);
            }
        }
        let mut strategies = Charge::new("strategies", book);
        let mut requirement = Requirement::default();
        let (mut proceeds, mut unproven, mut greatest) = (0.0, 0.0, 0.0);
        let mut maintenance_shown = 0.0;
        for (underlying, positions) in by_underlying.iter().enumerate() {
            let pairings = self.pairings(book, underlying, positions)?;
            proceeds += pairings.proceeds;
            unproven += pairings.unproven.initial;
            let mut contributions = Contributions::new();
            for paired in pairings.strategies {
                let mut legs = Vec::new();
                for part in &paired.legs {
                    let position = &positions[part.holding];
                    for &leg in &position.legs {
                        let share = book.legs[leg].coins / position.coins;
                        legs.push((leg, part.quantity * share));
                        contributions.push((leg, part.initial * share));
                    }
                }
                let initial = paired.requirement.initial;
                maintenance_shown += paired.requirement.maintenance;
                if initial > greatest {
                    greatest = initial;
                    requirement.reason = format!("above all a {}", paired.strategy);
                }
                requirement.pairings.push(Pairing {
                    strategy: paired.strategy,
                    legs,
                    initial,
                    maintenance: paired.requirement.maintenance,
                    formula: paired.formula,
                    values: paired.values,
                });
            }
            strategies.add(pairings.requirement, &contributions);
        }
        let component = strategies.into_component("what the strategies need that the positions were paired into");
        requirement.memos = memos(component.initial, proceeds, unproven);
        if component.maintenance < maintenance_shown * (1.0 - 1e-9) {
            requirement
                .notes
                .push("The maintenance requirement is that of its own best pairing, not of the one shown.".to_owned());
        }
        requirement.components.push(component);
        Ok(requirement)
    }
}

/// Figures beside the requirement.
fn memos(initial: f64, proceeds: f64, unproven: f64) -> Vec<Memo> {
    let memo = |name, explanation, value| Memo { name, explanation, value, unit: MemoUnit::Money };
    let mut memos = vec![
        memo("proceeds", "what the short positions bring in at market prices; it pays for the requirement", proceeds),
        memo("cash call", "the initial requirement less the proceeds", initial - proceeds),
    ];
    if unproven > 1e-6 * initial {
        let explanation = "the search ended early: another pairing could need at most so much less";
        memos.push(memo("not searched", explanation, unproven));
    }
    memos
}

/// Stocks, funds and listed options have rules.
fn check_has_rule(book: &Book, position: &NetPosition) -> Result<(), MethodologyError> {
    let leg = &book.legs[position.legs[0]];
    let class = book.underlyings[leg.underlying].class;
    let has_rule = match leg.kind {
        LegKind::Option { .. } => class.is_share() || class == UnderlyingClass::Index,
        LegKind::Spot => class.is_share(),
        _ => false,
    };
    if has_rule {
        return Ok(());
    }
    Err(MethodologyError::NotApplicable(format!(
        "strategy-based margin covers US stocks, funds and their options, and options on indexes; it has no rule for {}",
        leg.instrument
    )))
}
