//! Takes the page's wasm apart: what the first figures need, and the parts that come after (`src/later.rs`).
//!
//! Trunk knows nothing of parts. As its post-build hook we take the wasm that cargo linked, cut it where `wasm_split`
//! marks a function, let wasm-bindgen prepare the first part once more, and put all in place of what Trunk made.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use crate::process::{self, Context, Failure};
use crate::tools;

/// The page's binary.
const BINARY: &str = "margin-simulator";

/// What the compiler takes for granted in every browser that has vectors.
const WASM_FEATURES: &[&str] = &[
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The end of the name of what several parts share.
const SHARED: &str = "_shared.wasm";

/// How a part is started by the tool, and by us.
const STARTED: &str = "(WebAssembly.instantiateStreaming(src, imports))";
const STARTED_BY_US: &str = "(start(src, imports))";

/// A host that serves wasm under another media type is put up with, as wasm-bindgen does for the first part.
const START: &str = r#"
async function start(source, imports) {
    const response = await source;
    if (!response.ok) throw new Error(`${response.url} is not there: ${response.status}`);
    const streams = (response.headers.get("Content-Type") ?? "").startsWith("application/wasm");
    if (streams) return WebAssembly.instantiateStreaming(response, imports);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
"#;

/// Writes the parts of the page whose files are called `stem` into the folder that Trunk fills.
pub fn split(staging: &Path, stem: &str) -> Result<(), Failure> {
    let linked = linked_wasm()?;
    let wasm = fs::read(&linked).context(format_args!("read {}", linked.display()))?;
    let work = process::target_folder().join("split");
    // Parts of an earlier cut must not be taken for this one's.
    let _ = fs::remove_dir_all(&work);
    let first = work.join(format!("{stem}.wasm"));
    let script = format!("{stem}_parts.js");
    let (link_name, main_module) = (format!("./{script}"), format!("./{stem}.js"));
    let mut options = Options::new(&wasm);
    options.output_dir = &work;
    options.main_out_path = &first;
    options.link_name = &link_name;
    options.main_module = &main_module;
    let parts = transform(options).context("take the page's wasm apart")?.split_modules;

    let bindgen = ["--target", "web", "--no-typescript", "--keep-lld-exports"];
    let names = ["--remove-name-section", "--remove-producers-section", "--out-name", stem, "--out-dir"];
    process::run(process::command(tools::program("wasm-bindgen"), &bindgen).args(names).arg(staging).arg(&first))?;

    let mut loader = fs::read_to_string(work.join(&script)).context("read how the parts are loaded")?;
    if !loader.contains(STARTED) {
        return Err(Failure::new("the parts are not loaded as they were when xtask was written"));
    }
    loader = loader.replace(STARTED, STARTED_BY_US) + START;
    let mut written: Vec<String> = vec![];
    for part in parts {
        let file = part.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // With the page's hash, so that no browser keeps an older part beside a newer page.
        // What several parts share is called by a number that says nothing.
        let name = match file.strip_prefix("split_") {
            Some(name) => format!("{stem}_{name}"),
            None if written.iter().all(|other| !other.ends_with(SHARED)) => format!("{stem}{SHARED}"),
            None => return Err(Failure::new("the page falls into more parts than there are names for")),
        };
        loader = loader.replace(&format!("\"./{file}\""), &format!("\"./{name}\""));
        let part = fs::read(&part).context(format_args!("read {file}"))?;
        fs::write(staging.join(&name), without_custom_sections(&part)?).context(format_args!("write {name}"))?;
        written.push(name);
    }
    fs::write(staging.join(&script), loader).context(format_args!("write {script}"))?;
    optimise(staging)
}

/// Lets `wasm-opt` have a go at every wasm of the site, where there is one. Nothing depends on it: the budgets are kept
/// without.
fn optimise(staging: &Path) -> Result<(), Failure> {
    let Some(program) = process::find_in_path("wasm-opt") else { return Ok(()) };
    for entry in fs::read_dir(staging).context("list what Trunk made")? {
        let file = entry.context("list what Trunk made")?.path();
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let optimised = file.with_extension("optimised");
        let mut command = process::command(&program, WASM_FEATURES);
        command.arg("-O2").arg(&file).arg("-o").arg(&optimised);
        match process::run(&mut command) {
            Ok(()) => fs::rename(&optimised, &file).context(format_args!("replace {}", file.display()))?,
            // An old one that does not know what the compiler writes.
            Err(failure) => println!("  {failure}; {} stays as it is", file.display()),
        }
    }
    Ok(())
}

/// What cargo linked for Trunk, which names the profile.
fn linked_wasm() -> Result<PathBuf, Failure> {
    let profile = std::env::var("TRUNK_PROFILE").unwrap_or_else(|_| "release".to_owned());
    let place = process::target_folder().join(tools::WASM_TARGET).join(profile);
    let file = place.join(format!("{BINARY}.wasm"));
    if file.is_file() { Ok(file) } else { Err(Failure::new(format!("{} is not there", file.display()))) }
}

/// The module without names and other things that no browser reads.
fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let cut_short = || Failure::new("a part of the page's wasm is cut short");
    const HEADER: usize = 8;
    let mut kept = module.get(..HEADER).ok_or_else(cut_short)?.to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let (size, start) = unsigned(module, at + 1).ok_or_else(cut_short)?;
        let section = module.get(at..start + size).ok_or_else(cut_short)?;
        // Custom sections have the number 0.
        if module[at] != 0 {
            kept.extend_from_slice(section);
        }
        at = start + size;
    }
    Ok(kept)
}

/// A number as wasm writes it, seven bits a byte, and where it ends.
fn unsigned(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0_usize, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte < 0x80 {
            return Some((value, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_the_rest_stays() {
        const HEADER: [u8; 8] = [0, 97, 115, 109, 1, 0, 0, 0];
        // A name section of 130 bytes, whose size takes two; and a type section of one byte.
        let custom = [&[0, 0x82, 0x01][..], &[7; 130]].concat();
        let types = [1, 1, 0];
        let module = [&HEADER[..], &custom, &types, &custom].concat();
        assert_eq!(without_custom_sections(&module).expect("whole"), [&HEADER[..], &types].concat());
        for cut in [4, 9, 20, module.len() - 1] {
            assert!(without_custom_sections(&module[..cut]).is_err(), "{cut}");
        }
    }
}
