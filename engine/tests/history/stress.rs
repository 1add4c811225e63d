//! The moves of the scenarios are those of real closes.

use std::collections::BTreeMap;

use margin_engine::insight::{Scenario, library};
use margin_engine::market::UnderlyingClass;

use super::folder;

/// Closes of one column by day.
fn closes(file: &str, day: usize, column: usize) -> Option<BTreeMap<String, f64>> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(folder()?.join(file)).expect(file);
    let rows = reader.records().map(|row| row.expect("a row"));
    Some(rows.filter_map(|row| Some((row[day].to_owned(), row.get(column)?.parse().ok()?))).collect())
}

fn scenario(id: &str) -> Scenario {
    library().expect("of its shape").into_iter().find(|scenario| scenario.id == id).expect("in the library")
}

/// What an asset does in a scenario that names it.
fn named(scenario: &Scenario, asset: &str) -> f64 {
    scenario.moves.iter().find(|(known, _)| known.as_str() == asset).expect("named").1
}

#[test]
fn moves_are_those_of_the_closes() {
    let file = "btc_eth_spx_close_2020_2026.csv";
    for (asset, column) in [("BTC", 1), ("ETH", 2), ("SPX", 3)] {
        let Some(closes) = closes(file, 0, column) else { return };
        for (id, from, to) in [
            ("2020-03-12", "2020-03-11", "2020-03-12"),
            ("2022-11-ftx", "2022-11-07", "2022-11-09"),
            ("2024-08-05", "2024-08-02", "2024-08-05"),
            ("2026-02-05", "2026-02-04", "2026-02-05"),
            ("usdc-2023-03-11", "2023-03-10", "2023-03-11"),
        ] {
            // The bank failed over a weekend.
            if asset == "SPX" && id.starts_with("usdc") {
                continue;
            }
            let (scenario, real) = (scenario(id), closes[to] / closes[from] - 1.0);
            let told = named(&scenario, asset);
            assert!((told - real).abs() <= 0.5e-4, "{asset} in {id}: {told}, really {real}");
            if asset == "SPX" {
                let of_class = |class| scenario.classes.iter().find(|(known, _)| *known == class).expect("named").1;
                for class in [UnderlyingClass::Stock, UnderlyingClass::Etf, UnderlyingClass::Index] {
                    assert_eq!(of_class(class), told, "{id}");
                }
            }
        }
    }
}

#[test]
fn vols_go_as_far_as_was_measured() {
    let Some(vix) = closes("vix_daily_1990_2026.csv", 0, 4) else { return };
    let grown = vix["2024-08-05"] / vix["2024-08-02"];
    assert!((scenario("2024-08-05").vol_factor - grown).abs() < 0.005, "{grown}");
    // Said in the note: more than the VIX.
    assert!((vix["2020-03-12"] / vix["2020-03-11"] - 1.4).abs() < 0.005);
    let path = folder().expect("there").join("deribit_index_atm_vol_2025_2026.csv");
    let text = std::fs::read_to_string(path).expect("vols");
    let vol = |evening: &str| {
        let row = text.lines().find(|row| row.starts_with(evening) && row.contains(",BTC,")).expect(evening);
        row.split(',').nth(6).expect("a column").parse::<f64>().expect("a vol")
    };
    let grown = vol("2026-02-05T21:29") / vol("2026-02-04T21:33");
    assert!((scenario("2026-02-05").vol_factor - grown).abs() < 0.005, "{grown}");
    // S&P 500 on 16 and 19 October 1987, and the VXO of the same days.
    let crash = scenario("1987-10-19");
    assert!(crash.classes.iter().all(|(_, step)| (step - (224.84 / 282.70 - 1.0)).abs() < 5e-4));
    assert!((crash.vol_factor - 150.19 / 36.37).abs() < 0.005);
}
