//! Derive's portfolio manager 2: slides of price, vol and skew, discounted by expiry, and contingencies.
//!
//! A requirement is what the venue takes off the account's value: mark-to-market less initial margin, and likewise
//! maintenance. Source: the venue's published test cases, each slide of which is reproduced.

mod contingencies;
mod manager;
mod parameters;
mod plan;

pub use parameters::Parameters;

use super::charge::{Charge, Contributions};
use super::derive_notes::notes;
use super::slide_label::price_moves;
use super::{Component, Configured, Edited, Methodology, MethodologyError, Pair, Pot, Requirement, Workings};
use crate::asset::Asset;
use crate::book::Book;
use crate::slide::{Revaluation, Slide, SlideGrid, Stress};
use manager::Manager;
use parameters::CollateralTerms;
use plan::Planned;

/// Options settle on the average of the last half hour, in years.
const AVERAGING_YEARS: f64 = 1_800.0 / 31_536_000.0;

/// Derive's risk-based margin.
pub struct DerivePm2(pub(in crate::methodology) Configured<Parameters>);

impl Methodology for DerivePm2 {
    fn configured(&self) -> &Edited {
        &self.0.edited
    }

    fn haircuts_collateral(&self) -> bool {
        true
    }

    fn slides(&self, book: &Book) -> Result<SlideGrid, MethodologyError> {
        let ranges = price_ranges(&self.0.parameters, book)?;
        let slide = |planned: &Planned| {
            let stresses: Vec<Stress> =
                ranges.iter().map(|range| Stress::new(planned.price.at(*range), planned.vol_move)).collect();
            let label = format!("{}, {}", price_moves(book, &stresses), planned.label);
            Slide { weights: vec![1.0; stresses.len()], stresses, label }
        };
        let slides = self.0.parameters.plan().iter().map(slide).collect();
        Ok(SlideGrid { averaging_years: AVERAGING_YEARS, ..SlideGrid::new(slides) })
    }

    fn requirement(
        &self,
        book: &Book,
        revaluation: &Revaluation,
        workings: &mut Workings,
    ) -> Result<Requirement, MethodologyError> {
        let parameters = &self.0.parameters;
        let plan = parameters.plan();
        let ranges = price_ranges(parameters, book)?;
        let balances = Balances::new(parameters, book, workings)?;
        // A coin as account currency is only a unit to show figures in: the stablecoin behind them is taken at par.
        let stable = if book.currency.is_dollar_like() { book.usd_per_account } else { 1.0 };
        let surcharge = parameters.peg_surcharge(stable);
        let factors = parameters.worst_slide;
        let mut worst = Charge::new("worst slide", book);
        let mut peg = Charge::new("stablecoin below its peg", book);
        let mut of_balances = Pair::default();
        let mut pots = Vec::with_capacity(ranges.len());
        for (underlying, range) in ranges.iter().enumerate() {
            let manager = Manager::new(parameters, book, revaluation, underlying, balances.moving[underlying]);
            let counted = |slide: usize| manager.counted(&plan, slide, plan[slide].price.at(*range));
            let pnl = (0..plan.len()).map(|slide| counted(slide).total()).collect();
            let pot = Pot::of_underlying(book.underlyings[underlying].asset, pnl);
            if let Some(slide) = pot.worst {
                let counted = counted(slide);
                let shares = |factor: f64| -> Contributions {
                    counted.by_leg.iter().map(|&(leg, pnl)| (leg, -pnl * factor)).collect()
                };
                let loss = -counted.of_legs();
                worst.add(factors.times(loss), &shares(factors.initial));
                peg.add(Pair { initial: loss * surcharge, maintenance: 0.0 }, &shares(surcharge));
                let raised = Pair { initial: factors.initial + surcharge, ..factors };
                of_balances = of_balances.plus(raised.times(-counted.collateral));
                manager.note(&plan, slide, workings);
                let values = [("factor", factors.initial), ("loss", loss)];
                workings.note_slide(worst.name(), slide, "factor·loss", &values, factors.initial * loss);
                let values = [
                    ("loss", loss),
                    ("threshold", parameters.peg_threshold),
                    ("stable", stable),
                    ("factor", parameters.peg_factor),
                ];
                workings.note(peg.name(), "loss·max(threshold − stable, 0)·factor", &values, loss * surcharge);
            }
            pots.push(pot);
        }
        let mut components =
            vec![worst.into_component("the greatest counted loss of each underlying's manager, times the factor")];
        components.extend(
            peg.into_component_if_any("a part of the worst loss for each cent that the stablecoin is below its peg"),
        );
        components.extend(contingencies::components(parameters, book, workings)?);
        for (name, explanation, pair) in [
            (
                "collateral on the worst slide",
                "what balances lose there with their coin; negative where they gain",
                of_balances,
            ),
            ("collateral haircuts", "what balances count less than their price", balances.haircuts),
            ("collateral confidence", "a share of balances priced by feeds of little confidence", balances.confidence),
        ] {
            if pair != Pair::default() {
                let Pair { initial, maintenance } = pair;
                components.push(Component { name, explanation, initial, maintenance, initial_by_leg: vec![] });
            }
        }
        let notes = notes(
            book,
            "Derive lists no dated futures: they count as a long call and a short put of their expiry.",
            &[
                (
                    pots.len() > 1,
                    "Each underlying has a manager of its own: losses in one are not offset by gains in another.",
                ),
                (balances.is_apart, "Collateral without positions in its coin moves on no slide; its haircut counts."),
            ],
        );
        Ok(Requirement { components, pots, notes, ..Requirement::default() })
    }
}

