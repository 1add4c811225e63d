//! Others on the same inputs: packages of npm, Python with its libraries, crates. They are installed below
//! `target/bench` and nowhere else.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{Effort, Rows, build, rows_of};
use crate::process::{self, Context, Failure};

/// The packages of npm, in the versions that the scripts know how to call.
const NPM: [&str; 2] = ["@uqee/black-scholes@1.0.7", "@quantlib/ql@0.3.6"];
/// The one of Python that is not taken from the machine.
const QUANTLIB: &str = "QuantLib";

/// All of them; what is missing is a row that says why.
pub fn all(effort: Effort) -> Result<Vec<Value>, Failure> {
    let inputs = build::folder().join("inputs.json");
    let text = process::captured(&mut process::command(build::program(), &["inputs"]))?;
    fs::write(&inputs, text).context("write the inputs")?;
    let mut rows = Vec::new();
    for (name, found) in [
        ("npm packages", npm(&inputs, effort)),
        ("Python", python(&inputs, effort)),
        ("crates", crates(&inputs, effort)),
    ] {
        rows.extend(found.unwrap_or_else(|reason| vec![json!({ "peer": name, "case": "kernel", "missing": reason })]));
    }
    Ok(rows)
}

fn npm(inputs: &Path, effort: Effort) -> Rows {
    let node = process::find_in_path("node").ok_or("there is no Node in PATH")?;
    let folder = build::folder().join("node");
    let place = folder.to_string_lossy();
    if NPM.iter().any(|package| !folder.join("node_modules").join(name_of(package)).is_dir()) {
        let npm = process::find_in_path("npm").ok_or("there is no npm in PATH")?;
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        fs::write(folder.join("package.json"), "{ \"private\": true }\n").map_err(|error| error.to_string())?;
        let quietly = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", &place];
        quiet(&mut process::command(npm, &[&quietly[..], &NPM].concat()))?;
    }
    let script = build::web().join("node.mjs");
    let words = [&script.to_string_lossy(), "packages", &place, &inputs.to_string_lossy()];
    rows_of(&mut process::command(node, &[&words[..], effort.options()].concat()))
}

fn name_of(package: &str) -> &str {
    package.rsplit_once('@').map_or(package, |(name, _)| name)
}

fn python(inputs: &Path, effort: Effort) -> Rows {
    let python = process::find_in_path("python3").ok_or("there is no Python in PATH")?;
    let folder = build::folder().join("python");
    if !folder.join(QUANTLIB).is_dir() {
        let target = ["-m", "pip", "install", "--quiet", "--target", &folder.to_string_lossy(), QUANTLIB];
        // Its row then says that there is none; NumPy is not to be lost with it.
        if let Err(reason) = quiet(&mut process::command(&python, &target)) {
            println!("  {reason}");
        }
    }
    let script = build::source().join("python").join("peers.py");
    let words = [&*script.to_string_lossy(), &*inputs.to_string_lossy()];
    rows_of(process::command(python, &[&words[..], effort.options()].concat()).env("PYTHONPATH", folder))
}

fn crates(inputs: &Path, effort: Effort) -> Rows {
    let manifest = build::source().join("peers").join("Cargo.toml");
    let target = build::folder().join("peers");
    let (manifest, place) = (manifest.to_string_lossy(), target.to_string_lossy());
    let places = ["--manifest-path", &manifest, "--target-dir", &place];
    quiet(&mut process::cargo(&[&["build", "--release", "--locked"], &places[..]].concat()))?;
    let program = target.join("release").join(format!("margin-bench-peers{}", std::env::consts::EXE_SUFFIX));
    rows_of(&mut process::command(program, &[&[&*inputs.to_string_lossy()], effort.options()].concat()))
}

/// A step whose output is only of interest when it fails.
fn quiet(command: &mut Command) -> Result<(), String> {
    let line = process::describe(command);
    let output = command.output().map_err(|error| format!("could not start `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("`{line}` failed ({})", output.status))
}
