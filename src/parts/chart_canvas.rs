//! The one place where charts meet a canvas: its size, the device pixel ratio, the look, and when to draw.

use leptos::html;
use leptos::prelude::*;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::canvas_backend::{CanvasBackend, UNITS};
use super::{element_size, in_sight};
use crate::app::use_appearance;
use crate::charts::{Rect, Theme};

/// What a chart draws on: cleared, and of the size that the page gives it now.
pub struct Stage {
    /// Where the functions of [`crate::charts`] draw. Its units are finer than device pixels.
    pub area: DrawingArea<CanvasBackend, Shift>,
    /// Units of the area to a CSS pixel: what the charts call their scale.
    pub scale: f64,
    /// Width of the area, in its units.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The page's look.
    pub theme: &'static Theme,
    context: CanvasRenderingContext2d,
    /// Holds images on their way.
    scratch: HtmlCanvasElement,
}

impl Stage {
    /// Stretches a picture over a rectangle of the area. `rgba` are `columns` × `rows` × 4 bytes.
    pub fn image(&self, rgba: &[u8], columns: u32, rows: u32, onto: &Rect) {
        // Image data knows no transform and no stretching, but a canvas holding it can be drawn with both.
        let picture = &self.scratch;
        resize(picture, columns, rows);
        let Ok(data) = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), columns, rows) else { return };
        let Some(context) = context_of(picture) else { return };
        if context.put_image_data(&data, 0.0, 0.0).is_ok() {
            let _ = self.context.draw_image_with_html_canvas_element_and_dw_and_dh(
                picture,
                onto.left,
                onto.top,
                onto.width(),
                onto.height(),
            );
        }
    }
}

/// A canvas that fills its place. `draw` is called whenever a signal that it reads changes, or the size, the pixel
/// ratio or the look does; at most once in an animation frame, and only in sight. It need not clear.
///
/// The place is a `div` of class `chart`; give it a height by a class of your own on an element around it:
///
/// ```text
/// <div class="waterfall">
///     <ChartCanvas
///         label=Signal::derive(move || "Initial margin: worst slide $40,540, roll shock $932".to_owned())
///         draw=move |stage| {
///             outcome.with(|outcome| { waterfall::draw(&stage.area, &of(outcome), stage.theme, stage.scale) })
///         }
///     />
/// </div>
/// ```
///
/// Pointer positions: the charts' `plot_rect` and the like can be asked in CSS pixels as well, with a scale of 1.
#[component]
pub fn ChartCanvas(
    /// What the picture shows, in words.
    #[prop(into)]
    label: Signal<String>,
    /// Draws it. Errors are dropped: a canvas takes everything.
    draw: impl Fn(&Stage) + 'static,
) -> impl IntoView {
    // Compiled once, not once for each chart.
    place_for(label, Box::new(draw))
}

fn place_for(label: Signal<String>, draw: Box<dyn Fn(&Stage)>) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    // A change of the pixel ratio is a zoom, which changes the size too.
    let size = element_size(move || place.get().map(Into::into));
    let is_seen = in_sight(move || place.get().map(Into::into));
    let appearance = use_appearance();
    // For tests: how often it was drawn.
    let mut count = 0_u32;

    // The first change is drawn at once; the next ones wait for the frame that shows it, and come as one.
    let frame = Trigger::new();
    let waits = StoredValue::new(Frame::Free);
    Effect::new(move |scratch: Option<Option<HtmlCanvasElement>>| {
        let scratch = scratch.flatten().or_else(new_canvas)?;
        frame.track();
        if !is_seen.get() {
            // Nothing else is followed until it is.
            return Some(scratch);
        }
        if waits.get_value() != Frame::Free {
            // Nothing else is followed until then: the frame asks for what is new.
            waits.set_value(Frame::Outdated);
            return Some(scratch);
        }
        let Some(canvas) = canvas.get() else { return Some(scratch) };
        let theme = if appearance.is_dark.get() { &Theme::DARK } else { &Theme::LIGHT };
        if let Some(stage) = prepare(&canvas, size.get(), window().device_pixel_ratio(), theme, scratch.clone()) {
            draw(&stage);
            count += 1;
            let _ = canvas.set_attribute("data-drawn", &count.to_string());
        }
        waits.set_value(Frame::Drawn);
        request_animation_frame(move || {
            // The component may be gone by now.
            let outdated = waits.try_get_value() == Some(Frame::Outdated);
            let _ = waits.try_set_value(Frame::Free);
            if outdated {
                frame.notify();
            }
        });
        Some(scratch)
    });

    view! {
        <div class="chart" node_ref=place>
            <canvas node_ref=canvas role="img" aria-label=label></canvas>
        </div>
    }
}

/// What the animation frame to come is for.
#[derive(Clone, Copy, PartialEq)]
enum Frame {
    /// Nothing has been drawn for it.
    Free,
    /// It shows what was drawn last.
    Drawn,
    /// As [`Frame::Drawn`], and something has changed since.
    Outdated,
}

/// Gives the canvas as many pixels as the screen has in its place; none if it has no place.
fn prepare(
    canvas: &HtmlCanvasElement,
    (width, height): (f64, f64),
    pixel_ratio: f64,
    theme: &'static Theme,
    scratch: HtmlCanvasElement,
) -> Option<Stage> {
    let ratio = if pixel_ratio.is_finite() && pixel_ratio > 0.0 { pixel_ratio } else { 1.0 };
    let pixels = |css: f64| (css * ratio).floor() as u32;
    let (width_px, height_px) = (pixels(width), pixels(height));
    if width_px == 0 || height_px == 0 {
        return None;
    }
    if resize(canvas, width_px, height_px) {
        // Whole device pixels, or the picture would be stretched by a fraction of one, and blurred.
        let style = web_sys::HtmlElement::style(canvas);
        for (side, length) in [("width", width_px), ("height", height_px)] {
            let _ = style.set_property(side, &format!("{}px", f64::from(length) / ratio));
        }
    }
    let context = context_of(canvas)?;
    let backend = CanvasBackend::cleared(context.clone(), width_px, height_px);
    let area = backend.into_drawing_area();
    let (width, height) = area.dim_in_pixel();
    Some(Stage { area, scale: ratio * UNITS, width, height, theme, context, scratch })
}

fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

fn new_canvas() -> Option<HtmlCanvasElement> {
    document().create_element("canvas").ok()?.dyn_into().ok()
}

/// Whether it was of another size; then it is empty now.
fn resize(canvas: &HtmlCanvasElement, width: u32, height: u32) -> bool {
    if (canvas.width(), canvas.height()) == (width, height) {
        return false;
    }
    canvas.set_width(width);
    canvas.set_height(height);
    true
}
