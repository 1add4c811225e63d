//! The margin simulator's page.

#[allow(dead_code, unused_imports, reason = "drawn by the panels")]
mod charts;

fn main() {}
