//! The figures as a Markdown table, and beside those that were asked for whether they are met.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::{Effort, Measured, Rows};
use crate::dist;

/// What the memory may grow to.
const MOST_MEMORY_MB: f64 = 64.0;
/// What the page's wasm may weigh, in thousands of bytes.
const MOST_KILOBYTES: f64 = 500.0;
/// The furthest from ours that counts as the same price, by the larger of forward and strike.
const SAME_PRICE: f64 = 1e-9;

/// The sizes over which growth is measured.
const GROWTH: [&str; 3] = ["100", "1000", "10000"];

/// A figure that was asked for, and what was measured.
pub struct Asked {
    what: String,
    figure: &'static str,
    measured: String,
    /// None where it was not measured.
    is_met: Option<bool>,
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

/// A row of one place by its case; a peer's row has a name as well.
fn row<'a>(rows: &'a [Value], peer: Option<&str>, case: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row["case"] == case && row["peer"].as_str() == peer && row.get("memory_bytes").is_none())
}

fn rows_or_none(rows: &Rows) -> &[Value] {
    rows.as_ref().map_or(&[], Vec::as_slice)
}

/// Milliseconds of one run.
fn milliseconds(rows: &[Value], case: &str) -> Option<f64> {
    Some(row(rows, None, case)?["median_ns"].as_f64()? / 1e6)
}

/// Nanoseconds of one option on one slide.
fn per_unit(row: &Value) -> Option<f64> {
    Some(row["median_ns"].as_f64()? / row["units"].as_f64()?)
}

fn kernel(rows: &[Value], peer: Option<&str>) -> Option<f64> {
    per_unit(row(rows, peer, "kernel")?)
}

/// The slope of ln time against ln legs by least squares.
fn growth(rows: &[Value], case: &str) -> Option<f64> {
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

/// All tables.
pub fn markdown(measured: &Measured, asked: &[Asked]) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_all(&mut text, measured, asked);
    text
}

fn write_all(text: &mut String, measured: &Measured, asked: &[Asked]) -> std::fmt::Result {
    writeln!(text, "{}", measured.machine.join("; "))?;
    if measured.effort == Effort::Quick {
        writeln!(text, "\nA quick run: no figure to quote.")?;
    }
    writeln!(text, "\n| what | asked | measured | met |\n|---|---|---|---|")?;
    for Asked { what, figure, measured, is_met } in asked {
        let met = is_met.map_or("", |met| if met { "met" } else { "not met" });
        writeln!(text, "| {what} | {figure} | {measured} | {met} |")?;
    }
    let places = [("native", &measured.native), ("Node", &measured.node), ("Chromium", &measured.chromium)];
    for (place, rows) in places {
        if let Err(reason) = rows {
            writeln!(text, "\nNothing from {place}: {reason}.")?;
        }
    }
    writeln!(text, "\n| case | native | Node | Chromium | Chromium : native |\n|---|---|---|---|---|")?;
    let lists = places.map(|(_, rows)| rows_or_none(rows));
    for case in names(&lists) {
        let found = lists.map(|rows| row(rows, None, &case));
        let [native, node, chromium] = found.map(|row| row.map_or_else(String::new, time));
        let median = |row: Option<&Value>| row.and_then(|row| row["median_ns"].as_f64());
        let ratio = median(found[2]).and_then(|ours| Some(format!("{:.2}", ours / median(found[0])?)));
        writeln!(text, "| {case} | {native} | {node} | {chromium} | {} |", ratio.unwrap_or_default())?;
    }
    write_growth(text, &lists)?;
    write_peers(text, measured)
}

/// The cases of the first place that has any.
fn names(lists: &[&[Value]]) -> Vec<String> {
    let list = lists.iter().find(|list| !list.is_empty()).copied().unwrap_or_default();
    let is_ours = |row: &&Value| row.get("peer").is_none() && row.get("memory_bytes").is_none();
    list.iter().filter(is_ours).filter_map(|row| row["case"].as_str().map(str::to_owned)).collect()
}

fn write_growth(text: &mut String, lists: &[&[Value]; 3]) -> std::fmt::Result {
    writeln!(text, "\n| growth with legs, 100 to 10,000 | native | Node | Chromium |\n|---|---|---|---|")?;
    for case in names(lists).iter().filter_map(|name| name.strip_suffix("/10000")) {
        let [native, node, chromium] =
            lists.map(|rows| growth(rows, case).map_or_else(String::new, |exponent| format!("{exponent:.3}")));
        writeln!(text, "| {case} | {native} | {node} | {chromium} |")?;
    }
    Ok(())
}