fn price_ranges(parameters: &Parameters, book: &Book) -> Result<Vec<f64>, MethodologyError> {
    book.underlyings.iter().map(|underlying| parameters.price_range(underlying.asset)).collect()
}

impl CollateralTerms {
    /// Fractions of the value.
    fn haircut(&self) -> Pair {
        Pair { initial: self.initial_haircut, maintenance: self.maintenance_haircut }
    }
}

impl Parameters {
    fn collateral_terms(&self, coin: Asset) -> Result<&CollateralTerms, MethodologyError> {
        self.collateral
            .get(coin.as_str())
            .ok_or_else(|| MethodologyError::NotApplicable(format!("the preset does not take {coin} as collateral")))
    }

    /// The charge on notional that is priced with this confidence; it adds nothing to maintenance.
    fn confidence(&self, level: f64) -> Pair {
        let is_low = level < self.confidence_threshold;
        Pair { initial: if is_low { (1.0 - level) * self.confidence_rate } else { 0.0 }, maintenance: 0.0 }
    }
}

/// What follows from the balances.
struct Balances {
    /// Value that moves with each underlying, in the account currency.
    moving: Vec<f64>,
    haircuts: Pair,
    confidence: Pair,
    /// Whether a balance has no position whose manager it could be in.
    is_apart: bool,
}

impl Balances {
    fn new(parameters: &Parameters, book: &Book, workings: &mut Workings) -> Result<Balances, MethodologyError> {
        let mut sums = Balances {
            moving: vec![0.0; book.underlyings.len()],
            haircuts: Pair::default(),
            confidence: Pair::default(),
            is_apart: false,
        };
        for balance in &book.balances {
            let is_own_dollar = balance.asset == book.currency && balance.asset.is_dollar_like();
            if is_own_dollar || matches!(balance.asset, Asset::USD | Asset::USDC) {
                continue;
            }
            let terms = parameters.collateral_terms(balance.asset)?;
            let value = balance.value();
            let mut level = balance.confidence;
            match book.underlyings.iter().position(|group| group.asset == terms.base) {
                Some(underlying) => {
                    level = level.min(book.underlyings[underlying].confidence.spot);
                    if terms.risk_cancelling {
                        sums.moving[underlying] += value;
                    }
                }
                None => sums.is_apart = true,
            }
            let charges = [
                ("collateral haircuts", terms.haircut(), &mut sums.haircuts),
                ("collateral confidence", parameters.confidence(level), &mut sums.confidence),
            ];
            for (name, rate, sum) in charges {
                let charge = rate.times(value.abs());
                *sum = sum.plus(charge);
                workings.note(name, "abs(value)·rate", &[("value", value), ("rate", rate.initial)], charge.initial);
            }
        }
        Ok(sums)
    }
}
