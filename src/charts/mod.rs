//! Charts: pure functions that draw the figures they are handed onto any plotters drawing area, the canvas of the page
//! or an SVG. They know neither the engine nor the page.
//!
//! Every chart takes a [`Theme`] and `scale`, the device pixels to a CSS pixel: a canvas's backing store is scaled by
//! hand, so fonts, lines and margins are multiplied by it; [`backing_scale`] says by how much. No input makes a chart
//! fail: what cannot be drawn leaves the area untouched.
//!
//! ```text
//! let scale = backing_scale(window.device_pixel_ratio());
//! canvas.set_width((css_width * scale).round() as u32);        // the same for the height; the style keeps CSS pixels
//! let area = CanvasBackend::with_canvas_object(canvas)?.into_drawing_area();
//! area.fill(&theme.panel)?;
//! payoff::draw(&area, &figures, &theme, scale)?;
//! ```

mod contour;
mod error;
pub mod format;
mod geometry;
pub mod heat_map;
pub mod margin_curve;
pub mod payoff;
mod projection;
pub mod range_history;
mod scene;
pub mod surface;
mod surface_box;
mod table;
mod theme;
pub mod ticks;
pub mod waterfall;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;

pub use error::ChartError;
pub use format::Unit;
pub use geometry::Rect;
pub use heat_map::{HeatMap, SlideDot};
pub use margin_curve::{CurveTicks, MarginCurve, MarkedCrossing};
pub use payoff::{Payoff, PayoffPlot};
pub use projection::View;
pub use range_history::{DayPlot, RangeHistory, Stroke};
pub use theme::Theme;
pub use waterfall::{Bar, Waterfall};

/// By how much a canvas's backing store is larger than its CSS size: a whole multiple of the device's pixels and at
/// least two to a CSS pixel. plotters counts in whole pixels, and on a plain screen one is too coarse for a smooth
/// curve.
#[must_use]
pub fn backing_scale(device_pixel_ratio: f64) -> f64 {
    let ratio = scene::usable_scale(device_pixel_ratio).clamp(0.25, 8.0);
    ratio * (2.0 / ratio).ceil()
}
