//! The figures as Markdown.

use std::fmt::Write as _;

use serde_json::Value;

use super::asked::Asked;
use super::figures::{growth, per_unit, row, rows_or_none};
use super::{Effort, Measured};

/// The furthest from ours that counts as the same price, by the larger of forward and strike.
const SAME_PRICE: f64 = 1e-9;

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
    use serde_json::json;

    use super::*;
    use crate::bench::asked::asked;

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
