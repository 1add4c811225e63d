//! Building the portfolio: from the chain, by strategy, as text; and the table of what is held.

mod build_panel;
mod chain;
mod chain_cell;
mod expiry_chips;
mod leg_figures;
mod leg_quantity;
mod leg_row;
mod legs_panel;
pub mod outrights;
pub mod parse_text;
pub mod quotes;
pub mod strategies;
mod strategies_tab;
mod text_panel;
mod ticket;
pub mod venue;
pub mod words;

pub use build_panel::BuildPanel;
pub use legs_panel::LegsPanel;
pub use text_panel::TextPanel;
pub use ticket::Side;
