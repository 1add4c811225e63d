//! How instruments, sizes and edits are written.

use margin_engine::account::{Quantity, QuantityUnit};
use margin_engine::asset::Asset;
use margin_engine::instrument::{Expiry, Instrument, Kind, Listing, Right};

use crate::charts::format::{NO_FIGURE, Unit, coin, money, number, number_move};

/// Decimals of a size: more than anybody trades.
pub const SIZE_DECIMALS: usize = 8;

/// An amount in the currency that the column's head names: "40,540", "12.50", "0.314538".
pub fn amount(value: f64, currency: Asset) -> String {
    if currency.is_dollar_like() { money(value, Unit::Prefix("")) } else { coin(value, "") }
}

/// A per-coin price in dollars: "1,159", "54.26".
pub fn price(value: f64) -> String {
    money(value, Unit::Prefix(""))
}

/// A price as it is quoted: of coins in dollars, as [`price`], of all else with cents: "256.73", "6,738.20".
pub fn quoted(value: f64, is_coin: bool) -> String {
    if is_coin { price(value) } else { fixed(value, 2) }
}

/// A delta in few characters: "+0.50", "−125".
pub fn delta(value: f64) -> String {
    fixed_move(value, if value.abs() < 99.995 { 2 } else { 0 })
}

/// A number with exactly so many decimals: "0.50", "−0.26".
pub fn fixed(value: f64, decimals: usize) -> String {
    let mut text = number(value, decimals);
    if text == NO_FIGURE || decimals == 0 {
        return text;
    }
    let written = text.split_once('.').map(|(_, fraction)| fraction.len());
    if written.is_none() {
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', decimals - written.unwrap_or(0)));
    text
}

/// As [`fixed`], with a plus sign.
pub fn fixed_move(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    if number_move(value, decimals).starts_with('+') { format!("+{text}") } else { text }
}

/// A size as one types it: "10", "−2.5".
pub fn size(value: f64) -> String {
    number(value, SIZE_DECIMALS)
}

/// A size with its sign: "+10", "−2.5".
pub fn signed_size(value: f64) -> String {
    number_move(value, SIZE_DECIMALS)
}

/// A quantity with its sign, and its unit where that is not the coin: "−10", "+25,000 USD".
pub fn quantity(quantity: Quantity, instrument: &Instrument) -> String {
    let amount = signed_size(quantity.amount);
    match quantity.unit {
        QuantityUnit::Coin => amount,
        QuantityUnit::Quote => format!("{amount} {}", instrument.product.quote),
    }
}

/// An instrument as its underlying and the rest: "BTC" and "25SEP26-84000-C", "AAPL" and "19DEC25-270-C".
pub fn names(instrument: &Instrument) -> (String, String) {
    if let (Listing::Osi { root, .. }, Kind::Option { expiry, strike, right }) = (instrument.listing, instrument.kind) {
        let right = if right == Right::Call { 'C' } else { 'P' };
        return (root.to_string(), format!("{expiry}-{strike}-{right}"));
    }
    let name = instrument.to_string();
    name.split_once('-').map_or((name.clone(), String::new()), |(base, rest)| (base.to_owned(), rest.to_owned()))
}

/// A buy or a sale in the past tense: "sold 1 BTC-25SEP26-84000-C".
pub fn traded(amount: f64, instrument: &Instrument) -> String {
    let verb = if amount < 0.0 { "sold" } else { "bought" };
    format!("{verb} {} {instrument}", size(amount.abs()))
}

/// A day as in a calendar, the year only where it is another one: "25 Sep", "26 Mar 27".
pub fn day(expiry: Expiry, this_year: i16) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = expiry.day();
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    if day.year() == this_year {
        format!("{} {month}", day.day())
    } else {
        format!("{} {month} {:02}", day.day(), day.year() % 100)
    }
}

/// Time to go: "34 d", "16 h", "expired".
pub fn time_left(years: f64) -> String {
    let days = years * 365.0;
    match days {
        _ if days <= 0.0 => "expired".to_owned(),
        _ if days < 1.5 => format!("{} h", number((days * 24.0).max(1.0), 0)),
        _ => format!("{} d", number(days, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_kept() {
        for (value, decimals, text) in [
            (0.5, 2, "0.50"),
            (-0.257, 2, "−0.26"),
            (1.0, 2, "1.00"),
            (40.0, 1, "40.0"),
            (-0.001, 2, "0.00"),
            (12.0, 0, "12"),
            (f64::NAN, 2, "–"),
        ] {
            assert_eq!(fixed(value, decimals), text);
        }
        assert_eq!(fixed_move(0.5, 2), "+0.50");
        assert_eq!(fixed_move(-0.5, 2), "−0.50");
        assert_eq!(fixed_move(0.001, 2), "0.00");
        assert_eq!([delta(-1.257), delta(-125.4), delta(1000.0)], ["−1.26", "−125", "+1,000"]);
        assert_eq!([quoted(256.731, true), quoted(256.731, false)], ["257", "256.73"]);
    }

    #[test]
    fn edits_and_names() {
        let call: Instrument = "BTC-25SEP26-84000-C".parse().expect("a name");
        assert_eq!(traded(-1.0, &call), "sold 1 BTC-25SEP26-84000-C");
        let names_of = |name: &str| names(&name.parse().expect("a name"));
        for (name, base, rest) in [
            ("BTC-25SEP26-84000-C", "BTC", "25SEP26-84000-C"),
            ("ETH_USDC-PERPETUAL", "ETH_USDC", "PERPETUAL"),
            ("AAPL251219C00257500", "AAPL", "19DEC25-257.5-C"),
            ("/ES-19DEC25-6700-P", "/ES", "19DEC25-6700-P"),
            ("UST-3.625%-15OCT27", "UST", "3.625%-15OCT27"),
        ] {
            assert_eq!(names_of(name), (base.to_owned(), rest.to_owned()));
        }
        let perpetual: Instrument = "BTC-PERPETUAL".parse().expect("a name");
        assert_eq!(quantity(Quantity::quote(25_000.0), &perpetual), "+25,000 USD");
        let expiry = call.expiry().expect("an option");
        assert_eq!((day(expiry, 2026), day(expiry, 2025)), ("25 Sep".to_owned(), "25 Sep 26".to_owned()));
    }

    #[test]
    fn time_to_go() {
        assert_eq!(time_left(33.7 / 365.0), "34 d");
        assert_eq!(time_left(16.4 / 24.0 / 365.0), "16 h");
        assert_eq!(time_left(0.1 / 24.0 / 365.0), "1 h");
        assert_eq!(time_left(0.0), "expired");
    }
}
