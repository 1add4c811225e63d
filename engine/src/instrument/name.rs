//! Instrument names, read and written.
//!
//! | listing | names |
//! |---|---|
//! | crypto venues, as Deribit writes them | `BTC-PERPETUAL`, `BTC-25SEP26`, `BTC-25SEP26-84000-C`, `ETH_USDC-PERPETUAL` |
//! | held outright | `BTC`, `BTC-SPOT`, `AAPL` |
//! | bonds: issuer, coupon, maturity | `UST-4.25%-15NOV34`, with another currency `BUND_EUR-2.6%-15AUG34` |
//! | options on stocks, funds and indexes (`osi`) | `AAPL260612P00270000`, padded too, and `AAPL 12JUN26 270 P` |
//! | futures exchanges | `/ES-18DEC26`, `/ES-18DEC26-5000-C`, with another currency `/NIFTY_INR-30DEC26` |

use std::fmt;
use std::str::FromStr;

use super::{Expiry, ExpiryError, Instrument, Kind, Listing, Product, Right, osi};
use crate::asset::{Asset, AssetError};

/// Why a text names no instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The parts between the dashes do not make an instrument.
    #[error(
        "\"{0}\" is not an instrument; write it like BTC-PERPETUAL, BTC-25SEP26, BTC-25SEP26-84000-C or ETH_USDC-PERPETUAL"
    )]
    Shape(String),
    /// The currency is not one.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The date is not one.
    #[error(transparent)]
    Expiry(#[from] ExpiryError),
    /// The contracts of the option were changed after a split or the like.
    #[error("{0} are adjusted contracts, whose deliverable the symbol does not tell")]
    Adjusted(Asset),
    /// The strike is not a positive number.
    #[error("\"{0}\" is not a strike: it must be a positive number, decimals written with d as in 0d625")]
    Strike(String),
    /// The strike does not fit into a symbol.
    #[error(
        "\"{0}\" is not a strike of an option symbol: it must be above 0, below 100000 and have at most three decimals"
    )]
    SymbolStrike(String),
    /// The coupon is not a rate.
    #[error("\"{0}\" is not a coupon: it must be a rate between 0% and 100%, such as 4.25%")]
    Coupon(String),
    /// The last part is neither C nor P.
    #[error("\"{0}\" is neither C (call) nor P (put)")]
    Right(String),
}

impl FromStr for Instrument {
    type Err = NameError;

    /// Reads a name in either case; `BTC`, `BTC-SPOT` and `BTC_USDC` name the coin itself.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(option) = osi::parse(text) {
            return option;
        }
        let shape = || NameError::Shape(text.to_owned());
        let exchange = text.strip_prefix('/');
        let mut parts = exchange.unwrap_or(text).split('-');
        let mut product = parse_product(parts.next().ok_or_else(shape)?)?;
        let (listing, expiry): (_, fn(&str) -> _) = match exchange {
            Some(_) => (Listing::Exchange, parse_close),
            None => (Listing::Coin, Expiry::parse),
        };
        if listing == Listing::Exchange {
            product = Product::linear(product.base, product.quote);
        }
        let kind = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (None, ..) if listing == Listing::Coin => Kind::Spot,
            (Some(one), None, ..) if listing == Listing::Coin && one.eq_ignore_ascii_case("SPOT") => Kind::Spot,
            (Some(one), None, ..) if listing == Listing::Coin && is_perpetual(one) => Kind::Perpetual,
            (Some(coupon), Some(day), None, _) if listing == Listing::Coin && coupon.ends_with('%') => {
                product = Product::linear(product.base, product.quote);
                Kind::Bond { coupon_annual: parse_coupon(coupon)?, maturity: parse_close(day)? }
            }
            (Some(day), None, ..) => Kind::Future { expiry: expiry(day)? },
            (Some(day), Some(strike), Some(right), None) => {
                Kind::Option { expiry: expiry(day)?, strike: parse_strike(strike)?, right: parse_right(right)? }
            }
            _ => return Err(shape()),
        };
        Ok(Instrument { product, kind, listing })
    }
}

fn parse_close(day: &str) -> Result<Expiry, ExpiryError> {
    Expiry::at_new_york_close(Expiry::parse_day(day)?)
}

fn parse_coupon(text: &str) -> Result<f64, NameError> {
    let refused = || NameError::Coupon(text.to_owned());
    let percent = text.trim_end_matches('%');
    if !percent.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(refused());
    }
    let coupon = percent.parse::<f64>().map_err(|_| refused())? / 100.0;
    if (0.0..=1.0).contains(&coupon) { Ok(coupon) } else { Err(refused()) }
}

fn is_perpetual(text: &str) -> bool {
    text.eq_ignore_ascii_case("PERPETUAL") || text.eq_ignore_ascii_case("PERP")
}

fn parse_product(text: &str) -> Result<Product, NameError> {
    Ok(match text.split_once('_') {
        // USD itself is the quote of the coin-settled family: BTC_USD-PERPETUAL is BTC-PERPETUAL.
        Some((base, quote)) if quote.eq_ignore_ascii_case("USD") => Product::inverse(base.parse()?),
        Some((base, quote)) => Product::linear(base.parse()?, quote.parse()?),
        None => Product::inverse(text.parse()?),
    })
}

pub(super) fn parse_strike(text: &str) -> Result<f64, NameError> {
    let refused = || NameError::Strike(text.to_owned());
    // Digits and one decimal mark only: Rust's own number grammar would also take "inf", "1e9" and signs.
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'd' | b'D' | b'.')) {
        return Err(refused());
    }
    let strike: f64 = text.replace(['d', 'D'], ".").parse().map_err(|_| refused())?;
    if strike > 0.0 && strike.is_finite() { Ok(strike) } else { Err(refused()) }
}

