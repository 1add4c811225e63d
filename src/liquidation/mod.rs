//! What becomes of the account under stress, and when it is liquidated.

mod liquidation_tab;
mod stress_tab;

pub use liquidation_tab::{LiquidationTab, LiquidationTabProps};
pub use stress_tab::{StressTab, StressTabProps};
