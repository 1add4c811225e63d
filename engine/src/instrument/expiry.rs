//! Expiry instants.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::Offset;

use crate::rfc3339::Day;

/// Seconds in the year that option years are counted in: 365 days.
pub(crate) const YEAR_SECONDS: f64 = 365.0 * 86_400.0;

/// The instant at which an instrument expires: 08:00 UTC of its expiry day at crypto venues, 16:00 in New York
/// elsewhere.
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
        Expiry::at_hour(day, 8)
    }

    /// The expiry at 16:00 in New York of a day between 2000 and 2099: 20:00 UTC in summer, 21:00 in winter.
    ///
    /// Summer time lasts from the second Sunday of March to the first of November, which is the rule since 2007;
    /// earlier years are counted by it too.
    pub fn at_new_york_close(day: Date) -> Result<Expiry, ExpiryError> {
        let sunday =
            |month, nth| Date::new(day.year(), month, 1).and_then(|d| d.nth_weekday_of_month(nth, Weekday::Sunday));
        let (Ok(from), Ok(to)) = (sunday(3, 2), sunday(11, 1)) else { return Err(ExpiryError(Day(day).to_string())) };
        Expiry::at_hour(day, if (from..to).contains(&day) { 20 } else { 21 })
    }

    /// Any instant, for instruments that expire at other hours. Names tell its day only.
    pub fn at(instant: Timestamp) -> Expiry {
        Expiry(instant)
    }

    fn at_hour(day: Date, hour: i8) -> Result<Expiry, ExpiryError> {
        let refused = || ExpiryError(Day(day).to_string());
        if !(2000..=2099).contains(&day.year()) {
            return Err(refused());
        }
        let time = Time::new(hour, 0, 0, 0).map_err(|_| refused())?;
        let instant = Offset::UTC.to_timestamp(DateTime::from_parts(day, time)).map_err(|_| refused())?;
        Ok(Expiry(instant))
    }

    /// Reads a Deribit date as the expiry at 08:00 UTC of that day: see [`Expiry::parse_day`].
    pub fn parse(text: &str) -> Result<Expiry, ExpiryError> {
        Expiry::on(Expiry::parse_day(text)?)
    }

    /// Reads a date: day (one or two digits), month in three letters, year in two digits.
    pub fn parse_day(text: &str) -> Result<Date, ExpiryError> {
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
        Date::new(2000 + year, month, day).map_err(|_| refused())
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
        f.write_str(&day_name(self.day()))
    }
}

/// A day as Deribit writes it: `9JUN20`.
pub(crate) fn day_name(day: Date) -> String {
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    format!("{}{month}{:02}", day.day(), day.year() % 100)
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
    fn new_york_closes_an_hour_later_in_winter() {
        // Clocks go forward on 8 March 2026 and 14 March 2027, back on 1 November 2026 and 7 November 2027.
        for (day, instant) in [
            ("6MAR26", "2026-03-06T21:00:00Z"),
            ("7MAR26", "2026-03-07T21:00:00Z"),
            ("8MAR26", "2026-03-08T20:00:00Z"),
            ("20MAR26", "2026-03-20T20:00:00Z"),
            ("31OCT26", "2026-10-31T20:00:00Z"),
            ("1NOV26", "2026-11-01T21:00:00Z"),
            ("18DEC26", "2026-12-18T21:00:00Z"),
            ("13MAR27", "2027-03-13T21:00:00Z"),
            ("14MAR27", "2027-03-14T20:00:00Z"),
            ("6NOV27", "2027-11-06T20:00:00Z"),
            ("7NOV27", "2027-11-07T21:00:00Z"),
        ] {
            let expiry = Expiry::at_new_york_close(Expiry::parse_day(day).expect(day)).expect(day);
            assert_eq!(expiry, Expiry::at(instant.parse().expect(instant)), "{day}");
            assert_eq!(expiry.to_string(), day);
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
