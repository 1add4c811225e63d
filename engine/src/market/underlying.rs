//! One underlying of a market: its curve and its vol surface.

use jiff::Timestamp;

use super::error::price;
use super::forward::{extend_forward, forward_with_dividends, interpolate_forward};
use super::{Confidence, Dividend, ExpiryDraft, MarketError, MarketFault, Smile, Terms, UnderlyingDraft};
use crate::asset::Asset;
use crate::instrument::Expiry;
use crate::order::sorted_by;

/// One underlying: what it is, index, perpetual, forwards and smiles. Prices are in its quote currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Underlying {
    time: Timestamp,
    asset: Asset,
    terms: Terms,
    index: f64,
    perpetual_mark: Option<f64>,
    confidence: Confidence,
    expiries: Vec<ExpiryMarket>,
}

/// One expiry of an underlying.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpiryMarket {
    expiry: Expiry,
    years: f64,
    forward: f64,
    smile: Smile,
    discount_rate: f64,
    listed_strikes: Vec<f64>,
    confidence: f64,
}

impl Underlying {
    pub(super) fn new(time: Timestamp, draft: UnderlyingDraft) -> Result<Underlying, MarketError> {
        let UnderlyingDraft { asset, terms, index, perpetual_mark, confidence, expiries } = draft;
        price("index", index).and_then(|_| check_terms(&terms)).map_err(|fault| fault.of(asset))?;
        if let Some(mark) = perpetual_mark {
            price("perpetual's mark", mark).map_err(|fault| fault.of(asset))?;
        }
        for level in [confidence.spot, confidence.perpetual] {
            check_confidence(level).map_err(|fault| fault.of(asset))?;
        }
        let mut checked = Vec::with_capacity(expiries.len());
        for draft in expiries {
            let expiry = draft.expiry;
            checked.push(ExpiryMarket::new(time, index, &terms, draft).map_err(|fault| fault.at(asset, expiry))?);
        }
        let checked = sorted_by(checked, |market| market.expiry.timestamp().as_second() as f64);
        if let Some(pair) = checked.windows(2).find(|pair| pair[0].expiry == pair[1].expiry) {
            return Err(MarketFault::RepeatedExpiry.at(asset, pair[0].expiry));
        }
        Ok(Underlying { time, asset, terms, index, perpetual_mark, confidence, expiries: checked })
    }

    /// Its ticker.
    pub fn asset(&self) -> Asset {
        self.asset
    }

    /// What it is.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The index, per coin or share.
    pub fn index(&self) -> f64 {
        self.index
    }

    /// The perpetual's mark: as quoted, else the index.
    pub fn perpetual_mark(&self) -> f64 {
        self.perpetual_mark.unwrap_or(self.index)
    }

    /// What one unit of a position in the underlying itself is worth: the index; of an issuer of bonds, whose size is
    /// face value, a hundredth of it, since bonds are quoted for 100 of face.
    pub fn unit_price(&self) -> f64 {
        if self.terms.yields.is_empty() { self.index } else { self.index / 100.0 }
    }

    /// The annual yield of a bond with so many years to maturity.
    ///
    /// # Errors
    /// The market has no yields of this issuer.
    pub fn bond_yield(&self, maturity_years: f64) -> Result<f64, MarketError> {
        let yields = &self.terms.yields;
        let above = yields.partition_point(|point| point.0 < maturity_years);
        match (above.checked_sub(1).map(|below| yields[below]), yields.get(above)) {
            (Some(below), Some(above)) => {
                Ok(below.1 + (above.1 - below.1) * ((maturity_years - below.0) / (above.0 - below.0)))
            }
            (Some(nearest), None) | (None, Some(&nearest)) => Ok(nearest.1),
            (None, None) => Err(MarketFault::NoYields.of(self.asset)),
        }
    }

    /// Whether the source quoted the perpetual; otherwise its mark is only the index.
    pub fn quotes_perpetual(&self) -> bool {
        self.perpetual_mark.is_some()
    }

    /// How far the source vouches for index and perpetual.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The listed expiries, earliest first.
    pub fn expiries(&self) -> &[ExpiryMarket] {
        &self.expiries
    }

