//! Risk in pictures.

mod heat_map_view;
mod payoff_curves;
mod payoff_panel;
mod picture;
mod range_panel;
mod range_track;
mod read_out;
mod risk_panel;
mod slide_dots;
mod slide_label;
mod slide_rows;
mod slides_panel;
mod turning_view;
mod what_if_sliders;
mod worst_slide;

pub use payoff_panel::PayoffPanel;
pub use range_panel::RangePanel;
pub use read_out::{Pointer, legend_entry, pointed_chart};
pub use risk_panel::RiskPanel;
pub use slides_panel::SlidesPanel;
pub use turning_view::TurningView;
