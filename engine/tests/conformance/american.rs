//! `pricing/american.csv`: 150 American calls and puts by another implementation of the integral, to about 1e-8.

use std::path::Path;

use margin_engine::instrument::Right;
use margin_engine::pricing::american::{self, Accuracy, Boundary, BoundaryByVol};
use margin_engine::pricing::black76;

use crate::{Report, say};

/// How a price comes about: its name, the error allowed, of the strike, and the price.
type Way = (&'static str, f64, fn(&Terms) -> f64);

const WAYS: [Way; 4] = [
    ("Fast", 1e-4, |terms| terms.price(Accuracy::Fast)),
    ("Accurate", 1e-6, |terms| terms.price(Accuracy::Accurate)),
    ("Fast, one of many spots", 1e-4, Terms::price_of_many_spots),
    ("Fast, one of many vols", 1e-4, Terms::price_of_many_vols),
];

/// Runs the file in every way and says the largest errors.
pub fn run(folder: &Path) -> Vec<Report> {
    WAYS.map(|way| run_way(folder, way)).into()
}

fn run_way(folder: &Path, (name, tolerance, price): Way) -> Report {
    let mut report = Report::new(&format!("pricing/american.csv, {name}"));
    let mut largest = 0.0_f64;
    match csv::Reader::from_path(folder.join("american.csv")) {
        Ok(mut reader) => {
            for (index, row) in reader.deserialize::<Row>().enumerate() {
                let error = row.map_err(|error| error.to_string()).and_then(|row| error_of_strike(&row, price));
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

/// An option of the file.
struct Terms {
    right: Right,
    spot: f64,
    strike: f64,
    vol: f64,
    years: f64,
    rate: f64,
    dividend_yield: f64,
}

impl Terms {
    fn price(&self, accuracy: Accuracy) -> f64 {
        let &Terms { right, spot, strike, vol, years, rate, dividend_yield } = self;
        american::price(right, spot, strike, vol, years, rate, dividend_yield, accuracy)
    }

    /// Among five hundred spots, from two thirds of it to half as much again.
    fn price_of_many_spots(&self) -> f64 {
        let &Terms { right, spot, strike, vol, years, rate, dividend_yield } = self;
        let others = (1..500).map(|number| spot * (2.0 / 3.0 + f64::from(number) / 600.0));
        let spots: Vec<f64> = std::iter::once(spot).chain(others).collect();
        let ln_spots: Vec<f64> = spots.iter().map(|spot| spot.ln()).collect();
        let forward = |spot: f64| spot * ((rate - dividend_yield) * years).exp();
        let european = |spot: &f64| black76::price(right, forward(*spot), strike, vol, years, (-rate * years).exp());
        let mut prices: Vec<f64> = spots.iter().map(european).collect();
        let option = Boundary::new(right, strike, vol, years, rate, dividend_yield, Accuracy::Fast);
        option.prices(&spots, &ln_spots, &mut prices);
        prices[0]
    }

    /// Among vols from 30 % less to 50 % more.
    fn price_of_many_vols(&self) -> f64 {
        let &Terms { right, spot, strike, vol, years, rate, dividend_yield } = self;
        let vols = (0.7 * vol, 1.5 * vol);
        match BoundaryByVol::new(right, strike, vols, years, rate, dividend_yield) {
            Some(mut by_vol) => by_vol.at(vol).price(spot),
            None => self.price(Accuracy::Fast),
        }
    }
}

type Row = (f64, f64, f64, f64, f64, f64, char, f64, f64);

/// The error of the price, in strikes; a price below the European one is an error whatever its size.
fn error_of_strike(row: &Row, price_of: fn(&Terms) -> f64) -> Result<f64, String> {
    let &(spot, strike, vol, days, rate, dividend_yield, right, price, european) = row;
    let right = match right {
        'C' => Right::Call,
        'P' => Right::Put,
        other => return Err(format!("neither call nor put: {other}")),
    };
    let ours = price_of(&Terms { right, spot, strike, vol, years: days / 365.0, rate, dividend_yield });
    if ours < european - 1e-12 * strike {
        return Err(format!("{ours} is less than the European price {european}"));
    }
    let error = (ours - price).abs() / strike;
    if error.is_nan() { Err(format!("the price is {ours}")) } else { Ok(error) }
}
