//! Every formula that is shown, evaluated with the numbers that are shown, gives the figure that is shown.

use margin_engine::book::Book;
use margin_engine::methodology::{METHODOLOGIES, Working, Workings, assess_with, find};
use proptest::prelude::*;

use crate::support::{any_currency, any_market, any_positions, book, close, coins};

proptest! {
    #![proptest_config(crate::cases())]

    #[test]
    fn formulas_come_to_their_results(
        market in any_market(),
        positions in any_positions(),
        currency in any_currency(),
    ) {
        check(&book(currency, &positions, &market))?;
    }

    #[test]
    fn formulas_on_listed_products_do_too(
        positions in prop::collection::vec((prop::sample::select(&LISTED[..]), -9..10_i32), 1..9),
        underlying in 0..2_usize,
    ) {
        // The rupee products are a book of their own: rules for them know nothing else.
        let is_rupee = |name: &str| name.contains("_INR");
        let chosen = positions.iter().filter(|(name, _)| is_rupee(name) == (underlying == 1));
        let positions: Vec<_> = chosen.map(|(name, amount)| coins(name, f64::from(*amount))).collect();
        check(&book("USD", &positions, &crate::shares::market()))?;
    }
}

const LISTED: [&str; 12] = [
    "AAPL",
    "AAPL261218C00210000",
    "AAPL261218C00230000",
    "AAPL261218C00250000",
    "AAPL261218P00210000",
    "AAPL261218P00230000",
    "AAPL261218P00250000",
    "SPXW261218P06200000",
    "SPXW261218C06600000",
    "TQQQ261218P00090000",
    "/NIFTY_INR-30DEC26",
    "/NIFTY_INR-30DEC26-25000-C",
];

#[test]
fn rules_for_listed_products_show_their_formulas() {
    for (id, names) in [
        ("regulation-t", &["AAPL", "AAPL261218C00250000"][..]),
        ("tims", &["AAPL", "AAPL261218C00250000"][..]),
        ("span-nse", &["/NIFTY_INR-30DEC26", "/NIFTY_INR-30DEC26-25000-C"][..]),
    ] {
        let positions: Vec<_> = names.iter().map(|name| coins(name, -2.0)).collect();
        let book = book("USD", &positions, &crate::shares::market());
        let entry = find(id).expect("registered");
        let methodology = entry.configure(None).expect("a preset");
        let assessment = assess_with(entry, methodology.as_ref(), &book, Workings::wanted()).expect(id);
        assert!(!assessment.workings.is_empty() || !assessment.pairings.is_empty(), "{id}");
    }
}

fn check(book: &Book) -> Result<(), TestCaseError> {
    for entry in METHODOLOGIES {
        let methodology = entry.configure(None).expect("a preset");
        let Ok(assessment) = assess_with(entry, methodology.as_ref(), book, Workings::wanted()) else { continue };
        let pairings = assessment.pairings.iter().map(|it| (it.strategy, it.formula, &it.values, it.initial));
        let workings = assessment
            .workings
            .iter()
            .map(|Working { component, formula, values, result, .. }| (*component, *formula, values, *result));
        for (what, formula, values, result) in workings.chain(pairings) {
            let evaluated = evaluate(formula, values).map_err(|error| {
                TestCaseError::fail(format!("{}, {what}: {formula} with {values:?}: {error}", entry.id))
            })?;
            let scale = values.iter().fold(result.abs(), |scale, (_, value)| scale.max(value.abs()));
            prop_assert!(
                close(evaluated, result, 1e-9, scale.max(1.0)),
                "{}, {what}: {formula} with {values:?} is {evaluated}, not {result}",
                entry.id,
            );
        }
    }
    Ok(())
}

/// What a formula comes to with these numbers.
pub(super) fn evaluate(formula: &str, values: &[(&'static str, f64)]) -> Result<f64, String> {
    let mut parser = Parser { rest: formula.trim(), values };
    let result = parser.sum()?;
    if parser.rest.is_empty() { Ok(result) } else { Err(format!("\"{}\" is left", parser.rest)) }
}

struct Parser<'a> {
    rest: &'a str,
    values: &'a [(&'static str, f64)],
}

impl Parser<'_> {
    fn take(&mut self, token: &str) -> bool {
        let found = self.rest.strip_prefix(token);
        if let Some(rest) = found {
            self.rest = rest.trim_start();
        }
        found.is_some()
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut total = self.product()?;
        loop {
            if self.take("+") {
                total += self.product()?;
            } else if self.take("−") {
                total -= self.product()?;
            } else {
                return Ok(total);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut total = self.power()?;
        loop {
            if self.take("·") {
                total *= self.power()?;
            } else if self.take("/") {
                total /= self.power()?;
            } else {
                return Ok(total);
            }
        }
    }

    fn power(&mut self) -> Result<f64, String> {
        let base = self.atom()?;
        if self.take("^") { Ok(base.powf(self.power()?)) } else { Ok(base) }
    }

    fn atom(&mut self) -> Result<f64, String> {
        if self.take("−") {
            return Ok(-self.power()?);
        }
        if self.take("(") {
            let inner = self.sum()?;
            return if self.take(")") { Ok(inner) } else { Err("a parenthesis is open".to_owned()) };
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || "_.'′σΔ".contains(c))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        if self.take("(") {
            let mut arguments = vec![self.sum()?];
            while self.take(",") {
                arguments.push(self.sum()?);
            }
            if !self.take(")") {
                return Err("a parenthesis is open".to_owned());
            }
            return call(word, &arguments);
        }
        if let Ok(number) = word.parse() {
            return Ok(number);
        }
        let found = self.values.iter().find(|(name, _)| *name == word);
        found.map(|(_, value)| *value).ok_or_else(|| format!("\"{word}\" has no number"))
    }
}

fn call(function: &str, arguments: &[f64]) -> Result<f64, String> {
    match (function, arguments) {
        ("max", list) => Ok(list.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        ("min", list) => Ok(list.iter().copied().fold(f64::INFINITY, f64::min)),
        ("abs", [x]) => Ok(x.abs()),
        ("sqrt", [x]) => Ok(x.sqrt()),
        ("exp", [x]) => Ok(x.exp()),
        ("ln", [x]) => Ok(x.ln()),
        _ => Err(format!("\"{function}\" is no function of {} numbers", arguments.len())),
    }
}

#[test]
fn the_evaluator_knows_its_arithmetic() {
    let values = [("U", 100.0), ("m", 2.0)];
    for (formula, expected) in
        [("max(0.15·U − m, 10) + m^2", 17.0), ("−m·(U − 90)/4", -5.0), ("min(U, abs(−m)) · sqrt(U)", 20.0)]
    {
        assert_eq!(evaluate(formula, &values), Ok(expected), "{formula}");
    }
    for bad in ["max(U", "x + 1", "U U", ""] {
        assert!(evaluate(bad, &values).is_err(), "{bad}");
    }
}
