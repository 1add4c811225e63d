//! P&L over price and vol as a picture: colours, axes, the slides of the methodology and the worst of them.
//!
//! In the page the colours go through `ImageData` ([`raster`]) and the rest is drawn over them ([`draw_frame`]); for
//! export [`draw`] does both onto one area.

use super::contour::zero_lines;
use super::error::ChartError;
use super::format::{self, Unit};
use super::geometry::{Rect, place_label};
use super::scene::{Align, Point, SMALL, SMALL_BOLD, Scene, usable_scale};
use super::table::{bracket, share_of, value_between};
use super::theme::{Theme, blend};
use super::ticks::round_ticks;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBColor};
use std::sync::OnceLock;

/// Below this many CSS pixels of plot in either direction nothing is drawn.
const SMALLEST_PLOT: f64 = 40.0;
/// Around the plot, in CSS pixels: top, right, bottom, left.
const MARGINS: [f64; 4] = [20.0, 8.0, 22.0, 44.0];
/// Width and height of the rectangles of an exported picture, in CSS pixels.
const EXPORT_CELL: f64 = 5.0;
/// Steps of the colour scale on either side of zero, even in the root of the amount: dense where colours change fast.
const COLOUR_STEPS: usize = 512;

/// One of the methodology's slides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SlideDot {
    /// As a fraction of the price.
    pub price_move: f64,
    /// In the unit of [`HeatMap::vol_moves`].
    pub vol_move: f64,
    /// Of the whole book on this slide.
    pub pnl: f64,
    /// The slide that sets the requirement: drawn as a ring with its figure.
    pub is_worst: bool,
    /// The next one: drawn as a smaller, thinner ring.
    pub is_runner_up: bool,
}

/// A table of P&L over price and vol, and the slides to mark on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatMap<'a> {
    /// Fractions of the price, ascending: one a column.
    pub price_moves: &'a [f64],
    /// Vol points (or fractions, as the methodology counts), ascending: one a row.
    pub vol_moves: &'a [f64],
    /// What the rows count, as a caption: "vol points".
    pub vol_label: &'a str,
    /// Row by row: `pnl[row * price_moves.len() + column]`. What is not finite is drawn as a P&L of zero.
    pub pnl: &'a [f64],
    /// In any order.
    pub slides: &'a [SlideDot],
    /// What the P&L is counted in.
    pub unit: Unit<'a>,
}

impl HeatMap<'_> {
    /// Whether there is a table to draw: at least one cell, as many figures as cells, both axes ascending.
    #[must_use]
    pub fn is_drawable(&self) -> bool {
        let ascending = |moves: &[f64]| {
            !moves.is_empty() && moves.iter().all(|at| at.is_finite()) && moves.windows(2).all(|pair| pair[0] < pair[1])
        };
        ascending(self.price_moves)
            && ascending(self.vol_moves)
            && self.pnl.len() == self.price_moves.len() * self.vol_moves.len()
    }

    /// The largest P&L without its sign, where the colours are full; 0 when every figure is zero or unknown.
    #[must_use]
    pub fn largest(&self) -> f64 {
        self.pnl.iter().filter(|pnl| pnl.is_finite()).fold(0.0, |largest, pnl| pnl.abs().max(largest))
    }

    /// The price and vol move under a pixel of the backing store; `None` outside the plot.
    #[must_use]
    pub fn locate(&self, plot: &Rect, x: f64, y: f64) -> Option<(f64, f64)> {
        if !self.is_drawable() || plot.width() <= 0.0 || plot.height() <= 0.0 || !plot.contains(x, y) {
            return None;
        }
        let along = (x - plot.left) / plot.width();
        let up = (plot.bottom - y) / plot.height();
        Some((value_between(self.price_moves, along), value_between(self.vol_moves, up)))
    }

    /// Where a price and vol move lies in the plot, in pixels of the backing store; the inverse of
    /// [`HeatMap::locate`]. Moves beyond the table lie beyond the plot.
    #[must_use]
    pub fn place(&self, plot: &Rect, price_move: f64, vol_move: f64) -> (f64, f64) {
        (
            plot.left + plot.width() * share_of(self.price_moves, price_move),
            plot.bottom - plot.height() * share_of(self.vol_moves, vol_move),
        )
    }

    /// The P&L at a price and vol move, between the cells as the colours show it; `None` outside the table or where a
    /// neighbouring figure is unknown.
    #[must_use]
    pub fn read_out(&self, price_move: f64, vol_move: f64) -> Option<f64> {
        if !self.is_drawable() {
            return None;
        }
        let (column, along) = bracket(self.price_moves, price_move)?;
        let (row, up) = bracket(self.vol_moves, vol_move)?;
        let cell = |row: usize, column: usize| {
            let (row, column) = (row.min(self.vol_moves.len() - 1), column.min(self.price_moves.len() - 1));
            self.pnl.get(row * self.price_moves.len() + column).copied().unwrap_or(f64::NAN)
        };
        let between = |low: f64, high: f64, share: f64| if share == 0.0 { low } else { low + (high - low) * share };
        let lower = between(cell(row, column), cell(row, column + 1), along);
        let upper = if up == 0.0 { lower } else { between(cell(row + 1, column), cell(row + 1, column + 1), along) };
        Some(between(lower, upper, up)).filter(|pnl| pnl.is_finite())
    }
}

