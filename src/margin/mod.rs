//! What has to be paid, what the hedges save, and how other rules would see the same book.

mod comparison;
mod credit;
mod explain;
mod memos;
mod pairings;
mod parameters;
mod requirement;

pub use comparison::ComparisonPanel;
pub use credit::CreditPanel;
pub use explain::Explain;
pub use pairings::{PairingsPanel, pairing_cards};
pub use parameters::{Editable, ParametersButton, ParametersDrawer, parameter_rows};
pub use requirement::RequirementPanel;
