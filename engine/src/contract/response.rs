//! What is answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AccountStateDocument, VERSION};
use crate::book::Book;
use crate::insight::{AccountState, Comparison, ComparisonFigures, Savings};
use crate::methodology::{Assessment, Component, Mark, Memo, Pairing, Pot, Provenance, Working};
use crate::rfc3339::Rfc3339;

/// The requirement, and everything that made it. Money is in `currency`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Response {
    /// The version of this shape: 1.
    pub version: u32,
    /// The account currency.
    pub currency: String,
    /// The initial requirement.
    pub initial_margin: f64,
    /// The maintenance requirement.
    pub maintenance_margin: f64,
    /// Where the figures come from.
    pub provenance: ProvenanceDocument,
    /// The parts that the requirement is the sum of.
    pub components: Vec<ComponentDocument>,
    /// What the hedges save.
    pub savings: SavingsDocument,
    /// What the account has against what it needs.
    pub account: AccountStateDocument,
    /// One entry for each enabled position, in the order given.
    pub legs: Vec<LegDocument>,
    /// The slides; empty for rule-based methodologies.
    pub slides: Vec<SlideDocument>,
    /// Positions that net with each other, and their worst slides.
    pub pots: Vec<PotDocument>,
    /// The same account under other methodologies, as asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comparison: Vec<ComparisonDocument>,
    /// The parameters used.
    pub parameters: Value,
    /// Which legs were paired with which, where the methodology pairs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairings: Vec<PairingDocument>,
    /// Figures beside the requirement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memos: Vec<MemoDocument>,
    /// The formulas behind the figures, where the request asked for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workings: Vec<WorkingDocument>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Where figures come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProvenanceDocument {
    /// Identifier of the methodology.
    pub methodology: String,
    /// Its title.
    pub title: String,
    /// Identifier of the preset.
    pub preset: String,
    /// Whether parameters differ from the preset's.
    pub edited: bool,
    /// As of when the preset holds.
    pub preset_date: String,
    /// Who published it.
    pub source: String,
    /// How far the figures can be trusted.
    pub mark: Mark,
    /// The same in words.
    pub mark_note: String,
    /// Title of the market.
    pub market: String,
    /// Its time, in RFC 3339.
    pub market_time: String,
}

/// A named part of the requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentDocument {
    /// Short name.
    pub name: String,
    /// What it is made of.
    pub explanation: String,
    /// Its part of the initial requirement.
    pub initial: f64,
    /// Its part of the maintenance requirement.
    pub maintenance: f64,
    /// What each leg adds to `initial`; empty for charges of the account.
    pub initial_by_leg: Vec<f64>,
}

/// What the hedges save.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavingsDocument {
    /// Initial requirements of the legs alone, summed.
    pub legs_alone: f64,
    /// The initial requirement of the positions together.
    pub together: f64,
    /// The difference: the hedging credit.
    pub hedging_credit: f64,
    /// It as a fraction of the legs alone; absent where they need nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedging_credit_fraction: Option<f64>,
    /// The hedging credit on the maintenance requirement.
    pub hedging_credit_maintenance: f64,
}

/// One position as the engine sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegDocument {
    /// The instrument.
    pub instrument: String,
    /// Signed size in coins.
    pub coins: f64,
    /// Per-unit value in the quote currency.
    pub mark: f64,
    /// Implied vol of an option, per √year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vol_annual: Option<f64>,
    /// Signed forward delta in coins.
    pub delta_coins: f64,
    /// Initial requirement alone.
    pub initial_alone: f64,
    /// Maintenance requirement alone.
    pub maintenance_alone: f64,
    /// What it adds to the initial requirement together with the others.
    pub share: f64,
}

/// One slide.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SlideDocument {
    /// Its name: "−16 %, vol up".
    pub label: String,
    /// Relative price move of each underlying.
    pub spot_moves: Vec<f64>,
    /// Weighted P&L of all legs, before offsets and dampeners.
    pub pnl: f64,
    /// Weighted P&L of each leg.
    pub leg_pnl: Vec<f64>,
}

