//! Numbers as people write them.

/// Reads "−10", "+2.5", "25,000", "1e3".
///
/// # Errors
/// Why it is no finite number, as the part of a sentence that starts with the text itself.
pub fn read_number(text: &str) -> Result<f64, String> {
    let refused = || format!("\"{text}\" is not a number");
    let plain = text.replace(['\u{2212}', '\u{2013}'], "-");
    let digits = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if ["nan", "inf", "infinity"].iter().any(|word| digits.eq_ignore_ascii_case(word)) {
        return Err(format!("\"{text}\" is not a finite number"));
    }
    if !is_number_shaped(digits) {
        return Err(refused());
    }
    let ungrouped = ungrouped(digits).ok_or_else(|| {
        format!("\"{text}\" is not a number: a comma separates thousands, and decimals are written with a point")
    })?;
    let magnitude: f64 = ungrouped.parse().map_err(|_| refused())?;
    if !magnitude.is_finite() {
        return Err(format!("\"{text}\" is too large"));
    }
    Ok(if plain.starts_with('-') { -magnitude } else { magnitude })
}

/// Whether a text, without its sign, is meant to be a number: digits, commas, a point, an exponent.
pub fn is_number_shaped(digits: &str) -> bool {
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'e' | b'E' | b'+' | b'-'))
}

/// Without its thousands separators; none where commas stand elsewhere.
fn ungrouped(digits: &str) -> Option<String> {
    if !digits.contains(',') {
        return Some(digits.to_owned());
    }
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    (is_grouped(whole) && !fraction.contains(',')).then(|| whole.replace(',', "") + fraction)
}

/// Whether commas stand where thousands do: "25,000", "1,234,567".
pub fn is_grouped(whole: &str) -> bool {
    let mut groups = whole.split(',');
    let all_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && all_digits(group));
    first && groups.all(|group| group.len() == 3 && all_digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        for (text, value) in [
            ("10", 10.0),
            ("-10", -10.0),
            ("−10", -10.0),
            ("–10", -10.0),
            ("+2.5", 2.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("25,000", 25_000.0),
            ("-1,234,567.89", -1_234_567.89),
            ("1e3", 1000.0),
            ("2E-1", 0.2),
        ] {
            assert_eq!(read_number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for (text, part) in [
            ("", "is not a number"),
            ("-", "is not a number"),
            (".", "is not a number"),
            ("1e", "is not a number"),
            ("--1", "is not a number"),
            ("1.2.3", "is not a number"),
            ("0x10", "is not a number"),
            ("٣", "is not a number"),
            ("2,5", "decimals are written with a point"),
            ("1,0000", "decimals are written with a point"),
            ("1,000.5,0", "decimals are written with a point"),
            ("1e999", "too large"),
            ("NaN", "finite"),
            ("-Inf", "finite"),
        ] {
            let reason = read_number(text).expect_err(text);
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }
}
