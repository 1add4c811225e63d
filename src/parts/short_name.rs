//! Short names for heads of columns and legends.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use margin_engine::book::{Book, Leg};
use margin_engine::instrument::{Instrument, Kind, Right};

use crate::charts::format;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day as "25 Sep", with its year where that is not the year of `now`: "25 Jun 27".
pub fn short_day(day: Date, now: Timestamp) -> String {
    let month = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"");
    let year = day.year();
    if year == Offset::UTC.to_datetime(now).year() {
        format!("{} {month}", day.day())
    } else {
        format!("{} {month} {:02}", day.day(), year.rem_euclid(100))
    }
}

/// An instrument in two lines without its coin: "84k call" over "25 Sep".
pub fn short_name(instrument: &Instrument, now: Timestamp) -> (String, String) {
    let day = instrument.expiry().map(|expiry| short_day(expiry.day(), now)).unwrap_or_default();
    let what = match instrument.kind {
        Kind::Option { strike, right: Right::Call, .. } => format!("{} call", format::price_tick(strike)),
        Kind::Option { strike, right: Right::Put, .. } => format!("{} put", format::price_tick(strike)),
        Kind::Future { .. } => "future".to_owned(),
        Kind::Perpetual => "perpetual".to_owned(),
        Kind::Spot => "spot".to_owned(),
        Kind::Bond { .. } => "bond".to_owned(),
    };
    (what, day)
}

/// A leg of a book on one line, with its coin where there are several: "84k call 25 Sep", "BTC perpetual".
pub fn leg_name(book: &Book, leg: &Leg) -> String {
    let (what, day) = short_name(&leg.instrument, book.time);
    let coin = if book.underlyings.len() > 1 { format!("{} ", leg.instrument.product.base) } else { String::new() };
    format!("{coin}{what} {day}").trim_end().to_owned()
}

/// Instruments given by their names, each on one line as [`leg_name`] writes it; what is no name stays as it is.
pub fn short_names(names: &[String], now: Timestamp) -> Vec<String> {
    let read: Vec<Option<Instrument>> = names.iter().map(|name| name.parse().ok()).collect();
    let mut bases = read.iter().flatten().map(|instrument| instrument.product.base);
    let first = bases.next();
    let is_one = bases.all(|base| Some(base) == first);
    let short = |(name, instrument): (&String, &Option<Instrument>)| {
        let Some(instrument) = instrument else { return name.clone() };
        let (what, day) = short_name(instrument, now);
        let coin = if is_one { String::new() } else { format!("{} ", instrument.product.base) };
        format!("{coin}{what} {day}").trim_end().to_owned()
    };
    names.iter().zip(&read).map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_tell_the_year_where_it_matters() {
        let now: Timestamp = "2026-08-22T15:33:00Z".parse().expect("a time");
        let name = |name: &str| short_name(&name.parse().expect("an instrument"), now);
        assert_eq!(name("BTC-25SEP26-84000-C"), ("84k call".to_owned(), "25 Sep".to_owned()));
        assert_eq!(name("BTC-25JUN27-7500-P"), ("7,500 put".to_owned(), "25 Jun 27".to_owned()));
        assert_eq!(name("BTC-25SEP26"), ("future".to_owned(), "25 Sep".to_owned()));
        assert_eq!(name("BTC-PERPETUAL"), ("perpetual".to_owned(), String::new()));
        let names = |names: &[&str]| short_names(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), now);
        assert_eq!(names(&["BTC-PERPETUAL", "BTC-25SEP26-84000-C"]), ["perpetual", "84k call 25 Sep"]);
        assert_eq!(names(&["BTC-PERPETUAL", "ETH-PERPETUAL", "?"]), ["BTC perpetual", "ETH perpetual", "?"]);
    }
}
