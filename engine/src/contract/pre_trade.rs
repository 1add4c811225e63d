//! Orders before they are sent, as documents.

mod reason;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::session::{self, Asked};
use super::{BalanceDocument, ContractError, MarginFiguresDocument, PositionDocument, Prepared, Request};
use crate::account::{Account, QuantityUnit};
use crate::asset::Asset;
use crate::book::Book;
use crate::collateral::CollateralSchedule;
use crate::insight::pre_trade::{CheckedOrder, LargestSizes, Order, PreTrade, PreTradeError, pre_trade as check};
use crate::insight::{AccountState, CallPrice, Moved, call_prices};
use crate::instrument::Instrument;
use crate::market::{Market, Underlying};
use crate::methodology::{Entry, Methodology, MethodologyError};
use crate::progress::Progress;
use reason::reason;

/// An account, and orders to check against it: the question `pre_trade` for those who ask the engine directly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PreTradeRequest {
    /// The account, the market and the methodology.
    pub request: Request,
    /// The orders.
    pub options: PreTradeOptions,
}

/// Orders, and what is wanted of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PreTradeOptions {
    /// In the order in which they are sent.
    pub orders: Vec<OrderDocument>,
    /// Whether the largest sizes are wanted.
    #[serde(default = "yes")]
    pub largest: bool,
    /// Whether the liquidation prices are wanted.
    #[serde(default = "yes")]
    pub liquidation: bool,
}

/// An order, filled at its price as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderDocument {
    /// What is traded, as in a position.
    pub instrument: String,
    /// How much: bought where positive, sold where negative.
    pub quantity: f64,
    /// What the size counts, as in a position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The limit, quoted as an entry price is; the mark where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// What the whole order costs beside, in the currency that it is paid in; a rebate is negative.
    #[serde(default)]
    pub fee: f64,
    /// The smallest size, in the same unit; the venue's where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<f64>,
}

/// What the account would be, and what a venue says. Money is in the account currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PreTradeDocument {
    /// The account currency.
    pub currency: String,
    /// Whether all orders together would be accepted.
    pub accepted: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// The account as it is.
    pub before: MarginFiguresDocument,
    /// With all orders.
    pub after: MarginFiguresDocument,
    /// `after` less `before`.
    pub change: MarginChangeDocument,
    /// Each order after those before it, as far as those were accepted.
    pub orders: Vec<CheckedOrderDocument>,
    /// The place of the first that is refused so; absent where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_refused: Option<usize>,
    /// The liquidation prices of each underlying that is traded; empty where they were not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub liquidation: Vec<LiquidationPricesDocument>,
    /// What the account holds with all orders: the positions of the next request.
    pub positions: Vec<PositionDocument>,
    /// Its balances with all orders.
    pub balances: Vec<BalanceDocument>,
}

/// What orders change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarginChangeDocument {
    /// Of the initial requirement.
    pub initial_margin: f64,
    /// Of the maintenance requirement.
    pub maintenance_margin: f64,
    /// Of the equity.
    pub equity: f64,
    /// Of what is free: positive where the orders free margin.
    pub free_margin: f64,
    /// Of what is left until liquidation.
    pub maintenance_excess: f64,
}

/// The nearest prices of an underlying at which the account would be liquidated, others staying where they are; absent
/// where there is none within reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LiquidationPricesDocument {
    /// The underlying.
    pub asset: String,
    /// Its index.
    pub index: f64,
    /// Below, as the account is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_before: Option<f64>,
    /// Above, as the account is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_before: Option<f64>,
    /// Below, with all orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_after: Option<f64>,
    /// Above, with all orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_after: Option<f64>,
}

/// One order of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckedOrderDocument {
    /// What is traded.
    pub instrument: String,
    /// Whether it would be accepted.
    pub accepted: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// At which it is filled, quoted as an entry price is.
    pub price: f64,
    /// The currency of the balance that it is paid from.
    pub payment_asset: String,
    /// What comes into that balance: premium and what closed futures have gained, less the fee; negative is paid.
    pub payment: f64,
    /// What is free with it.
    pub free_margin: f64,
    /// How much fits; absent where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest: Option<LargestSizesDocument>,
}

/// Largest sizes of an instrument that would be accepted: each fits, as all smaller ones do, and one tick more does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LargestSizesDocument {
    /// The smallest size that is traded.
    pub tick: f64,
    /// What the sizes count, where that is not coins, shares or contracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How much can be bought; absent where no size is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buy: Option<f64>,
    /// How much can be sold, likewise; not negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sell: Option<f64>,
}

/// Checks orders against an account.
///
/// `markets` finds a market that the request names instead of giving it whole.
///
/// # Errors
/// Anything that makes the request or an order unusable, in a sentence that names the field.
pub fn pre_trade(
    request: &PreTradeRequest,
    markets: impl Fn(&str) -> Option<Market>,
) -> Result<PreTradeDocument, ContractError> {
    let Prepared { account, market, book, entry, methodology, schedule, .. } = request.request.prepare(markets)?;
    let methodology = methodology.as_ref();
    Subject { account: &account, market: &market, book: &book, entry, methodology, schedule: &schedule }
        .answer(&request.options, Progress::UNHEARD)
}

/// Answers the question `pre_trade`.
///
/// # Errors
/// An order that is none, or those of the methodology.
pub(super) fn answer(asked: &Asked, options: &Value, progress: Progress<'_>) -> Result<Value, ContractError> {
    let options: PreTradeOptions = session::options(options)?;
    let subject = Subject {
        account: &asked.account,
        market: &asked.market,
        book: &asked.book,
        entry: asked.entry,
        methodology: asked.methodology()?,
        schedule: &asked.schedule,
    };
    session::written(&subject.answer(&options, progress)?)
}