/// Where the colours go on a canvas of this size, all in pixels of the backing store. It depends on nothing else, so
/// that the page can place the image and follow the pointer. Empty when the canvas is too small for a chart.
#[must_use]
pub fn plot_rect(width_px: u32, height_px: u32, scale: f64) -> Rect {
    let scale = usable_scale(scale);
    let plot = Rect::inside(width_px, height_px, MARGINS.map(|margin| margin * scale));
    let smallest = SMALLEST_PLOT * scale;
    if plot.width() < smallest || plot.height() < smallest {
        return Rect { right: plot.left, bottom: plot.top, ..plot };
    }
    plot
}

/// The colours, `width_px` × `height_px` × 4 bytes (red, green, blue, opaque), the highest vol on top: what `ImageData`
/// takes. Of any size: the table is smooth, so a third of the plot's pixels stretched by the canvas looks the same and
/// costs a tenth.
#[must_use]
pub fn raster(map: &HeatMap<'_>, theme: &Theme, width_px: u32, height_px: u32) -> Vec<u8> {
    let (width, height) = (width_px as usize, height_px as usize);
    let panel = [theme.panel.0, theme.panel.1, theme.panel.2, 255];
    let mut pixels = panel.repeat(width * height);
    let largest = map.largest();
    if !map.is_drawable() || largest == 0.0 || pixels.is_empty() {
        return pixels;
    }

    // A power for each pixel would cost more than everything else: it is taken once for each step of the scale.
    let colours = colour_scale(theme);
    let steps_per_root = (COLOUR_STEPS * COLOUR_STEPS) as f64 / largest;
    let columns = map.price_moves.len();
    let middle_of = |index: usize, count: usize| (index as f64 + 0.5) / count as f64;
    let across: Vec<(usize, usize, f64)> = (0..width)
        .map(|x| {
            let price_move = value_between(map.price_moves, middle_of(x, width));
            let (column, along) = bracket(map.price_moves, price_move).unwrap_or_default();
            (column, (column + 1).min(columns - 1), along)
        })
        .collect();

    let mut line = vec![0.0; columns];
    for (y, line_pixels) in pixels.chunks_exact_mut(width * 4).enumerate() {
        let vol_move = value_between(map.vol_moves, 1.0 - middle_of(y, height));
        let (row, up) = bracket(map.vol_moves, vol_move).unwrap_or_default();
        let lower = &map.pnl[row * columns..][..columns];
        let upper_row = (row + 1).min(map.vol_moves.len() - 1);
        let upper = &map.pnl[upper_row * columns..][..columns];
        for (value, (low, high)) in line.iter_mut().zip(lower.iter().zip(upper)) {
            let between = low + (high - low) * up;
            *value = if between.is_finite() { between * steps_per_root } else { f64::NAN };
        }
        for (pixel, (left, right, along)) in line_pixels.chunks_exact_mut(4).zip(&across) {
            let (low, high) = (line[*left], line[*right]);
            let amount = low + (high - low) * along;
            // The cast takes what is no number to zero, which is the panel's colour.
            let step = (amount.abs().sqrt() as usize).min(COLOUR_STEPS);
            pixel.copy_from_slice(&colours[if amount > 0.0 { COLOUR_STEPS + 1 + step } else { step }]);
        }
    }
    pixels
}

