//! `span/risk-arrays.csv`: arrays of a future, a call and a covered write on the sixteen scenarios, after McMillan,
//! *Options as a Strategic Investment*, chapter 34. And `formats/span/`: a risk parameter file.
//!
//! The arrays go into a risk parameter file, which is read and scanned: the same code as for a book's revaluation.

use std::path::Path;

use margin_engine::methodology::span::SCENARIOS;
use margin_engine::methodology::span::risk_file::{ContractKey, RiskFile};
use margin_engine::pricing::Right;

use crate::Report;

/// Runs the arrays.
pub fn run(path: &Path) -> Vec<Report> {
    let mut report = Report::new("span/risk-arrays.csv");
    match arrays(&path.join("risk-arrays.csv")) {
        Ok([future, call, covered]) => {
            let file = RiskFile::read(&file_of(&future, &call)).map_err(|error| error.to_string());
            // Quantities of future and call, the scan risk, and the scenario that sets it, from 1.
            for (name, held, expected, scenario) in [
                ("long call", [0.0, 1.0], 3_990.0, 14),
                ("short call", [0.0, -1.0], 8_060.0, 11),
                ("covered write", [1.0, -1.0], 6_620.0, 13),
                ("long future", [1.0, 0.0], 10_000.0, 13),
            ] {
                report.record(
                    name,
                    file.as_ref().map_err(String::clone).and_then(|file| {
                        let risk = scanned(file, held)?;
                        let found = (risk.worst_loss(), risk.worst.map(|worst| worst + 1));
                        if found == (expected, Some(scenario)) { Ok(()) } else { Err(format!("{found:?}")) }
                    }),
                );
            }
            for (scenario, expected) in covered.iter().enumerate() {
                report.record(
                    &format!("covered write, scenario {}", scenario + 1),
                    file.as_ref().map_err(String::clone).and_then(|file| {
                        let pnl = scanned(file, [1.0, -1.0])?.counted_pnl[scenario];
                        if pnl == *expected { Ok(()) } else { Err(format!("{pnl} instead of {expected}")) }
                    }),
                );
            }
        }
        Err(reason) => report.record("the file", Err(reason)),
    }
    vec![report]
}

/// The columns of future, call and covered write.
fn arrays(path: &Path) -> Result<[Vec<f64>; 3], String> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| error.to_string())?;
    let mut columns = [vec![], vec![], vec![]];
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        for (column, cell) in columns.iter_mut().zip(row.iter().skip(1)) {
            column.push(cell.trim().parse().map_err(|_| format!("{cell} is no number"))?);
        }
    }
    if columns.iter().any(|column| column.len() != SCENARIOS) {
        Err("not sixteen rows".to_owned())
    } else {
        Ok(columns)
    }
}

/// A risk parameter file with both contracts; there a loss is positive.
fn file_of(future: &[f64], call: &[f64]) -> String {
    let array = |pnl: &[f64], delta: f64| {
        let losses: String = pnl.iter().map(|pnl| format!("<a>{}</a>", -pnl)).collect();
        format!("<ra>{losses}<d>{delta}</d></ra>")
    };
    format!(
        "<spanFile><fileFormat>4.00</fileFormat><pointInTime><date>19940801</date><clearingOrg><ccDef><cc>SP</cc>\
         <currency>USD</currency></ccDef><futPf><pfCode>SP</pfCode><cvf>500</cvf><fut><pe>19941216</pe><p>410</p>{}</fut>\
         </futPf><oofPf><pfCode>SP</pfCode><cvf>500</cvf><series><pe>19941216</pe><opt><o>C</o><k>410</k><p>15</p>{}\
         </opt></series></oofPf></clearingOrg></pointInTime></spanFile>",
        array(future, 1.0),
        array(call, 0.5)
    )
}

fn scanned(file: &RiskFile, held: [f64; 2]) -> Result<margin_engine::methodology::Pot, String> {
    let expiry = file.commodities[0].contracts[0].expiry;
    let key = |option| ContractKey { commodity: "SP".to_owned(), expiry, option };
    let positions = [(key(None), held[0]), (key(Some((Right::Call, 410.0))), held[1])];
    let risks = file.scan(&positions).map_err(|error| error.to_string())?;
    risks.into_iter().next().map(|risk| risk.pot).ok_or_else(|| "no risk".to_owned())
}

/// Runs the risk parameter file.
pub fn run_file(path: &Path) -> Vec<Report> {
    let mut report = Report::new("market: formats/span/spn_v4_shape_SYNTHETIC.xml");
    report.record("the file", check_file(path));
    vec![report]
}

fn check_file(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file = RiskFile::read(&text).map_err(|error| error.to_string())?;
    let nifty = file.commodity("NIFTY").ok_or("no NIFTY")?;
    let [future, option] = &nifty.contracts[..] else { return Err(format!("{} contracts", nifty.contracts.len())) };
    let read = (file.format.as_str(), file.date.to_string(), nifty.currency.as_str(), nifty.short_option_minimum);
    if read != ("4.00", "2025-08-08".to_owned(), "INR", 3_500.0) {
        return Err(format!("{read:?}"));
    }
    let terms = (future.price, future.composite_delta, future.pnl[0], future.pnl[15]);
    if terms != (24_350.5, 1.0, 1_000.0, -700.0) || option.option != Some((Right::Call, 24_000.0)) {
        return Err(format!("{future:?} {option:?}"));
    }
    // Short one call: the array's greatest gain of the long one, and the minimum of 3,500, of which the latter is more.
    let key = ContractKey { commodity: "NIFTY".to_owned(), expiry: option.expiry, option: option.option };
    let risks = file.scan(&[(key, -1.0)]).map_err(|error| error.to_string())?;
    let figures = (risks[0].pot.worst_loss(), risks[0].risk(), risks[0].requirement());
    if figures == (1_400.0, 3_500.0, 3_650.5) { Ok(()) } else { Err(format!("{figures:?}")) }
}
