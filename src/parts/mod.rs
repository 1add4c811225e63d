//! Small pieces that several panels use.

mod canvas_backend;
mod chart_canvas;
mod derived;
mod drawer;
mod element_size;
mod formula;
mod lists;
mod mark;
mod popover;
mod range_input;
mod short_name;
mod shown_table;
mod tabbed;
mod table_text;
mod text_table;
mod unit;
mod waiting_line;

pub use canvas_backend::{CanvasBackend, Refused};
pub use chart_canvas::{ChartCanvas, ChartCanvasProps, Stage};
pub use derived::{flag, maybe, text};
pub use drawer::drawer_button;
pub use element_size::element_size;
pub use formula::{formula_lines, plain, with_numbers};
pub use lists::{either, keyed_rows, shown};
pub use mark::{mark_chip, mark_word, provenance};
pub use popover::close_outside;
pub use range_input::{RangeInput, RangeInputProps};
pub use short_name::{leg_name, short_day, short_name, short_names};
pub use tabbed::{Tab, TabbedPanel, TabbedPanelProps};
pub use table_text::{Cell, Row, TableText};
pub use text_table::{TextTable, TextTableProps};
pub use unit::unit;
pub use waiting_line::waiting_line;