/// Others, each beside our figure of the same place.
fn write_peers(text: &mut String, measured: &Measured) -> std::fmt::Result {
    writeln!(text, "\n| other | where | each | ours there | times ours | furthest from ours | how |")?;
    writeln!(text, "|---|---|---|---|---|---|---|")?;
    let (native, node, chromium) =
        (rows_or_none(&measured.native), rows_or_none(&measured.node), rows_or_none(&measured.chromium));
    let is_peer = |row: &&Value| row.get("peer").is_some();
    let in_chromium = chromium.iter().filter(is_peer).map(|row| (row, "Chromium", chromium));
    let in_node = node.iter().filter(is_peer).map(|row| (row, "Node", node));
    let installed = measured.peers.iter().map(|row| {
        let by_npm = row["peer"].as_str().is_some_and(|peer| peer.starts_with('@'));
        if by_npm { (row, "Node", node) } else { (row, "native", native) }
    });
    for (row, place, ours) in in_chromium.chain(in_node).chain(installed) {
        let peer = row["peer"].as_str().unwrap_or_default();
        if let Some(reason) = row["missing"].as_str() {
            writeln!(text, "| {peer} | {place} | | | | | missing: {reason} |")?;
            continue;
        }
        let each = per_unit(row);
        let own = self::row(ours, None, row["case"].as_str().unwrap_or_default()).and_then(per_unit);
        let nanoseconds = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1} ns"));
        let ratio = each.and_then(|each| Some(format!("{:.2}", each / own?))).unwrap_or_default();
        let (error, note) = (row["largest_error"].as_f64(), row["note"].as_str().unwrap_or_default());
        let verdict = if error.is_some_and(|error| error <= SAME_PRICE) { "" } else { " **not the same price**" };
        let error = error.map_or_else(String::new, |error| format!("{error:.1e}{verdict}"));
        let (each, own) = (nanoseconds(each), nanoseconds(own));
        writeln!(text, "| {peer} | {place} | {each} | {own} | {ratio} | {error} | {note} |")?;
    }
    Ok(())
}

/// The median and both quartiles: of one price for the pricers, of one run else.
fn time(row: &Value) -> String {
    let is_pricer = !row["case"].as_str().unwrap_or_default().contains('/');
    let divisor = if is_pricer { row["units"].as_f64().unwrap_or(1.0) } else { 1.0 };
    let [Some(lower), Some(median), Some(upper)] =
        ["lower_quartile_ns", "median_ns", "upper_quartile_ns"].map(|name| Some(row[name].as_f64()? / divisor))
    else {
        return String::new();
    };
    let (scale, unit) = match median {
        median if median < 1e3 => (1.0, "ns"),
        median if median < 1e6 => (1e3, "µs"),
        _ => (1e6, "ms"),
    };
    let [lower, median, upper] = [lower, median, upper].map(|time| three_digits(time / scale));
    format!("{median} {unit} ({lower}–{upper})")
}

fn three_digits(value: f64) -> String {
    let decimals = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timed(case: &str, units: u32, median_ns: f64) -> Value {
        json!({ "case": case, "units": units, "median_ns": median_ns, "lower_quartile_ns": 0.9 * median_ns,
                "upper_quartile_ns": 1.1 * median_ns })
    }

    fn measured() -> Measured {
        let sizes = |factor: f64| {
            [100, 1_000, 10_000]
                .map(|legs| timed(&format!("cold/deribit-portfolio/{legs}"), legs, factor * f64::from(legs)))
        };
        let rows = |kernel: f64, factor: f64| [&[timed("kernel", 1_000, kernel)], &sizes(factor)[..]].concat();
        let mut chromium = rows(12_000.0, 1_100.0);
        chromium.push(json!({ "case": "cold/deribit-portfolio/10000", "memory_bytes": 9e6 }));
        let mut plain = timed("kernel", 1_000, 60_000.0);
        plain["peer"] = "JavaScript, Black-76".into();
        plain["largest_error"] = 1e-15.into();
        chromium.push(plain);
        Measured {
            effort: Effort::Full,
            native: Ok(rows(10_000.0, 700.0)),
            node: Err("there is no Node in PATH".to_owned()),
            chromium: Ok(chromium),
            peers: vec![json!({ "peer": "Python", "case": "kernel", "missing": "there is no Python in PATH" })],
            machine: vec!["a machine".to_owned()],
        }
    }

    #[test]
    fn figures_are_judged_and_what_is_missing_is_said() {
        let measured = measured();
        let asked = asked(&measured);
        let verdicts: Vec<Option<bool>> = asked.iter().map(|asked| asked.is_met).collect();
        let (met, not_met) = (Some(true), Some(false));
        assert_eq!(verdicts[..9], [met, met, None, met, not_met, met, met, None, met]);
        let text = markdown(&measured, &asked);
        for line in [
            "| option-slides per second, one thread, Chromium | ≥ 55 million | 83 million | met |",
            "| Deribit portfolio margin, 1,000 legs, cold, Chromium | ≤ 1.0 ms | 1.10 ms | not met |",
            "| kernel | 10.0 ns (9.00–11.0) |  | 12.0 ns (10.8–13.2) | 1.20 |",
            "| cold/deribit-portfolio | 1.000 |  | 1.000 |",
            "| JavaScript, Black-76 | Chromium | 60.0 ns | 12.0 ns | 5.00 | 1.0e-15 |  |",
            "| Python | native | | | | | missing: there is no Python in PATH |",
            "Nothing from Node: there is no Node in PATH.",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
    }

    /// t = 3·n^1.5 has the exponent 1.5.
    #[test]
    fn growth_is_the_exponent() {
        let rows = [100.0, 1_000.0, 10_000.0].map(|legs: f64| timed(&format!("a/{legs}"), 1, 3.0 * legs.powf(1.5)));
        assert!((growth(&rows, "a").expect("three sizes") - 1.5).abs() < 1e-12);
        assert_eq!(growth(&rows[..2], "a"), None);
    }
}
