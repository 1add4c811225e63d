//! Charts: pure functions that draw the figures they are handed onto any plotters drawing area, the canvas of the page
//! or an SVG. They know neither the engine nor the page.
//!
//! Every chart takes a [`Theme`] and `scale`, the device pixels to a CSS pixel: a canvas's backing store is scaled by
//! hand, so fonts, lines and margins are multiplied by it. plotters counts in whole pixels; a backing store of at least
//! twice the CSS size keeps curves smooth on plain screens too. No input makes a chart fail: what cannot be drawn
//! leaves the area untouched.
//!
//! ```text
//! let area = CanvasBackend::with_canvas_object(canvas)?.into_drawing_area();
//! let theme = if dark { Theme::DARK } else { Theme::LIGHT };
//! payoff::draw(&area, &figures, &theme, device_pixel_ratio)?;
//! ```

mod contour;
mod error;
pub mod format;
mod geometry;
pub mod heat_map;
pub mod payoff;
mod projection;
mod scene;
pub mod surface;
mod table;
mod theme;
pub mod ticks;
pub mod waterfall;

#[cfg(test)]
mod gallery;

pub use error::ChartError;
pub use format::Unit;
pub use geometry::Rect;
pub use heat_map::{HeatMap, SlideDot};
pub use payoff::{Payoff, PayoffPlot};
pub use projection::View;
pub use theme::Theme;
pub use waterfall::{Bar, Waterfall};
