//! What was asked for, what was measured, and whether that is met.

use std::fs;

use serde_json::{Value, json};

use super::Measured;
use super::figures::{growth, kernel, milliseconds, per_unit, rows_or_none};
use crate::dist;

/// What the memory may grow to.
const MOST_MEMORY_MB: f64 = 64.0;
/// What the page's wasm may weigh, in thousands of bytes.
const MOST_KILOBYTES: f64 = 500.0;

/// A figure that was asked for, and what was measured.
pub struct Asked {
    /// Of what.
    pub what: String,
    /// In words, with its sign.
    pub figure: &'static str,
    /// What came out, or that nothing did.
    pub measured: String,
    /// None where it was not measured.
    pub is_met: Option<bool>,
}

impl Asked {
    /// As JSON.
    pub fn document(&self) -> Value {
        json!({ "what": self.what, "asked": self.figure, "measured": self.measured, "met": self.is_met })
    }

    fn new(what: &str, figure: &'static str, found: Option<(String, bool)>) -> Asked {
        let (measured, is_met) = found.map_or(("not measured".to_owned(), None), |(text, met)| (text, Some(met)));
        Asked { what: what.to_owned(), figure, measured, is_met }
    }

    /// With the reason, where there is no figure.
    fn unless(mut self, reason: &str) -> Asked {
        if self.is_met.is_none() {
            self.measured = format!("not measured: {reason}");
        }
        self
    }
}

/// What was asked for, in its order.
pub fn asked(measured: &Measured) -> Vec<Asked> {
    let (native, chromium) = (rows_or_none(&measured.native), rows_or_none(&measured.chromium));
    let ours = kernel(chromium, None);
    let times = |theirs: Option<f64>| Some(theirs? / ours?);
    let ratio = |theirs: Option<f64>, least: f64| times(theirs).map(|ratio| (format!("{ratio:.2} ×"), ratio >= least));
    let numpy = measured.peers.iter().find(|row| row["peer"].as_str().is_some_and(|peer| peer.starts_with("NumPy")));
    let at_most =
        |value: Option<f64>, most: f64, unit: &str| value.map(|value| (format!("{value:.2}{unit}"), value <= most));
    let cold = |legs: &str| milliseconds(chromium, &format!("cold/deribit-portfolio/{legs}"));
    let memory = chromium.iter().find_map(|row| row["memory_bytes"].as_f64());
    vec![
        Asked::new(
            "option-slides per second, one thread, Chromium",
            "≥ 55 million",
            ours.map(|ns| (format!("{:.0} million", 1e3 / ns), 1e3 / ns >= 55.0)),
        ),
        Asked::new(
            "against Black-76 in plain JavaScript, Chromium",
            "≥ 4 ×",
            ratio(kernel(chromium, Some("JavaScript, Black-76")), 4.0),
        ),
        Asked::new("against NumPy and SciPy, per option, from Chromium", "≥ 3 ×", ratio(numpy.and_then(per_unit), 3.0)),
        Asked::new(
            "wasm in Chromium against native SSE2, same kernel",
            "≤ 1.6 ×",
            at_most(ours.and_then(|ours| Some(ours / kernel(native, None)?)), 1.6, " ×"),
        ),
        Asked::new(
            "Deribit portfolio margin, 1,000 legs, cold, Chromium",
            "≤ 1.0 ms",
            at_most(cold("1000"), 1.0, " ms"),
        ),
        Asked::new("the same, 10,000 legs", "≤ 12 ms", at_most(cold("10000"), 12.0, " ms")),
        Asked::new(
            "its growth from 100 legs to 10,000, exponent",
            "≤ 1.05",
            at_most(growth(chromium, "cold/deribit-portfolio"), 1.05, ""),
        ),
        Asked::new(
            "one quantity edited in 1,000 legs, Chromium",
            "≤ 0.1 ms",
            at_most(milliseconds(chromium, "edit/deribit-portfolio/1000"), 0.1, " ms"),
        )
        .unless("there is no such case"),
        Asked::new(
            "wasm memory after 10,000 legs × 35 slides, Chromium",
            "≤ 64 MB",
            at_most(memory.map(|bytes| bytes / 1e6), MOST_MEMORY_MB, " MB"),
        ),
        Asked::new("the page's wasm until the first figures, after gzip -9", "≤ 500 KB", page_size())
            .unless("there is no page in dist/"),
    ]
}

/// The page in `dist/`: what comes before the first figures, which is judged, and what with the parts that follow; none
/// where it has not been built.
fn page_size() -> Option<(String, bool)> {
    let (mut first, mut all) = (None, 0.0);
    for file in fs::read_dir(dist::folder()).ok()? {
        let path = file.ok()?.path();
        let name = path.file_name()?.to_string_lossy();
        if !(name.starts_with("margin-simulator-") && name.ends_with(".wasm")) {
            continue;
        }
        let kilobytes = dist::gzip_size(&fs::read(&path).ok()?).ok()? as f64 / 1e3;
        all += kilobytes;
        if name.ends_with("_bg.wasm") {
            first = Some(kilobytes);
        }
    }
    let first = first?;
    Some((format!("{first:.0} KB, {all:.0} KB with the parts that follow"), first <= MOST_KILOBYTES))
}
