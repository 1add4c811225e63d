//! `cargo xtask test`: every check, one after the other, and an honest count at the end.

mod tally;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::browser::{self, Browser, Driver};
use crate::process::{self, Context, Failure};
use crate::server::{self, Site};
use crate::{dist, tools};
use tally::Tally;

/// Which checks are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    Everything,
    /// Those that need no browser.
    WithoutBrowser,
}

/// Where the end-to-end tests find the site: not at the root, so that a path that starts there is found out.
const MOUNT: &str = "/some/sub/path/";

/// The JSON Schema is made and checked with it; the page goes without.
const SCHEMA: &str = "margin-engine/schema";

/// How a step ended.
enum Outcome {
    /// As it should.
    Passed,
    /// Badly, and why.
    Failed(String),
    /// Not begun, and why.
    NotRun(&'static str),
}

/// One line of the table at the end.
struct Row {
    name: &'static str,
    outcome: Outcome,
    tally: Tally,
    seconds: f64,
}

/// The steps so far.
#[derive(Default)]
struct Report {
    rows: Vec<Row>,
}

/// Runs the checks and prints the table; the exit code says whether all of them held.
pub fn test_command(scope: Scope) -> Result<ExitCode, Failure> {
    let mut report = Report::default();
    report.check("formatting", || process::run(&mut process::cargo(&["fmt", "--all", "--check"])));
    report.check("lints", || process::run(&mut clippy(&["--workspace", "--all-targets", "--features", SCHEMA])));
    let target_ready = report.check("wasm target", tools::ensure_target);
    if target_ready {
        let page = ["-p", "margin-simulator", "--all-targets", "--target", tools::WASM_TARGET];
        report.check("lints, wasm", || process::run(&mut clippy(&page)));
    } else {
        report.not_run("lints, wasm", "no wasm target");
    }
    report.tests("native tests", &mut process::cargo(&["test", "--workspace", "--no-fail-fast", "--features", SCHEMA]));
    if scope == Scope::Everything {
        browser_steps(&mut report);
    }
    Ok(report.finish())
}

fn clippy(selection: &[&str]) -> Command {
    process::cargo(&[&["clippy"], selection, &["--", "-D", "warnings"]].concat())
}

fn browser_steps(report: &mut Report) {
    let mut found = None;
    report.check("browser", || {
        found = Some(browser::ensure()?);
        Ok(())
    });
    let tools_ready = report.check("tools", tools::ensure);
    let built = tools_ready && report.check("page built", dist::build);
    if built {
        report.check("size budget", dist::check_budget);
    } else {
        report.not_run("size budget", "the page was not built");
    }
    let Some(browser) = found.filter(|_| tools_ready) else {
        for name in ["engine in wasm", "page in a browser", "bindings in wasm", "end to end"] {
            report.not_run(name, "no browser or no tools");
        }
        return;
    };
    report.wasm_tests("engine in wasm", &browser, "margin-engine", "wasm", "engine/tests/wasm.rs");
    report.wasm_tests("page in a browser", &browser, "margin-simulator", "page", "tests/page.rs");
    report.wasm_tests("bindings in wasm", &browser, "margin-engine-wasm", "bindings", "engine/wasm/tests/bindings.rs");
    if built {
        report.end_to_end(&browser);
    } else {
        report.not_run("end to end", "the page was not built");
    }
}

impl Report {
    /// A step that counts as one failed check when it fails and as nothing when it holds.
    fn check(&mut self, name: &'static str, step: impl FnOnce() -> Result<(), Failure>) -> bool {
        self.step(name, || (Tally::default(), step()))
    }

    /// A step whose runners report what they ran. None at all is a failure: it would hide a broken setup.
    fn tests(&mut self, name: &'static str, command: &mut Command) -> bool {
        self.step(name, || match run_counting(command) {
            Ok((tally, Ok(()))) if tally == Tally::default() => (tally, Err(Failure::new("no test was run"))),
            Ok(counted) => counted,
            Err(failure) => (Tally::default(), Err(failure)),
        })
    }

    fn wasm_tests(&mut self, name: &'static str, browser: &Browser, package: &str, test: &str, file: &str) {
        if !process::root().join(file).exists() {
            return self.not_run(name, "there are none");
        }
        match wasm_command(browser, package, test) {
            Ok(mut command) => self.tests(name, &mut command),
            Err(failure) => self.check(name, || Err(failure)),
        };
    }

    fn end_to_end(&mut self, browser: &Browser) {
        let prepared = Driver::start(browser).and_then(|driver| Ok((serve_with_policy()?, driver)));
        match prepared {
            Ok((page, driver)) => {
                let test = ["test", "-p", "margin-simulator", "--test", "e2e", "--", "--test-threads=2"];
                let mut command = process::cargo(&test);
                command
                    .env("MARGIN_PAGE_URL", page)
                    .env("MARGIN_WEBDRIVER_URL", &driver.url)
                    .env("MARGIN_CHROME", &browser.chrome)
                    .env("MARGIN_CHROME_FLAGS", browser::FLAGS.join(" "));
                self.tests("end to end", &mut command)
            }
            Err(failure) => self.check("end to end", || Err(failure)),
        };
    }

