//! Formulas as a reader wants them: in names, and with the numbers in place of the names.

use leptos::prelude::*;

use crate::charts::format::number;

/// A number in a formula: enough digits to compute with, not more than can be read.
pub fn plain(value: f64) -> String {
    let decimals = match value.abs() {
        magnitude if magnitude >= 10_000.0 => 1,
        magnitude if magnitude >= 100.0 => 2,
        magnitude if magnitude >= 1.0 => 4,
        magnitude if magnitude >= 0.001 => 6,
        _ => 9,
    };
    number(value, decimals)
}

/// The formula with each name replaced by its number; negative ones in parentheses.
pub fn with_numbers(formula: &str, values: &[(&'static str, f64)]) -> String {
    let is_in_name = |sign: char| sign.is_alphanumeric() || "_.'′σΔ".contains(sign);
    let mut text = String::with_capacity(formula.len() * 2);
    let mut rest = formula;
    while !rest.is_empty() {
        let end = rest.find(|sign| !is_in_name(sign)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => {
                let is_operand = text.trim_end().ends_with(['+', '−', '·', '/', '^']) || behind.starts_with('^');
                let number = plain(*value);
                text += &if *value < 0.0 && is_operand { format!("({number})") } else { number };
            }
            // A number or a function.
            None => text += name,
        }
        let sign = behind.chars().next();
        text.extend(sign);
        rest = &behind[sign.map_or(0, char::len_utf8)..];
    }
    text
}

/// The formula, the same with its numbers where that says more, and what it comes to.
pub fn formula_lines(formula: &'static str, values: &[(&'static str, f64)], result: f64) -> AnyView {
    let numbers = with_numbers(formula, values);
    let comes_to = plain(result);
    // Long products break after a dot.
    let numbers = (numbers != comes_to).then(|| format!("= {}", numbers.replace('·', "·\u{200b}")));
    view! {
        <span class="formula">{formula}</span>
        <span class="formula-numbers">{numbers}</span>
        <span class="formula-result num" data-value=result.to_string()>
            {format!("= {comes_to}")}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_way_to_numbers_and_nothing_else_does() {
        let values = [("n", -2.0), ("U", 77_125.5), ("rate", 0.0006)];
        assert_eq!(
            with_numbers("abs(n)·U·max(rate, 0.01) − n^2", &values),
            "abs(−2)·77,125.5·max(0.0006, 0.01) − (−2)^2"
        );
        assert_eq!(with_numbers("n", &values), "−2");
        assert_eq!(with_numbers("σ′·√", &[("σ′", 0.5)]), "0.5·√");
        assert_eq!(with_numbers("", &values), "");
    }

    #[test]
    fn numbers_have_the_digits_that_count() {
        for (value, text) in [(41_472.384, "41,472.4"), (0.16, "0.16"), (5e-5, "0.00005"), (-3.25, "−3.25"), (0.0, "0")]
        {
            assert_eq!(plain(value), text);
        }
    }
}
