//! What a market is made from: the same figures, typed but not yet checked.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::{History, UnderlyingClass};
use crate::asset::Asset;
use crate::instrument::Expiry;
use crate::pricing::bond::FixedCoupon;

/// Where the figures of a market come from, as shown on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// A short name: "Bitcoin and Ether, 22 August 2026".
    pub title: String,
    /// Who recorded what, when, and what was done to it.
    pub description: String,
}

/// The figures of a [`Market`](super::Market) before [`Market::new`](super::Market::new) has checked them.
#[derive(Debug, Clone, PartialEq)]
pub struct MarketDraft {
    /// The instant of the snapshot.
    pub time: Timestamp,
    /// Where the figures come from.
    pub source: Source,
    /// The underlyings.
    pub underlyings: Vec<UnderlyingDraft>,
    /// US dollars per unit; wins over indices and over the par of dollar-likes.
    pub fx: Vec<(Asset, f64)>,
    /// Daily closes, where there are any.
    pub history: Option<Arc<History>>,
}

/// A cash dividend to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dividend {
    /// The first day on which the share is traded without it.
    pub ex_date: Date,
    /// The amount for one share, in the quote currency; positive.
    pub amount: f64,
}

impl Dividend {
    /// When the share goes without it: after the close in New York before the ex-date, which midnight UTC is.
    pub(super) fn ex_instant(&self) -> Timestamp {
        Offset::UTC.to_timestamp(self.ex_date.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
    }
}

/// What an underlying is, beside its prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// What it is.
    pub class: UnderlyingClass,
    /// The multiple by which a leveraged fund follows its index: 1 for all else, negative for inverse funds,
    /// 1 to 5 in size.
    pub leverage: f64,
    /// Units in a contract of exchange-traded futures: 50 for the E-mini S&P.
    pub contract_size: f64,
    /// The currency of index, forwards and strikes.
    pub quote: Asset,
    /// Continuous dividend yield per year, within ±10, for forwards that are left out.
    pub dividend_yield: f64,
    /// Cash dividends, in any order, for forwards that are left out.
    pub dividends: Vec<Dividend>,
    /// Pairs of time to maturity in years and annual yield, compounded half-yearly, rising in time: the yields of an
    /// issuer's bonds, linear between and flat beyond. Empty for what issues none.
    pub yields: Vec<(f64, f64)>,
    /// The bond that futures on this stand for; none for what is no bond future.
    pub deliverable: Option<FixedCoupon>,
}

impl Default for Terms {
    /// A coin, in US dollars.
    fn default() -> Self {
        Terms {
            class: UnderlyingClass::Coin,
            leverage: 1.0,
            contract_size: 1.0,
            quote: Asset::USD,
            dividend_yield: 0.0,
            dividends: Vec::new(),
            yields: Vec::new(),
            deliverable: None,
        }
    }
}

/// The figures of one underlying. Prices are in its quote currency.
#[derive(Debug, Clone, PartialEq)]
pub struct UnderlyingDraft {
    /// Its ticker.
    pub asset: Asset,
    /// What it is.
    pub terms: Terms,
    /// The index, per coin or share; of an issuer of bonds a price for 100 of face, usually 100.
    pub index: f64,
    /// The mark of the perpetual, where the source has one.
    pub perpetual_mark: Option<f64>,
    /// How far the source vouches for index and perpetual, from 0 to 1.
    pub confidence: Confidence,
    /// The expiries, in any order.
    pub expiries: Vec<ExpiryDraft>,
}

/// How far an oracle vouches for its prices, from 0 (not at all) to 1, as Derive's feeds publish it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// Of the index.
    pub spot: f64,
    /// Of the perpetual's mark.
    pub perpetual: f64,
}

impl Default for Confidence {
    fn default() -> Confidence {
        Confidence { spot: 1.0, perpetual: 1.0 }
    }
}

/// The figures of one expiry.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpiryDraft {
    /// When it expires.
    pub expiry: Expiry,
    /// The forward, per coin or share; none where it follows from index, discount rate and dividends:
    /// (S − present value of the dividends with an ex-date up to the expiry)·exp((r − q)·T).
    pub forward: Option<f64>,
    /// Pairs of strike and annual vol (0.40 is 40 %), in any order; empty where only a future is listed.
    pub smile: Vec<(f64, f64)>,
    /// Continuous discount rate per year.
    pub discount_rate: f64,
    /// The strikes that the venue lists, in any order; empty means those of the smile.
    pub listed_strikes: Vec<f64>,
    /// How far the source vouches for forward, rate and vols, from 0 to 1: the least of the three.
    pub confidence: f64,
}

impl MarketDraft {
    /// A market without underlyings, to be filled with [`with`](Self::with).
    pub fn new(time: Timestamp, source: Source) -> MarketDraft {
        MarketDraft { time, source, underlyings: Vec::new(), fx: Vec::new(), history: None }
    }

    /// The same with one underlying more.
    pub fn with(mut self, underlying: UnderlyingDraft) -> MarketDraft {
        self.underlyings.push(underlying);
        self
    }

    /// The same with the US dollars that one unit of `asset` is worth.
    pub fn with_usd_per(mut self, asset: Asset, usd: f64) -> MarketDraft {
        self.fx.push((asset, usd));
        self
    }
}

impl UnderlyingDraft {
    /// A coin with its index, without expiries; the perpetual is taken at the index.
    pub fn new(asset: Asset, index: f64) -> UnderlyingDraft {
        UnderlyingDraft {
            asset,
            terms: Terms::default(),
            index,
            perpetual_mark: None,
            confidence: Confidence::default(),
            expiries: Vec::new(),
        }
    }

    /// The same as something else than a coin in US dollars.
    pub fn with_terms(mut self, terms: Terms) -> UnderlyingDraft {
        self.terms = terms;
        self
    }

    /// The same with a perpetual's mark.
    pub fn with_perpetual(mut self, mark: f64) -> UnderlyingDraft {
        self.perpetual_mark = Some(mark);
        self
    }

    /// The same with one expiry more.
    pub fn with(mut self, expiry: ExpiryDraft) -> UnderlyingDraft {
        self.expiries.push(expiry);
        self
    }
}

impl ExpiryDraft {
    /// An expiry with its forward and smile, not discounted, listing the strikes of the smile.
    pub fn new(expiry: Expiry, forward: f64, smile: impl Into<Vec<(f64, f64)>>) -> ExpiryDraft {
        ExpiryDraft { forward: Some(forward), ..ExpiryDraft::without_forward(expiry, smile) }
    }

    /// An expiry whose forward follows from index, discount rate and dividends.
    pub fn without_forward(expiry: Expiry, smile: impl Into<Vec<(f64, f64)>>) -> ExpiryDraft {
        ExpiryDraft {
            expiry,
            forward: None,
            smile: smile.into(),
            discount_rate: 0.0,
            listed_strikes: Vec::new(),
            confidence: 1.0,
        }
    }

    /// The same with a continuous discount rate per year.
    pub fn with_discount_rate(mut self, rate: f64) -> ExpiryDraft {
        self.discount_rate = rate;
        self
    }

    /// The same with the strikes that the venue lists.
    pub fn with_listed_strikes(mut self, strikes: impl Into<Vec<f64>>) -> ExpiryDraft {
        self.listed_strikes = strikes.into();
        self
    }
}
