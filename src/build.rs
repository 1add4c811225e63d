//! Tells the linker to leave in the page's wasm what `xtask/src/split.rs` needs to take it apart.

fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") {
        println!("cargo:rustc-link-arg-bin=margin-simulator=--emit-relocs");
    }
}