/// Positions that net with each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PotDocument {
    /// The settlement currency, where pots are by currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// The underlying, where pots are by underlying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underlying: Option<String>,
    /// P&L that counts on each slide.
    pub counted_pnl: Vec<f64>,
    /// Index of the slide with the greatest loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst: Option<usize>,
    /// Index of the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<usize>,
}

/// The account under another methodology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparisonDocument {
    /// Identifier of the methodology.
    pub methodology: String,
    /// Initial requirement; absent where it does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_margin: Option<f64>,
    /// Maintenance requirement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maintenance_margin: Option<f64>,
    /// Hedging credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedging_credit: Option<f64>,
    /// The credit as a fraction of the legs alone; absent where they need nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedging_credit_fraction: Option<f64>,
    /// What sets the requirement, or why there is none.
    pub reason: String,
}

/// Legs that were taken together into one strategy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairingDocument {
    /// The strategy.
    pub strategy: String,
    /// What went in.
    pub legs: Vec<PairedLegDocument>,
    /// Initial requirement.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
    /// The rule, in names.
    pub formula: String,
    /// Each name with its number.
    pub values: BTreeMap<String, f64>,
}

/// A leg in a pairing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairedLegDocument {
    /// Its place among the response's legs, from 0.
    pub leg: usize,
    /// Signed number of its contracts or shares that went in.
    pub quantity: f64,
}

/// A figure beside the requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemoDocument {
    /// Short name.
    pub name: String,
    /// What it is.
    pub explanation: String,
    /// The figure.
    pub value: f64,
}

/// A formula with its numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkingDocument {
    /// The component that it belongs to.
    pub component: String,
    /// The leg that it is about, by its place from 0; absent for the whole book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<usize>,
    /// The slide that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slide: Option<usize>,
    /// The formula, in names.
    pub formula: String,
    /// Each name with its number.
    pub values: BTreeMap<String, f64>,
    /// What it comes to.
    pub result: f64,
}

impl Response {
    /// Puts an assessment and what explains it into the shape of the contract.
    pub fn new(
        book: &Book,
        assessment: &Assessment,
        savings: &Savings,
        comparison: &[Comparison],
        state: &AccountState,
    ) -> Response {
        let totals = assessment.revaluation.totals();
        let slides = assessment.grid.slides.iter().enumerate().map(|(index, slide)| SlideDocument {
            label: slide.label.clone(),
            spot_moves: slide.stresses.iter().map(|stress| stress.spot_move).collect(),
            pnl: totals[index],
            leg_pnl: (0..book.legs.len()).map(|leg| assessment.revaluation.leg(leg)[index]).collect(),
        });
        Response {
            version: VERSION,
            currency: assessment.currency.to_string(),
            initial_margin: assessment.initial,
            maintenance_margin: assessment.maintenance,
            provenance: ProvenanceDocument::from(&assessment.provenance),
            components: assessment.components.iter().map(ComponentDocument::from).collect(),
            savings: SavingsDocument::from(savings),
            account: AccountStateDocument::from(state),
            legs: legs(book, assessment, savings),
            slides: slides.collect(),
            pots: assessment.pots.iter().map(PotDocument::from).collect(),
            comparison: comparison.iter().map(ComparisonDocument::from).collect(),
            parameters: assessment.parameters.clone(),
            pairings: assessment.pairings.iter().map(PairingDocument::from).collect(),
            memos: assessment.memos.iter().map(MemoDocument::from).collect(),
            workings: assessment.workings.iter().map(WorkingDocument::from).collect(),
            notes: assessment.notes.clone(),
        }
    }
}

fn legs(book: &Book, assessment: &Assessment, savings: &Savings) -> Vec<LegDocument> {
    let legs = book.legs.iter().zip(&savings.legs).zip(&assessment.leg_shares);
    legs.map(|((leg, alone), share)| LegDocument {
        instrument: leg.instrument.to_string(),
        coins: leg.coins,
        mark: leg.mark(),
        vol_annual: leg.vol_annual(),
        delta_coins: leg.delta_coins(),
        initial_alone: alone.initial,
        maintenance_alone: alone.maintenance,
        share: *share,
    })
    .collect()
}

