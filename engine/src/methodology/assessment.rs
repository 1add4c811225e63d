//! A methodology's answer, with everything that made it.

use serde::{Deserialize, Serialize};

use super::{Edited, Entry, Methodology, Pair, Working};
use crate::asset::Asset;
use crate::book::{Book, Leg};
use crate::pricing::rows;
use crate::slide::{Revaluation, SlideGrid};

/// How far a methodology's figures can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Recomputed and matched to figures the venue published.
    Exact,
    /// Stated by the venue; its figures were not all recomputed.
    Published,
    /// Inferred from published figures.
    Deduced,
    /// Standard practice without one public source.
    Convention,
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Identifier of the methodology.
    pub methodology: &'static str,
    /// Its title.
    pub title: String,
    /// Identifier of the preset.
    pub preset: String,
    /// Whether parameters differ from the preset.
    pub is_edited: bool,
    /// As of when the preset's parameters hold.
    pub preset_date: String,
    /// Who published them.
    pub source: String,
    /// How far they can be trusted.
    pub mark: Mark,
    /// The mark in words, where one word is not enough.
    pub mark_note: String,
    /// Title of the market snapshot.
    pub market_title: String,
    /// Its time.
    pub market_time: jiff::Timestamp,
}

/// A named part of the requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Short name: "worst slide".
    pub name: &'static str,
    /// What it is made of, in one sentence.
    pub explanation: &'static str,
    /// Its part of the initial requirement, in the account currency.
    pub initial: f64,
    /// Its part of the maintenance requirement.
    pub maintenance: f64,
    /// What each leg adds to `initial`; sums to it. Empty for charges that belong to no leg.
    pub initial_by_leg: Vec<f64>,
}

impl Component {
    /// Its initial and maintenance parts.
    pub fn pair(&self) -> Pair {
        Pair { initial: self.initial, maintenance: self.maintenance }
    }

    /// Whether it is a charge of the account that belongs to no leg.
    pub fn is_account_charge(&self) -> bool {
        self.initial_by_leg.is_empty() && self.initial != 0.0
    }
}

/// Positions that net with each other: one settlement currency of a venue, all that is held in one underlying, or the
/// whole account.
#[derive(Debug, Clone, PartialEq)]
pub struct Pot {
    /// Its settlement currency; none where pots are not by currency.
    pub settlement: Option<Asset>,
    /// Its underlying; none where pots are not by underlying.
    pub underlying: Option<Asset>,
    /// P&L that counts on each slide: after offsets and dampeners, negative for a loss.
    pub counted_pnl: Vec<f64>,
    /// The slide with the least counted P&L, where that is a loss.
    pub worst: Option<usize>,
    /// The next one, where that is a loss too.
    pub runner_up: Option<usize>,
}

impl Pot {
    /// Finds the worst slide and the runner-up; on equal losses the earlier slide counts as worse.
    pub fn new(settlement: Option<Asset>, counted_pnl: Vec<f64>) -> Pot {
        let (mut worst, mut runner_up) = (None, None);
        for (slide, pnl) in counted_pnl.iter().enumerate().filter(|(_, pnl)| **pnl < 0.0) {
            let is_below = |known: Option<usize>| known.is_none_or(|known| *pnl < counted_pnl[known]);
            if is_below(worst) {
                (worst, runner_up) = (Some(slide), worst);
            } else if is_below(runner_up) {
                runner_up = Some(slide);
            }
        }
        Pot { settlement, underlying: None, worst, runner_up, counted_pnl }
    }

    /// The pot of an underlying, likewise.
    pub fn of_underlying(underlying: Asset, counted_pnl: Vec<f64>) -> Pot {
        Pot { underlying: Some(underlying), ..Pot::new(None, counted_pnl) }
    }

    /// What it is named after, where there are several.
    pub fn asset(&self) -> Option<Asset> {
        self.settlement.or(self.underlying)
    }

    /// Whether a leg of the book is in it.
    pub fn holds(&self, book: &Book, leg: &Leg) -> bool {
        self.settlement.is_none_or(|asset| book.settlements[leg.settlement_group].asset == asset)
            && self.underlying.is_none_or(|asset| book.underlyings[leg.underlying].asset == asset)
    }

    /// The loss on the worst slide, not negative.
    pub fn worst_loss(&self) -> f64 {
        self.worst.map_or(0.0, |slide| -self.counted_pnl[slide])
    }
}

/// What a methodology computes: its parts, before provenance is added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Requirement {
    /// The parts.
    pub components: Vec<Component>,
    /// The pots, none for rule-based methodologies.
    pub pots: Vec<Pot>,
    /// Which legs were paired with which, where the methodology pairs.
    pub pairings: Vec<Pairing>,
    /// Figures beside the requirement.
    pub memos: Vec<Memo>,
    /// What sets the requirement, in one line; where empty, the worst slide or the greatest component says it.
    pub reason: String,
    /// What a reader should know about this figure.
    pub notes: Vec<String>,
}

/// Legs that were taken together into one strategy.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// The strategy: "vertical spread".
    pub strategy: &'static str,
    /// Index of each leg, and the signed number of its contracts or shares that went in.
    pub legs: Vec<(usize, f64)>,
    /// Initial requirement, in the account currency.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
    /// The rule as a formula of names, and what they stand for: as in [`Working`].
    pub formula: &'static str,
    /// Each name with its number.
    pub values: Vec<(&'static str, f64)>,
}

/// What a figure beside the requirement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoUnit {
    /// Money in the account currency.
    Money,
    /// A fraction, shown in percent.
    Fraction,
    /// A plain number.
    Number,
}

