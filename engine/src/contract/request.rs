//! What is asked.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{ContractError, MarketDocument, VERSION};
use crate::account::{Account, Balance, Position, Quantity, QuantityUnit};
use crate::asset::Asset;
use crate::book::{Book, ExpiredPositions, ResolveError};
use crate::collateral::{CollateralSchedule, SCHEDULES, default_for, find_schedule};
use crate::insight::Candidate;
use crate::instrument::Instrument;
use crate::json;
use crate::market::{Market, Shift};
use crate::methodology::{Entry, METHODOLOGIES, Methodology, find};

/// A question: what does this account need, in this market, under this methodology?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The version of this shape: 1.
    pub version: u32,
    /// Positions and collateral.
    pub account: AccountDocument,
    /// The market.
    pub market: MarketChoice,
    /// The methodology.
    pub methodology: MethodologyChoice,
    /// The market is moved by this before anything is computed.
    #[serde(default, skip_serializing_if = "WhatIf::is_none")]
    pub what_if: WhatIf,
    /// Methodologies to set beside the chosen one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<CompareChoice>,
    /// Whether the response lists the formulas behind its figures.
    #[serde(default, skip_serializing_if = "is_no")]
    pub explain: bool,
}

/// Positions and collateral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountDocument {
    /// The currency of every figure in the response: `USD`, `BTC`.
    #[serde(default = "usd", skip_serializing_if = "is_usd")]
    pub currency: String,
    /// What is held.
    pub positions: Vec<PositionDocument>,
    /// What is deposited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balances: Vec<BalanceDocument>,
    /// The haircuts of what is deposited; where left out, those of the methodology's venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collateral: Option<CollateralChoice>,
}

/// A schedule of haircuts and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CollateralChoice {
    /// Its identifier: `deribit`.
    pub id: String,
    /// Parameters that replace the preset's; those not named stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
}

/// One position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PositionDocument {
    /// Its name: `BTC-25SEP26-84000-C`, `AAPL`, `AAPL260612P00270000`, `/ES-18DEC26`.
    pub instrument: String,
    /// Signed size: long is positive.
    pub quantity: f64,
    /// What the size counts: coins, shares or contracts where left out, or the quote currency (`USD`) for futures
    /// and spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The price at which it was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_price: Option<f64>,
    /// A disabled position is kept and not counted.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
}

/// Collateral in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BalanceDocument {
    /// The ticker.
    pub asset: String,
    /// How much; negative is owed.
    pub amount: f64,
    /// US dollars that one unit is worth, where the market does not say it or is to be overruled.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "number_if_given")]
    pub price_usd: Option<f64>,
}

/// A market given whole, or the name of one that the host has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum MarketChoice {
    /// The name of a market that the host has.
    Named(String),
    /// The market itself.
    Whole(Box<MarketDocument>),
}

impl<'de> Deserialize<'de> for MarketChoice {
    /// By hand: a derived untagged enum says no more of a faulty market than that it matches nothing.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MarketChoice, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(name) => Ok(MarketChoice::Named(name)),
            whole @ Value::Object(_) => {
                json::from_value(&whole).map(|document| MarketChoice::Whole(Box::new(document))).map_err(Error::custom)
            }
            _ => Err(Error::custom("expected a market or the name of one")),
        }
    }
}

/// A methodology and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MethodologyChoice {
    /// Its identifier: `deribit-portfolio`.
    pub id: String,
    /// Parameters that replace the preset's; those not named stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
}

/// A methodology to compare with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CompareChoice {
    /// By its identifier, with its preset's parameters; the chosen methodology keeps its own.
    Named(String),
    /// With parameters of its own.
    Edited(MethodologyChoice),
}

impl CompareChoice {
    /// The identifier.
    pub fn id(&self) -> &str {
        match self {
            CompareChoice::Named(id) => id,
            CompareChoice::Edited(choice) => &choice.id,
        }
    }
}

impl<'de> Deserialize<'de> for CompareChoice {
    /// By hand, for the same reason as [`MarketChoice`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CompareChoice, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(id) => Ok(CompareChoice::Named(id)),
            whole @ Value::Object(_) => json::from_value(&whole).map(CompareChoice::Edited).map_err(Error::custom),
            _ => Err(Error::custom("expected the name of a methodology, or one with parameters")),
        }
    }
}

