//! Deribit instrument names, read and written.

use std::fmt;
use std::str::FromStr;

use super::{Expiry, ExpiryError, Instrument, Kind, Product, Right};
use crate::asset::AssetError;

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
    /// The strike is not a positive number.
    #[error("\"{0}\" is not a strike: it must be a positive number, decimals written with d as in 0d625")]
    Strike(String),
    /// The last part is neither C nor P.
    #[error("\"{0}\" is neither C (call) nor P (put)")]
    Right(String),
}

impl FromStr for Instrument {
    type Err = NameError;

    /// Reads a Deribit name in either case; `BTC`, `BTC-SPOT` and `BTC_USDC` name the coin itself.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || NameError::Shape(text.to_owned());
        let mut parts = text.split('-');
        let product = parse_product(parts.next().ok_or_else(shape)?)?;
        let kind = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (None, ..) => Kind::Spot,
            (Some(one), None, ..) if one.eq_ignore_ascii_case("SPOT") => Kind::Spot,
            (Some(one), None, ..) if is_perpetual(one) => Kind::Perpetual,
            (Some(day), None, ..) => Kind::Future { expiry: Expiry::parse(day)? },
            (Some(day), Some(strike), Some(right), None) => {
                Kind::Option { expiry: Expiry::parse(day)?, strike: parse_strike(strike)?, right: parse_right(right)? }
            }
            _ => return Err(shape()),
        };
        Ok(Instrument { product, kind })
    }
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

fn parse_strike(text: &str) -> Result<f64, NameError> {
    let refused = || NameError::Strike(text.to_owned());
    // Digits and one decimal mark only: Rust's own number grammar would also take "inf", "1e9" and signs.
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'd' | b'D' | b'.')) {
        return Err(refused());
    }
    let strike: f64 = text.replace(['d', 'D'], ".").parse().map_err(|_| refused())?;
    if strike > 0.0 && strike.is_finite() { Ok(strike) } else { Err(refused()) }
}

fn parse_right(text: &str) -> Result<Right, NameError> {
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
        write!(f, "{}", self.product)?;
        match self.kind {
            Kind::Perpetual => f.write_str("-PERPETUAL"),
            Kind::Spot => f.write_str("-SPOT"),
            Kind::Future { expiry } => write!(f, "-{expiry}"),
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
    use crate::asset::Asset;

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
            ("", "not a currency"),
        ] {
            let error = text.parse::<Instrument>().expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
