//! Market snapshots: prices, forward curves, vol smiles, rates and currencies at one instant.
//!
//! A [`Market`] is immutable and valid by construction. It is made from a [`MarketDraft`] (typed numbers, not yet
//! checked), which in turn comes from a [`document::MarketDocument`] (JSON), a venue's response
//! ([`book_summary`]) or a program. Changing a market means taking it apart with [`Market::to_draft`] and building
//! another, which is what [`Market::shifted`] does.

mod arbitrage;
pub mod book_summary;
mod class;
pub mod document;
mod draft;
mod error;
pub mod fit;
mod forward;
mod history;
mod shift;
mod smile;
mod underlying;

pub use arbitrage::{Warning, WarningKind};
pub use class::UnderlyingClass;
pub use draft::{Confidence, Dividend, ExpiryDraft, MarketDraft, Source, Terms, UnderlyingDraft};
pub(crate) use error::plain;
pub use error::{MarketError, MarketFault};
pub(crate) use forward::roll_forward;
pub use history::{History, HistoryDocument, JointReturns};
pub use shift::Shift;
pub(crate) use shift::shifted_vol;
pub use smile::Smile;
pub use underlying::{ExpiryMarket, Underlying};

use std::sync::Arc;

use jiff::Timestamp;

use crate::asset::Asset;

/// One snapshot of everything that prices are made from. The only source of "now".
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    time: Timestamp,
    source: Source,
    underlyings: Vec<Underlying>,
    fx: Vec<(Asset, f64)>,
    history: Option<Arc<History>>,
}

impl Market {
    /// Checks a draft and sorts its expiries and strikes.
    ///
    /// Prices are positive and at most 1e15, vols between 0 and 100 per √year, discount rates within ±10 per year;
    /// an underlying, an expiry or a strike occurs once. An expiry at or before the snapshot's time has settled: its
    /// forward becomes the index.
    pub fn new(draft: MarketDraft) -> Result<Market, MarketError> {
        let MarketDraft { time, source, underlyings: drafts, fx, history } = draft;
        if drafts.is_empty() {
            return Err(MarketFault::Empty.into());
        }
        let mut underlyings: Vec<Underlying> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if underlyings.iter().any(|known| known.asset() == draft.asset) {
                return Err(MarketFault::RepeatedUnderlying.of(draft.asset));
            }
            underlyings.push(Underlying::new(time, draft)?);
        }
        for (position, (asset, usd)) in fx.iter().enumerate() {
            error::price("rate in US dollars", *usd).map_err(|fault| fault.of(*asset))?;
            if *asset == Asset::USD && *usd != 1.0 {
                return Err(MarketFault::DollarNotOne(*usd).of(*asset));
            }
            if fx[..position].iter().any(|(known, _)| known == asset) {
                return Err(MarketFault::RepeatedRate.of(*asset));
            }
        }
        Ok(Market { time, source, underlyings, fx, history: history.map(|history| history.until(time)) })
    }

    /// The instant of the snapshot, from which all times to expiry are counted.
    pub fn now(&self) -> Timestamp {
        self.time
    }

    /// Where the figures come from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Daily closes up to the snapshot, where somebody gave them.
    pub fn history(&self) -> Option<&Arc<History>> {
        self.history.as_ref()
    }

    /// The same market with daily closes, as far as they were known at its time.
    pub fn with_history(mut self, history: Arc<History>) -> Market {
        self.history = Some(history.until(self.time));
        self
    }

    /// The underlyings, in the order in which they were given.
    pub fn underlyings(&self) -> &[Underlying] {
        &self.underlyings
    }

    /// One underlying, if the market has it.
    pub fn get(&self, asset: Asset) -> Option<&Underlying> {
        self.underlyings.iter().find(|underlying| underlying.asset() == asset)
    }

    /// One underlying, or an error that says which there are.
    pub fn underlying(&self, asset: Asset) -> Result<&Underlying, MarketError> {
        self.get(asset).ok_or_else(|| {
            let known = self.underlyings.iter().map(Underlying::asset).collect();
            MarketFault::NoUnderlying { known }.of(asset)
        })
    }

    /// The explicit table of currencies: US dollars per unit.
    pub fn fx_table(&self) -> &[(Asset, f64)] {
        &self.fx
    }

    /// US dollars per unit of a currency or underlying: as quoted in the table, else the index of an underlying times
    /// what its quote currency is worth, else that of the coin that a wrapped or staked one stands for, else one for
    /// what is meant to be worth a dollar. `None` when nothing is known.
    pub fn usd_per(&self, asset: Asset) -> Option<f64> {
        let quoted = |asset| self.fx.iter().find(|(known, _)| *known == asset).map(|(_, usd)| *usd);
        let at_par = |asset: Asset| asset.is_dollar_like().then_some(1.0);
        if let (None, Some(underlying)) = (quoted(asset), self.get(asset)) {
            // By the table only: underlyings quoted in each other would ask for each other without end.
            let quote = underlying.terms().quote;
            return Some(underlying.unit_price() * quoted(quote).or_else(|| at_par(quote))?);
        }
        quoted(asset).or_else(|| at_par(asset)).or_else(|| self.usd_per(asset.stands_for()?))
    }

    /// The underlying with whose price a currency's worth moves: itself, or the coin that it stands for; none for money.
    pub fn priced_by(&self, asset: Asset) -> Option<Asset> {
        let moves = |asset: &Asset| self.get(*asset).is_some_and(|underlying| underlying.terms().yields.is_empty());
        [Some(asset), asset.stands_for()].into_iter().flatten().find(moves)
    }

    /// How many units of `to` one unit of `from` is worth; exactly one for the same currency.
    pub fn fx(&self, from: Asset, to: Asset) -> Result<f64, MarketError> {
        if from == to {
            return Ok(1.0);
        }
        match (self.usd_per(from), self.usd_per(to)) {
            (Some(from_usd), Some(to_usd)) => Ok(from_usd / to_usd),
            (None, _) => Err(MarketFault::NoRate { to }.of(from)),
            (_, None) => Err(MarketFault::NoRate { to: from }.of(to)),
        }
    }

    /// The market taken apart, to be changed and built again.
    pub fn to_draft(&self) -> MarketDraft {
        MarketDraft {
            time: self.time,
            source: self.source.clone(),
            underlyings: self.underlyings.iter().map(Underlying::to_draft).collect(),
            fx: self.fx.clone(),
            history: self.history.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
