//! The one implementation of each transcendental function, so that native code and wasm give the same bits.
//!
//! The standard library's `ln`, `exp` and `powf` call the platform's own library and differ between
//! targets; these come from `libm`, which is the same Rust code everywhere.

/// eˣ.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), exact near zero.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// x to the power y.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