    fn step(&mut self, name: &'static str, run: impl FnOnce() -> (Tally, Result<(), Failure>)) -> bool {
        println!("\n=== {name}");
        let start = Instant::now();
        let (tally, result) = run();
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(failure) => {
                println!("=== {name}: {failure}");
                Outcome::Failed(failure.message)
            }
        };
        let passed = matches!(outcome, Outcome::Passed);
        self.rows.push(Row { name, outcome, tally, seconds: start.elapsed().as_secs_f64() });
        passed
    }

    fn not_run(&mut self, name: &'static str, why: &'static str) {
        self.rows.push(Row { name, outcome: Outcome::NotRun(why), tally: Tally::default(), seconds: 0.0 });
    }

    /// The table, then the totals as the very last line.
    fn finish(self) -> ExitCode {
        let mut total = Tally::default();
        println!("\n{:<20} {:>7} {:>7} {:>8}", "step", "passed", "failed", "seconds");
        for Row { name, outcome, tally, seconds } in &self.rows {
            let (failed, note) = match outcome {
                Outcome::Passed => (tally.failed, String::new()),
                // What fails without a failed test, as formatting or a build, is one failed check.
                Outcome::Failed(why) => (tally.failed.max(1), format!("  {why}")),
                Outcome::NotRun(why) => (0, format!("  not run: {why}")),
            };
            println!("{name:<20} {:>7} {failed:>7} {seconds:>8.1}{note}", tally.passed);
            total.passed += tally.passed;
            total.failed += failed;
        }
        println!("\n{} passed, {} failed", total.passed, total.failed);
        if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Runs a command with its output on the screen and counts the results in it.
fn run_counting(command: &mut Command) -> Result<(Tally, Result<(), Failure>), Failure> {
    let line = process::describe(command);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context(format_args!("start `{line}`"))?;
    let output = child.stdout.take().ok_or_else(|| Failure::new("a child without output"))?;
    let mut tally = Tally::default();
    let mut screen = std::io::stdout();
    for bytes in BufReader::new(output).split(b'\n') {
        let bytes = bytes.context(format_args!("read the output of `{line}`"))?;
        tally.count(&String::from_utf8_lossy(&bytes));
        // Nobody may be reading our output; the count matters more.
        let _ = screen.write_all(&bytes).and_then(|()| screen.write_all(b"\n")).and_then(|()| screen.flush());
    }
    let status = child.wait().context(format_args!("wait for `{line}`"))?;
    let result = if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` failed ({status})"))) };
    Ok((tally, result))
}

/// A wasm test in a headless browser, by wasm-bindgen's runner.
fn wasm_command(browser: &Browser, package: &str, test: &str) -> Result<Command, Failure> {
    let mut command = process::cargo(&["test", "-p", package, "--target", tools::WASM_TARGET, "--test", test]);
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::program("wasm-bindgen-test-runner"))
        .env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", write_capabilities(browser)?)
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    Ok(command)
}

/// The runner takes the browser and its flags from a file.
fn write_capabilities(browser: &Browser) -> Result<PathBuf, Failure> {
    let file = process::root().join("target").join("webdriver.json");
    let flags = browser::FLAGS.map(|flag| format!("{flag:?}")).join(", ");
    // Debug quoting is JSON's for the plain text that paths and flags are.
    let json = format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {:?}, \"args\": [{flags}]}}}}\n",
        browser.chrome.display().to_string()
    );
    fs::write(&file, json).context(format_args!("write {}", file.display()))?;
    Ok(file)
}

/// Serves `dist/` with the page's own policy as a response header, which is stricter than its `<meta>`: it holds
/// from the first byte.
fn serve_with_policy() -> Result<String, Failure> {
    let html = fs::read_to_string(dist::folder().join("index.html")).context("read dist/index.html")?;
    let policy = policy_of(&html).ok_or_else(|| Failure::new("dist/index.html has no Content-Security-Policy"))?;
    let site = Site { folder: dist::folder(), mount: MOUNT.to_owned(), policy: Some(policy.to_owned()) };
    let address = server::start(server::listen(0)?, site)?;
    Ok(format!("http://{address}{MOUNT}"))
}

fn policy_of(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    rest.split_once('"').map(|(policy, _)| policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_states_a_policy_without_inline_scripts() {
        let html = fs::read_to_string(process::root().join("index.html")).expect("index.html");
        let policy = policy_of(&html).expect("a policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).expect("script-src");
        assert_eq!(scripts.trim(), "script-src 'self' 'wasm-unsafe-eval'");
    }
}