/// A move of the whole market before anything is computed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WhatIf {
    /// Relative move of every price: 0.05 is +5 %.
    pub spot_move: f64,
    /// Points added to every vol: 0.05 is five.
    pub vol_points: f64,
    /// Days that pass; options whose expiry they reach are settled.
    pub days_forward: f64,
}

impl WhatIf {
    /// Whether nothing moves.
    pub fn is_none(&self) -> bool {
        *self == WhatIf::default()
    }

    /// The market after the move.
    ///
    /// # Errors
    /// The move cannot be.
    pub(super) fn moved_market(&self, today: &Market) -> Result<Market, ContractError> {
        let WhatIf { spot_move, vol_points, days_forward } = *self;
        today.shifted(&Shift { spot_move, vol_points, days_forward }).map_err(ContractError::WhatIf)
    }

    /// The account as it goes through the move: the sizes of coin-settled futures are fixed in the quote currency.
    ///
    /// # Errors
    /// The market lacks an underlying of the account.
    pub(super) fn moved_account(&self, account: &Account, today: &Market) -> Result<Account, ContractError> {
        // A price of the holder's own moves with its coin, as the market's would.
        let moved = |balance: &Balance| {
            let factor = if today.priced_by(balance.asset).is_some() { 1.0 + self.spot_move } else { 1.0 };
            Balance { usd_per_unit: balance.usd_per_unit.map(|usd| usd * factor), ..*balance }
        };
        let balances = account.balances().iter().map(moved).collect();
        Ok(account.pinned(today)?.with_balances(balances)?)
    }
}

/// A request made ready: everything valid, the market moved, the account resolved.
pub struct Prepared {
    /// The account; under a what-if the sizes of coin-settled futures are fixed in the quote currency.
    pub account: Account,
    /// The market after the what-if.
    pub market: Market,
    /// The account in it.
    pub book: Book,
    /// The methodology's entry.
    pub entry: &'static Entry,
    /// The methodology with its parameters.
    pub methodology: Box<dyn Methodology>,
    /// The haircuts in force.
    pub schedule: CollateralSchedule,
    /// The methodologies to compare with; the chosen one keeps its edits.
    pub compare: Vec<Candidate>,
}

/// An account in its market.
pub struct Resolved {
    /// The account; under a what-if the sizes of coin-settled futures are fixed in the quote currency.
    pub account: Account,
    /// The market after the what-if.
    pub market: Market,
    /// The account in it.
    pub book: Book,
}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// The text is no JSON, of another version, or not of this shape; the error says where.
    pub fn from_json(text: &str) -> Result<Request, ContractError> {
        let value = json::value(text).map_err(|error| match error.path.as_str() {
            "" => ContractError::Json(error.reason),
            _ => error.into(),
        })?;
        Request::from_value(value)
    }

    /// Reads a request that has been taken apart already, as values of JavaScript are.
    ///
    /// # Errors
    /// It is of another version or not of this shape; the error says where.
    pub fn from_value(value: Value) -> Result<Request, ContractError> {
        check_version(&value)?;
        Ok(json::from_value(&value)?)
    }

    /// The JSON text, without spaces.
    pub fn to_json(&self) -> String {
        // Strings, numbers and flags only: there is nothing that could fail. By way of a value, as it is read.
        serde_json::to_value(self).map(|value| value.to_string()).unwrap_or_default()
    }

    /// Reads account and market, and resolves the one in the other, moved as the what-if says.
    ///
    /// # Errors
    /// The first thing about them that makes the request unusable, in a sentence that names the field.
    pub fn resolve(&self, markets: impl Fn(&str) -> Option<Market>) -> Result<Resolved, ContractError> {
        let account = self.account.to_account()?;
        let today = self.market.resolve(markets)?;
        // Resolved once in the market as it is, so that positions that have expired already are refused.
        let refused = |reason| self.account.refused(reason);
        let book = Book::resolve(&account, &today, ExpiredPositions::Refuse).map_err(refused)?;
        if self.what_if.is_none() {
            return Ok(Resolved { account, market: today, book });
        }
        let market = self.what_if.moved_market(&today)?;
        let account = self.what_if.moved_account(&account, &today)?;
        let book = Book::resolve(&account, &market, ExpiredPositions::Settle).map_err(refused)?;
        Ok(Resolved { account, market, book })
    }

    /// Checks everything and resolves the account in the moved market.
    ///
    /// # Errors
    /// The first thing that makes the request unusable, in a sentence that names the field.
    pub fn prepare(&self, markets: impl Fn(&str) -> Option<Market>) -> Result<Prepared, ContractError> {
        let Resolved { account, market, book } = self.resolve(markets)?;
        let entry = self.entry()?;
        let methodology = entry
            .configure(self.methodology.parameters.as_ref())
            .map_err(|reason| ContractError::Methodology { id: entry.id.to_owned(), reason })?;
        let schedule = self.account.schedule(entry)?;
        let compare = self
            .compare
            .iter()
            .map(|choice| {
                let entry = find_entry("compare", choice.id())?;
                let edits = match choice {
                    CompareChoice::Edited(choice) => choice.parameters.as_ref(),
                    CompareChoice::Named(id) if *id == self.methodology.id => self.methodology.parameters.as_ref(),
                    CompareChoice::Named(_) => None,
                };
                Ok((entry, entry.configure(edits)))
            })
            .collect::<Result<_, ContractError>>()?;
        Ok(Prepared { account, market, book, entry, methodology, schedule, compare })
    }

    /// The entry of the methodology that is asked for.
    ///
    /// # Errors
    /// There is no such methodology.
    pub fn entry(&self) -> Result<&'static Entry, ContractError> {
        find_entry("methodology", &self.methodology.id)
    }
}

