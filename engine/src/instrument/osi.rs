//! Symbols of the Options Symbology Initiative, and how brokers spell them.
//!
//! A symbol is the root padded to six characters, the expiry as year, month and day, C or P, and the strike in
//! thousandths in eight digits: `AAPL  260612P00270000`. Feeds leave the padding out. The day is kept as written:
//! before 2015 options expired on paper on the Saturday after their last trading day, and such symbols keep their
//! Saturday.

use jiff::civil::Date;

use super::name::{parse_right, parse_strike};
use super::{Expiry, ExpiryError, Instrument, Kind, Listing, NameError, Product, Right};
use crate::asset::Asset;

/// Characters behind the root.
const TAIL: usize = 15;
/// Roots of contracts that settle at another time of day than those of the index itself.
const INDEX_ROOTS: [(&str, &str); 4] = [("SPXW", "SPX"), ("NDXP", "NDX"), ("RUTW", "RUT"), ("VIXW", "VIX")];

/// Reads a symbol, padded or not, or a broker's spelling such as `IWM 19MAR21 226.0 C`; none where the text has
/// another shape.
pub(super) fn parse(text: &str) -> Option<Result<Instrument, NameError>> {
    let mut words = text.split_whitespace();
    match (words.next()?, words.next(), words.next(), words.next(), words.next()) {
        (symbol, None, ..) if symbol.is_ascii() && symbol.len() > TAIL => {
            let (root, tail) = symbol.split_at(symbol.len() - TAIL);
            is_tail(tail).then(|| option_of_tail(root, tail))
        }
        (root, Some(tail), None, ..) if is_tail(tail) => Some(option_of_tail(root, tail)),
        (root, Some(day), Some(strike), Some(right), None) => Some(
            Expiry::parse_day(day)
                .map_err(NameError::from)
                .and_then(|day| option(root, day, parse_strike(strike)?, strike, parse_right(right)?)),
        ),
        _ => None,
    }
}

fn is_tail(text: &str) -> bool {
    let is_right = |byte: u8| matches!(byte, b'C' | b'P' | b'c' | b'p');
    text.len() == TAIL
        && text.bytes().enumerate().all(|(at, byte)| if at == 6 { is_right(byte) } else { byte.is_ascii_digit() })
}

fn option_of_tail(root: &str, tail: &str) -> Result<Instrument, NameError> {
    let (day, strike) = (&tail[..6], &tail[7..]);
    let number = |text: &str| text.parse::<u32>().unwrap_or(0);
    let part = |at: usize| i8::try_from(number(&day[at..at + 2])).unwrap_or(0);
    let expiry = Date::new(2000 + i16::from(part(0)), part(2), part(4)).map_err(|_| ExpiryError(day.to_owned()))?;
    option(root, expiry, f64::from(number(strike)) / 1000.0, strike, parse_right(&tail[6..7])?)
}

fn option(root: &str, day: Date, strike: f64, written: &str, right: Right) -> Result<Instrument, NameError> {
    if thousandths(strike) / 1000.0 != strike || !(0.001..100_000.0).contains(&strike) {
        return Err(NameError::SymbolStrike(written.to_owned()));
    }
    let root: Asset = root.parse()?;
    if root.as_str().len() > 6 {
        return Err(NameError::Shape(format!("{root}…")));
    }
    let (underlying, shares) = underlying(root)?;
    let kind = Kind::Option { expiry: Expiry::at_new_york_close(day)?, strike, right };
    Ok(Instrument { product: Product::linear(underlying, Asset::USD), kind, listing: Listing::Osi { root, shares } })
}

/// The underlying of a root, and the shares in a contract.
fn underlying(root: Asset) -> Result<(Asset, u16), NameError> {
    let name = root.as_str();
    let of_index = INDEX_ROOTS.iter().find(|(known, _)| *known == name);
    let ticker = of_index.map_or(name, |(_, index)| index);
    match ticker.strip_suffix('7') {
        Some(ticker) if !ticker.is_empty() => Ok((ticker.parse()?, 10)),
        // Other digits mark contracts for something else than a hundred shares.
        _ if ticker.ends_with(|c: char| c.is_ascii_digit()) => Err(NameError::Adjusted(root)),
        _ => Ok((ticker.parse()?, 100)),
    }
}

fn thousandths(strike: f64) -> f64 {
    (strike * 1000.0).round()
}

/// The symbol, its root padded to `width`.
pub(super) fn symbol(root: Asset, width: usize, expiry: Expiry, strike: f64, right: Right) -> String {
    let day = expiry.day();
    let right = if right == Right::Call { 'C' } else { 'P' };
    let (year, strike) = (day.year() % 100, thousandths(strike));
    format!("{root:<width$}{year:02}{:02}{:02}{right}{strike:08}", day.month(), day.day())
}

impl Instrument {
    /// The option that is listed on a stock, fund or index: on 100 shares, on an index by the root that settles at
    /// its close.
    ///
    /// # Errors
    /// Ticker or strike do not fit into a symbol.
    pub fn listed_option(
        underlying: Asset,
        expiry: Expiry,
        strike: f64,
        right: Right,
    ) -> Result<Instrument, NameError> {
        let ticker = underlying.as_str();
        let root = INDEX_ROOTS.iter().find(|(_, index)| *index == ticker).map_or(ticker, |(root, _)| root);
        let listed = option(root, expiry.day(), strike, &strike.to_string(), right)?;
        // A ticker that ends in a digit reads as somebody else's mini contract.
        if listed.product.base == underlying { Ok(listed) } else { Err(NameError::Adjusted(underlying)) }
    }

