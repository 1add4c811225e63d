//! `pricing/american.csv`: 150 American calls and puts by another implementation of the integral, to about 1e-8.

use std::path::Path;

use margin_engine::instrument::Right;
use margin_engine::pricing::american::{self, Accuracy};

use crate::{Report, say};

/// The settings with the error allowed of each, of the strike.
const SETTINGS: [(Accuracy, f64); 2] = [(Accuracy::Fast, 1e-4), (Accuracy::Accurate, 1e-6)];

/// Runs the file at both settings and says the largest errors.
pub fn run(folder: &Path) -> Vec<Report> {
    SETTINGS.map(|(accuracy, tolerance)| run_setting(folder, accuracy, tolerance)).into()
}

fn run_setting(folder: &Path, accuracy: Accuracy, tolerance: f64) -> Report {
    let mut report = Report::new(&format!("pricing/american.csv, {accuracy:?}"));
    let mut largest = 0.0_f64;
    match csv::Reader::from_path(folder.join("american.csv")) {
        Ok(mut reader) => {
            for (index, row) in reader.deserialize::<Row>().enumerate() {
                let error = row.map_err(|error| error.to_string()).and_then(|row| error_of_strike(&row, accuracy));
                let outcome = error.and_then(|error| {
                    largest = largest.max(error);
                    if error <= tolerance { Ok(()) } else { Err(format!("off by {error:e} of the strike")) }
                });
                report.record(&format!("row {}", index + 1), outcome);
            }
        }
        Err(error) => report.record("the file", Err(error.to_string())),
    }
    say(&format!("{}: largest error {largest:.1e} of the strike", report.folder));
    report
}

type Row = (f64, f64, f64, f64, f64, f64, char, f64, f64);

/// The error of the price, in strikes; a price below the European one is an error whatever its size.
fn error_of_strike(row: &Row, accuracy: Accuracy) -> Result<f64, String> {
    let &(spot, strike, vol, days, rate, dividend_yield, right, price, european) = row;
    let right = match right {
        'C' => Right::Call,
        'P' => Right::Put,
        other => return Err(format!("neither call nor put: {other}")),
    };
    let ours = american::price(right, spot, strike, vol, days / 365.0, rate, dividend_yield, accuracy);
    if ours < european - 1e-12 * strike {
        return Err(format!("{ours} is less than the European price {european}"));
    }
    let error = (ours - price).abs() / strike;
    if error.is_nan() { Err(format!("the price is {ours}")) } else { Ok(error) }
}
