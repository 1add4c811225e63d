//! Expiry instants.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::Offset;

/// Seconds in the year that option years are counted in: 365 days.
pub(crate) const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// The instant at which an instrument expires: 08:00 UTC of its expiry day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry(Timestamp);

/// A date that is not one, or lies where no expiry can.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an expiry date; write it like 25SEP26")]
pub struct ExpiryError(pub String);

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Expiry {
    /// The expiry at 08:00 UTC of a day between 2000 and 2099.
    pub fn on(day: Date) -> Result<Expiry, ExpiryError> {
        let refused = || ExpiryError(day.to_string());
        if !(date(2000, 1, 1)..=date(2099, 12, 31)).contains(&day) {
            return Err(refused());
        }
        let instant = Offset::UTC.to_timestamp(day.at(8, 0, 0, 0)).map_err(|_| refused())?;
        Ok(Expiry(instant))
    }

    /// Reads a Deribit date: day (one or two digits), month in three letters, year in two digits.
    pub fn parse(text: &str) -> Result<Expiry, ExpiryError> {
        let refused = || ExpiryError(text.to_owned());
        if !text.is_ascii() || !(6..=7).contains(&text.len()) {
            return Err(refused());
        }
        let (day, rest) = text.split_at(text.len() - 5);
        let (month, year) = rest.split_at(3);
        let month = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month)).ok_or_else(refused)? + 1;
        // `parse` alone would take a sign.
        if !day.bytes().chain(year.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(refused());
        }
        let day: i8 = day.parse().map_err(|_| refused())?;
        let year: i16 = year.parse().map_err(|_| refused())?;
        let month = i8::try_from(month).map_err(|_| refused())?;
        let day = Date::new(2000 + year, month, day).map_err(|_| refused())?;
        Expiry::on(day).map_err(|_| refused())
    }

    /// The instant.
    pub fn timestamp(&self) -> Timestamp {
        self.0
    }

    /// The day on which it lies, in UTC.
    pub fn day(&self) -> Date {
        Offset::UTC.to_datetime(self.0).date()
    }

    /// Years from `now` to the expiry, never negative: an expired instrument has no time left.
    pub fn years_from(&self, now: Timestamp) -> f64 {
        let milliseconds = self.0.as_millisecond() - now.as_millisecond();
        (milliseconds as f64 / 1000.0 / YEAR_SECONDS).max(0.0)
    }

    /// Whether it lies at or before `now`.
    pub fn is_past(&self, now: Timestamp) -> bool {
        self.0 <= now
    }
}

impl fmt::Display for Expiry {
    /// As Deribit writes it, the day without a leading zero: `9JUN20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day();
        let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
        write!(f, "{}{}{:02}", day.day(), month, day.year() % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_deribit_dates() {
        for text in ["9JUN20", "28JUN24", "25SEP26", "29FEB28"] {
            let expiry = Expiry::parse(text).expect(text);
            assert_eq!(expiry.to_string(), text);
        }
        assert_eq!(Expiry::parse("25sep26"), Expiry::parse("25SEP26"));
        // 2026-09-25T08:00:00Z
        assert_eq!(Expiry::parse("25SEP26").expect("valid").timestamp().as_second(), 1_790_323_200);
    }

    #[test]
    fn refuses_dates_that_do_not_exist() {
        for text in ["31JUN24", "29FEB26", "0JAN26", "JAN26", "25SEP", "+5SEP26", "25XXX26", "125SEP26", "25ſEP26", ""]
        {
            assert!(Expiry::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn years_stop_at_zero() {
        let expiry = Expiry::parse("25SEP26").expect("valid");
        assert_eq!(expiry.years_from(expiry.timestamp()), 0.0);
        let year_before = Timestamp::from_second(1_790_323_200 - 365 * 86_400).expect("valid");
        assert_eq!(expiry.years_from(year_before), 1.0);
        let after = Timestamp::from_second(1_790_323_201).expect("valid");
        assert_eq!(expiry.years_from(after), 0.0);
    }
}
