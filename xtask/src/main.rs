//! The chores of this repository: serve the simulator, build it, test everything.
//!
//! Run as `cargo xtask <command>`; `cargo xtask help` lists the commands. Rust from rustup is all that has to
//! be there: the other tools are brought into `.tools/` in the versions this workspace needs.

mod args;
mod bench;
mod bits;
mod boot;
mod browser;
mod dist;
mod process;
mod server;
mod split;
mod testing;
mod tools;
mod worker_loader;

use std::process::ExitCode;

use args::Command;
use process::Failure;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match args::parse(&arguments).and_then(run) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.code)
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Help => print!("{}", args::HELP),
        Command::Serve { port, open } => server::serve_command(port, open)?,
        Command::Build => dist::build_command()?,
        Command::Test { scope } => return testing::test_command(scope),
        Command::Bench { effort } => bench::bench_command(effort)?,
        Command::Bits { books } => bits::bits_command(books)?,
        Command::ExternalizeBoot => boot::externalize_command()?,
    }
    Ok(ExitCode::SUCCESS)
}
