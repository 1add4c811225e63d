//! `cargo xtask bits`: every figure of many random books, natively and in wasm, must have the same bits.

use std::process::Command;
use std::thread;

use crate::bench::build;
use crate::process::{self, Failure};

/// Builds both, hashes each book in each, and compares. The books are shared out over two processes at a time.
pub fn bits_command(books: u32) -> Result<(), Failure> {
    let node =
        process::find_in_path("node").ok_or_else(|| Failure::new("wasm needs Node, and there is none in PATH"))?;
    build::native()?;
    build::wasm()?;
    let script = build::web().join("node.mjs");
    let native = hashes("natively", books, |first, count| process::command(build::program(), &["bits", first, count]))?;
    let wasm = hashes("in wasm", books, |first, count| {
        process::command(&node, &[&script.to_string_lossy(), "bits", first, count])
    })?;
    if native.len() != books as usize || wasm.len() != native.len() {
        let message =
            format!("{books} books were asked for, {} came natively and {} in wasm", native.len(), wasm.len());
        return Err(Failure::new(message));
    }
    if let Some(book) = native.iter().zip(&wasm).position(|(native, wasm)| native != wasm) {
        let message = format!("book {book} differs: {} natively, {} in wasm", native[book], wasm[book]);
        return Err(Failure::new(message));
    }
    let methodologies = process::captured(&mut process::command(build::program(), &["methodologies"]))?;
    println!(
        "{books} books under each of {} methodologies: native and wasm figures are identical",
        methodologies.trim()
    );
    Ok(())
}

/// A hash for each book, in order, from as many processes as there are cores.
fn hashes(place: &str, books: u32, command: impl Fn(&str, &str) -> Command + Sync) -> Result<Vec<String>, Failure> {
    let processes = thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    crate::tools::timed(&format!("assessing {books} books {place}"), "minutes for a hundred thousand", || {
        thread::scope(|scope| {
            let parts: Vec<_> = (0..processes)
                .map(|part| {
                    let share = |part: u32| (u64::from(books) * u64::from(part) / u64::from(processes)) as u32;
                    let (first, count) = (share(part), share(part + 1) - share(part));
                    let mut command = command(&first.to_string(), &count.to_string());
                    scope.spawn(move || process::captured(&mut command))
                })
                .collect();
            let mut all = Vec::with_capacity(books as usize);
            for part in parts {
                let text = part.join().map_err(|_| Failure::new("a process could not be followed"))??;
                all.extend(text.split_whitespace().map(str::to_owned));
            }
            Ok(all)
        })
    })
}
