//! What can be wrong with a market, in sentences.

use std::fmt;

use crate::asset::{Asset, AssetError};
use crate::instrument::{Expiry, ExpiryError};

/// A fault of a market and the place where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct MarketError {
    /// The coin or currency concerned.
    pub asset: Option<Asset>,
    /// The expiry concerned.
    pub expiry: Option<Expiry>,
    /// What is wrong.
    pub fault: MarketFault,
}

/// What is wrong with a market or with a question put to it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MarketFault {
    /// A price that is zero, negative, not a number or beyond 1e15.
    #[error("the {field} must be a positive price, not {}", plain(*value))]
    Price {
        /// Which figure.
        field: &'static str,
        /// What it was.
        value: f64,
    },
    /// A vol outside 0 to 100 per √year.
    #[error("the vol at strike {} must lie between 0 and 100, where 0.55 means 55 %; it is {}", plain(*strike), plain(*value))]
    Vol {
        /// The strike of the smile.
        strike: f64,
        /// What the vol was.
        value: f64,
    },
    /// A discount rate outside ±10 per year.
    #[error("the discount rate must lie between -10 and 10 per year, where 0.05 means 5 %; it is {}", plain(*.0))]
    Rate(f64),
    /// A figure that is needed and not given.
    #[error("the {0} is missing")]
    Missing(&'static str),
    /// The same strike twice.
    #[error("the strike {} occurs twice", plain(*.0))]
    RepeatedStrike(f64),
    /// The same expiry twice.
    #[error("the expiry occurs twice")]
    RepeatedExpiry,
    /// The same underlying twice.
    #[error("the underlying occurs twice")]
    RepeatedUnderlying,
    /// The same currency twice in the table of currencies.
    #[error("the currency is quoted twice")]
    RepeatedRate,
    /// A US dollar that is not worth one.
    #[error("one US dollar is worth 1 US dollar, not {}", plain(*.0))]
    DollarNotOne(f64),
    /// No underlying at all.
    #[error("the market has no underlying")]
    Empty,
    /// An underlying was asked for that is not there.
    #[error("the market has no such underlying; it has {}", list(known))]
    NoUnderlying {
        /// Those that are there.
        known: Vec<Asset>,
    },
    /// Daily closes were asked for that are not there.
    #[error("there is no history of its daily closes; there is one of {}", list(known))]
    NoHistory {
        /// What there is history of.
        known: Vec<Asset>,
    },
    /// Columns of a history of different lengths.
    #[error("its history is not as long as the others'")]
    UnevenHistory,
    /// A confidence outside 0 to 1.
    #[error("a confidence lies between 0 and 1, not at {}", plain(*.0))]
    Confidence(f64),
    /// A vol was asked for where there is none.
    #[error("the market has no vols, so its options cannot be priced")]
    NoVols,
    /// A yield was asked for where there is none.
    #[error("the market has no yields, so its bonds cannot be priced")]
    NoYields,
    /// A currency was asked for that nothing quotes.
    #[error("the market does not say what it is worth, so it cannot be converted to {to}; quote it in US dollars")]
    NoRate {
        /// The other currency of the question.
        to: Asset,
    },
    /// A figure that breaks its rule.
    #[error("{what} must be {rule}, not {}", plain(*value))]
    Rule {
        /// Which figure.
        what: &'static str,
        /// What it may be.
        rule: &'static str,
        /// What it was.
        value: f64,
    },
    /// A ticker that is not one.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// A date that is not one.
    #[error(transparent)]
    Expiry(#[from] ExpiryError),
    /// A time that is not one.
    #[error("\"{0}\" is not a time; write it like 2026-08-22T15:33:51Z")]
    Time(String),
    /// A document of a version that this program does not know.
    #[error("the market file is of version {0}; this program reads version 1")]
    Version(u32),
    /// A document that is not one.
    #[error("this is not a market file: {0}")]
    Document(String),
}

impl MarketFault {
    /// The fault, at a coin or currency.
    pub(crate) fn of(self, asset: Asset) -> MarketError {
        MarketError { asset: Some(asset), expiry: None, fault: self }
    }

    /// The fault, at an expiry of a coin.
    pub(super) fn at(self, asset: Asset, expiry: Expiry) -> MarketError {
        MarketError { asset: Some(asset), expiry: Some(expiry), fault: self }
    }
}

impl From<MarketFault> for MarketError {
    fn from(fault: MarketFault) -> MarketError {
        MarketError { asset: None, expiry: None, fault }
    }
}

impl fmt::Display for MarketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.asset, self.expiry) {
            (Some(asset), Some(expiry)) => write!(f, "{asset} {expiry}: {}", self.fault),
            (Some(asset), None) => write!(f, "{asset}: {}", self.fault),
            _ => write!(f, "{}", self.fault),
        }
    }
}

impl std::error::Error for MarketError {}

/// Accepts positive prices up to 1e15, so that products and ratios of prices stay finite.
pub(super) fn price(field: &'static str, value: f64) -> Result<f64, MarketFault> {
    if (1e-12..=1e15).contains(&value) { Ok(value) } else { Err(MarketFault::Price { field, value }) }
}

/// A number as people write it, with an exponent only where it would run on.
pub(crate) fn plain(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && size.is_finite() && !(1e-6..1e16).contains(&size) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

fn list(assets: &[Asset]) -> String {
    assets.iter().map(Asset::to_string).collect::<Vec<_>>().join(", ")
}
