//! The trades that free the most margin, as documents.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{self, Asked};
use super::{ContractError, DeltaDocument, PositionDocument};
use crate::account::{Position, QuantityUnit};
use crate::asset::{Asset, AssetError};
use crate::insight::{Hedge, HedgeCosts, HedgeLimits, Hedges, Holding, hedges};
use crate::progress::Progress;

/// What hedges must keep to, and what trades cost. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HedgeOptions {
    /// The most that all trades of a hedge may cost.
    pub max_cost: Option<f64>,
    /// The greatest trade in one instrument, in coins or shares; else the size of what is held on the underlying.
    pub max_size: Option<f64>,
    /// By how much the delta in an underlying may change, at its price.
    pub max_delta: Option<f64>,
    /// By how much the vega may change, for one vol point.
    pub max_vega: Option<f64>,
    /// Tickers of the underlyings to trade on; all that are held where there are none.
    pub underlyings: Vec<String>,
    /// Whether options may be traded.
    pub options: bool,
    /// Whether dated futures and shares may be.
    pub futures: bool,
    /// Whether perpetuals may be.
    pub perpetuals: bool,
    /// Whether what is opened must not expire before the first expiry that is held.
    pub lasting: bool,
    /// By how much a rebalancing may change the payoff at expiry, as a fraction of the size of what is held: 0.05.
    pub payoff_tolerance: f64,
    /// Edits of the model of costs.
    pub costs: Option<Value>,
}

impl Default for HedgeOptions {
    fn default() -> HedgeOptions {
        let HedgeLimits {
            max_cost,
            max_size,
            max_delta,
            max_vega,
            options,
            futures,
            perpetuals,
            lasting,
            payoff_tolerance,
            ..
        } = HedgeLimits::default();
        let (underlyings, costs) = (Vec::new(), None);
        HedgeOptions {
            max_cost,
            max_size,
            max_delta,
            max_vega,
            underlyings,
            options,
            futures,
            perpetuals,
            lasting,
            payoff_tolerance,
            costs,
        }
    }
}

impl HedgeOptions {
    fn limits(&self) -> Result<HedgeLimits, ContractError> {
        let refused = |path: &str, reason: String| ContractError::Shape { path: format!("options.{path}"), reason };
        for (name, value) in [
            ("max_cost", self.max_cost),
            ("max_size", self.max_size),
            ("max_delta", self.max_delta),
            ("max_vega", self.max_vega),
            ("payoff_tolerance", Some(self.payoff_tolerance)),
        ] {
            if let Some(value) = value.filter(|value| !(0.0..=1e15).contains(value)) {
                return Err(refused(name, format!("it is {value}; it must be a number from 0 to 1e15")));
            }
        }
        let underlying = |ticker: &String| {
            ticker.parse::<Asset>().map_err(|error: AssetError| refused("underlyings", error.to_string()))
        };
        Ok(HedgeLimits {
            max_cost: self.max_cost,
            max_size: self.max_size,
            max_delta: self.max_delta,
            max_vega: self.max_vega,
            underlyings: self.underlyings.iter().map(underlying).collect::<Result<_, ContractError>>()?,
            options: self.options,
            futures: self.futures,
            perpetuals: self.perpetuals,
            lasting: self.lasting,
            payoff_tolerance: self.payoff_tolerance,
        })
    }
}

/// Trades that free margin. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HedgesDocument {
    /// The account currency.
    pub currency: String,
    /// The initial requirement as it is.
    pub initial: f64,
    /// The maintenance requirement as it is.
    pub maintenance: f64,
    /// How many instruments were looked at.
    pub candidates: usize,
    /// How many there are within the limits; those that are furthest from the money were left out.
    pub listed: usize,
    /// The best single trades, by what they free for their cost.
    pub singles: Vec<HedgeDocument>,
    /// The best pair, where two trades do better than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<HedgeDocument>,
    /// The best trades that keep the payoff at expiry within the tolerance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebalance: Option<HedgeDocument>,
    /// How many proposals a new assessment did not confirm; they are left out.
    pub dropped: usize,
    /// How it was searched.
    pub method: String,
    /// Where the costs come from.
    pub cost_source: String,
    /// Why there is nothing; empty where there is something.
    pub reason: String,
}

/// Trades together, and the account after them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HedgeDocument {
    /// What is traded: positions to add.
    pub trades: Vec<PositionDocument>,
    /// The initial requirement after them.
    pub initial: f64,
    /// The maintenance requirement after them.
    pub maintenance: f64,
    /// What they free: the fall of the initial requirement, less premium paid that does not count as a balance.
    pub freed: f64,
    /// Half the spreads, and the fees.
    pub cost: f64,
    /// `freed` for one unit of cost; absent where it costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed_per_cost: Option<f64>,
    /// What is paid for options and shares beside; negative is received.
    pub cash: f64,
    /// Delta in each underlying after them.
    pub deltas: Vec<DeltaDocument>,
    /// The greatest change of an underlying's payoff at expiry, between half and one and a half of its index.
    pub payoff_change: f64,
}

/// Answers the question `hedges`.
///
/// # Errors
/// An option out of its domain, or those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let options: HedgeOptions = session::options(options)?;
    let limits = options.limits()?;
    let costs = HedgeCosts::new(options.costs.as_ref())
        .map_err(|error| ContractError::Shape { path: "options.costs".to_owned(), reason: error.to_string() })?;
    let holding = Holding {
        account: &asked.account,
        market: &asked.market,
        book: &asked.book,
        entry: asked.entry,
        methodology: asked.methodology()?,
    };
    let found = hedges(&holding, &limits, &costs, progress).map_err(|reason| asked.failed(reason))?;
    session::written(&HedgesDocument::new(&found, &costs, asked.book.currency))
}

impl HedgesDocument {
    fn new(found: &Hedges, costs: &HedgeCosts, currency: Asset) -> HedgesDocument {
        let Hedges { before, candidates, listed, dropped, .. } = *found;
        HedgesDocument {
            currency: currency.to_string(),
            initial: before.initial,
            maintenance: before.maintenance,
            candidates,
            listed,
            singles: found.singles.iter().map(HedgeDocument::from).collect(),
            pair: found.pair.as_ref().map(HedgeDocument::from),
            rebalance: found.rebalance.as_ref().map(HedgeDocument::from),
            dropped,
            method: found.method.to_owned(),
            cost_source: costs.configured().preset.source.clone(),
            reason: found.reason.to_owned(),
        }
    }
}

impl From<&Hedge> for HedgeDocument {
    fn from(hedge: &Hedge) -> HedgeDocument {
        HedgeDocument {
            trades: hedge.trades.iter().map(document).collect(),
            initial: hedge.after.initial,
            maintenance: hedge.after.maintenance,
            freed: hedge.freed,
            cost: hedge.cost,
            freed_per_cost: hedge.freed_per_cost(),
            cash: hedge.cash,
            deltas: hedge.deltas.iter().map(DeltaDocument::from).collect(),
            payoff_change: hedge.payoff_change,
        }
    }
}

fn document(position: &Position) -> PositionDocument {
    let in_quote = position.quantity.unit == QuantityUnit::Quote;
    let unit = in_quote.then(|| position.instrument.product.quote.to_string());
    PositionDocument { unit, ..PositionDocument::coins(position.instrument, position.quantity.amount) }
}
