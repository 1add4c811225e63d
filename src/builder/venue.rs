//! How what is traded on an underlying is listed, named and counted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use margin_engine::instrument::{Expiry, Instrument, Kind, Listing, Product};
use margin_engine::market::{Underlying, UnderlyingClass};

/// What is traded on an underlying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trades {
    /// Coin-settled options, futures and the perpetual.
    Coins,
    /// The share, and listed options on it.
    Shares,
    /// Listed options on an index that cannot be held.
    Index,
    /// Futures of an exchange and options on them.
    Futures,
    /// Bonds.
    Bonds,
}

/// Shares that one listed option is about, and that one click buys.
const SHARES: f64 = 100.0;
/// The face value of one bond.
const FACE: f64 = 1000.0;

/// Where an underlying's instruments are listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Venue {
    product: Product,
    /// What is traded.
    pub trades: Trades,
    /// Units of the underlying in a contract; 1 for coins, whose sizes count them.
    pub contract_size: f64,
}

impl Venue {
    /// The venue of an underlying, by its class.
    pub fn of(underlying: &Underlying) -> Venue {
        let terms = underlying.terms();
        let trades = match terms.class {
            UnderlyingClass::Coin => Trades::Coins,
            _ if !terms.yields.is_empty() => Trades::Bonds,
            UnderlyingClass::Stock | UnderlyingClass::Etf => Trades::Shares,
            UnderlyingClass::Index if terms.contract_size == 1.0 => Trades::Index,
            _ => Trades::Futures,
        };
        let (product, contract_size) = match trades {
            // A ticker alone names coin or share.
            Trades::Coins => (Product::inverse(underlying.asset()), 1.0),
            Trades::Shares | Trades::Index => (Product::inverse(underlying.asset()), SHARES),
            Trades::Futures => (Product::linear(underlying.asset(), terms.quote), terms.contract_size),
            Trades::Bonds => (Product::linear(underlying.asset(), terms.quote), 1.0),
        };
        Venue { product, trades, contract_size }
    }

    /// The instrument of this kind; none where it is not traded here.
    pub fn instrument(&self, kind: Kind) -> Option<Instrument> {
        let listing = match (self.trades, kind) {
            (Trades::Shares | Trades::Index, Kind::Option { expiry, strike, right }) => {
                return Instrument::listed_option(self.product.base, expiry, strike, right).ok();
            }
            (Trades::Coins, Kind::Option { .. } | Kind::Future { .. } | Kind::Perpetual)
            | (Trades::Shares, Kind::Spot)
            | (Trades::Bonds, Kind::Bond { .. }) => Listing::Coin,
            (Trades::Futures, Kind::Option { .. } | Kind::Future { .. }) => Listing::Exchange,
            _ => return None,
        };
        Some(Instrument { product: self.product, kind, listing })
    }

    /// What hedges an option of this expiry, and how much of it one option is about: the perpetual, shares, or the
    /// future.
    pub fn hedge(&self, expiry: Expiry) -> Option<(Instrument, f64)> {
        let kind = match self.trades {
            Trades::Coins => Kind::Perpetual,
            Trades::Shares => Kind::Spot,
            Trades::Futures => Kind::Future { expiry },
            Trades::Index | Trades::Bonds => return None,
        };
        self.instrument(kind).map(|instrument| (instrument, self.lot(kind)))
    }

    /// What a size of one in the ticket means: a hundred shares, a thousand of face, else one.
    pub fn lot(&self, kind: Kind) -> f64 {
        match (self.trades, kind) {
            (Trades::Shares, Kind::Spot) => SHARES,
            (Trades::Bonds, _) => FACE,
            _ => 1.0,
        }
    }

    /// What sizes count: "BTC", "contracts".
    pub fn unit(&self) -> String {
        match self.trades {
            Trades::Coins => self.product.base.to_string(),
            Trades::Bonds => "bonds".to_owned(),
            _ => "contracts".to_owned(),
        }
    }

