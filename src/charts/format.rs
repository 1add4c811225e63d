//! How figures are written, in the charts and in the page: a true minus sign, thousands separated, never "−0", and an
//! en dash where there is no figure.

/// U+2212, as wide as a plus sign.
const MINUS: char = '\u{2212}';
/// Keeps "16 %" and "0.3 BTC" on one line.
const NO_BREAK_SPACE: char = '\u{a0}';
/// Stands where a figure is not known.
pub const NO_FIGURE: &str = "–";

/// What an amount is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit<'a> {
    /// Money with the sign before the digits: `Prefix("$")` gives "−$40,540".
    Prefix(&'a str),
    /// A coin or a currency code behind the digits: `Suffix("BTC")` gives "0.314538 BTC".
    Suffix(&'a str),
}

/// The whole amount: "−$40,540", "$12.50", "0.314538 BTC". Amounts of money from 100 up are written without cents.
#[must_use]
pub fn money(amount: f64, unit: Unit<'_>) -> String {
    match unit {
        Unit::Prefix(symbol) => {
            let decimals = if amount.abs() < 99.995 && rounded(amount, 2) != 0.0 { 2 } else { 0 };
            signed_text(amount, decimals, symbol, "")
        }
        Unit::Suffix(name) => coin(amount, name),
    }
}

/// As [`money`], with a plus sign on a gain: "+$151,000".
#[must_use]
pub fn profit(amount: f64, unit: Unit<'_>) -> String {
    with_plus(amount, money(amount, unit))
}

/// An amount in few characters: "$151k", "−$1.2M", "$932", "1.3k BTC".
#[must_use]
pub fn compact(amount: f64, unit: Unit<'_>) -> String {
    if amount.is_finite() && amount.abs() < 999.5 {
        return match unit {
            Unit::Prefix(_) => money(amount, unit),
            Unit::Suffix(name) => suffixed(short(amount), name),
        };
    }
    match unit {
        Unit::Prefix(symbol) => compact_text(amount, symbol),
        Unit::Suffix(name) => suffixed(compact_text(amount, ""), name),
    }
}

/// A bare axis figure: "−40k", "0", "1.5M", "0.05".
#[must_use]
pub fn axis(amount: f64) -> String {
    if amount.abs() < 999.5 { short(amount) } else { compact_text(amount, "") }
}

/// A fraction as percent, at most one decimal: 0.785 gives "78.5 %", −0.16 gives "−16 %".
#[must_use]
pub fn percent(fraction: f64) -> String {
    percent_of(fraction, number(fraction * 100.0, 1))
}

/// As [`percent`], with a plus sign: "+16 %", "0 %".
#[must_use]
pub fn percent_move(fraction: f64) -> String {
    percent_of(fraction, number_move(fraction * 100.0, 1))
}

/// An amount of a coin: six decimals below one, four below a thousand, two above: "0.314538 BTC", "12.5000 ETH".
#[must_use]
pub fn coin(amount: f64, name: &str) -> String {
    let decimals = match amount.abs() {
        magnitude if rounded(magnitude, 6) == 0.0 => 0,
        magnitude if magnitude < 1.0 => 6,
        magnitude if magnitude < 1000.0 => 4,
        _ => 2,
    };
    suffixed(signed_text(amount, decimals, "", ""), name)
}

/// A strike or a round price: "84k", "87.5k", "9,875", "0.625".
#[must_use]
pub fn price_tick(price: f64) -> String {
    let hundreds = price / 100.0;
    if price.abs() >= 10_000.0 && (hundreds - hundreds.round()).abs() < 1e-9 {
        signed_text(price / 1000.0, usize::from(rounded(price / 1000.0, 0) * 1000.0 != price), "", "k")
    } else {
        number(price, 6)
    }
}

/// A price to about three figures: "$71.3k", "$1,874", "$0.62".
#[must_use]
pub fn price_near(price: f64, unit: Unit<'_>) -> String {
    let digits = match price.abs() {
        magnitude if magnitude >= 999_500.0 => compact_text(price, ""),
        magnitude if magnitude >= 10_000.0 => trimmed(signed_text(price / 1000.0, 1, "", "")) + "k",
        magnitude if magnitude >= 100.0 => number(price, 0),
        magnitude if magnitude >= 1.0 => number(price, 2),
        _ => number(price, 4),
    };
    if !price.is_finite() {
        return NO_FIGURE.to_owned();
    }
    match unit {
        Unit::Prefix(symbol) => match digits.strip_prefix(MINUS) {
            Some(magnitude) => format!("{MINUS}{symbol}{magnitude}"),
            None => format!("{symbol}{digits}"),
        },
        Unit::Suffix(name) => suffixed(digits, name),
    }
}

/// A number with at most `decimals` decimals and no trailing zeros: "1,234.5".
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    trimmed(signed_text(value, decimals, "", ""))
}