    /// One listed expiry.
    pub fn expiry(&self, expiry: Expiry) -> Option<&ExpiryMarket> {
        let found = self.expiries.binary_search_by_key(&expiry, |market| market.expiry);
        found.ok().map(|position| &self.expiries[position])
    }

    /// The forward to an expiry, per coin or share.
    ///
    /// A listed expiry has its own; one that is past has the index. Between expiries, and between now and the first,
    /// ln(F/S) is linear in time. Beyond the last its carry ln(F/S)/T goes on, but within ±100 % a year, so that the
    /// noise of a last expiry hours away is not extended over years.
    pub fn forward(&self, expiry: Expiry) -> f64 {
        let years = expiry.years_from(self.time);
        if years <= 0.0 {
            return self.index;
        }
        let above = self.expiries.partition_point(|market| market.expiry < expiry);
        let point = |market: &ExpiryMarket| (market.years, market.forward);
        let before = above.checked_sub(1).map_or((0.0, self.index), |below| point(&self.expiries[below]));
        match self.expiries.get(above) {
            Some(after) => interpolate_forward(before, point(after), years),
            None => extend_forward(self.index, before, years),
        }
    }

    /// The continuous discount rate per year to an expiry: linear in time between listed expiries, flat beyond them,
    /// zero if none is listed.
    pub fn discount_rate(&self, expiry: Expiry) -> f64 {
        let years = expiry.years_from(self.time);
        let above = self.expiries.partition_point(|market| market.expiry < expiry);
        match (above.checked_sub(1).map(|below| &self.expiries[below]), self.expiries.get(above)) {
            (_, Some(market)) if market.expiry == expiry => market.discount_rate,
            (Some(below), Some(above)) if above.years > below.years => {
                let weight = (years - below.years) / (above.years - below.years);
                below.discount_rate + weight * (above.discount_rate - below.discount_rate)
            }
            (_, Some(nearest)) | (Some(nearest), None) => nearest.discount_rate,
            (None, None) => 0.0,
        }
    }

    /// The annual vol of an option.
    ///
    /// A listed expiry with a smile answers from its own [`Smile`]. Between two of them the total variance σ²T is
    /// linear in time at equal log-moneyness ln(K/F); before the first and beyond the last the vol at equal
    /// log-moneyness is theirs. Smiles that have expired serve only if no other is left.
    pub fn vol(&self, strike: f64, expiry: Expiry) -> Result<f64, MarketError> {
        price("strike", strike).map_err(|fault| fault.at(self.asset, expiry))?;
        if let Some(vol) = self.expiry(expiry).and_then(|listed| listed.smile.vol(strike)) {
            return Ok(vol);
        }
        let moneyness = strike / self.forward(expiry);
        let years = expiry.years_from(self.time);
        let (mut before, mut after) = (None, None);
        for market in self.expiries.iter().filter(|market| !market.smile.is_empty()) {
            if market.years > 0.0 && market.expiry > expiry {
                after = Some(market);
                break;
            }
            before = Some(market);
        }
        let vol_of = |market: &ExpiryMarket| market.smile.vol(moneyness * market.forward);
        let vol = match (before, after) {
            (Some(before), Some(after)) if before.years > 0.0 => {
                vol_of(before).zip(vol_of(after)).map(|(low, high)| {
                    let (from, to) = (low * low * before.years, high * high * after.years);
                    let weight = (years - before.years) / (after.years - before.years);
                    ((from + weight * (to - from)) / years).max(0.0).sqrt()
                })
            }
            (_, Some(nearest)) | (Some(nearest), None) => vol_of(nearest),
            (None, None) => None,
        };
        vol.ok_or_else(|| MarketFault::NoVols.of(self.asset))
    }

    pub(super) fn to_draft(&self) -> UnderlyingDraft {
        UnderlyingDraft {
            asset: self.asset,
            terms: self.terms.clone(),
            index: self.index,
            perpetual_mark: self.perpetual_mark,
            confidence: self.confidence,
            expiries: self.expiries.iter().map(ExpiryMarket::to_draft).collect(),
        }
    }
}

fn is_maturity(years: f64) -> bool {
    years > 0.0 && years <= 100.0
}

