//! Runs the engine against reference vectors that others computed.
//!
//! They are read from the folder that `MARGIN_VECTORS` names, by default from `../shared/vectors` beside the
//! repository. Figures of real accounts come likewise from `MARGIN_MARKET` or `../shared/market`. One module per
//! folder under `conformance/` knows its files; a folder that is absent is skipped with one line that says so, and a
//! case that fails, fails the test with its name and its numbers.
#![cfg(not(target_arch = "wasm32"))]

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

#[path = "conformance/american.rs"]
mod american;
#[path = "conformance/cboe.rs"]
mod cboe;
#[path = "conformance/deribit_pm.rs"]
mod deribit_pm;
#[path = "conformance/deribit_standard.rs"]
mod deribit_standard;
#[path = "conformance/derive_pm2.rs"]
mod derive_pm2;
#[path = "conformance/derive_standard.rs"]
mod derive_standard;
#[path = "conformance/okx_pm.rs"]
mod okx_pm;
#[path = "conformance/pricing.rs"]
mod pricing;
#[path = "conformance/span.rs"]
mod span;

/// What came of one file or folder of vectors.
pub struct Report {
    /// As in `pricing/black76.csv`.
    pub folder: String,
    /// How many cases there are.
    pub cases_run: usize,
    /// How many of them the engine reproduces.
    pub cases_passed: usize,
    /// One entry per case that it does not: its name and the numbers.
    pub failures: Vec<String>,
}

impl Report {
    /// A report without cases.
    pub fn new(folder: &str) -> Report {
        Report { folder: folder.to_owned(), cases_run: 0, cases_passed: 0, failures: Vec::new() }
    }

    /// Counts a case; `outcome` is what is wrong with it, if anything is.
    pub fn record(&mut self, name: &str, outcome: Result<(), String>) {
        self.cases_run += 1;
        match outcome {
            Ok(()) => self.cases_passed += 1,
            Err(reason) => self.failures.push(format!("{} {name}: {reason}", self.folder)),
        }
    }
}

/// The JSON files of a folder, in the order of their names.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

/// What a JSON file holds.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// The folder that the environment variable names, else the one beside the repository.
fn folder(variable: &str, name: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name),
    }
}

/// Says a line past the test runner, which keeps what passing tests print to itself.
fn say(line: &str) {
    // A closed standard error is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs the vectors of one folder, or skips them where there is none.
fn conform(name: &str, path: &Path, run: impl Fn(&Path) -> Vec<Report>) {
    if !path.exists() {
        say(&format!("{name}: absent, skipped"));
        return;
    }
    let reports = run(path);
    assert!(!reports.is_empty(), "{name}: not one file was found");
    for report in &reports {
        say(&format!("{}: {} of {} cases", report.folder, report.cases_passed, report.cases_run));
    }
    let failures: Vec<&str> = reports.iter().flat_map(|report| &report.failures).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    for report in &reports {
        assert!(report.cases_run > 0, "{}: not one case was found", report.folder);
        assert_eq!(report.cases_passed, report.cases_run, "{}", report.folder);
    }
}

#[test]
fn pricing_vectors() {
    conform("pricing", &folder("MARGIN_VECTORS", "vectors").join("pricing"), pricing::run);
}

#[test]
fn american_option_vectors() {
    conform("pricing", &folder("MARGIN_VECTORS", "vectors").join("pricing"), american::run);
}

#[test]
fn uncovered_options_of_the_margin_manual() {
    conform("cboe", &folder("MARGIN_VECTORS", "vectors").join("cboe"), cboe::run);
}

#[test]
fn deribit_portfolio_margin_vectors() {
    conform("deribit-pm", &folder("MARGIN_VECTORS", "vectors").join("deribit-pm"), deribit_pm::run);
}

#[test]
fn derive_portfolio_manager_2_vectors() {
    conform("derive-pm2", &folder("MARGIN_VECTORS", "vectors").join("derive-pm2"), derive_pm2::run);
}

#[test]
fn derive_standard_manager_vectors() {
    conform("derive-srm", &folder("MARGIN_VECTORS", "vectors").join("derive-srm/cases.json"), derive_standard::run);
}

#[test]
fn deribit_standard_margin_of_real_positions() {
    let positions = folder("MARGIN_MARKET", "market").join("formats/deribit/positions_samples.json");
    conform("market: formats/deribit/positions_samples.json", &positions, deribit_standard::run);
}

#[test]
fn span_risk_arrays() {
    conform("span", &folder("MARGIN_VECTORS", "vectors").join("span"), span::run);
}

#[test]
fn a_span_risk_parameter_file() {
    let file = folder("MARGIN_MARKET", "market").join("formats/span/spn_v4_shape_SYNTHETIC.xml");
    conform("market: formats/span/spn_v4_shape_SYNTHETIC.xml", &file, span::run_file);
}

#[test]
fn okx_portfolio_margin_vectors() {
    conform("okx-pm", &folder("MARGIN_VECTORS", "vectors").join("okx-pm"), okx_pm::run);
}