/// Losses from zero to full, then gains from zero to full.
fn colour_scale(theme: &Theme) -> Vec<[u8; 4]> {
    // Powers are slow, and every scale has the same.
    static STRENGTHS: OnceLock<Vec<f64>> = OnceLock::new();
    let share = |step: usize| (step as f64 / COLOUR_STEPS as f64).powi(2);
    let strengths = STRENGTHS.get_or_init(|| (0..=COLOUR_STEPS).map(|step| Theme::strength(share(step))).collect());
    let colour = |full: RGBColor, strength: f64| {
        let colour = blend(theme.panel, full, strength);
        [colour.0, colour.1, colour.2, 255]
    };
    [theme.loss, theme.gain].into_iter().flat_map(|full| strengths.iter().map(move |it| colour(full, *it))).collect()
}

/// Everything but the colours: axes, the line where the P&L changes its sign, the slides, the worst one's figure. The
/// area is not cleared: the page puts the image first.
///
/// # Errors
/// When the backend fails.
pub fn draw_frame<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    map: &HeatMap<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    frame(map, theme, scale, plot_rect(width, height, scale), f64::from(width)).paint(area)
}

/// Panel, colours as rectangles of a few pixels, and frame: for export.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    map: &HeatMap<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    let plot = plot_rect(width, height, scale);
    let mut scene = Scene::new(theme, scale);
    scene.fill(Rect::inside(width, height, [0.0; 4]), theme.panel.to_rgba());
    let cell = scene.px(EXPORT_CELL);
    let (columns, rows) = ((plot.width() / cell).ceil() as usize, (plot.height() / cell).ceil() as usize);
    let pixels = raster(map, theme, columns as u32, rows as u32);
    for (index, pixel) in pixels.chunks_exact(4).enumerate() {
        let edge =
            |part: usize, count: usize, low: f64, length: f64| (low + length * part as f64 / count as f64).round();
        let (column, row) = (index % columns, index / columns);
        let cell = Rect {
            left: edge(column, columns, plot.left, plot.width()),
            right: edge(column + 1, columns, plot.left, plot.width()),
            top: edge(row, rows, plot.top, plot.height()),
            bottom: edge(row + 1, rows, plot.top, plot.height()),
        };
        scene.fill(cell, plotters::style::RGBColor(pixel[0], pixel[1], pixel[2]).to_rgba());
    }
    scene.marks.extend(frame(map, theme, scale, plot, f64::from(width)).marks);
    scene.paint(area)
}

/// The frame's marks.
pub(super) fn frame<'a>(map: &HeatMap<'_>, theme: &'a Theme, scale: f64, plot: Rect, width: f64) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    if !map.is_drawable() || plot.width() <= 0.0 {
        return scene;
    }
    axes(&mut scene, map, &plot, width);
    for line in zero_lines(map.price_moves, map.vol_moves, map.pnl) {
        let points = line.into_iter().map(|(price, vol)| map.place(&plot, price, vol)).collect();
        scene.path(points, 1.0, theme.text.mix(0.28));
    }
    slides(&mut scene, map, &plot);
    scene
}

/// Tick labels left and below, the caption above the vol axis, a hairline around the plot.
fn axes(scene: &mut Scene<'_>, map: &HeatMap<'_>, plot: &Rect, width: f64) {
    let theme = scene.theme;
    let ends = |moves: &[f64]| moves.first().copied().zip(moves.last().copied()).unwrap_or_default();
    let (low, high) = ends(map.price_moves);
    let base = plot.bottom + scene.px(12.0);
    let bounds = Rect { left: 0.0, top: plot.bottom, right: width - scene.px(2.0), bottom: base * 2.0 };
    for tick in round_ticks(low, high, if plot.width() > scene.px(380.0) { 7 } else { 5 }) {
        let (x, _) = map.place(plot, tick, 0.0);
        let text = format::percent_move(tick);
        scene.vertical(x, plot.bottom, plot.bottom + scene.px(4.0), theme.line.to_rgba());
        // The outermost labels are pushed inwards rather than cut off.
        let at = scene.text_box((x, base), &text, SMALL, Align::Centre).moved_into(&bounds).centre();
        scene.text((at.0, base), text, SMALL, Align::Centre, theme.muted);
    }
    let (low, high) = ends(map.vol_moves);
    for tick in round_ticks(low, high, if plot.height() > scene.px(120.0) { 5 } else { 3 }) {
        let (_, y) = map.place(plot, 0.0, tick);
        scene.horizontal(plot.left - scene.px(4.0), plot.left, y, theme.line.to_rgba());
        scene.text((plot.left - scene.px(8.0), y), format::number_move(tick, 3), SMALL, Align::Right, theme.muted);
    }
    scene.text((plot.left, plot.top - scene.px(10.0)), map.vol_label, SMALL, Align::Left, theme.muted);
}