    /// The symbol of a listed option with its root padded to six characters; none for anything else.
    pub fn padded_symbol(&self) -> Option<String> {
        match (self.listing, self.kind) {
            (Listing::Osi { root, .. }, Kind::Option { expiry, strike, right }) => {
                Some(symbol(root, 6, expiry, strike, right))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Instrument {
        text.parse().expect(text)
    }

    #[test]
    fn all_spellings_of_a_symbol_are_one() {
        let put = read("AAPL  260612P00270000");
        for text in ["AAPL260612P00270000", "aapl260612p00270000", "AAPL 12JUN26 270 P", "AAPL 12JUN26 270.0 P"] {
            assert_eq!(read(text), put, "{text}");
        }
        assert_eq!(put.to_string(), "AAPL260612P00270000");
        assert_eq!(put.padded_symbol().as_deref(), Some("AAPL  260612P00270000"));
        assert_eq!(put.option_terms(), Some((270.0, Right::Put)));
        assert_eq!(put.product, Product::linear("AAPL".parse().expect("a ticker"), Asset::USD));
        assert_eq!(put.expiry().expect("dated").timestamp().to_string(), "2026-06-12T20:00:00Z");
        assert_eq!(read("F261218C00012345").option_terms(), Some((12.345, Right::Call)));
        assert_eq!(read("BTC-9JUN20-9875-P").padded_symbol(), None);
    }

    #[test]
    fn an_underlying_has_its_listed_options() {
        let asset = |ticker: &str| ticker.parse::<Asset>().expect("a ticker");
        let expiry = Expiry::at_new_york_close(Expiry::parse_day("19DEC25").expect("a day")).expect("a day");
        let listed = |ticker, strike| Instrument::listed_option(asset(ticker), expiry, strike, Right::Put);
        assert_eq!(listed("AAPL", 257.5).map(|it| it.to_string()).as_deref(), Ok("AAPL251219P00257500"));
        assert_eq!(listed("AAPL", 257.5), Ok(read("AAPL251219P00257500")));
        assert_eq!(listed("SPX", 6700.0), Ok(read("SPXW251219P06700000")));
        assert!(matches!(listed("ABC7", 10.0), Err(NameError::Adjusted(_))));
        assert!(listed("AAPL", 1e6).is_err() && listed("AAPL", 0.00001).is_err());
    }

    #[test]
    fn roots_have_underlyings() {
        for (symbol, underlying, shares) in [
            ("SPXW220207C02400000", "SPX", 100),
            ("SPX261218P10000000", "SPX", 100),
            ("SPY7261218C00500000", "SPY", 10),
            ("XSP261218C00500000", "XSP", 100),
        ] {
            let option = read(symbol);
            let Listing::Osi { root, shares: size } = option.listing else { panic!("{symbol}") };
            assert_eq!((option.product.base.as_str(), size), (underlying, shares), "{symbol}");
            assert!(symbol.starts_with(root.as_str()));
            assert_eq!(option.to_string(), symbol);
        }
    }

    #[test]
    fn what_is_no_symbol_is_refused_with_a_sentence() {
        for (text, part) in [
            ("AAPL261318C00270000", "\"261318\" is not an expiry date"),
            ("AAPL261218C00000000", "not a strike"),
            ("AAPL 18DEC26 0.0625 C", "at most three decimals"),
            ("AAPL 18DEC26 100000 C", "below 100000"),
            ("AAPL 18DEC26 270 X", "neither C"),
            ("AAPL 18DEX26 270 C", "not an expiry date"),
            ("AAPL1261218C00270000", "adjusted contracts"),
            ("ABCDEFG261218C00270000", "not an instrument"),
            ("261218C00270000", "not a currency"),
            ("A 261218C0027000", "not a currency"),
            ("AAPL 18DEC26 270", "not a currency"),
        ] {
            let error = text.parse::<Instrument>().expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    /// Samples from exchanges, brokers and feeds: symbol, form, root, expiry, right, strike, source.
    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn samples_of_others_are_read() {
        let Some(folder) = std::env::var_os("MARGIN_MARKET") else {
            return eprintln!("skipped: MARGIN_MARKET names no folder");
        };
        let path = std::path::Path::new(&folder).join("formats/symbology/osi_samples.csv");
        let mut reader = csv::Reader::from_path(&path).expect("the samples are there");
        let mut count = 0;
        for row in reader.records() {
            let row = row.expect("a row");
            let (symbol, root, day) = (&row[0], &row[2], &row[3]);
            let instrument = read(symbol);
            let (strike, right) = instrument.option_terms().expect(symbol);
            let day_read = instrument.expiry().expect(symbol).day().to_string();
            assert_eq!(day_read, day.split('T').next().expect("a day"), "{symbol}");
            assert_eq!(strike, row[5].parse::<f64>().expect("a number"), "{symbol}");
            assert_eq!(right == Right::Call, &row[4] == "C", "{symbol}");
            match instrument.listing {
                Listing::Osi { root: read, .. } => assert_eq!(read.as_str(), root, "{symbol}"),
                _ => {
                    assert!(row[1].starts_with("Deribit"), "{symbol}");
                    assert_eq!(instrument.product.base.as_str(), root, "{symbol}");
                }
            }
            count += 1;
        }
        assert_eq!(count, 10);
    }
}
