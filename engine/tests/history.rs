//! Statistics of real histories against figures that NumPy and SciPy give, and the regime model's record on them.
//!
//! `MARGIN_MARKET` names the folder with the histories; without it, `shared/market` beside the repository. Where there is
//! none, one line says so.
#![cfg(not(target_arch = "wasm32"))]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;

#[path = "history/methodologies.rs"]
mod methodologies;
#[path = "history/record.rs"]
mod record;
#[path = "history/reference.rs"]
mod reference;
#[path = "history/stress.rs"]
mod stress;

/// Closes of BTC and ETH, daily from 2020 to 2026; without the folder nothing.
fn coins() -> Option<[Vec<f64>; 2]> {
    let path = folder()?.join("btc_eth_spx_close_2020_2026.csv");
    let mut reader = csv::Reader::from_path(path).expect("coins");
    let mut closes = [vec![], vec![]];
    for row in reader.records() {
        let row = row.expect("a row");
        for (series, column) in closes.iter_mut().zip([1, 2]) {
            series.push(row[column].parse().expect("a close"));
        }
    }
    Some(closes)
}

/// Closes of the S&P 500, each trading day from 1990 to 2022; without the folder nothing.
fn index() -> Option<Vec<f64>> {
    let file = std::fs::File::open(folder()?.join("skfolio_sp500_index_daily.csv.gz")).expect("index");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("text");
    let closes =
        text.lines().skip(1).map(|line| line.split(',').nth(1).expect("two columns").parse().expect("a close"));
    Some(closes.collect())
}

fn folder() -> Option<PathBuf> {
    static ABSENT: Once = Once::new();
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/market");
    let folder = std::env::var_os("MARGIN_MARKET").map_or_else(beside, PathBuf::from).join("history");
    if !folder.is_dir() {
        ABSENT.call_once(|| say(&format!("no folder {}: histories not looked at", folder.display())));
        return None;
    }
    Some(folder)
}

/// Printed even when the test passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