/// A figure beside the requirement: a cash call, a fitted volatility, a test's p-value.
#[derive(Debug, Clone, PartialEq)]
pub struct Memo {
    /// Short name.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub explanation: &'static str,
    /// The figure.
    pub value: f64,
    /// What it counts.
    pub unit: MemoUnit,
}

impl Requirement {
    /// The sum of the components' initial parts.
    pub fn initial(&self) -> f64 {
        self.components.iter().map(|component| component.initial).sum()
    }

    /// Both sums.
    pub fn pair(&self) -> Pair {
        Pair { initial: self.initial(), maintenance: self.maintenance() }
    }

    /// The sum of the components' maintenance parts.
    pub fn maintenance(&self) -> f64 {
        self.components.iter().map(|component| component.maintenance).sum()
    }
}

/// A requirement with all that made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Where the figures come from.
    pub provenance: Provenance,
    /// The account currency of every figure here.
    pub currency: Asset,
    /// The initial requirement; the components' sum.
    pub initial: f64,
    /// The maintenance requirement; the components' sum.
    pub maintenance: f64,
    /// The parts.
    pub components: Vec<Component>,
    /// The slides; empty for rule-based methodologies.
    pub grid: SlideGrid,
    /// P&L of each leg on each slide.
    pub revaluation: Revaluation,
    /// The pots.
    pub pots: Vec<Pot>,
    /// What each leg adds to the initial requirement. Sums to it, less charges that belong to no leg.
    pub leg_shares: Vec<f64>,
    /// The parameters used, as the methodology reads them.
    pub parameters: serde_json::Value,
    /// Which legs were paired with which, where the methodology pairs.
    pub pairings: Vec<Pairing>,
    /// Figures beside the requirement.
    pub memos: Vec<Memo>,
    /// What sets the requirement, in one line; may be empty.
    pub reason: String,
    /// The formulas behind the figures; empty unless they were wanted.
    pub workings: Vec<Working>,
    /// What a reader should know about this figure.
    pub notes: Vec<String>,
}

impl Assessment {
    /// Puts a requirement together with what it was computed from, without workings.
    pub(crate) fn new(
        entry: &Entry,
        methodology: &dyn Methodology,
        book: &Book,
        grid: SlideGrid,
        revaluation: Revaluation,
        requirement: Requirement,
    ) -> Assessment {
        let Edited { preset, parameters, is_edited } = methodology.configured();
        let mut assessment = Assessment {
            provenance: Provenance {
                methodology: entry.id,
                title: preset.title.clone(),
                preset: preset.id.clone(),
                is_edited: *is_edited,
                preset_date: preset.date.clone(),
                source: preset.source.clone(),
                mark: preset.mark,
                mark_note: preset.mark_note.clone(),
                market_title: book.market_title.clone(),
                market_time: book.time,
            },
            currency: book.currency,
            initial: 0.0,
            maintenance: 0.0,
            components: Vec::new(),
            grid,
            revaluation,
            pots: Vec::new(),
            leg_shares: Vec::new(),
            parameters: parameters.clone(),
            pairings: Vec::new(),
            memos: Vec::new(),
            reason: String::new(),
            workings: Vec::new(),
            notes: Vec::new(),
        };
        assessment.require(requirement, book);
        assessment
    }

    /// Takes in the requirement of a book whose revaluation is in it already.
    pub(crate) fn require(&mut self, requirement: Requirement, book: &Book) {
        self.initial = requirement.initial();
        self.maintenance = requirement.maintenance();
        let Requirement { components, pots, pairings, memos, reason, notes } = requirement;
        self.leg_shares.clear();
        self.leg_shares.resize(book.legs.len(), 0.0);
        for component in &components {
            rows::add(&component.initial_by_leg, &mut self.leg_shares);
        }
        self.components = components;
        self.pots = pots;
        self.pairings = pairings;
        self.memos = memos;
        self.reason = reason;
        self.notes = notes;
    }

    /// The initial and the maintenance requirement.
    pub fn pair(&self) -> Pair {
        Pair { initial: self.initial, maintenance: self.maintenance }
    }

    /// The pot with the greatest loss: its worst slide is the one to show first.
    pub fn leading_pot(&self) -> Option<&Pot> {
        leading_pot(&self.pots)
    }
}

/// The pot with the greatest loss; on equal losses the earlier one.
pub(crate) fn leading_pot(pots: &[Pot]) -> Option<&Pot> {
    pots.iter().reduce(|leading, pot| if pot.worst_loss() > leading.worst_loss() { pot } else { leading })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_slide_and_the_next_are_found() {
        let pot = Pot::new(None, vec![3.0, -2.0, -5.0, -5.0, 0.0]);
        assert_eq!((pot.worst, pot.runner_up), (Some(2), Some(3)));
        for (pnl, expected) in [
            ([-1.0, -2.0, -3.0], (Some(2), Some(1))),
            ([-3.0, -1.0, -2.0], (Some(0), Some(2))),
            ([-1.0, -1.0, -2.0], (Some(2), Some(0))),
            ([0.5, -2.0, f64::NAN], (Some(1), None)),
        ] {
            let pot = Pot::new(None, pnl.to_vec());
            assert_eq!((pot.worst, pot.runner_up), expected, "{pnl:?}");
        }
        assert_eq!(pot.worst_loss(), 5.0);
        let harmless = Pot::new(None, vec![0.0, 1.0]);
        assert_eq!((harmless.worst, harmless.runner_up, harmless.worst_loss()), (None, None, 0.0));
    }
}
