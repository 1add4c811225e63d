//! `cargo xtask bench`: the same cases natively, in Node and in headless Chromium, and others on the same inputs in the
//! same run. What is not there costs its rows, not the run.

mod asked;
pub mod build;
mod figures;
mod peers;
mod report;
mod runners;
mod webdriver;

use std::fs;

use serde_json::{Value, json};

use crate::process::{self, Context, Failure};

/// How long each case is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Long enough for quartiles within a few hundredths.
    Full,
    /// Long enough for a look.
    Quick,
}

impl Effort {
    /// What the measuring programs are told.
    fn options(self) -> &'static [&'static str] {
        match self {
            Effort::Full => &[],
            Effort::Quick => &["--quick"],
        }
    }
}

/// Rows of one place, or why there are none.
type Rows = Result<Vec<Value>, String>;

/// What was measured, by place.
struct Measured {
    effort: Effort,
    native: Rows,
    node: Rows,
    chromium: Rows,
    /// Others; a row that has no figure says why.
    peers: Vec<Value>,
    /// What it was measured on, in words.
    machine: Vec<String>,
}

/// Builds, measures and writes the table.
pub fn bench_command(effort: Effort) -> Result<(), Failure> {
    build::native()?;
    build::wasm()?;
    println!("measuring natively …");
    let native = runners::native(effort);
    println!("measuring in Node …");
    let node = runners::node(effort);
    println!("measuring in Chromium …");
    let chromium = runners::chromium(effort);
    println!("measuring others …");
    let peers = peers::all(effort)?;
    let machine = runners::machine();
    let measured = Measured { effort, native, node, chromium, peers, machine };
    let asked = asked::asked(&measured);
    let table = report::markdown(&measured, &asked);
    let rows = |rows: &Rows| rows.clone().map_or_else(|reason| json!({ "missing": reason }), Value::Array);
    let document = json!({
        "quick": effort == Effort::Quick,
        "machine": measured.machine,
        "asked": asked.iter().map(asked::Asked::document).collect::<Vec<Value>>(),
        "native": rows(&measured.native),
        "node": rows(&measured.node),
        "chromium": rows(&measured.chromium),
        "peers": measured.peers,
    });
    let folder = build::folder();
    fs::write(folder.join("bench.md"), &table).context("write the table")?;
    fs::write(folder.join("bench.json"), format!("{document:#}\n")).context("write the figures")?;
    println!("\n{table}\nwritten to {0}/bench.md and {0}/bench.json", folder.display());
    Ok(())
}

/// What a measuring program prints, as rows.
fn rows_of(command: &mut std::process::Command) -> Rows {
    let text = process::captured(command).map_err(|failure| failure.message)?;
    match serde_json::from_str(&text) {
        Ok(Value::Array(rows)) => Ok(rows),
        _ => Err(format!("`{}` printed no list", process::describe(command))),
    }
}
