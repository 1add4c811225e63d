//! What becomes of the account under stress, and when it is liquidated.

mod end_words;
mod liquidation_tab;
mod own_scenario;
mod path_choice;
mod stress_details;
mod stress_tab;
mod timeline;

pub use liquidation_tab::{LiquidationTab, LiquidationTabProps};
pub use stress_tab::{StressTab, StressTabProps};
