//! Prepared portfolios that teach.

mod menu;
pub mod portfolios;
pub mod prepared;

pub use menu::LearnMenu;