fn check_terms(terms: &Terms) -> Result<(), MarketFault> {
    let rule = |what, rule, value, holds| if holds { Ok(()) } else { Err(MarketFault::Rule { what, rule, value }) };
    let Terms { leverage, dividend_yield, .. } = *terms;
    rule("the leverage", "between 1 and 5, or -1 and -5", leverage, (1.0..=5.0).contains(&leverage.abs()))?;
    rule("the dividend yield", "between -10 and 10", dividend_yield, (-10.0..=10.0).contains(&dividend_yield))?;
    price("contract size", terms.contract_size)?;
    if let Some(bond) = terms.deliverable {
        rule("the coupon", "between 0 and 1", bond.coupon_annual, (0.0..=1.0).contains(&bond.coupon_annual))?;
        rule("the years to maturity", "between 0 and 100", bond.maturity_years, is_maturity(bond.maturity_years))?;
    }
    let mut before = 0.0;
    for &(years, yield_annual) in &terms.yields {
        rule("the years of a yield", "rising, between 0 and 100", years, is_maturity(years) && years > before)?;
        rule("the yield", "between -0.5 and 1", yield_annual, (-0.5..=1.0).contains(&yield_annual))?;
        before = years;
    }
    terms.dividends.iter().try_for_each(|dividend| price("dividend", dividend.amount).map(|_| ()))
}

impl ExpiryMarket {
    fn new(time: Timestamp, index: f64, terms: &Terms, draft: ExpiryDraft) -> Result<ExpiryMarket, MarketFault> {
        let ExpiryDraft { expiry, forward, smile, discount_rate, mut listed_strikes, confidence } = draft;
        check_confidence(confidence)?;
        if !(-10.0..=10.0).contains(&discount_rate) {
            return Err(MarketFault::Rate(discount_rate));
        }
        let years = expiry.years_from(time);
        let forward = forward.unwrap_or_else(|| {
            let to_come = |dividend: &&Dividend| {
                let ex = dividend.ex_instant();
                ex > time && ex <= expiry.timestamp()
            };
            let dividends = terms.dividends.iter().filter(to_come);
            let dividends =
                dividends.map(|dividend| (Expiry::at(dividend.ex_instant()).years_from(time), dividend.amount));
            forward_with_dividends(index, dividends, discount_rate, terms.dividend_yield, years)
        });
        price("forward", forward)?;
        let smile = Smile::new(&smile)?;
        for strike in &listed_strikes {
            price("listed strike", *strike)?;
        }
        if listed_strikes.is_empty() {
            listed_strikes = smile.points().map(|(strike, _)| strike).collect();
        }
        let listed_strikes = sorted_by(listed_strikes, |strike| *strike);
        if let Some(pair) = listed_strikes.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(MarketFault::RepeatedStrike(pair[0]));
        }
        let forward = if expiry.is_past(time) { index } else { forward };
        Ok(ExpiryMarket { expiry, years, forward, smile, discount_rate, listed_strikes, confidence })
    }

    /// When it expires.
    pub fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// Years from the snapshot's time, zero if it has expired.
    pub fn years(&self) -> f64 {
        self.years
    }

    /// The forward, per coin or share.
    pub fn forward(&self) -> f64 {
        self.forward
    }

    /// The vols; empty where only a future is listed.
    pub fn smile(&self) -> &Smile {
        &self.smile
    }

    /// Continuous discount rate per year.
    pub fn discount_rate(&self) -> f64 {
        self.discount_rate
    }

    /// The strikes that the venue lists, rising: those of the option chain on the screen.
    pub fn listed_strikes(&self) -> &[f64] {
        &self.listed_strikes
    }

    /// How far the source vouches for forward, rate and vols, from 0 to 1.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    fn to_draft(&self) -> ExpiryDraft {
        ExpiryDraft {
            expiry: self.expiry,
            forward: Some(self.forward),
            smile: self.smile.points().collect(),
            discount_rate: self.discount_rate,
            listed_strikes: self.listed_strikes.clone(),
            confidence: self.confidence,
        }
    }
}

fn check_confidence(level: f64) -> Result<(), MarketFault> {
    if (0.0..=1.0).contains(&level) { Ok(()) } else { Err(MarketFault::Confidence(level)) }
}
