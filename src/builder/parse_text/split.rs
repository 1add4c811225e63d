//! A line taken apart at tabs, semicolons or commas.

use super::number::is_grouped;

/// What separates the fields of a line, if anything does.
pub fn separator(line: &str) -> Option<u8> {
    [b'\t', b';', b','].into_iter().find(|byte| line.as_bytes().contains(byte))
}

/// The fields of a delimited line, quotes taken off.
pub fn fields(line: &str, separator: u8) -> Result<Vec<String>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(line.as_bytes());
    match reader.records().next() {
        Some(Ok(record)) => Ok(record.iter().map(str::to_owned).collect()),
        Some(Err(error)) => Err(format!("The line cannot be taken apart at its separators: {error}.")),
        None => Ok(vec![]),
    }
}

/// The words of a line, whatever separates them.
///
/// # Errors
/// A comma that may separate thousands or fields.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let fields = match separator(line) {
        Some(b',') if !line.contains('"') => vec![at_commas(line)?],
        Some(separator) => fields(line, separator)?,
        // A quoted name alone.
        None => vec![line.replace('"', " ")],
    };
    Ok(fields.iter().flat_map(|field| field.split_whitespace()).map(str::to_owned).collect())
}

/// The line with its separating commas as tabs and without those between thousands.
fn at_commas(line: &str) -> Result<String, String> {
    let mut out = String::with_capacity(line.len());
    let mut thousands: Option<&str> = None;
    let mut is_tight = false;
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == ',') {
        let end = rest[start..].find(|c: char| !c.is_ascii_digit() && c != ',').map_or(rest.len(), |at| start + at);
        out.push_str(&rest[..start]);
        let run = &rest[start..end];
        let follows = rest[end..].chars().next();
        // The 24,100 of BTC-28JUN24,100 are two fields.
        let is_in_word =
            !run.starts_with(',') && out.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        let number = run.trim_matches(',');
        if number.contains(',') && !is_in_word && is_grouped(number) {
            thousands = Some(number);
            let before = run.len() - run.trim_start_matches(',').len();
            let after = run.len() - run.trim_end_matches(',').len();
            is_tight |= before > 0 || (after > 0 && !is_space_or_end(follows));
            out.push_str(&"\t".repeat(before));
            out.push_str(&number.replace(',', ""));
            out.push_str(&"\t".repeat(after));
        } else {
            let inner = run.trim_end_matches(',').contains(',');
            is_tight |= inner || (run.ends_with(',') && !is_space_or_end(follows));
            out.push_str(&run.replace(',', "\t"));
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    match thousands {
        Some(number) if is_tight => {
            Err(format!("\"{number}\" may be one number or several fields: write it without commas or in quotes."))
        }
        _ => Ok(out),
    }
}

fn is_space_or_end(next: Option<char>) -> bool {
    next.is_none_or(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_thousands_or_fields() {
        for (line, expected) in [
            ("BTC-PERPETUAL 25,000 USD", vec!["BTC-PERPETUAL", "25000", "USD"]),
            ("BTC-PERPETUAL, 25,000 USD", vec!["BTC-PERPETUAL", "25000", "USD"]),
            ("-10,BTC-25SEP26-84000-C", vec!["-10", "BTC-25SEP26-84000-C"]),
            ("BTC-28JUN24,100", vec!["BTC-28JUN24", "100"]),
            ("BTC-28JUN24,1000,USD", vec!["BTC-28JUN24", "1000", "USD"]),
            ("1,234,567 BTC-PERPETUAL", vec!["1234567", "BTC-PERPETUAL"]),
            ("10,20", vec!["10", "20"]),
            ("1.5,000 x", vec!["1.5", "000", "x"]),
            ("\"BTC-PERPETUAL\",\"25,000\",USD", vec!["BTC-PERPETUAL", "25,000", "USD"]),
            ("a;b c\t;d", vec!["a;b", "c", ";d"]),
            ("a;b c;d", vec!["a", "b", "c", "d"]),
            (",,", vec![]),
        ] {
            assert_eq!(words(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn what_may_be_either_is_refused() {
        for line in ["BTC-PERPETUAL,1,000", "1,000,BTC-PERPETUAL", "BTC-PERPETUAL,100,200,USD"] {
            let reason = words(line).expect_err(line);
            assert!(reason.contains("one number or several fields"), "{line}: {reason}");
        }
    }
}
