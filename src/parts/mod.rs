//! Small pieces that several panels use.

mod canvas_backend;
mod chart_canvas;
mod unit;

pub use canvas_backend::{CanvasBackend, Refused};
pub use chart_canvas::{ChartCanvas, ChartCanvasProps, Stage};
pub use unit::unit;
