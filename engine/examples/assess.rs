//! Answers a request of the contract: JSON on standard input, JSON on standard output.
//!
//! ```text
//! cargo run -p margin-engine --example assess < engine/examples/requests/strangle.json
//! ```
//!
//! A bad request is one line on standard error and exit code 2.

use std::io::{Read, Write};
use std::process::ExitCode;

use margin_engine::contract::{Request, assess};

/// Exit code of a request that has no answer.
const BAD_REQUEST: u8 = 2;

fn main() -> ExitCode {
    match answer() {
        Ok(response) => match writeln!(std::io::stdout(), "{response}") {
            Ok(()) => ExitCode::SUCCESS,
            // Whoever was reading has gone.
            Err(_) => ExitCode::FAILURE,
        },
        Err(reason) => {
            // One line whatever the reason quotes; where standard error is closed, the exit code says it.
            let _ = writeln!(std::io::stderr(), "{}", reason.replace(['\n', '\r'], " "));
            ExitCode::from(BAD_REQUEST)
        }
    }
}

fn answer() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| format!("standard input cannot be read: {error}"))?;
    let request = Request::from_json(&text).map_err(|error| error.to_string())?;
    // No markets of its own: the request brings the whole market.
    let response = assess(&request, |_| None).map_err(|error| error.to_string())?;
    serde_json::to_string_pretty(&response).map_err(|error| error.to_string())
}
