//! The cases natively: `run [--quick]` times them, `inputs` prints what peers are given, `bits FIRST COUNT` the hashes of
//! random books, `methodologies` under how many each is assessed.

use std::io::Write as _;
use std::process::ExitCode;

use margin_bench::bits::Books;
use margin_bench::cases;
use margin_bench::kernel::Kernel;
use margin_bench::timing::{Effort, measure};
use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let text = match words[..] {
        ["run"] => run(false),
        ["run", "--quick"] => run(true),
        ["methodologies"] => Books::default().methodologies().to_string(),
        ["inputs"] => Kernel::default().document(),
        ["bits", first, count] => match (first.parse(), count.parse()) {
            (Ok(first), Ok(count)) => bits(first, count),
            _ => return usage(),
        },
        _ => return usage(),
    };
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn usage() -> ExitCode {
    eprintln!("margin-bench run [--quick] | inputs | bits FIRST COUNT | methodologies");
    ExitCode::from(2)
}

fn run(quick: bool) -> String {
    let measured = cases::names().into_iter().filter_map(|name| {
        let mut case = cases::prepare(&name)?;
        Some(measure(&name, &mut case, Effort::new(quick)))
    });
    Value::Array(measured.collect()).to_string()
}

/// One hash a line.
fn bits(first: u32, count: u32) -> String {
    let books = Books::default();
    let hashes: Vec<String> =
        (first..first.saturating_add(count)).map(|book| format!("{:016x}", books.hash(book))).collect();
    hashes.join("\n")
}