impl PreTradeRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// The request is of another version, or something is not of this shape; the error says where.
    pub fn from_value(value: &Value) -> Result<PreTradeRequest, ContractError> {
        session::check_version(value)?;
        Ok(crate::json::from_value(value)?)
    }
}

/// What orders are checked against.
struct Subject<'a> {
    account: &'a Account,
    market: &'a Market,
    book: &'a Book,
    entry: &'static Entry,
    methodology: &'a dyn Methodology,
    schedule: &'a CollateralSchedule,
}

impl Subject<'_> {
    fn answer(&self, options: &PreTradeOptions, progress: Progress<'_>) -> Result<PreTradeDocument, ContractError> {
        let orders = options.orders.iter().enumerate().map(|(index, order)| order.read(index));
        let orders = orders.collect::<Result<Vec<Order>, ContractError>>()?;
        let Subject { account, market, book, .. } = *self;
        let found = check(self.methodology, self.schedule, account, (book, market), &orders, options.largest);
        progress.at(0.5);
        let failed = |reason| ContractError::Methodology { id: self.entry.id.to_owned(), reason };
        let found = found.map_err(|error| match error {
            PreTradeError::Order { index, reason } => ContractError::Shape { path: path(index), reason },
            PreTradeError::Methodology(reason) => failed(reason),
        })?;
        let liquidation = if options.liquidation { self.liquidation(&orders, &found).map_err(failed)? } else { vec![] };
        let currency = account.currency();
        let checked = orders.iter().zip(&found.orders);
        Ok(PreTradeDocument {
            currency: currency.to_string(),
            accepted: found.verdict.is_accepted(),
            reason: reason(found.verdict, &found.before, &found.after, currency),
            before: (&found.before).into(),
            after: (&found.after).into(),
            change: MarginChangeDocument::between(&found.before, &found.after),
            orders: checked.map(|(order, checked)| checked_document(order, checked, currency)).collect(),
            first_refused: found.orders.iter().position(|order| !order.verdict.is_accepted()),
            liquidation,
            positions: found.positions.iter().map(PositionDocument::from).collect(),
            balances: found.balances.iter().map(BalanceDocument::from).collect(),
        })
    }
}

impl Subject<'_> {
    /// The liquidation prices of each underlying that the orders are on.
    fn liquidation(
        &self,
        orders: &[Order],
        found: &PreTrade,
    ) -> Result<Vec<LiquidationPricesDocument>, MethodologyError> {
        let mut assets: Vec<Asset> = Vec::new();
        for asset in orders.iter().map(|order| order.position.instrument.product.base) {
            if !assets.contains(&asset) {
                assets.push(asset);
            }
        }
        let prices = |asset: Asset| {
            // The index is in the market, also where the account holds nothing on it.
            let index = self.market.get(asset).map_or(0.0, Underlying::index);
            let of = |book: &Book| {
                let found = call_prices(self.methodology, self.schedule, book, Moved::alone(asset))?;
                let price = |at: Option<CallPrice>| at.map(|at| index * (1.0 + at.price_move));
                Ok::<_, MethodologyError>((price(found.liquidation_down), price(found.liquidation_up)))
            };
            let ((down_before, up_before), (down_after, up_after)) = (of(self.book)?, of(&found.book_after)?);
            Ok(LiquidationPricesDocument {
                asset: asset.to_string(),
                index,
                down_before,
                up_before,
                down_after,
                up_after,
            })
        };
        assets.into_iter().map(prices).collect()
    }
}

impl OrderDocument {
    fn read(&self, index: usize) -> Result<Order, ContractError> {
        let position = PositionDocument {
            instrument: self.instrument.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            entry_price: self.price,
            enabled: true,
        };
        let refused = |reason| ContractError::Shape { path: path(index), reason };
        Ok(Order { position: position.to_position().map_err(refused)?, fee: self.fee, tick: self.tick })
    }
}

fn path(index: usize) -> String {
    format!("options.orders[{index}]")
}

fn checked_document(order: &Order, checked: &CheckedOrder, currency: Asset) -> CheckedOrderDocument {
    let CheckedOrder { payment, verdict, before, after, largest } = checked;
    let instrument = order.position.instrument;
    CheckedOrderDocument {
        instrument: instrument.to_string(),
        accepted: verdict.is_accepted(),
        reason: reason(*verdict, before, after, currency),
        price: payment.price,
        payment_asset: payment.asset.to_string(),
        payment: payment.amount,
        free_margin: after.free.initial,
        largest: largest.map(|sizes| LargestSizesDocument::new(sizes, &instrument)),
    }
}

impl LargestSizesDocument {
    fn new(LargestSizes { tick, buy, sell }: LargestSizes, instrument: &Instrument) -> LargestSizesDocument {
        let unit = (tick.unit == QuantityUnit::Quote).then(|| instrument.product.quote.to_string());
        LargestSizesDocument { tick: tick.amount, unit, buy, sell }
    }
}

impl MarginChangeDocument {
    fn between(before: &AccountState, after: &AccountState) -> MarginChangeDocument {
        MarginChangeDocument {
            initial_margin: after.requirement.initial - before.requirement.initial,
            maintenance_margin: after.requirement.maintenance - before.requirement.maintenance,
            equity: after.equity - before.equity,
            free_margin: after.free.initial - before.free.initial,
            maintenance_excess: after.free.maintenance - before.free.maintenance,
        }
    }
}

fn yes() -> bool {
    true
}
