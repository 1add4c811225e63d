//! `cboe/naked-options.csv`: uncovered options as the Cboe Margin Manual and others print them, in whole dollars.

use std::path::Path;

use margin_engine::methodology::Configured;
use margin_engine::methodology::regulation_t::{Holding, OptionTerms, Parameters, Rates, Underlying, pair};
use margin_engine::pricing::Right;
use serde::Deserialize;

use crate::Report;

/// In dollars: the source rounds.
const TOLERANCE: f64 = 1.0;

#[derive(Deserialize)]
struct Row {
    manual_page: String,
    underlying_price: f64,
    strike: f64,
    #[serde(rename = "type")]
    right: String,
    premium: f64,
    underlying_class: String,
    leverage: f64,
    published_usd: f64,
    formula_usd: f64,
}

/// Runs the file.
pub fn run(folder: &Path) -> Vec<Report> {
    let mut report = Report::new("cboe/naked-options.csv");
    match csv::Reader::from_path(folder.join("naked-options.csv")) {
        Ok(mut reader) => {
            for (index, row) in reader.deserialize::<Row>().enumerate() {
                match row {
                    Ok(row) => report.record(&format!("row {}, {}", index + 1, row.manual_page), check(&row)),
                    Err(error) => report.record(&format!("row {}", index + 1), Err(error.to_string())),
                }
            }
        }
        Err(error) => report.record("the file", Err(error.to_string())),
    }
    vec![report]
}

/// The rates of the preset that ships: the manual's.
fn rates() -> Result<Rates, String> {
    let preset = include_str!("../../presets/regulation-t.json");
    let configured = Configured::<Parameters>::new(preset, None).map_err(|error| error.to_string())?;
    Ok(configured.parameters.rates)
}

fn check(row: &Row) -> Result<(), String> {
    let right = match row.right.as_str() {
        "C" => Right::Call,
        "P" => Right::Put,
        other => return Err(format!("{other} is neither call nor put")),
    };
    let is_broad_index = match row.underlying_class.as_str() {
        "broad" => true,
        "equity" | "narrow" => false,
        other => return Err(format!("{other} is no class of underlying")),
    };
    let option = OptionTerms {
        right,
        strike: row.strike,
        expiry_years: 0.25,
        premium: row.premium,
        shares_per_contract: 100.0,
        is_european: false,
    };
    let underlying = Underlying { price: row.underlying_price, is_broad_index, leverage: row.leverage };
    let pairings = pair(&rates()?, &underlying, &[Holding::Option { option, contracts: -1.0 }])
        .map_err(|error| error.to_string())?;
    for (figure, ours) in [("initial", pairings.requirement.initial), ("maintenance", pairings.requirement.maintenance)]
    {
        for (source, theirs, tolerance) in
            [("printed", row.published_usd, TOLERANCE), ("by the formula", row.formula_usd, 1e-6)]
        {
            if (ours - theirs).abs() > tolerance {
                return Err(format!("{figure} is {ours} and should be {theirs}, {source}"));
            }
        }
    }
    Ok(())
}