/// As [`number`], with a plus sign: "+12.5", "0".
#[must_use]
pub fn number_move(value: f64, decimals: usize) -> String {
    with_plus(value, number(value, decimals))
}

/// A number below a thousand to about two figures: "0", "12", "0.05", "0.0004".
fn short(value: f64) -> String {
    let decimals = match value.abs() {
        magnitude if magnitude >= 20.0 => 0,
        magnitude if magnitude >= 1.0 => 1,
        magnitude if magnitude >= 0.01 => 3,
        _ => 6,
    };
    number(value, decimals)
}

/// Thousands, millions, … with one decimal below ten of them.
fn compact_text(amount: f64, symbol: &str) -> String {
    if !amount.is_finite() {
        return NO_FIGURE.to_owned();
    }
    let mut scaled = amount;
    let mut suffix = "";
    // The bound is 999.5, not 1,000: what would round to "1000k" is "1M".
    for next in ["k", "M", "B", "T"] {
        if scaled.abs() < 999.5 {
            break;
        }
        scaled /= 1000.0;
        suffix = next;
    }
    if scaled.abs() >= 1e6 {
        // Nobody reads so many digits; the power of ten is the message.
        let sign = if amount < 0.0 { "\u{2212}" } else { "" };
        return format!("{sign}{symbol}{:.1e}", amount.abs());
    }
    let decimals = usize::from(scaled.abs() < 9.95);
    let text = signed_text(scaled, decimals, symbol, "");
    trimmed(text) + suffix
}

/// `value` rounded half away from zero, sign and all; never negative zero.
fn rounded(value: f64, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (value * factor).round() / factor + 0.0
}

/// Sign, symbol, grouped digits, suffix.
fn signed_text(value: f64, decimals: usize, symbol: &str, suffix: &str) -> String {
    if !value.is_finite() {
        return NO_FIGURE.to_owned();
    }
    let magnitude = value.abs();
    // Rounded away from zero at the half: the formatter alone would write 0.5 as "0" and 1.5 as "2".
    let factor = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let shifted = (magnitude * factor).round();
    // Digits of a whole number are written many times faster than those of a fraction.
    let digits = if shifted < 9e15 {
        format!("{:0>1$}", shifted as u64, decimals + 1)
    } else {
        format!("{magnitude:.decimals$}").replace('.', "")
    };
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut text = String::with_capacity(digits.len() + 12);
    if value < 0.0 && shifted != 0.0 {
        text.push(MINUS);
    }
    text.push_str(symbol);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text.push_str(suffix);
    text
}

/// Without zeros at the end of the decimals.
fn trimmed(mut text: String) -> String {
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text
}

fn with_plus(value: f64, text: String) -> String {
    let is_zero = !text.contains(|character: char| ('1'..='9').contains(&character));
    if value > 0.0 && value.is_finite() && !is_zero { format!("+{text}") } else { text }
}

fn percent_of(fraction: f64, digits: String) -> String {
    if fraction.is_finite() { format!("{digits}{NO_BREAK_SPACE}%") } else { NO_FIGURE.to_owned() }
}

