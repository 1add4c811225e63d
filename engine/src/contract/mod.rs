//! The one shape at the edge: a versioned JSON request, and the response to it.
//!
//! Programs, JavaScript, the share link and the storage all speak it. Old versions stay readable.

mod account_modes;
mod account_state;
mod attribution;
mod call_prices;
mod comparison;
mod hedges;
mod liquidation;
mod live;
mod margin_curve;
mod pre_trade;
mod range_history;
mod request;
mod response;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod stress;

pub use account_modes::{AccountModesDocument, CurrencyAccountDocument, JointSlideDocument, ModeDocument};
pub use account_state::{AccountStateDocument, CountedBalanceDocument, DeltaDocument, MarginFiguresDocument};
pub use attribution::{AttributedLegDocument, AttributionDocument, SharedRequirementDocument, SharesDocument};
pub use call_prices::{AssetCallPricesDocument, CallPricesDocument, NearestDocument, PlaceDocument};
pub use comparison::ComparisonsDocument;
pub use hedges::{HedgeDocument, HedgeOptions, HedgesDocument};
pub use liquidation::{
    EndDocument, LiquidationDocument, LiquidationOptions, LiquidationTradeDocument, PathDocument, RemainingDocument,
    StepDocument, TimelineRowDocument, WayDocument,
};
pub use live::{LiveFigures, LivePortfolio, MovedAccount};
pub use margin_curve::{CrossingDocument, GapDocument, MarginCurveDocument, OnTheWayDocument};
pub use pre_trade::{
    CheckedOrderDocument, LargestSizesDocument, LiquidationPricesDocument, MarginChangeDocument, OrderDocument,
    PreTradeDocument, PreTradeOptions, PreTradeRequest, pre_trade,
};
pub use range_history::{RangeHistoryDocument, RangeLossesDocument, RangeRuleDocument};
pub use request::{
    AccountDocument, BalanceDocument, CollateralChoice, CompareChoice, MarketChoice, MethodologyChoice,
    PositionDocument, Prepared, Request, Resolved, WhatIf,
};
pub use response::{
    ComparisonDocument, ComponentDocument, LegDocument, MemoDocument, PairedLegDocument, PairingDocument, PotDocument,
    ProvenanceDocument, Response, SavingsDocument, SlideDocument, WorkingDocument,
};
pub use rules::RulesDocument;
pub use session::{Asked, QUESTIONS, Question, Session};
pub use stress::{StressDocument, StressMoveDocument, StressOutcomeDocument, StressScenarioDocument};

#[cfg(feature = "schema")]
pub use schema::schema;

pub use crate::market::HistoryDocument;
pub use crate::market::document::{ExpiryDocument, MarketDocument, UnderlyingDocument};

use crate::account::AccountError;
use crate::book::ResolveError;
use crate::json::JsonError;
use crate::market::{Market, MarketError};
use crate::methodology::{self, MethodologyError, Workings};

/// The version that this program writes; it reads this one and all before it.
pub const VERSION: u32 = 1;

/// Why a request has no response.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ContractError {
    /// The text is no JSON object.
    #[error("the request is no JSON: {0}")]
    Json(String),
    /// It is not of this shape.
    #[error("{path}: {reason}")]
    Shape {
        /// Where, as `account.positions[2].quantity`.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The version is missing or from the future.
    #[error("version: it is {0}; this program reads version {VERSION}")]
    Version(String),
    /// A position that is none.
    #[error("account.positions[{index}] ({name}): {reason}")]
    Position {
        /// Its place in the list, from 0.
        index: usize,
        /// The instrument as written.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A balance or the account currency is in an unknown currency.
    #[error("account.{field}: {reason}")]
    Currency {
        /// Which field.
        field: String,
        /// What is wrong.
        reason: String,
    },
    /// An amount outside its domain.
    #[error("account: {0}")]
    Account(#[from] AccountError),
    /// A market that is none.
    #[error("market: {0}")]
    Market(#[from] MarketError),
    /// The request names a market that the host does not have.
    #[error("market: there is no market named \"{0}\" here; give the whole market instead")]
    UnknownMarket(String),
    /// Account and market do not fit together.
    #[error("{field}: {reason}")]
    Resolve {
        /// The field of the request that is concerned.
        field: String,
        /// What is wrong with it.
        reason: Box<ResolveError>,
    },
    /// The what-if cannot be.
    #[error("what_if: {0}")]
    WhatIf(MarketError),
    /// No such methodology.
    #[error("{field}: there is none named \"{name}\"; there are {}", known.join(", "))]
    UnknownMethodology {
        /// Where: `methodology` or `compare`.
        field: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// No such schedule of haircuts.
    #[error("account.collateral: there is none named \"{name}\"; there are {}", known.join(", "))]
    UnknownCollateral {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The haircuts cannot be used.
    #[error("account.collateral: {0}")]
    Collateral(MethodologyError),
    /// The methodology gives no figure.
    #[error("methodology {id}: {reason}")]
    Methodology {
        /// Which one.
        id: String,
        /// Why.
        reason: MethodologyError,
    },
}

impl From<JsonError> for ContractError {
    fn from(error: JsonError) -> ContractError {
        let path = if error.path.is_empty() { "the request".to_owned() } else { error.path };
        ContractError::Shape { path, reason: error.reason }
    }
}

/// Answers a request.
///
/// `markets` finds a market that the request names instead of giving it whole.
///
/// # Errors
/// Anything that makes the request unusable, in a sentence that names the field.
pub fn assess(request: &Request, markets: impl Fn(&str) -> Option<Market>) -> Result<Response, ContractError> {
    let Prepared { book, entry, methodology, compare, schedule, .. } = request.prepare(markets)?;
    let failed = |reason| ContractError::Methodology { id: entry.id.to_owned(), reason };
    let workings = if request.explain { Workings::wanted() } else { Workings::unwanted() };
    let assessment = methodology::assess_with(entry, methodology.as_ref(), &book, workings).map_err(failed)?;
    let savings = crate::insight::savings(methodology.as_ref(), &book, &assessment).map_err(failed)?;
    let compare = compare.iter().map(|(entry, methodology)| (*entry, methodology));
    let comparison = crate::insight::compare(&book, compare);
    let state = crate::insight::account_state(methodology.as_ref(), &schedule, &book, assessment.pair());
    Ok(Response::new(&book, &assessment, &savings, &comparison, &state))
}
