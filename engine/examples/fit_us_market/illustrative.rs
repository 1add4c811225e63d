//! Underlyings with round figures of our own, so that stocks, futures, bonds and coins meet in one book.

use super::chain::RATE;
use jiff::Timestamp;
use jiff::civil::Date;
use margin_engine::asset::{Asset, AssetError};
use margin_engine::instrument::Expiry;
use margin_engine::market::{ExpiryDraft, Terms, UnderlyingClass, UnderlyingDraft};
use margin_engine::pricing::bond::FixedCoupon;
use margin_engine::pricing::numeric::exp;

/// Yields of the issuer of bonds, by years to maturity.
const YIELDS: [(f64, f64); 7] =
    [(0.25, 0.04), (1.0, 0.0365), (2.0, 0.036), (5.0, 0.037), (10.0, 0.041), (20.0, 0.047), (30.0, 0.0475)];

/// An underlying described by few numbers.
pub struct Figures {
    pub asset: &'static str,
    pub terms: Terms,
    pub index: f64,
    /// Drift of the forward per year.
    pub carry: f64,
    /// Prices of futures are multiples of it; forwards of others are rounded to it.
    pub tick: f64,
    /// Vol at the money, its change per standard deviation, and the change of that.
    pub vol: (f64, f64, f64),
    /// Expiries, each with the distance between listed strikes.
    pub days: &'static [(&'static str, f64)],
}

/// Those beside the chains.
pub fn figures() -> Vec<Figures> {
    let terms = |class| Terms { class, ..Terms::default() };
    let future = |class, contract_size| Terms { contract_size, ..terms(class) };
    let note = FixedCoupon { coupon_annual: 0.06, maturity_years: 10.0 };
    vec![
        Figures {
            asset: "QQQ",
            terms: terms(UnderlyingClass::Etf),
            index: 600.0,
            carry: 0.034,
            tick: 0.01,
            vol: (0.21, -0.13, 0.012),
            days: &[("17OCT25", 5.0), ("21NOV25", 10.0), ("19DEC25", 10.0), ("20MAR26", 20.0)],
        },
        Figures {
            asset: "TQQQ",
            terms: Terms { leverage: 3.0, ..terms(UnderlyingClass::Etf) },
            index: 105.0,
            carry: 0.03,
            tick: 0.01,
            vol: (0.63, -0.11, 0.012),
            days: &[("21NOV25", 5.0), ("19DEC25", 5.0)],
        },
        Figures {
            asset: "ES",
            terms: future(UnderlyingClass::Index, 50.0),
            index: 6700.0,
            carry: 0.028,
            tick: 0.25,
            vol: (0.16, -0.15, 0.012),
            days: &[("19DEC25", 50.0), ("20MAR26", 100.0)],
        },
        Figures {
            asset: "CL",
            terms: future(UnderlyingClass::Commodity, 1000.0),
            index: 61.5,
            carry: -0.02,
            tick: 0.01,
            vol: (0.34, 0.02, 0.015),
            days: &[("17NOV25", 1.0), ("16DEC25", 1.0), ("17MAR26", 2.0)],
        },
        Figures {
            asset: "ZN",
            terms: Terms { deliverable: Some(note), ..future(UnderlyingClass::Bond, 1000.0) },
            index: 112.5,
            carry: 0.004,
            tick: 1.0 / 64.0,
            vol: (0.055, 0.0, 0.01),
            days: &[("21NOV25", 0.5), ("26DEC25", 0.5)],
        },
        Figures {
            asset: "BTC",
            terms: Terms::default(),
            index: 125_000.0,
            carry: 0.06,
            tick: 0.5,
            vol: (0.42, -0.02, 0.02),
            days: &[("31OCT25", 2000.0), ("26DEC25", 5000.0), ("27MAR26", 10_000.0)],
        },
    ]
}

/// An issuer of bonds.
pub fn treasury() -> Result<UnderlyingDraft, AssetError> {
    let terms = Terms { class: UnderlyingClass::Bond, yields: YIELDS.to_vec(), ..Terms::default() };
    Ok(UnderlyingDraft::new("UST".parse()?, 100.0).with_terms(terms))
}

impl Figures {
    /// As a market holds it, with vols at each standard deviation from −3 to 3.
    pub fn draft(&self, now: Timestamp) -> Result<UnderlyingDraft, String> {
        let asset: Asset = self.asset.parse().map_err(|error: AssetError| error.to_string())?;
        let mut draft = UnderlyingDraft::new(asset, self.index).with_terms(self.terms.clone());
        for &(day, step) in self.days {
            let day: Date = Expiry::parse_day(day).map_err(|error| error.to_string())?;
            let expiry = self.terms.class.expiry_on(day).map_err(|error| error.to_string())?;
            let years = expiry.years_from(now);
            let forward = (self.index * exp(self.carry * years) / self.tick).round() * self.tick;
            let (vol, slope, curvature) = self.vol;
            let strike = |deviations: f64| (forward * exp(deviations * vol * years.sqrt()) / step).round() * step;
            let knot = |deviations: i32| {
                let deviations = f64::from(deviations);
                let vol = vol * (1.0 + slope * deviations + curvature * deviations * deviations);
                (strike(deviations), (vol * 1e4).round() / 1e4)
            };
            let smile: Vec<(f64, f64)> = (-3..=3).map(knot).collect();
            let count = ((strike(3.0) - strike(-3.0)) / step).round() as i32;
            let strikes: Vec<f64> = (0..=count).map(|place| strike(-3.0) + f64::from(place) * step).collect();
            let rate = if self.terms.class.is_coin() { 0.0 } else { RATE };
            draft = draft
                .with(ExpiryDraft::new(expiry, forward, smile).with_discount_rate(rate).with_listed_strikes(strikes));
        }
        Ok(draft)
    }
}
