//! The crate `margin-bench`, natively and for Node and the browser, in the page's release profile.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{self, Context, Failure};
use crate::tools;

/// Where everything of `bench` and `bits` goes.
pub fn folder() -> PathBuf {
    process::root().join("target").join("bench")
}

/// The wasm, its bindings and the scripts that run it.
pub fn web() -> PathBuf {
    folder().join("web")
}

/// The program that runs the cases natively.
pub fn program() -> PathBuf {
    process::target_folder().join("release").join(format!("margin-bench{}", std::env::consts::EXE_SUFFIX))
}

/// The scripts and other sources beside the crate.
pub fn source() -> PathBuf {
    process::root().join("engine").join("bench")
}

/// Builds the native program.
pub fn native() -> Result<(), Failure> {
    fs::create_dir_all(folder()).context("make target/bench")?;
    tools::timed("building the cases natively", "a minute the first time", || {
        process::run(&mut process::cargo(&["build", "--release", "-p", "margin-bench", "--bins"]))
    })
}

/// Builds the wasm and puts its bindings and the scripts beside it.
pub fn wasm() -> Result<(), Failure> {
    tools::ensure()?;
    tools::timed("building the cases for wasm", "a minute the first time", || {
        let target = ["--lib", "--target", tools::WASM_TARGET];
        process::run(&mut process::cargo(&[&["build", "--release", "-p", "margin-bench"], &target[..]].concat()))
    })?;
    let wasm = process::target_folder().join(tools::WASM_TARGET).join("release").join("margin_bench.wasm");
    let web = web();
    let (wasm, out) = (wasm.to_string_lossy(), web.to_string_lossy());
    let arguments = ["--target", "web", "--no-typescript", "--out-dir", &out, &wasm];
    process::run(&mut process::command(tools::program("wasm-bindgen"), &arguments))?;
    // Without it Node would take the bindings for a script of the older kind.
    fs::write(web.join("package.json"), "{ \"type\": \"module\" }\n").context("write package.json")?;
    copy(&source().join("js"), &web)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from).context(format_args!("list {}", from.display()))? {
        let path = entry.context(format_args!("list {}", from.display()))?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        fs::copy(&path, place).context(format_args!("copy {}", path.display()))?;
    }
    Ok(())
}
