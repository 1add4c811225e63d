//! `pricing/black76.csv`: price and sensitivities of 400 options to 20 digits, far wings included.

use std::path::Path;

use margin_engine::instrument::Right;
use margin_engine::pricing::grid::{GridOption, GridSlides, GridVols, TotalVol, prices, time_values};
use margin_engine::pricing::{OptionInputs, numeric};

use crate::Report;

/// Relative error allowed of a price, beside 1e-15 of max(F, K).
const PRICE_TOLERANCE: f64 = 1e-12;
/// Relative error allowed of a sensitivity, beside 1e-13 of its scale.
const SENSITIVITY_TOLERANCE: f64 = 1e-10;
/// Error allowed of the grid kernel, of max(F, K): what it promises; 7.1e-16 is the largest there is.
const GRID_TOLERANCE: f64 = 1e-13;

/// Runs the folder.
pub fn run(folder: &Path) -> Vec<Report> {
    let mut report = Report::new("pricing/black76.csv");
    match csv::Reader::from_path(folder.join("black76.csv")) {
        Ok(mut reader) => {
            for (index, row) in reader.deserialize::<Row>().enumerate() {
                let name = format!("row {}", index + 1);
                let outcome = row.map_err(|error| error.to_string()).and_then(|row| check(&row));
                report.record(&name, outcome);
            }
        }
        Err(error) => report.record("the file", Err(error.to_string())),
    }
    vec![report]
}

type Row = (f64, f64, f64, f64, f64, char, f64, f64, f64, f64, f64, f64, f64, f64);

fn check(row: &Row) -> Result<(), String> {
    let &(forward, strike, vol, years, rate, right, price, delta, gamma, vega, theta, rho, vanna, volga) = row;
    let right = match right {
        'C' => Right::Call,
        'P' => Right::Put,
        other => return Err(format!("neither call nor put: {other}")),
    };
    let inputs = OptionInputs::new(right, forward, strike, vol, years, rate).map_err(|error| error.to_string())?;
    let ours = inputs.sensitivities();
    let larger = forward.max(strike);
    let price_tolerance = PRICE_TOLERANCE * price + 1e-15 * larger;
    within("price", inputs.price(), price, price_tolerance)?;
    within("price beside the sensitivities", ours.price, price, price_tolerance)?;

    let total_vol = vol * years.sqrt();
    let moneyness = (forward / strike).ln().abs() / total_vol;
    // The size of the terms whose difference the figure is; zero where it is a single term or product.
    let d1_scale = moneyness + 0.5 * total_vol;
    let scales = [
        ("delta", ours.delta_forward, delta, 0.0),
        ("gamma", ours.gamma_forward, gamma, 0.0),
        ("vega", ours.vega, vega, 0.0),
        ("theta", ours.theta_year, theta, (rate * price).abs() + 0.5 * vega * vol / years),
        ("rho", ours.rho, rho, 0.0),
        ("vanna", ours.vanna, vanna, vega / (forward * total_vol) * d1_scale),
        ("volga", ours.volga, volga, vega / vol * d1_scale * d1_scale),
    ];
    for (figure, ours, reference, scale) in scales {
        within(figure, ours, reference, SENSITIVITY_TOLERANCE * reference.abs() + 1e-13 * scale)?;
    }

    let slides = GridSlides {
        forwards: vec![forward],
        ln_forwards: vec![numeric::ln(forward)],
        discount_factors: vec![numeric::exp(-rate * years)],
        vol_kinds: vec![0],
    };
    let (mut vols, mut value, mut grid) = (GridVols::default(), [f64::NAN], [f64::NAN]);
    vols.fill(&slides, &[TotalVol::new(total_vol)]);
    time_values(&GridOption::new(strike), &slides, &vols, &mut value);
    prices(right, strike, &slides, &value, &mut grid);
    within("grid price", grid[0], price, GRID_TOLERANCE * larger)
}

/// Whether `ours` is `reference` within `tolerance`; NaN never is.
fn within(figure: &str, ours: f64, reference: f64, tolerance: f64) -> Result<(), String> {
    let error = (ours - reference).abs();
    if error <= tolerance {
        Ok(())
    } else {
        Err(format!("{figure} is {ours:e} and should be {reference:e}: off by {error:e}, allowed {tolerance:e}"))
    }
}