/// Dots, rings, and the worst slide's figure where it hides nothing.
fn slides(scene: &mut Scene<'_>, map: &HeatMap<'_>, plot: &Rect) {
    let theme = scene.theme;
    let known = map.slides.iter().filter(|slide| slide.price_move.is_finite() && slide.vol_move.is_finite());
    let placed: Vec<(&SlideDot, Point)> =
        known.map(|slide| (slide, map.place(plot, slide.price_move, slide.vol_move))).collect();
    let inside = |at: &Point| plot.grown(0.5).contains(at.0, at.1);
    let mut obstacles = Vec::with_capacity(placed.len());
    for (slide, at) in placed.iter().filter(|(slide, at)| inside(at) && !slide.is_worst) {
        if slide.is_runner_up {
            scene.ring(*at, 4.0, 1.25, theme.text.mix(0.75));
        } else {
            scene.disc(*at, 2.0, theme.text.mix(0.72));
        }
        obstacles.push(Rect::around(*at, scene.px(5.0)));
    }
    if let Some((slide, at)) = placed.iter().find(|(slide, _)| slide.is_worst) {
        worst(scene, map, plot, (slide, *at), &obstacles);
    }
}

/// The ring of the worst slide and its figure. A slide beyond the table is marked on the edge and named.
fn worst(scene: &mut Scene<'_>, map: &HeatMap<'_>, plot: &Rect, (slide, at): (&SlideDot, Point), obstacles: &[Rect]) {
    let edge = (at.0.clamp(plot.left, plot.right), at.1.clamp(plot.top, plot.bottom));
    let beyond = (at.0 - edge.0).hypot(at.1 - edge.1) > scene.px(1.0);
    let mut text = format::money(slide.pnl, map.unit);
    if beyond {
        text = format!("{}: {text}", format::percent_move(slide.price_move));
    }
    worst_mark(scene, plot, edge, &text, obstacles);
}

/// A ring and beside it the figure on a pill of the panel's colour, legible on every colour of the scale.
pub(super) fn worst_mark(scene: &mut Scene<'_>, bounds: &Rect, at: Point, text: &str, obstacles: &[Rect]) {
    let theme = scene.theme;
    scene.ring(at, 6.0, 4.0, theme.panel.mix(0.45));
    scene.ring(at, 6.0, 1.75, theme.text.to_rgba());
    let (width, height) = scene.text_size(text, SMALL_BOLD);
    let size = (width + scene.px(8.0), height + scene.px(4.0));
    let label = place_label(at, scene.px(11.0), size, &bounds.grown(-scene.px(3.0)), obstacles);
    pill(scene, &label, theme.panel.mix(0.82));
    scene.text(label.centre(), text, SMALL_BOLD, Align::Centre, theme.text);
}

/// A filled rectangle with its corners taken off.
fn pill(scene: &mut Scene<'_>, Rect { left, top, right, bottom }: &Rect, color: plotters::style::RGBAColor) {
    let (near, far) = (scene.px(1.2), scene.px(4.0));
    scene.polygon(
        vec![
            (left + far, *top),
            (right - far, *top),
            (right - near, top + near),
            (*right, top + far),
            (*right, bottom - far),
            (right - near, bottom - near),
            (right - far, *bottom),
            (left + far, *bottom),
            (left + near, bottom - near),
            (*left, bottom - far),
            (*left, top + far),
            (left + near, top + near),
        ],
        color,
    );
}
