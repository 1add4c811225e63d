//! The same inputs give the same bits natively as in wasm: this is the native half, `wasm.rs` the other.
#![cfg(not(target_arch = "wasm32"))]

#[path = "bits/books.rs"]
mod books;
#[path = "bits/statistics.rs"]
mod statistics;

#[test]
fn figures_have_the_bits_that_wasm_has() {
    let hash = books::figures();
    assert_eq!(hash, books::EXPECTED, "if figures were meant to change, the hash is now {hash:#018x}");
}

#[test]
fn implied_vols_have_the_bits_that_wasm_has() {
    let hash = books::implied_vols();
    assert_eq!(hash, books::EXPECTED_IMPLIED, "if figures were meant to change, the hash is now {hash:#018x}");
}

#[test]
fn statistics_have_the_bits_that_wasm_has() {
    let hash = statistics::figures();
    assert_eq!(hash, statistics::EXPECTED, "if figures were meant to change, the hash is now {hash:#018x}");
}
