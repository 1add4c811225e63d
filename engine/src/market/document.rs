//! The JSON shape of a market: bundled files, the request's market and the share link.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::{
    Confidence, Dividend, ExpiryDraft, HistoryDocument, Market, MarketDraft, MarketError, MarketFault, Source, Terms,
    Underlying, UnderlyingClass, UnderlyingDraft,
};
use crate::asset::Asset;
use crate::instrument::{Expiry, day_name};
use crate::json;
use crate::pricing::bond::FixedCoupon;
use crate::rfc3339::{self, Rfc3339};

/// The version that this program writes and reads.
pub const VERSION: u32 = 1;

/// A market as JSON. Prices are in the quote currency per coin or share, US dollars if none is named; vols and rates per year as decimals (0.55 is 55 %).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MarketDocument {
    /// The version of this shape: 1.
    pub version: u32,
    /// A short name for the screen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Who recorded what, when, and what was done to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The instant of the snapshot, in RFC 3339: `2026-08-22T15:33:51Z`.
    pub time: String,
    /// US dollars per unit of a currency. It wins over the indices; USDC and USDT are worth one dollar if not named.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fx: BTreeMap<String, f64>,
    /// The underlyings.
    pub underlyings: Vec<UnderlyingDocument>,
    /// Daily closes up to the snapshot, for methodologies that go by history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryDocument>,
}

/// One underlying of a market.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UnderlyingDocument {
    /// The ticker: `BTC`.
    pub asset: String,
    /// What it is; a coin if left out.
    #[serde(default, skip_serializing_if = "UnderlyingClass::is_coin")]
    pub class: UnderlyingClass,
    /// The index, per coin or share; issuers of bonds need none, and have 100.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "short_option")]
    pub index: Option<f64>,
    /// The currency of all prices here; US dollars if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The multiple by which a leveraged fund follows its index, negative for inverse funds; 1 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverage: Option<f64>,
    /// Units in a contract of exchange-traded futures; 1 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_size: Option<f64>,
    /// Continuous dividend yield per year, for forwards that are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub dividend_yield: f64,
    /// Cash dividends to come, for forwards that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dividends: Vec<DividendDocument>,
    /// Pairs of years to maturity and annual yield, rising in years: those of an issuer's bonds.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "short_pairs")]
    pub yields: Vec<[f64; 2]>,
    /// The bond that futures on this stand for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliverable: Option<DeliverableDocument>,
    /// The mark of the perpetual; the index if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perpetual: Option<f64>,
    /// How far the source vouches for index and perpetual, from 0 to 1; one if left out.
    #[serde(default = "certain", skip_serializing_if = "is_certain")]
    pub confidence: [f64; 2],
    /// The expiries, in any order.
    #[serde(default)]
    pub expiries: Vec<ExpiryDocument>,
}

/// A notional bond.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeliverableDocument {
    /// The coupon per year, as a decimal: 0.06.
    pub coupon_annual: f64,
    /// Years to maturity.
    pub years: f64,
}

/// A cash dividend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DividendDocument {
    /// The first day without it, as `25SEP26`.
    pub ex_date: String,
    /// The amount for one share.
    pub amount: f64,
}

/// One expiry of an underlying.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpiryDocument {
    /// The expiry day as Deribit writes it: `25SEP26`. It expires at 08:00 UTC, on others than coins at
    /// 16:00 in New York.
    pub expiry: String,
    /// The forward, per coin or share; if left out it follows from index, rate and dividends.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "short_option")]
    pub forward: Option<f64>,
    /// The continuous discount rate per year; zero if left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rate: f64,
    /// How far the source vouches for forward, rate and vols, from 0 to 1; one if left out.
    #[serde(default = "sure", skip_serializing_if = "is_sure")]
    pub confidence: f64,
    /// Pairs of strike and annual vol; between them the variance is linear in the logarithm of the strike.
    #[serde(default, serialize_with = "short_pairs")]
    pub smile: Vec<[f64; 2]>,
    /// The strikes that the venue lists; those of the smile if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty", serialize_with = "short_numbers")]
    pub strikes: Vec<f64>,
}

impl MarketDocument {
    /// Reads the JSON text of a document.
    pub fn from_json(text: &str) -> Result<MarketDocument, MarketError> {
        json::from_text(text).map_err(|error| MarketFault::Document(error.to_string()).into())
    }

    /// The JSON text, without spaces.
    pub fn to_json(&self) -> String {
        // Strings and numbers only: there is nothing that could fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Market {
    /// Reads a market from the JSON text of a [`MarketDocument`].
    pub fn from_json(text: &str) -> Result<Market, MarketError> {
        MarketDocument::from_json(text)?.try_into()
    }
}

impl TryFrom<MarketDocument> for Market {
    type Error = MarketError;

