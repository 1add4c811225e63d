//! The script that starts the engine's worker.
//!
//! Trunk writes one that names its files without a hash, so that a browser could keep an old worker beside a new page,
//! and that calls the bindings in a way they warn about. Ours hands on what the page adds to the address: the hash of
//! its own build.

use std::fs;
use std::path::Path;

use crate::process::{Context, Failure};

/// As Trunk writes it.
const NAME: &str = "margin-worker_loader.js";
const TRUNKS: &str = r#"importScripts("./margin-worker.js");wasm_bindgen("./margin-worker_bg.wasm");"#;
const OURS: &str = r#"importScripts("./margin-worker.js" + self.location.search);
wasm_bindgen({ module_or_path: "./margin-worker_bg.wasm" + self.location.search });
"#;

/// Puts our script in place of Trunk's.
pub fn replace(staging: &Path) -> Result<(), Failure> {
    let file = staging.join(NAME);
    let script = fs::read_to_string(&file).context(format_args!("read {NAME}"))?;
    if script.trim() != TRUNKS {
        return Err(Failure::new(format!("{NAME} is not as Trunk wrote it when xtask was written: {script}")));
    }
    fs::write(&file, OURS).context(format_args!("write {NAME}"))
}
