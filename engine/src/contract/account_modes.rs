//! Segregated, cross and unified accounts side by side, as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{self, Asked};
use super::{ContractError, RulesDocument};
use crate::insight::{AccountModes, ModeFigures, UnifiedRules, account_modes};
use crate::methodology::MethodologyError;
use crate::progress::Progress;

/// The same positions and balances under three kinds of account. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountModesDocument {
    /// What the account would be worth if all were closed at its marks.
    pub equity: f64,
    /// Each settlement currency an account of its own.
    pub segregated: ModeDocument,
    /// Requirements summed, collateral pooled.
    pub cross: ModeDocument,
    /// Results netted across currencies; absent where the methodology has no such figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unified: Option<ModeDocument>,
    /// Why it is absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether netting would have cost more than the cross account, whose requirement then holds.
    pub capped: bool,
    /// Each settlement currency, or group of them.
    pub currencies: Vec<CurrencyAccountDocument>,
    /// The slide that sets the unified requirement; absent where nothing can be lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<JointSlideDocument>,
    /// The underlyings that `correlations` is about.
    pub underlyings: Vec<String>,
    /// The correlations used, row by row; empty under the offset rule.
    pub correlations: Vec<f64>,
    /// The rules in force; the option `parameters` edits them.
    pub rules: RulesDocument,
}

/// An account under one mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModeDocument {
    /// Initial requirement.
    pub initial: f64,
    /// Maintenance requirement.
    pub maintenance: f64,
    /// What counts against the initial requirement.
    pub balance: f64,
    /// What is free; negative where margin is missing.
    pub free_margin: f64,
    /// What would have to be paid in to meet the initial requirement.
    pub shortfall: f64,
    /// Maintenance requirement over balance, of the worst account; absent without a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_ratio: Option<f64>,
}

/// One settlement currency, or a group that is taken as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CurrencyAccountDocument {
    /// Its ticker, or the group's name.
    pub name: String,
    /// What is deposited, at its price.
    pub deposited: f64,
    /// What counts against its initial requirement: after haircuts, with what its legs are worth.
    pub balance: f64,
    /// Initial requirement of its legs alone.
    pub initial: f64,
    /// Maintenance requirement of its legs alone.
    pub maintenance: f64,
    /// What is owed in it today.
    pub borrowed: f64,
    /// Its result on the worst joint slide.
    pub at_worst: f64,
    /// What futures' losses overdraw there beyond today.
    pub borrowed_at_worst: f64,
}

/// A slide on which underlyings may part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JointSlideDocument {
    /// In words.
    pub label: String,
    /// P&L of each leg, in the order of the enabled positions.
    pub leg_pnl: Vec<f64>,
}

impl From<&ModeFigures> for ModeDocument {
    fn from(figures: &ModeFigures) -> ModeDocument {
        ModeDocument {
            initial: figures.requirement.initial,
            maintenance: figures.requirement.maintenance,
            balance: figures.balance.initial,
            free_margin: figures.free.initial,
            shortfall: figures.shortfall.initial,
            margin_ratio: figures.margin_ratio,
        }
    }
}

impl AccountModesDocument {
    fn new(asked: &Asked, rules: &UnifiedRules, modes: &AccountModes) -> AccountModesDocument {
        let unified = modes.unified.as_ref().ok();
        let worst = unified.and_then(|unified| unified.worst.as_ref());
        let currency = |(place, it): (usize, &crate::insight::CurrencyAccount)| CurrencyAccountDocument {
            name: it.name.clone(),
            deposited: it.deposited,
            balance: it.balance.initial,
            initial: it.requirement.initial,
            maintenance: it.requirement.maintenance,
            borrowed: it.borrowed,
            at_worst: worst.map_or(0.0, |slide| slide.by_currency[place]),
            borrowed_at_worst: worst.map_or(0.0, |slide| slide.borrowed[place]),
        };
        AccountModesDocument {
            equity: modes.equity,
            segregated: ModeDocument::from(&modes.segregated),
            cross: ModeDocument::from(&modes.cross),
            unified: unified.map(|unified| ModeDocument::from(&unified.figures)),
            reason: modes.unified.as_ref().err().map(MethodologyError::to_string).unwrap_or_default(),
            capped: unified.is_some_and(|unified| unified.is_capped),
            currencies: modes.currencies.iter().enumerate().map(currency).collect(),
            worst: worst.map(|slide| JointSlideDocument { label: slide.label.clone(), leg_pnl: slide.by_leg.clone() }),
            underlyings: asked.book.underlyings.iter().map(|underlying| underlying.asset.to_string()).collect(),
            correlations: unified.map(|unified| unified.correlations.clone()).unwrap_or_default(),
            rules: RulesDocument::from(rules.configured()),
        }
    }
}

/// Answers the question `account_modes`.
///
/// # Errors
/// Those of the methodology; rules that are none.
pub(super) fn answer(asked: &Asked, options: &Value, _: Progress<'_>) -> Result<Value, ContractError> {
    let Options { parameters } = session::options(options)?;
    let refused =
        |reason: MethodologyError| ContractError::Shape { path: "options".to_owned(), reason: reason.to_string() };
    let rules = UnifiedRules::new(parameters.as_ref()).map_err(refused)?;
    let assessment = asked.assessment()?;
    let modes = account_modes(asked.methodology()?, &asked.schedule, &rules, &asked.book, &assessment)
        .map_err(|reason| asked.failed(reason))?;
    session::written(&AccountModesDocument::new(asked, &rules, &modes))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    parameters: Option<Value>,
}
