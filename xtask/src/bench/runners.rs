//! The same cases in three places.

use serde_json::Value;

use super::{Effort, Rows, build, rows_of, webdriver};
use crate::browser;
use crate::process::{self, Failure};
use crate::server::{self, Site};

/// Every case natively.
pub fn native(effort: Effort) -> Rows {
    rows_of(&mut process::command(build::program(), &[&["run"], effort.options()].concat()))
}

/// Every case in wasm in Node, and plain JavaScript.
pub fn node(effort: Effort) -> Rows {
    let node = process::find_in_path("node").ok_or("there is no Node in PATH")?;
    let script = build::web().join("node.mjs");
    let script = script.to_string_lossy();
    rows_of(&mut process::command(node, &[&[&script, "run"], effort.options()].concat()))
}

/// Every case in wasm in headless Chromium, and plain JavaScript.
pub fn chromium(effort: Effort) -> Rows {
    in_browser(effort).map_err(|failure| failure.message)
}

fn in_browser(effort: Effort) -> Result<Vec<Value>, Failure> {
    let browser = browser::ensure()?;
    let site = Site { folder: build::web(), mount: "/".to_owned(), policy: None };
    let address = server::start(server::listen(0)?, site)?;
    let query = if effort == Effort::Quick { "?quick" } else { "" };
    let page = format!("http://{address}/page.html{query}");
    let answer = webdriver::answer_of(&browser, &page, "return window.answer ?? null")?;
    let answer = answer.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
    match &answer["found"] {
        Value::Array(rows) => Ok(rows.clone()),
        _ => Err(Failure::new(format!("the page failed: {}", answer["failure"]))),
    }
}

/// Processor and versions, as far as they can be told.
pub fn machine() -> Vec<String> {
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut lines = vec![format!(
        "{}, {cores} cores, {}; one thread is used",
        processor.unwrap_or_else(|| "a processor that has no name here".to_owned()),
        std::env::consts::ARCH
    )];
    let version = |program: &str| process::output_of(&mut process::command(program, &["--version"]));
    lines.extend(version("rustc"));
    lines.extend(version("node").map(|version| format!("Node {version}")));
    lines.extend(["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| version(name)));
    lines.extend(version("python3"));
    lines
}
