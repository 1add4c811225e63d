//! Per-unit prices and sensitivities: pure functions on numbers.

pub mod numeric;
