//! What the account has: balances, how it stands, where it would be called and liquidated.

mod account_panel;
mod balance_row;
mod collateral_panel;
mod curve_figures;
mod curve_tab;
mod deposits;
mod distances;
mod gauge;
mod haircuts;
mod life_panel;
mod modes_tab;

pub use account_panel::{AccountPanel, AccountPanelProps};
pub use collateral_panel::{CollateralPanel, CollateralPanelProps};
pub use distances::{Distances, DistancesProps};
pub use haircuts::{HaircutsDrawer, HaircutsDrawerProps};
pub use life_panel::{LifePanel, LifePanelProps};
