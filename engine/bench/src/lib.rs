//! What `cargo xtask bench` times and `cargo xtask bits` compares, once for native code and wasm.
//!
//! A case is a name and something to run again and again; whoever runs it has the clock. In wasm that is
//! `js/harness.js`, natively [`timing`], and both go about it in the same way.
#![deny(missing_docs)]

#[path = "../../benches/support/books.rs"]
pub mod books;
#[path = "../../benches/support/insights.rs"]
pub mod insights;

#[cfg(target_arch = "wasm32")]
mod bindings;
pub mod bits;
pub mod cases;
pub mod kernel;
pub mod timing;
