//! The static site in `dist/` and its size budget.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::process::{self, Context, Failure};
use crate::tools;

/// What the wasm may weigh on the wire, in bytes after `gzip -9`.
const WASM_BUDGET: usize = 720_000;

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

/// Prints what the wasm weighs and fails when that is too much.
pub fn check_budget() -> Result<(), Failure> {
    let mut total = 0;
    for entry in fs::read_dir(folder()).context("list dist/")? {
        let path = entry.context("list dist/")?.path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = fs::read(&path).context(format_args!("read dist/{name}"))?;
        let compressed = gzip_size(&bytes)?;
        println!("{name}: {} bytes, {compressed} after gzip -9 (budget {WASM_BUDGET})", bytes.len());
        total += compressed;
    }
    match total {
        0 => Err(Failure::new("dist/ holds no wasm")),
        1..=WASM_BUDGET => Ok(()),
        _ => Err(Failure::new(format!(
            "the wasm weighs {total} bytes after gzip -9, {} more than its budget of {WASM_BUDGET}",
            total - WASM_BUDGET
        ))),
    }
}

/// Within one percent of what `gzip -9` makes, on the larger side.
fn gzip_size(bytes: &[u8]) -> Result<usize, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compress the wasm")?;
    Ok(encoder.finish().context("compress the wasm")?.len())
}
