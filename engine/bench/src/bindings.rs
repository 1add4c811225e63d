//! The cases and hashes for JavaScript.

use wasm_bindgen::prelude::*;

use crate::bits::Books;
use crate::cases::{self, Case};
use crate::kernel::Kernel;

/// The names of all cases.
#[wasm_bindgen(js_name = caseNames)]
pub fn case_names() -> Vec<String> {
    cases::names()
}

/// A case, ready to be run.
#[wasm_bindgen]
pub struct Prepared(Case);

#[wasm_bindgen]
impl Prepared {
    /// The case of this name; undefined where there is none.
    pub fn named(name: &str) -> Option<Prepared> {
        cases::prepare(name).map(Prepared)
    }

    /// What one run does how often.
    #[wasm_bindgen(getter)]
    pub fn units(&self) -> usize {
        self.0.units
    }

    /// So many runs.
    pub fn run(&mut self, repetitions: u32) {
        self.0.run(repetitions);
    }
}

/// The inputs of all pricers and our prices, as JSON.
#[wasm_bindgen]
pub fn inputs() -> String {
    Kernel::default().document()
}

/// Hashes of random books.
#[wasm_bindgen]
#[derive(Default)]
pub struct BookHashes(Books);

#[wasm_bindgen]
impl BookHashes {
    /// With every methodology's preset read.
    #[wasm_bindgen(constructor)]
    pub fn new() -> BookHashes {
        BookHashes::default()
    }

    /// The hash of every figure of the book of this number.
    pub fn hash(&self, number: u32) -> u64 {
        self.0.hash(number)
    }
}
