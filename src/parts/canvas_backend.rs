//! plotters on a canvas, to a quarter of a device pixel.
//!
//! plotters counts in whole units. Were they device pixels, curves would be stepped on a plain screen; so a unit is a
//! quarter of one, and the context's transform makes them small again. What is drawn stays vectors at the canvas's own
//! resolution: text as crisp as the page's, and no larger picture to fill.

use std::fmt;

use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use web_sys::CanvasRenderingContext2d;

/// Units of plotters to a device pixel.
pub(super) const UNITS: f64 = 4.0;

/// Never happens: a canvas takes everything.
#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the canvas refused to draw")
    }
}

impl std::error::Error for Refused {}

type Drawn = Result<(), DrawingErrorKind<Refused>>;

/// A canvas for plotters.
pub struct CanvasBackend {
    context: CanvasRenderingContext2d,
    size: (u32, u32),
    /// The font set last: browsers parse it anew each time.
    font: String,
}

impl CanvasBackend {
    /// Clears the canvas and prepares it for units of plotters.
    pub(super) fn cleared(context: CanvasRenderingContext2d, width_px: u32, height_px: u32) -> CanvasBackend {
        let units = |pixels: u32| (f64::from(pixels) * UNITS) as u32;
        let size = (units(width_px), units(height_px));
        // A finite matrix is never refused.
        let _ = context.set_transform(1.0 / UNITS, 0.0, 0.0, 1.0 / UNITS, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        // Mitred joins would let the kinks of a payoff stick out as thorns.
        context.set_line_join("round");
        CanvasBackend { context, size, font: String::new() }
    }

    fn fill_in(&self, color: BackendColor) {
        self.context.set_fill_style_str(&css(color));
    }

    fn stroke_in(&self, style: &impl BackendStyle) {
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.set_line_width(f64::from(style.stroke_width()));
    }

    fn trace(&self, path: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        for (x, y) in path {
            // The first of them moves there.
            self.context.line_to(f64::from(x), f64::from(y));
        }
    }
}

impl DrawingBackend for CanvasBackend {
    type ErrorType = Refused;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.fill_in(color);
        self.context.fill_rect(f64::from(x), f64::from(y), 1.0, 1.0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        // Hairlines and bars have edges, not slopes: they lie on device pixels.
        let on_pixel = |unit: i32| (f64::from(unit) / UNITS).round() * UNITS;
        let (left, top) = (on_pixel(from.0), on_pixel(from.1));
        let (width, height) = (on_pixel(to.0) - left, on_pixel(to.1) - top);
        if fill {
            self.fill_in(style.color());
            self.context.fill_rect(left, top, width, height);
        } else {
            self.stroke_in(style);
            self.context.stroke_rect(left, top, width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.stroke_in(style);
        self.trace(path);
        self.context.stroke();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.fill_in(style.color());
        self.trace(path);
        self.context.fill();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.context.begin_path();
        let whole_turn = std::f64::consts::TAU;
        let drawn = self.context.arc(f64::from(x), f64::from(y), f64::from(radius), 0.0, whole_turn);
        drawn.map_err(|_| DrawingErrorKind::DrawingError(Refused))?;
        if fill {
            self.fill_in(style.color());
            self.context.fill();
        } else {
            self.stroke_in(style);
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        self.context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Right => "right",
            HPos::Center => "center",
        });
        self.fill_in(style.color());
        let font = format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str());
        if self.font != font {
            self.context.set_font(&font);
            self.font = font;
        }
        let drawn = self.context.fill_text(text, f64::from(x), f64::from(y));
        drawn.map_err(|_| DrawingErrorKind::DrawingError(Refused))
    }
}

fn css(BackendColor { rgb: (red, green, blue), alpha }: BackendColor) -> String {
    format!("rgba({red},{green},{blue},{alpha})")
}
