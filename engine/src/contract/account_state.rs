//! How an account stands, as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContractError;
use super::session::{self, Asked, NoOptions};
use crate::insight::{AccountState, UnderlyingDelta, account_state};
use crate::progress::Progress;

/// What an account has against what it needs. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountStateDocument {
    /// What it would be worth if all were closed at its marks.
    pub equity: f64,
    /// What counts against the initial requirement: equity after haircuts.
    pub initial_balance: f64,
    /// What counts against the maintenance requirement.
    pub maintenance_balance: f64,
    /// `initial_balance` less the initial requirement: what is free for new positions.
    pub free_margin: f64,
    /// `maintenance_balance` less the maintenance requirement: what is left until liquidation.
    pub maintenance_excess: f64,
    /// Maintenance requirement over `maintenance_balance`: liquidation is at 1. Absent without a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_ratio: Option<f64>,
    /// Size of all positions over equity; absent without equity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverage: Option<f64>,
    /// `healthy`, `watch`, `margin-call`, `liquidation` or `bankrupt`.
    pub standing: String,
    /// Each balance, and what it counts for.
    pub balances: Vec<CountedBalanceDocument>,
    /// Delta in each underlying.
    pub deltas: Vec<DeltaDocument>,
}

/// What an account needs and has, in short: beside another state of the same account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarginFiguresDocument {
    /// The initial requirement.
    pub initial_margin: f64,
    /// The maintenance requirement.
    pub maintenance_margin: f64,
    /// What the account would be worth if all were closed at its marks.
    pub equity: f64,
    /// What is free for new positions.
    pub free_margin: f64,
    /// What is left until liquidation.
    pub maintenance_excess: f64,
    /// Maintenance requirement over what counts against it; absent without a balance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_ratio: Option<f64>,
    /// `healthy`, `watch`, `margin-call`, `liquidation` or `bankrupt`.
    pub standing: String,
}

/// A balance and what it counts for, in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CountedBalanceDocument {
    /// The currency.
    pub asset: String,
    /// How much of it.
    pub amount: f64,
    /// Its value at its price.
    pub value: f64,
    /// What it counts for against the initial requirement.
    pub initial: f64,
    /// What it counts for against the maintenance requirement.
    pub maintenance: f64,
}

/// The delta of an account in one underlying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeltaDocument {
    /// The underlying.
    pub asset: String,
    /// In coins or shares.
    pub coins: f64,
    /// In the account currency.
    pub value: f64,
}

impl From<&UnderlyingDelta> for DeltaDocument {
    fn from(delta: &UnderlyingDelta) -> DeltaDocument {
        DeltaDocument { asset: delta.asset.to_string(), coins: delta.coins, value: delta.value }
    }
}

impl From<&AccountState> for MarginFiguresDocument {
    fn from(state: &AccountState) -> MarginFiguresDocument {
        MarginFiguresDocument {
            initial_margin: state.requirement.initial,
            maintenance_margin: state.requirement.maintenance,
            equity: state.equity,
            free_margin: state.free.initial,
            maintenance_excess: state.free.maintenance,
            margin_ratio: state.margin_ratio,
            standing: state.standing.word().to_owned(),
        }
    }
}

impl From<&AccountState> for AccountStateDocument {
    fn from(state: &AccountState) -> AccountStateDocument {
        let balances = state.balances.iter().map(|balance| CountedBalanceDocument {
            asset: balance.asset.to_string(),
            amount: balance.amount,
            value: balance.value,
            initial: balance.counted.initial,
            maintenance: balance.counted.maintenance,
        });
        let deltas = state.deltas.iter().map(DeltaDocument::from);
        AccountStateDocument {
            equity: state.equity,
            initial_balance: state.margin_balance.initial,
            maintenance_balance: state.margin_balance.maintenance,
            free_margin: state.free.initial,
            maintenance_excess: state.free.maintenance,
            margin_ratio: state.margin_ratio,
            leverage: state.leverage,
            standing: state.standing.word().to_owned(),
            balances: balances.collect(),
            deltas: deltas.collect(),
        }
    }
}

/// Answers the question `account_state`, which has no options.
///
/// # Errors
/// Those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, _: Progress<'_>) -> Result<Value, ContractError> {
    let NoOptions {} = session::options(options)?;
    let assessment = asked.assessment()?;
    let state = account_state(asked.methodology()?, &asked.schedule, &asked.book, assessment.pair());
    session::written(&AccountStateDocument::from(&state))
}
