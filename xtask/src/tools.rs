//! The tools that rustup does not bring: the wasm target, Trunk and wasm-bindgen's command line, each in the
//! version this workspace needs, in the project's own `.tools/`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::process::{self, Context, Failure};

/// The wasm target of the page and of the engine's wasm tests.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The last Trunk that builds with the toolchain of `rust-toolchain.toml`.
const TRUNK_VERSION: &str = "0.21.14";

/// One installable crate.
struct Tool {
    package: &'static str,
    version: String,
    /// The programs it brings; each of them prints its version.
    programs: &'static [&'static str],
    /// Measured on two cores, so that nobody takes the wait for a fault.
    minutes: u32,
}

/// Sees to it that the page can be built and its tests be run.
pub fn ensure() -> Result<(), Failure> {
    ensure_target()?;
    let wasm_bindgen = Tool {
        package: "wasm-bindgen-cli",
        version: locked_version("wasm-bindgen")?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        minutes: 2,
    };
    let trunk = Tool { package: "trunk", version: TRUNK_VERSION.to_owned(), programs: &["trunk"], minutes: 6 };
    for tool in [wasm_bindgen, trunk] {
        if !tool.is_present() {
            tool.install()?;
        }
    }
    Ok(())
}

/// A program of `.tools/`.
pub fn program(name: &str) -> PathBuf {
    folder().join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// `PATH` with `.tools/` first, so that Trunk finds our wasm-bindgen and downloads none.
pub fn search_path() -> Result<OsString, Failure> {
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder().join("bin")).chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).context("put .tools/bin into PATH")
}

fn folder() -> PathBuf {
    process::root().join(".tools")
}

/// Sees to it that Rust can compile for the browser.
pub fn ensure_target() -> Result<(), Failure> {
    let sysroot = process::output_of(&mut process::command("rustc", &["--print", "sysroot"]))
        .ok_or_else(|| Failure::new("rustc does not start; install Rust from https://rustup.rs"))?;
    if Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    timed(&format!("adding the target {WASM_TARGET}"), "some seconds, once", || {
        process::run(&mut process::command("rustup", &["target", "add", WASM_TARGET])).map_err(|failure| {
            let advice = format!("install the {WASM_TARGET} standard library of this toolchain and try again");
            Failure::new(format!("{failure}; {advice}"))
        })
    })
}

/// The version of a package in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String, Failure> {
    let lock = std::fs::read_to_string(process::root().join("Cargo.lock")).context("read Cargo.lock")?;
    version_in_lock(&lock, package).ok_or_else(|| Failure::new(format!("Cargo.lock does not name {package}")))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

impl Tool {
    /// The programs themselves are asked, so a copied or half-installed folder needs no marker to be judged.
    fn is_present(&self) -> bool {
        self.programs.iter().all(|name| {
            process::output_of(Command::new(program(name)).arg("--version"))
                .is_some_and(|text| text.split_whitespace().nth(1) == Some(self.version.as_str()))
        })
    }

    fn install(&self) -> Result<(), Failure> {
        let Tool { package, version, .. } = self;
        let versioned = format!("{package}@{version}");
        let root = folder();
        let root = root.to_string_lossy();
        if process::output_of(&mut process::cargo(&["binstall", "-V"])).is_some() {
            let fetched = timed(&format!("fetching {package} {version}, prebuilt"), "some seconds, once", || {
                let only_prebuilt = ["--no-confirm", "--force", "--disable-strategies", "compile"];
                let arguments = [&["binstall"], &only_prebuilt[..], &["--root", &root, &versioned]].concat();
                process::run(&mut process::cargo(&arguments))
            });
            match fetched {
                Ok(()) if self.is_present() => return Ok(()),
                Ok(()) => println!("  the prebuilt {package} does not run here; building it instead"),
                Err(failure) => println!("  {failure}; building it instead"),
            }
        }
        // A folder of our own lets an interrupted installation go on where it stopped.
        let build = process::root().join("target").join("tools");
        timed(&format!("installing {package} {version}"), &format!("about {} minutes, once", self.minutes), || {
            let place = ["--root", &root, "--target-dir", &build.to_string_lossy()];
            let arguments = [&["install", "--locked", "--force"], &place[..], &[&versioned]].concat();
            process::run(&mut process::cargo(&arguments))
        })?;
        if !self.is_present() {
            return Err(Failure::new(format!("{package} {version} was installed into {root} but does not run")));
        }
        // The programs are installed; what it took to build them is only weight. Not worth a failure.
        let _ = std::fs::remove_dir_all(build);
        Ok(())
    }
}

/// Announces a long step and says how long it took.
pub fn timed<T>(what: &str, estimate: &str, step: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("{what} ({estimate}) …");
    let start = Instant::now();
    let result = step()?;
    println!("  … done in {:.0} s", start.elapsed().as_secs_f64().ceil());
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\nsource = \"x\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.129"));
        assert_eq!(version_in_lock(lock, "bindgen"), None);
    }
}
