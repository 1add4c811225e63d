//! Prints the JSON Schema of the contract.
//!
//! ```text
//! cargo run -p margin-engine --features schema --example schema > docs/contract.schema.json
//! ```

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The alternate form is indented.
    match writeln!(std::io::stdout(), "{:#}", margin_engine::contract::schema()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