fn check_version(request: &Value) -> Result<(), ContractError> {
    match request {
        Value::Object(fields) => match fields.get("version") {
            Some(version) if *version == VERSION => Ok(()),
            version => Err(ContractError::Version(version.map_or("missing".to_owned(), Value::to_string))),
        },
        _ => Err(ContractError::Json("it is not an object in braces".to_owned())),
    }
}

pub(super) fn find_entry(field: &'static str, id: &str) -> Result<&'static Entry, ContractError> {
    find(id).ok_or_else(|| ContractError::UnknownMethodology {
        field,
        name: id.to_owned(),
        known: METHODOLOGIES.iter().map(|entry| entry.id).collect(),
    })
}

impl MarketChoice {
    /// The market that is meant.
    ///
    /// # Errors
    /// The host has no market of that name, or the market given is not valid.
    pub fn resolve(&self, markets: impl Fn(&str) -> Option<Market>) -> Result<Market, ContractError> {
        match self {
            MarketChoice::Named(name) => markets(name).ok_or_else(|| ContractError::UnknownMarket(name.clone())),
            MarketChoice::Whole(document) => Ok(Market::try_from(document.as_ref().clone())?),
        }
    }
}

impl CollateralChoice {
    /// The haircuts that were chosen, else those of the methodology's venue.
    ///
    /// # Errors
    /// There is no such schedule, or its edits cannot be.
    pub fn schedule(
        choice: Option<&CollateralChoice>,
        methodology: &Entry,
    ) -> Result<CollateralSchedule, ContractError> {
        let (entry, edits) = match choice {
            None => (default_for(methodology), None),
            Some(choice) => {
                let unknown = || ContractError::UnknownCollateral {
                    name: choice.id.clone(),
                    known: SCHEDULES.iter().map(|entry| entry.id).collect(),
                };
                (find_schedule(&choice.id).ok_or_else(unknown)?, choice.parameters.as_ref())
            }
        };
        entry.configure(edits).map_err(ContractError::Collateral)
    }
}

impl AccountDocument {
    /// The account that is meant; disabled positions are left out.
    ///
    /// # Errors
    /// A name, currency or amount that is none.
    pub fn to_account(&self) -> Result<Account, ContractError> {
        let currency = currency("currency", &self.currency)?;
        let positions = self
            .positions
            .iter()
            .enumerate()
            .filter(|(_, position)| position.enabled)
            .map(|(index, position)| {
                position.to_position().map_err(|reason| ContractError::Position {
                    index,
                    name: position.instrument.clone(),
                    reason,
                })
            })
            .collect::<Result<_, _>>()?;
        let balances = self
            .balances
            .iter()
            .enumerate()
            .map(|(index, balance)| {
                let asset = self::currency(&format!("balances[{index}].asset"), &balance.asset)?;
                Ok(Balance { asset, amount: balance.amount, usd_per_unit: balance.price_usd })
            })
            .collect::<Result<_, ContractError>>()?;
        Ok(Account::new(currency, positions, balances)?)
    }

    /// The haircuts that are meant.
    ///
    /// # Errors
    /// As of [`CollateralChoice::schedule`].
    pub fn schedule(&self, methodology: &Entry) -> Result<CollateralSchedule, ContractError> {
        CollateralChoice::schedule(self.collateral.as_ref(), methodology)
    }

    /// Names the field that an error of resolving is about.
    fn refused(&self, reason: ResolveError) -> ContractError {
        let field = match reason.instrument() {
            None => match reason {
                ResolveError::Balance { asset, .. } => self.field_of_balance(asset),
                _ => "account.currency".to_owned(),
            },
            Some(name) => {
                let is_it = |document: &PositionDocument| {
                    document.enabled
                        && document.to_position().is_ok_and(|position| position.instrument.to_string() == name)
                };
                match self.positions.iter().position(is_it) {
                    Some(index) => format!("account.positions[{index}]"),
                    None => "account".to_owned(),
                }
            }
        };
        ContractError::Resolve { field, reason: Box::new(reason) }
    }

    /// Where the balance stands that cannot be valued: the first in the asset without a price of its own.
    fn field_of_balance(&self, asset: Asset) -> String {
        let is_it = |balance: &BalanceDocument| balance.price_usd.is_none() && balance.asset.parse() == Ok(asset);
        let place = self.balances.iter().position(is_it);
        place.map_or_else(|| "account.balances".to_owned(), |place| format!("account.balances[{place}]"))
    }
}

fn currency(field: &str, text: &str) -> Result<Asset, ContractError> {
    text.parse().map_err(|reason: crate::asset::AssetError| ContractError::Currency {
        field: field.to_owned(),
        reason: reason.to_string(),
    })
}

impl From<&Balance> for BalanceDocument {
    fn from(balance: &Balance) -> BalanceDocument {
        let asset = balance.asset.to_string();
        BalanceDocument { asset, amount: balance.amount, price_usd: balance.usd_per_unit }
    }
}

impl From<&Position> for PositionDocument {
    fn from(position: &Position) -> PositionDocument {
        let Quantity { amount, unit } = position.quantity;
        let in_quote = unit == QuantityUnit::Quote;
        PositionDocument {
            unit: in_quote.then(|| position.instrument.product.quote.to_string()),
            entry_price: position.entry_price,
            ..PositionDocument::coins(position.instrument, amount)
        }
    }
}

impl PositionDocument {
    /// So many coins of an instrument, enabled.
    pub fn coins(instrument: impl ToString, quantity: f64) -> PositionDocument {
        PositionDocument { instrument: instrument.to_string(), quantity, unit: None, entry_price: None, enabled: true }
    }

    /// The position that is meant.
    ///
    /// # Errors
    /// A sentence on the instrument or the unit.
    pub fn to_position(&self) -> Result<Position, String> {
        let instrument: Instrument =
            self.instrument.parse().map_err(|e: crate::instrument::NameError| e.to_string())?;
        let product = instrument.product;
        let in_contracts = instrument.is_sized_in_contracts();
        let unit = match &self.unit {
            None => QuantityUnit::Coin,
            Some(unit)
                if in_contracts && ["contract", "contracts"].iter().any(|word| unit.eq_ignore_ascii_case(word)) =>
            {
                QuantityUnit::Coin
            }
            Some(unit) if unit.eq_ignore_ascii_case(product.quote.as_str()) => QuantityUnit::Quote,
            Some(unit) if in_contracts => {
                return Err(format!("a quantity counts contracts or {}, not \"{unit}\"", product.quote));
            }
            Some(unit) if unit.eq_ignore_ascii_case("coin") => QuantityUnit::Coin,
            Some(unit) if unit.eq_ignore_ascii_case(product.base.as_str()) => QuantityUnit::Coin,
            Some(unit) => {
                return Err(format!("a quantity counts {} or {}, not \"{unit}\"", product.base, product.quote));
            }
        };
        let quantity = Quantity { amount: self.quantity, unit };
        Ok(Position { instrument, quantity, entry_price: self.entry_price })
    }
}

/// A number that may be left out, but not be nothing: where JavaScript has a number that is none, it arrives as that, and
/// the market's price must not stand in for it.
fn number_if_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    f64::deserialize(deserializer).map(Some)
}

fn usd() -> String {
    Asset::USD.to_string()
}

fn is_usd(currency: &str) -> bool {
    currency == Asset::USD.as_str()
}

fn yes() -> bool {
    true
}

fn is_no(flag: &bool) -> bool {
    !*flag
}

fn is_yes(flag: &bool) -> bool {
    *flag
}
