//! Prepared portfolios that teach.

mod menu;
pub mod portfolios;

pub use menu::LearnMenu;
