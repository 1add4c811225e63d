//! The static site in `dist/` and its size budget.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{self, Context, Failure};
use crate::tools;

/// What each wasm may weigh on the wire, in bytes after `gzip -9`, by the beginning and the end of its name: the page
/// before its first figures, its parts that come after, and the worker that is fetched when it is first asked.
///
/// The last part of the page, whose number depends on the others, is what rules and panels share: the methodologies.
const WASM_BUDGETS: &[(&str, &str, usize)] = &[
    ("margin-simulator-", "_bg.wasm", 480_000),
    ("margin-simulator-", "_rules.wasm", 15_000),
    ("margin-simulator-", "_panels.wasm", 425_000),
    ("margin-simulator-", "_shared.wasm", 185_000),
    ("margin-worker_bg", ".wasm", 560_000),
];

/// Where the site is built.
pub fn folder() -> PathBuf {
    process::root().join("dist")
}

/// `cargo xtask build`.
pub fn build_command() -> Result<(), Failure> {
    tools::ensure()?;
    build()?;
    check_budget()?;
    println!("the site is in dist/; copy it to any file host, under any path");
    Ok(())
}

/// Builds `dist/` in release.
pub fn build() -> Result<(), Failure> {
    tools::timed("building the simulator in release", "some minutes the first time", || {
        process::run(
            process::command(tools::program("trunk"), &["build", "--release", "--skip-version-check"])
                .env("PATH", tools::search_path()?)
                // Trunk reads NO_COLOR as a flag of its own and takes only true or false for it.
                .env_remove("NO_COLOR"),
        )
    })
}

/// Prints what each wasm weighs and fails when that is too much.
pub fn check_budget() -> Result<(), Failure> {
    let mut found = 0;
    for entry in fs::read_dir(folder()).context("list dist/")? {
        let path = entry.context("list dist/")?.path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_of = |(start, end, _): &&(&str, &str, usize)| name.starts_with(start) && name.ends_with(end);
        let Some((.., budget)) = WASM_BUDGETS.iter().find(is_of) else {
            return Err(Failure::new(format!("dist/{name} has no budget")));
        };
        let bytes = fs::read(&path).context(format_args!("read dist/{name}"))?;
        let compressed = gzip_size(&bytes)?;
        println!("{name}: {} bytes, {compressed} after gzip -9 (budget {budget})", bytes.len());
        if compressed > *budget {
            let excess = compressed - budget;
            return Err(Failure::new(format!("dist/{name} weighs {excess} bytes more than its budget of {budget}")));
        }
        found += 1;
    }
    if found == WASM_BUDGETS.len() { Ok(()) } else { Err(Failure::new("dist/ lacks a wasm")) }
}

/// Within one percent of what `gzip -9` makes, on the larger side.
pub fn gzip_size(bytes: &[u8]) -> Result<usize, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compress the wasm")?;
    Ok(encoder.finish().context("compress the wasm")?.len())
}
