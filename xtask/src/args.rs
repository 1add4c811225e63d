//! What the user typed, read into a [`Command`].

use crate::bench::Effort;
use crate::process::Failure;
use crate::testing::Scope;

/// The answer to `cargo xtask help`.
pub const HELP: &str = "\
cargo xtask <command>

  serve [--port N] [--no-open]   build the simulator and serve it at http://127.0.0.1:8080
  build                          build the static site into dist/, ready for any file host and sub-path
  test [--fast]                  format, lints, native, wasm, browser and end-to-end tests;
                                 --fast leaves out what needs a browser
  bench [--quick]                time the engine natively, in Node and in Chromium, and others on the same inputs;
                                 writes target/bench/bench.md and bench.json
  bits [--books N]               compare every figure of 100,000 random books, native against wasm in Node
  help                           this text

What is missing is installed into .tools/ on first use. A browser other than the one found in PATH is named by
CHROME and CHROMEDRIVER.
";

/// The port of `serve` unless another is named.
const DEFAULT_PORT: u16 = 8080;

/// How many books `bits` compares unless another number is named.
const DEFAULT_BOOKS: u32 = 100_000;

/// One chore, with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Build and serve the simulator.
    Serve { port: u16, open: Open },
    /// Build `dist/`.
    Build,
    /// Run the checks.
    Test { scope: Scope },
    /// Time the engine and others.
    Bench { effort: Effort },
    /// Compare native figures with those of wasm.
    Bits { books: u32 },
    /// Called by Trunk, see [`crate::boot`].
    ExternalizeBoot,
}

/// Whether `serve` opens a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// If there is one.
    IfPossible,
    /// Never.
    No,
}

/// Reads the arguments after `cargo xtask`.
pub fn parse(arguments: &[String]) -> Result<Command, Failure> {
    let mut rest = arguments.iter().map(String::as_str);
    let command = match rest.next() {
        None | Some("help" | "--help" | "-h") => return Ok(Command::Help),
        Some("serve") => serve(&mut rest)?,
        Some("build") => Command::Build,
        Some("test") => Command::Test { scope: scope(&mut rest)? },
        Some("bench") => Command::Bench { effort: effort(&mut rest)? },
        Some("bits") => Command::Bits { books: books(&mut rest)? },
        Some("externalize-boot") => Command::ExternalizeBoot,
        Some(other) => return Err(usage(format!("there is no command \"{other}\""))),
    };
    match rest.next() {
        None => Ok(command),
        Some(extra) => Err(usage(format!("\"{extra}\" is not an option here"))),
    }
}

fn serve<'a>(rest: &mut impl Iterator<Item = &'a str>) -> Result<Command, Failure> {
    let (mut port, mut open) = (DEFAULT_PORT, Open::IfPossible);
    while let Some(option) = rest.next() {
        let value = match option.split_once('=') {
            Some(("--port", value)) => Some(value),
            None if option == "--port" => rest.next(),
            None if option == "--no-open" => {
                open = Open::No;
                continue;
            }
            _ => return Err(usage(format!("\"{option}\" is not an option of serve"))),
        };
        let value = value.ok_or_else(|| usage("--port needs a number, as in --port 8099".to_owned()))?;
        port = value.parse().map_err(|_| usage(format!("\"{value}\" is not a port (0 to 65535)")))?;
    }
    Ok(Command::Serve { port, open })
}

fn scope<'a>(rest: &mut impl Iterator<Item = &'a str>) -> Result<Scope, Failure> {
    match rest.next() {
        None => Ok(Scope::Everything),
        Some("--fast") => Ok(Scope::WithoutBrowser),
        Some(other) => Err(usage(format!("\"{other}\" is not an option of test"))),
    }
}

fn effort<'a>(rest: &mut impl Iterator<Item = &'a str>) -> Result<Effort, Failure> {
    match rest.next() {
        None => Ok(Effort::Full),
        Some("--quick") => Ok(Effort::Quick),
        Some(other) => Err(usage(format!("\"{other}\" is not an option of bench"))),
    }
}

fn books<'a>(rest: &mut impl Iterator<Item = &'a str>) -> Result<u32, Failure> {
    let value = match rest.next() {
        None => return Ok(DEFAULT_BOOKS),
        Some("--books") => rest.next(),
        Some(option) => match option.split_once('=') {
            Some(("--books", value)) => Some(value),
            _ => return Err(usage(format!("\"{option}\" is not an option of bits"))),
        },
    };
    let value = value.ok_or_else(|| usage("--books needs a number, as in --books 1000".to_owned()))?;
    value.parse().map_err(|_| usage(format!("\"{value}\" is not a number of books")))
}

fn usage(message: String) -> Failure {
    Failure { message: format!("{message}; `cargo xtask help` lists what there is"), code: 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, Failure> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn commands_and_options_are_read() {
        for (line, command) in [
            ("", Command::Help),
            ("--help", Command::Help),
            ("build", Command::Build),
            ("serve", Command::Serve { port: 8080, open: Open::IfPossible }),
            ("serve --no-open --port 9", Command::Serve { port: 9, open: Open::No }),
            ("serve --port=9", Command::Serve { port: 9, open: Open::IfPossible }),
            ("test", Command::Test { scope: Scope::Everything }),
            ("test --fast", Command::Test { scope: Scope::WithoutBrowser }),
            ("bench", Command::Bench { effort: Effort::Full }),
            ("bench --quick", Command::Bench { effort: Effort::Quick }),
            ("bits", Command::Bits { books: 100_000 }),
            ("bits --books 7", Command::Bits { books: 7 }),
            ("bits --books=7", Command::Bits { books: 7 }),
        ] {
            assert_eq!(parsed(line).expect(line), command, "{line}");
        }
    }

    #[test]
    fn what_is_unknown_is_named() {
        for (line, part) in [
            ("sreve", "there is no command \"sreve\""),
            ("serve --prot 3", "\"--prot\""),
            ("serve --port", "needs a number"),
            ("serve --port 99999", "\"99999\" is not a port"),
            ("build --release", "\"--release\""),
            ("test --slow", "\"--slow\""),
            ("test --fast now", "\"now\""),
            ("bench --slow", "\"--slow\""),
            ("bits --books", "needs a number"),
            ("bits --books many", "\"many\" is not a number"),
        ] {
            let failure = parsed(line).expect_err(line);
            assert!(failure.message.contains(part), "{line}: {failure}");
            assert_eq!(failure.code, 2, "{line}");
        }
    }
}
