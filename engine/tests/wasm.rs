//! The engine as the page runs it: compiled to wasm. See `cargo xtask test`.
#![cfg(target_arch = "wasm32")]

use margin_engine::instrument::Instrument;
use margin_engine::pricing::numeric;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "bits/books.rs"]
mod books;
#[path = "bits/statistics.rs"]
mod statistics;

#[wasm_bindgen_test]
fn figures_have_the_bits_of_the_native_build() {
    let hash = books::figures();
    assert_eq!(hash, books::EXPECTED, "wasm has {hash:#018x}");
}

#[wasm_bindgen_test]
fn implied_vols_have_the_bits_of_the_native_build() {
    let hash = books::implied_vols();
    assert_eq!(hash, books::EXPECTED_IMPLIED, "wasm has {hash:#018x}");
}

#[wasm_bindgen_test]
fn statistics_have_the_bits_of_the_native_build() {
    let hash = statistics::figures();
    assert_eq!(hash, statistics::EXPECTED, "wasm has {hash:#018x}");
}

#[wasm_bindgen_test]
fn exponentials_have_the_bits_of_the_native_build() {
    assert_eq!(numeric::exp(1.0).to_bits(), 0x4005_bf0a_8b14_576a);
}

#[wasm_bindgen_test]
fn names_survive_a_round_trip() {
    for name in ["BTC-PERPETUAL", "BTC-28JUN24", "XRP_USDC-30JUN23-0d625-C"] {
        let instrument: Instrument = name.parse().expect(name);
        assert_eq!(instrument.to_string(), name);
    }
}
