//! Moves the script that starts the page out of `index.html`.
//!
//! Trunk writes it inline, which the page's Content-Security-Policy rightly blocks. Trunk calls us as a
//! post-build hook (see `Trunk.toml`), so `trunk serve` works as well. The file first asks whether the browser has
//! what the page is compiled for, and says so if not: the wasm would be refused and the page stay blank.

use std::fs;
use std::path::PathBuf;

use crate::process::{Context, Failure};
use crate::{split, worker_loader};

/// Stops with a sentence where the browser has no vector instructions: `validate` is given the smallest module with
/// one, a function of one `i8x16.splat`.
const CHECK: &str = "\
const vectors = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
if (!WebAssembly.validate(new Uint8Array(vectors))) {
  document.body.textContent = 'This page needs a newer browser, one with WebAssembly SIMD: Chrome or Edge 91, \
Firefox 89, Safari 16.4, or any later.';
  throw new Error('no WebAssembly SIMD');
}";

/// A page without inline scripts, and the file that took their place.
#[derive(Debug, PartialEq, Eq)]
struct External {
    html: String,
    name: String,
    /// What the files of the page's wasm are called.
    stem: String,
    script: String,
}

/// `cargo xtask externalize-boot`, run by Trunk on its staging folder.
pub fn externalize_command() -> Result<(), Failure> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("externalize-boot is for Trunk to call: TRUNK_STAGING_DIR is not set"))?;
    let page = staging.join("index.html");
    let html = fs::read_to_string(&page).context(format_args!("read {}", page.display()))?;
    let external = externalize(&html).map_err(|problem| {
        Failure::new(format!("index.html is not as Trunk wrote it when xtask was written: {problem}"))
    })?;
    fs::write(staging.join(&external.name), external.script).context(format_args!("write {}", external.name))?;
    split::split(&staging, &external.stem)?;
    fs::write(&page, external.html).context("write index.html")?;
    worker_loader::replace(&staging)
}

/// Expects exactly one inline script, the module that imports the page's JavaScript; names the new file after it.
fn externalize(html: &str) -> Result<External, String> {
    const OPEN: &str = "<script type=\"module\">";
    const CLOSE: &str = "</script>";
    let (before, rest) = html.split_once(OPEN).ok_or("there is no inline module script")?;
    let (script, after) = rest.split_once(CLOSE).ok_or("the inline module script does not end")?;
    if let Some(tag) = [before, after].iter().find_map(|part| inline_script(part)) {
        return Err(format!("there is another inline script, {tag}"));
    }
    let stem = imported_stem(script).ok_or("the inline script imports no ./….js")?;
    let name = format!("boot-{}.js", stem.rsplit_once('-').map_or(stem, |(_, hash)| hash));
    let html = format!("{before}<script type=\"module\" src=\"./{name}\">{CLOSE}{after}");
    // The script of the parts is asked for by the page's own, and would come a round trip later.
    let parts = format!("<link rel=\"modulepreload\" href=\"./{stem}_parts.js\">");
    let html = html.replacen("</head>", &format!("{parts}</head>"), 1);
    Ok(External { html, name, stem: stem.to_owned(), script: format!("{CHECK}\n{}\n", script.trim()) })
}

/// The tag of the first script without a source.
fn inline_script(html: &str) -> Option<&str> {
    html.match_indices("<script").map(|(at, _)| &html[at..]).find_map(|rest| {
        let tag = &rest[..=rest.find('>')?];
        (!tag.contains(" src=")).then_some(tag)
    })
}

/// `margin-simulator-0123abcd` from `import init from './margin-simulator-0123abcd.js'`.
fn imported_stem(script: &str) -> Option<&str> {
    let line = script.lines().find(|line| line.starts_with("import init"))?;
    line.split(['\'', '"']).nth(1)?.strip_prefix("./")?.strip_suffix(".js")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<!doctype html><head><script src=\"./a.js\"></script></head><body>";
    const BOOT: &str =
        "\nimport init, * as bindings from './sim-12ab.js';\nconst wasm = await init('./sim-12ab_bg.wasm');\n";

    #[test]
    fn the_inline_script_becomes_a_file() {
        let page = format!("{HEAD}<script type=\"module\">{BOOT}</script></body>");
        let external = externalize(&page).expect("the usual shape");
        assert_eq!((external.name.as_str(), external.stem.as_str()), ("boot-12ab.js", "sim-12ab"));
        // Imports are hoisted, so what is asked first may stand first.
        assert_eq!(external.script, format!("{CHECK}\n{}\n", BOOT.trim()));
        let head = HEAD.replace("</head>", "<link rel=\"modulepreload\" href=\"./sim-12ab_parts.js\"></head>");
        assert_eq!(external.html, format!("{head}<script type=\"module\" src=\"./boot-12ab.js\"></script></body>"));
    }

    #[test]
    fn another_shape_is_refused() {
        for (page, part) in [
            (HEAD.to_owned(), "no inline module script"),
            (format!("{HEAD}<script type=\"module\">{BOOT}"), "does not end"),
            (format!("{HEAD}<script type=\"module\">start()</script>"), "imports no"),
            (format!("{HEAD}<script type=\"module\">{BOOT}</script><script>x()</script>"), "another inline script"),
            (format!("<script nonce=\"1\"></script><script type=\"module\">{BOOT}</script>"), "nonce"),
        ] {
            let problem = externalize(&page).expect_err(&page);
            assert!(problem.contains(part), "{page}: {problem}");
        }
    }
}