impl From<&Provenance> for ProvenanceDocument {
    fn from(provenance: &Provenance) -> ProvenanceDocument {
        ProvenanceDocument {
            methodology: provenance.methodology.to_owned(),
            title: provenance.title.clone(),
            preset: provenance.preset.clone(),
            edited: provenance.is_edited,
            preset_date: provenance.preset_date.clone(),
            source: provenance.source.clone(),
            mark: provenance.mark,
            mark_note: provenance.mark_note.clone(),
            market: provenance.market_title.clone(),
            market_time: Rfc3339(provenance.market_time).to_string(),
        }
    }
}

impl From<&Component> for ComponentDocument {
    fn from(component: &Component) -> ComponentDocument {
        ComponentDocument {
            name: component.name.to_owned(),
            explanation: component.explanation.to_owned(),
            initial: component.initial,
            maintenance: component.maintenance,
            initial_by_leg: component.initial_by_leg.clone(),
        }
    }
}

impl From<&Savings> for SavingsDocument {
    fn from(savings: &Savings) -> SavingsDocument {
        SavingsDocument {
            legs_alone: savings.alone.initial,
            together: savings.together.initial,
            hedging_credit: savings.credit.initial,
            hedging_credit_fraction: savings.credit_fraction(),
            hedging_credit_maintenance: savings.credit.maintenance,
        }
    }
}

impl From<&Pot> for PotDocument {
    fn from(pot: &Pot) -> PotDocument {
        PotDocument {
            settlement: pot.settlement.map(|asset| asset.to_string()),
            underlying: pot.underlying.map(|asset| asset.to_string()),
            counted_pnl: pot.counted_pnl.clone(),
            worst: pot.worst,
            runner_up: pot.runner_up,
        }
    }
}

impl ComparisonDocument {
    /// The row of a methodology that has figures.
    pub fn new(methodology: &str, figures: &ComparisonFigures) -> ComparisonDocument {
        ComparisonDocument {
            methodology: methodology.to_owned(),
            initial_margin: Some(figures.initial),
            maintenance_margin: Some(figures.maintenance),
            hedging_credit: Some(figures.credit),
            hedging_credit_fraction: figures.credit_fraction,
            reason: figures.reason.clone(),
        }
    }
}

impl From<&Comparison> for ComparisonDocument {
    fn from(row: &Comparison) -> ComparisonDocument {
        match &row.outcome {
            Ok(figures) => ComparisonDocument::new(row.id, figures),
            Err(error) => ComparisonDocument {
                methodology: row.id.to_owned(),
                initial_margin: None,
                maintenance_margin: None,
                hedging_credit: None,
                hedging_credit_fraction: None,
                reason: error.to_string(),
            },
        }
    }
}

impl From<&Pairing> for PairingDocument {
    fn from(pairing: &Pairing) -> PairingDocument {
        PairingDocument {
            strategy: pairing.strategy.to_owned(),
            legs: pairing.legs.iter().map(|&(leg, quantity)| PairedLegDocument { leg, quantity }).collect(),
            initial: pairing.initial,
            maintenance: pairing.maintenance,
            formula: pairing.formula.to_owned(),
            values: named(&pairing.values),
        }
    }
}

impl From<&Memo> for MemoDocument {
    fn from(memo: &Memo) -> MemoDocument {
        MemoDocument { name: memo.name.to_owned(), explanation: memo.explanation.to_owned(), value: memo.value }
    }
}

impl From<&Working> for WorkingDocument {
    fn from(working: &Working) -> WorkingDocument {
        WorkingDocument {
            component: working.component.to_owned(),
            leg: working.leg,
            slide: working.slide,
            formula: working.formula.to_owned(),
            values: named(&working.values),
            result: working.result,
        }
    }
}

fn named(values: &[(&'static str, f64)]) -> BTreeMap<String, f64> {
    values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}