pub(super) fn parse_right(text: &str) -> Result<Right, NameError> {
    match text {
        "C" | "c" => Ok(Right::Call),
        "P" | "p" => Ok(Right::Put),
        _ => Err(NameError::Right(text.to_owned())),
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.settlement {
            super::Settlement::Inverse => write!(f, "{}", self.base),
            super::Settlement::Linear => write!(f, "{}_{}", self.base, self.quote),
        }
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.listing, self.kind) {
            (Listing::Osi { root, .. }, Kind::Option { expiry, strike, right }) => {
                return f.write_str(&osi::symbol(root, 0, expiry, strike, right));
            }
            (Listing::Coin, Kind::Bond { .. }) if self.product.quote == Asset::USD => {
                write!(f, "{}", self.product.base)?
            }
            (Listing::Exchange, _) if self.product.quote == Asset::USD => write!(f, "/{}", self.product.base)?,
            (Listing::Exchange, _) => write!(f, "/{}", self.product)?,
            _ => write!(f, "{}", self.product)?,
        }
        match self.kind {
            Kind::Perpetual => f.write_str("-PERPETUAL"),
            Kind::Spot => f.write_str("-SPOT"),
            Kind::Future { expiry } => write!(f, "-{expiry}"),
            Kind::Bond { coupon_annual, maturity } => {
                // A hundred times a rounded quotient is not always what was divided.
                write!(f, "-{}%-{maturity}", (coupon_annual * 1e10).round() / 1e8)
            }
            Kind::Option { expiry, strike, right } => {
                let strike = strike.to_string().replace('.', "d");
                write!(f, "-{expiry}-{strike}-{}", if right == Right::Call { 'C' } else { 'P' })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settlement;
    use super::*;

    #[test]
    fn names_survive_a_round_trip() {
        for name in [
            "BTC-PERPETUAL",
            "BTC-28JUN24",
            "BTC-9JUN20-9875-P",
            "ETH_USDC-PERPETUAL",
            "ETH_USDC-25SEP26-2400-C",
            "XRP_USDC-30JUN23-0d625-C",
            "BTC-SPOT",
            "AAPL-SPOT",
            "/ES-18DEC26",
            "/ES-18DEC26-5000-C",
            "/ZN-18DEC26-110d5-P",
            "UST-4.25%-15NOV34",
            "UST-0%-15FEB31",
            "UST-1.125%-15FEB31",
            "BUND_EUR-2.6%-15AUG34",
            "/NIFTY_INR-30DEC26",
            "/NIFTY_INR-30DEC26-25000-P",
        ] {
            let instrument: Instrument = name.parse().expect(name);
            assert_eq!(instrument.to_string(), name);
        }
    }

    #[test]
    fn parts_are_read() {
        let option: Instrument = "xrp_usdc-30jun23-0d625-c".parse().expect("valid");
        assert_eq!(option.option_terms(), Some((0.625, Right::Call)));
        assert_eq!(option.product.settlement, Settlement::Linear);
        assert_eq!(option.product.settlement_asset(), Asset::USDC);
        let perpetual: Instrument = "BTC-PERPETUAL".parse().expect("valid");
        assert_eq!(perpetual.product.settlement_asset(), Asset::BTC);
        assert!(perpetual.is_sized_in_quote());
    }

    #[test]
    fn futures_of_exchanges_are_linear_and_close_in_new_york() {
        let future: Instrument = "/nifty_inr-30dec26".parse().expect("valid");
        assert_eq!(future.listing, Listing::Exchange);
        assert_eq!(future.product, Product::linear("NIFTY".parse().expect("a ticker"), "INR".parse().expect("one")));
        assert_eq!(future.expiry().expect("dated").timestamp().to_string(), "2026-12-30T21:00:00Z");
        assert!(!future.is_sized_in_quote() && future.is_sized_in_contracts());
        let option: Instrument = "/ES-18JUN26-5000-C".parse().expect("valid");
        assert_eq!(option.product.settlement_asset(), Asset::USD);
        assert_eq!(option.option_terms(), Some((5000.0, Right::Call)));
        // The same letters without the stroke are what they always were.
        let coin: Instrument = "ES-18JUN26".parse().expect("valid");
        assert_eq!((coin.listing, coin.product.settlement), (Listing::Coin, Settlement::Inverse));
        for text in ["/ES", "/ES-PERPETUAL", "/ES-SPOT", "/", "//ES-18DEC26"] {
            assert!(text.parse::<Instrument>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_a_sentence() {
        for (text, part) in [
            ("BTC-25SEP26-84000", "not an instrument"),
            ("BTC-25SEP26-84000-C-X", "not an instrument"),
            ("BTC-99SEP26", "not an expiry date"),
            ("BTC-25SEP26-0-C", "not a strike"),
            ("BTC-25SEP26-inf-C", "not a strike"),
            ("BTC-25SEP26-1e5-C", "not a strike"),
            ("BTC-25SEP26--5-C", "not an instrument"),
            ("BTC-25SEP26-84000-X", "neither C"),
            ("-PERPETUAL", "not a currency"),
            ("UST-101%-15NOV34", "not a coupon"),
            ("UST-x%-15NOV34", "not a coupon"),
            ("UST-4.25%-15NOX34", "not an expiry date"),
            ("UST-4.25-15NOV34", "not an instrument"),
            ("", "not a currency"),
        ] {
            let error = text.parse::<Instrument>().expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