fn suffixed(digits: String, name: &str) -> String {
    if digits == NO_FIGURE || name.is_empty() { digits } else { format!("{digits}{NO_BREAK_SPACE}{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOLLAR: Unit<'static> = Unit::Prefix("$");
    const BITCOIN: Unit<'static> = Unit::Suffix("BTC");

    #[test]
    fn whole_amounts() {
        for (amount, text) in [
            (-40_540.2, "−$40,540"),
            (41_472.5, "$41,473"),
            (1_234_567.0, "$1,234,567"),
            (932.4, "$932"),
            (999.6, "$1,000"),
            (100.0, "$100"),
            (99.996, "$100"),
            (12.5, "$12.50"),
            (-0.004, "$0"),
            (0.0, "$0"),
            (-0.0, "$0"),
            (1e12, "$1,000,000,000,000"),
            (f64::NAN, "–"),
            (f64::NEG_INFINITY, "–"),
        ] {
            assert_eq!(money(amount, DOLLAR), text);
        }
        assert_eq!(profit(151_000.0, DOLLAR), "+$151,000");
        assert_eq!(profit(-3.0, DOLLAR), "−$3.00");
        assert_eq!(profit(0.001, DOLLAR), "$0");
    }

    #[test]
    fn compact_amounts() {
        for (amount, text) in [
            (151_000.0, "$151k"),
            (-1_200_000.0, "−$1.2M"),
            (932.0, "$932"),
            (999.7, "$1k"),
            (1_049.0, "$1k"),
            (1_050.0, "$1.1k"),
            (9_960.0, "$10k"),
            (999_499.0, "$999k"),
            (999_500.0, "$1M"),
            (1e12, "$1T"),
            (-3.2e15, "−$3,200T"),
            (2e30, "$2.0e30"),
            (-0.0, "$0"),
            (f64::INFINITY, "–"),
        ] {
            assert_eq!(compact(amount, DOLLAR), text);
        }
        assert_eq!(compact(0.314_538, BITCOIN), "0.315\u{a0}BTC");
        assert_eq!(compact(-1_300.0, BITCOIN), "−1.3k\u{a0}BTC");
    }

    #[test]
    fn axis_figures() {
        for (amount, text) in [
            (-40_000.0, "−40k"),
            (0.0, "0"),
            (-0.0, "0"),
            (20_000.0, "20k"),
            (1.5e6, "1.5M"),
            (0.05, "0.05"),
            (12.5, "12.5"),
            (500.0, "500"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(axis(amount), text);
        }
    }

    #[test]
    fn percents_and_moves() {
        assert_eq!(percent(-0.16), "−16\u{a0}%");
        assert_eq!(percent(0.7756), "77.6\u{a0}%");
        assert_eq!(percent(-0.0001), "0\u{a0}%");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!(percent_move(0.3), "+30\u{a0}%");
        assert_eq!(percent_move(0.0), "0\u{a0}%");
        assert_eq!(percent_move(0.0004), "0\u{a0}%");
        assert_eq!(number_move(12.5, 1), "+12.5");
        assert_eq!(number_move(-25.0, 1), "−25");
        assert_eq!(number_move(0.04, 1), "0");
    }

    #[test]
    fn coins() {
        assert_eq!(coin(0.314_538, "BTC"), "0.314538\u{a0}BTC");
        assert_eq!(coin(-12.5, "ETH"), "−12.5000\u{a0}ETH");
        assert_eq!(coin(12_345.678, "SOL"), "12,345.68\u{a0}SOL");
        assert_eq!(coin(-1e-9, "BTC"), "0\u{a0}BTC");
        assert_eq!(coin(f64::NAN, "BTC"), "–");
        assert_eq!(money(0.5, BITCOIN), "0.500000\u{a0}BTC");
    }

    #[test]
    fn prices() {
        for (price, text) in
            [(84_000.0, "84k"), (87_500.0, "87.5k"), (9_875.0, "9,875"), (0.625, "0.625"), (77_123.4, "77,123.4")]
        {
            assert_eq!(price_tick(price), text);
        }
        assert_eq!(price_near(71_342.0, DOLLAR), "$71.3k");
        assert_eq!(price_near(1_874.4, DOLLAR), "$1,874");
        assert_eq!(price_near(0.6213, DOLLAR), "$0.6213");
        assert_eq!(price_near(1_250_000.0, DOLLAR), "$1.3M");
        assert_eq!(price_near(f64::NAN, DOLLAR), "–");
    }
}
