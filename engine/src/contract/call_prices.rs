//! Margin-call and liquidation prices, as a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContractError;
use super::session::{self, Asked, NoOptions};
use crate::insight::{CallPrice, CallPrices, Moved, call_prices, moving_assets};
use crate::progress::Progress;

/// Where an account is called and liquidated as prices move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CallPricesDocument {
    /// One for each asset that moves alone; where there are several, then one for each while all move together, by the
    /// same fraction.
    pub assets: Vec<AssetCallPricesDocument>,
}

/// The nearest crossings as one asset's price moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AssetCallPricesDocument {
    /// Whose price is told.
    pub asset: String,
    /// Whether all others move by the same fraction.
    pub together: bool,
    /// The present price, in the asset's quote currency; absent where the account holds just what stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Where the initial requirement begins to be missed.
    pub margin_call: NearestDocument,
    /// Where the maintenance requirement begins to be missed.
    pub liquidation: NearestDocument,
    /// How far prices were moved down and up, as fractions.
    pub searched: [f64; 2],
}

/// The nearest places on both sides of the present.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NearestDocument {
    /// Below; absent where there is none as far as it was looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<PlaceDocument>,
    /// Above, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up: Option<PlaceDocument>,
}

/// A place on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceDocument {
    /// Of prices the move, as a fraction; of vols what is added, as a decimal; of time the days. 0 where it is so
    /// already.
    pub place: f64,
    /// The price there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
}

impl From<CallPrice> for PlaceDocument {
    fn from(found: CallPrice) -> PlaceDocument {
        PlaceDocument { place: found.price_move, price: found.price }
    }
}

impl From<&CallPrices> for AssetCallPricesDocument {
    fn from(prices: &CallPrices) -> AssetCallPricesDocument {
        let nearest = |down: Option<CallPrice>, up: Option<CallPrice>| NearestDocument {
            down: down.map(PlaceDocument::from),
            up: up.map(PlaceDocument::from),
        };
        AssetCallPricesDocument {
            asset: prices.moved.asset.to_string(),
            together: prices.moved.with_others,
            price: prices.price,
            margin_call: nearest(prices.margin_call_down, prices.margin_call_up),
            liquidation: nearest(prices.liquidation_down, prices.liquidation_up),
            searched: [prices.searched.0, prices.searched.1],
        }
    }
}

/// Answers the question `call_prices`, which has no options.
///
/// # Errors
/// Those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let NoOptions {} = session::options(options)?;
    let methodology = asked.methodology()?;
    let assets = moving_assets(&asked.book);
    let mut found: Vec<CallPrices> = Vec::new();
    for (done, asset) in assets.iter().enumerate() {
        progress.steps(done, assets.len() + 1);
        let prices = call_prices(methodology, &asked.schedule, &asked.book, Moved::alone(*asset));
        found.push(prices.map_err(|reason| asked.failed(reason))?);
    }
    if let [first, _, ..] = &assets[..] {
        let prices = call_prices(methodology, &asked.schedule, &asked.book, Moved::together(*first));
        let prices = prices.map_err(|reason| asked.failed(reason))?;
        // The moves are the same whoever's price is told.
        found.extend(assets.iter().map(|asset| prices.told_by(*asset, &asked.book)));
    }
    let assets = found.iter().map(AssetCallPricesDocument::from).collect();
    session::written(&CallPricesDocument { assets })
}