    /// What a click trades, as a sentence; none for coins, where sizes say it.
    pub fn contract(&self) -> &'static str {
        match self.trades {
            Trades::Coins => "",
            Trades::Shares => "A contract is 100 shares, prices are for one.",
            Trades::Index => "A contract is 100 times the index, prices are for one.",
            Trades::Futures => "An option is on one future.",
            Trades::Bonds => "A bond is 1,000 of face, prices are for 100.",
        }
    }

    /// The bond of this issuer that matures in so many years and is worth about its face.
    pub fn bond(&self, underlying: &Underlying, years: i16, now: Timestamp) -> Option<Instrument> {
        let yield_annual = underlying.bond_yield(f64::from(years)).ok()?;
        // In eighths of a percent, over a hundred as whoever reads the name does.
        let coupon_annual = (yield_annual * 800.0).round().max(0.0) / 8.0 / 100.0;
        let today = Offset::UTC.to_datetime(now).date();
        let day = Date::new(today.year() + years, today.month(), 15).ok()?;
        self.instrument(Kind::Bond { coupon_annual, maturity: Expiry::at_new_york_close(day).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use margin_engine::instrument::Right;

    use super::*;
    use crate::state::markets::{BUNDLED, named};

    #[test]
    fn names_of_what_is_traded_read_back_and_resolve() {
        let market = named("us-2025-10-06").expect("bundled");
        let name = |asset: &str, kind: fn(Expiry) -> Kind| {
            let underlying = market.get(asset.parse().expect("a ticker")).expect(asset);
            let expiry = underlying.expiries().first().expect("an expiry").expiry();
            Venue::of(underlying).instrument(kind(expiry)).map(|instrument| instrument.to_string())
        };
        let call = |expiry| Kind::Option { expiry, strike: 260.0, right: Right::Call };
        let future = |expiry| Kind::Future { expiry };
        assert_eq!(name("AAPL", call).as_deref(), Some("AAPL251017C00260000"));
        assert_eq!(name("AAPL", |_| Kind::Spot).as_deref(), Some("AAPL-SPOT"));
        assert_eq!(name("SPX", call).as_deref(), Some("SPXW251017C00260000"));
        assert_eq!(name("ES", future).as_deref(), Some("/ES-19DEC25"));
        assert_eq!(name("CL", call).as_deref(), Some("/CL-17NOV25-260-C"));
        assert_eq!(name("BTC", |_| Kind::Perpetual).as_deref(), Some("BTC-PERPETUAL"));
        for (asset, kind) in
            [("AAPL", future as fn(Expiry) -> Kind), ("SPX", |_| Kind::Spot), ("ES", |_| Kind::Perpetual)]
        {
            assert_eq!(name(asset, kind), None, "{asset}");
        }
        for bundled in BUNDLED {
            let market = named(bundled.name).expect("tested elsewhere");
            for underlying in market.underlyings() {
                let venue = Venue::of(underlying);
                for listed in underlying.expiries() {
                    let (instrument, _) = match venue.hedge(listed.expiry()) {
                        Some(hedge) => hedge,
                        None => continue,
                    };
                    assert_eq!(instrument.to_string().parse(), Ok(instrument));
                }
            }
        }
    }

    #[test]
    fn bonds_are_worth_about_their_face() {
        let market = named("us-2025-10-06").expect("bundled");
        let issuer = market.get("UST".parse().expect("a ticker")).expect("listed");
        let bond = |years| Venue::of(issuer).bond(issuer, years, market.now()).expect("has yields");
        assert_eq!(bond(2).to_string(), "UST-3.625%-15OCT27");
        assert_eq!(bond(30).to_string(), "UST-4.75%-15OCT55");
        for years in [2, 5, 10, 30] {
            assert_eq!(bond(years).to_string().parse(), Ok(bond(years)), "{years}");
        }
    }
}
