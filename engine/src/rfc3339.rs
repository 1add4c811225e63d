//! Instants and days as text: `2026-08-22T15:33:51Z`, `2026-08-22`.
//!
//! `jiff` counts; only the text is read and written here. Its own reader knows time zones, durations and five
//! more notations, and would be a tenth of the page.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// Reads an instant: date, `T`, time to the minute or finer, and `Z` or an offset such as `+02:00`.
pub fn parse(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.trim().split_once(['T', 't', ' '])?;
    let mut day = day.splitn(3, '-');
    let (year, month, day) = (number(day.next()?, 4)?, number(day.next()?, 2)?, number(day.next()?, 2)?);
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let (time, offset_seconds) = split_offset(rest)?;
    let civil = Offset::UTC.to_timestamp(DateTime::from_parts(date, clock(time)?)).ok()?;
    Timestamp::new(civil.as_second() - offset_seconds, civil.subsec_nanosecond()).ok()
}

/// Parts a time from its offset, in seconds east of UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let at = text.rfind(['+', '-'])?;
    let (time, offset) = text.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset[1..].split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some((time, sign * (hours * 3600 + minutes * 60)))
}

/// `15:33`, `15:33:51`, `15:33:51.25`.
fn clock(text: &str) -> Option<Time> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let (second, nanosecond) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (number(seconds, 2)?, 0),
            // Nine digits of a second; finer ones are cut.
            Some((second, fraction)) => (number(second, 2)?, number(&format!("{fraction:0<9}")[..9], 9)?),
        },
    };
    let narrow = |part: i64| i8::try_from(part).ok();
    Time::new(narrow(hour)?, narrow(minute)?, narrow(second)?, i32::try_from(nanosecond).ok()?).ok()
}

/// Exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Writes a day.
pub struct Day(pub Date);

impl Day {
    /// The day of an instant in UTC.
    pub fn of(instant: Timestamp) -> Day {
        Day(Offset::UTC.to_datetime(instant).date())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// Writes an instant in UTC, to the second or as fine as it is.
pub struct Rfc3339(pub Timestamp);

impl fmt::Display for Rfc3339 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = Offset::UTC.to_datetime(self.0);
        write!(f, "{}T", Day(at.date()))?;
        write!(f, "{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())?;
        if at.subsec_nanosecond() != 0 {
            let fraction = format!("{:09}", at.subsec_nanosecond());
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_jiff_reads_and_writes_what_jiff_writes() {
        for text in [
            "2026-08-22T15:33:51Z",
            "2026-02-06T04:30:12.553Z",
            "2024-02-29 00:00:00Z",
            "2026-08-22T15:33Z",
            "2026-08-22T15:33:51.123456789+02:00",
            "2026-01-01T00:30:00-05:45",
            "1969-12-31T23:59:59.5Z",
        ] {
            let expected: Timestamp = text.parse().expect(text);
            assert_eq!(parse(text), Some(expected), "{text}");
            assert_eq!(Rfc3339(expected).to_string(), expected.to_string(), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "T",
            "2026-08-22",
            "2026-08-22T15:33:51",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-08-22T24:00:00Z",
            "2026-08-22T15:60:00Z",
            "26-08-22T15:33:51Z",
            "2026-08-22T15:33:51+25:00",
            "2026-08-22T15:33:51.éZ",
            "2026-8-22T15:33:51Z",
            "+2026-08-22T15:33:51Z",
            "2026-08-22T15:33:51.Zé",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
