//! The margin simulator's page.

fn main() {}