    fn try_from(document: MarketDocument) -> Result<Market, MarketError> {
        if document.version != VERSION {
            return Err(MarketFault::Version(document.version).into());
        }
        let time = rfc3339::parse(&document.time).ok_or(MarketFault::Time(document.time))?;
        let mut draft = MarketDraft::new(time, Source { title: document.title, description: document.source });
        for underlying in document.underlyings {
            draft.underlyings.push(underlying.into_draft()?);
        }
        for (asset, usd) in document.fx {
            draft.fx.push((asset.parse().map_err(MarketFault::Asset)?, usd));
        }
        draft.history = document.history.map(TryFrom::try_from).transpose()?;
        Market::new(draft)
    }
}

impl UnderlyingDocument {
    fn into_draft(self) -> Result<UnderlyingDraft, MarketError> {
        let asset: Asset = self.asset.parse().map_err(MarketFault::Asset)?;
        let date = |text: &str| Expiry::parse_day(text).map_err(|error| MarketFault::Expiry(error).of(asset));
        let par = (!self.yields.is_empty()).then_some(100.0);
        let index = self.index.or(par).ok_or_else(|| MarketFault::Missing("index").of(asset))?;
        let mut draft = UnderlyingDraft::new(asset, index);
        draft.perpetual_mark = self.perpetual;
        let [spot, perpetual] = self.confidence;
        draft.confidence = Confidence { spot, perpetual };
        draft.terms = Terms {
            class: self.class,
            leverage: self.leverage.unwrap_or(1.0),
            contract_size: self.contract_size.unwrap_or(1.0),
            quote: self
                .quote
                .map_or(Ok(Asset::USD), |quote| quote.parse())
                .map_err(|e| MarketFault::Asset(e).of(asset))?,
            dividend_yield: self.dividend_yield,
            dividends: Vec::with_capacity(self.dividends.len()),
            yields: self.yields.iter().map(|[years, yield_annual]| (*years, *yield_annual)).collect(),
            deliverable: self
                .deliverable
                .map(|bond| FixedCoupon { coupon_annual: bond.coupon_annual, maturity_years: bond.years }),
        };
        for DividendDocument { ex_date, amount } in self.dividends {
            draft.terms.dividends.push(Dividend { ex_date: date(&ex_date)?, amount });
        }
        for market in self.expiries {
            let expiry = self.class.expiry_on(date(&market.expiry)?);
            let expiry = expiry.map_err(|error| MarketFault::Expiry(error).of(asset))?;
            let smile: Vec<(f64, f64)> = market.smile.iter().map(|[strike, vol]| (*strike, *vol)).collect();
            draft.expiries.push(ExpiryDraft {
                expiry,
                forward: market.forward,
                smile,
                discount_rate: market.rate,
                listed_strikes: market.strikes,
                confidence: market.confidence,
            });
        }
        Ok(draft)
    }
}

impl From<&Market> for MarketDocument {
    fn from(market: &Market) -> MarketDocument {
        MarketDocument {
            version: VERSION,
            title: market.source().title.clone(),
            source: market.source().description.clone(),
            time: Rfc3339(market.now()).to_string(),
            fx: market.fx_table().iter().map(|(asset, usd)| (asset.to_string(), *usd)).collect(),
            underlyings: market.underlyings().iter().map(UnderlyingDocument::from).collect(),
            history: market.history().map(|history| history.as_ref().into()),
        }
    }
}

impl From<&Underlying> for UnderlyingDocument {
    fn from(underlying: &Underlying) -> UnderlyingDocument {
        let expiries = underlying.expiries().iter().map(|market| {
            let listed = market.listed_strikes();
            let same = market.smile().points().map(|(strike, _)| strike).eq(listed.iter().copied());
            ExpiryDocument {
                expiry: market.expiry().to_string(),
                forward: Some(market.forward()),
                rate: market.discount_rate(),
                confidence: market.confidence(),
                smile: market.smile().points().map(|(strike, vol)| [strike, vol]).collect(),
                strikes: if same { Vec::new() } else { listed.to_vec() },
            }
        });
        let terms = underlying.terms();
        let unless_one = |number: f64| (number != 1.0).then_some(number);
        UnderlyingDocument {
            asset: underlying.asset().to_string(),
            class: terms.class,
            index: Some(underlying.index()),
            quote: (terms.quote != Asset::USD).then(|| terms.quote.to_string()),
            leverage: unless_one(terms.leverage),
            contract_size: unless_one(terms.contract_size),
            dividend_yield: terms.dividend_yield,
            dividends: terms
                .dividends
                .iter()
                .map(|dividend| DividendDocument { ex_date: day_name(dividend.ex_date), amount: dividend.amount })
                .collect(),
            yields: terms.yields.iter().map(|(years, yield_annual)| [*years, *yield_annual]).collect(),
            deliverable: terms
                .deliverable
                .map(|bond| DeliverableDocument { coupon_annual: bond.coupon_annual, years: bond.maturity_years }),
            perpetual: underlying.quotes_perpetual().then(|| underlying.perpetual_mark()),
            confidence: [underlying.confidence().spot, underlying.confidence().perpetual],
            expiries: expiries.collect(),
        }
    }
}

/// Writes whole numbers without ".0", which would be a seventh of a market file.
struct Short(f64);

impl Serialize for Short {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Minus zero stays a float; whole numbers up to 2^53 are exact either way.
        let whole = self.0.fract() == 0.0 && self.0.abs() < 9e15 && !(self.0 == 0.0 && self.0.is_sign_negative());
        if whole { serializer.serialize_i64(self.0 as i64) } else { serializer.serialize_f64(self.0) }
    }
}

// serde asks for these signatures.
fn short_option<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    Short(number.unwrap_or(f64::NAN)).serialize(serializer)
}

#[expect(clippy::ptr_arg, reason = "serde hands over the field as it is")]
fn short_numbers<S: Serializer>(numbers: &Vec<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().map(|number| Short(*number)))
}

#[expect(clippy::ptr_arg, reason = "serde hands over the field as it is")]
fn short_pairs<S: Serializer>(pairs: &Vec<[f64; 2]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pairs.iter().map(|[strike, vol]| (Short(*strike), Short(*vol))))
}

fn sure() -> f64 {
    1.0
}

fn is_sure(confidence: &f64) -> bool {
    *confidence == sure()
}

fn certain() -> [f64; 2] {
    [1.0; 2]
}

fn is_certain(confidence: &[f64; 2]) -> bool {
    *confidence == certain()
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
