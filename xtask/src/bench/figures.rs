//! Figures out of rows: a case of one place, a peer's, and growth with legs.

use serde_json::Value;

use super::Rows;

/// The sizes over which growth is measured.
const GROWTH: [&str; 3] = ["100", "1000", "10000"];

/// A row of one place by its case; a peer's row has a name as well.
pub fn row<'a>(rows: &'a [Value], peer: Option<&str>, case: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row["case"] == case && row["peer"].as_str() == peer && row.get("memory_bytes").is_none())
}

/// Nothing where there is a reason instead.
pub fn rows_or_none(rows: &Rows) -> &[Value] {
    rows.as_ref().map_or(&[], Vec::as_slice)
}

/// Milliseconds of one run.
pub fn milliseconds(rows: &[Value], case: &str) -> Option<f64> {
    Some(row(rows, None, case)?["median_ns"].as_f64()? / 1e6)
}

/// Nanoseconds of one unit: an option on a slide, a vol.
pub fn per_unit(row: &Value) -> Option<f64> {
    Some(row["median_ns"].as_f64()? / row["units"].as_f64()?)
}

/// The same of the kernel's case, ours or a peer's.
pub fn kernel(rows: &[Value], peer: Option<&str>) -> Option<f64> {
    per_unit(row(rows, peer, "kernel")?)
}

/// The slope of ln time against ln legs by least squares.
pub fn growth(rows: &[Value], case: &str) -> Option<f64> {
    let points: Vec<(f64, f64)> = GROWTH
        .iter()
        .map(|legs| {
            let time = milliseconds(rows, &format!("{case}/{legs}"))?;
            Some((legs.parse::<f64>().ok()?.ln(), time.ln()))
        })
        .collect::<Option<_>>()?;
    let count = points.len() as f64;
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    Some(covariance / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>())
}
