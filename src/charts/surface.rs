//! The table of P&L as a surface that can be turned.
//!
//! Painted far to near: of a height field seen from above, a cell hides only what lies behind it, so walking the rows
//! and columns from the far corner is exact and needs no sorting. plotters' own surface series asks for each corner
//! four times and sorts; this is several times faster.

use super::contour::zero_lines;
use super::error::ChartError;
use super::format;
use super::geometry::Rect;
use super::heat_map::{HeatMap, SlideDot, worst_mark};
use super::projection::{HALF_PRICE, HALF_VOL, HEIGHT, Place, Projection, View};
use super::scene::{Point, Scene};
use super::table::{share_of, value_between};
use super::theme::{Theme, blend};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBColor};

/// At most so many rows and columns are drawn, however fine the table: it has to follow a dragging finger.
const MOST_NODES: usize = 40;
/// About so many lines of the mesh are drawn in either direction.
const MESH_LINES: usize = 9;
/// Neighbours overlap by so many CSS pixels, or their smoothed edges would let the back shine through.
const SEAM: f64 = 0.7;
/// Around the box, in CSS pixels: top, right, bottom, left. The labels stand here.
const MARGINS: [f64; 4] = [12.0, 40.0, 26.0, 52.0];
/// Below this many CSS pixels of plot in either direction nothing is drawn.
const SMALLEST_PLOT: f64 = 60.0;

/// Draws the surface with its axes and slides. The area is not cleared. A single row or column is no surface: nothing
/// is drawn.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    map: &HeatMap<'_>,
    view: View,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    scene(map, view, width, height, theme, scale).paint(area)
}

/// The marks of the whole chart; none when there is no room.
pub(super) fn scene<'a>(
    map: &HeatMap<'_>,
    view: View,
    width_px: u32,
    height_px: u32,
    theme: &'a Theme,
    scale: f64,
) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    let plot = Rect::inside(width_px, height_px, MARGINS.map(|margin| scene.px(margin)));
    let smallest = scene.px(SMALLEST_PLOT);
    let is_surface = map.is_drawable() && map.price_moves.len() > 1 && map.vol_moves.len() > 1;
    if !is_surface || plot.width() < smallest || plot.height() < smallest {
        return scene;
    }
    let projection = Projection::new(view, plot.centre(), plot.width(), plot.height());
    let Some(solid) = Solid::of(map, projection) else {
        return scene;
    };
    let whole = Rect::inside(width_px, height_px, [0.0; 4]);
    solid.floor(&mut scene, map);
    let labels = solid.labels(&mut scene, map, &whole);
    solid.quads(&mut scene);
    solid.zero_line(&mut scene);
    solid.slides(&mut scene, map, &whole, labels);
    scene
}

/// The table as it stands in the box.
pub(super) struct Solid {
    pub projection: Projection,
    /// Values along the axes, ascending.
    prices: Vec<f64>,
    vols: Vec<f64>,
    /// P&L row by row, unknown where the table's is.
    pnl: Vec<f64>,
    /// The P&L of the floor and of the lid; zero lies between.
    pub low: f64,
    pub high: f64,
    /// Where the colours are full.
    largest: f64,
}

impl Solid {
    /// `None` when the P&L spans more than can be counted.
    fn of(map: &HeatMap<'_>, projection: Projection) -> Option<Self> {
        let thin = |axis: &[f64]| -> Vec<f64> {
            if axis.len() <= MOST_NODES {
                return axis.to_vec();
            }
            let last = (MOST_NODES - 1) as f64;
            (0..MOST_NODES).map(|index| value_between(axis, index as f64 / last)).collect()
        };
        let (prices, vols) = (thin(map.price_moves), thin(map.vol_moves));
        let pnl: Vec<f64> = vols
            .iter()
            .flat_map(|vol| prices.iter().map(|price| map.read_out(*price, *vol).unwrap_or(f64::NAN)))
            .collect();
        let known = pnl.iter().filter(|pnl| pnl.is_finite());
        let (low, high) = known.fold((0.0_f64, 0.0_f64), |(low, high), pnl| (low.min(*pnl), high.max(*pnl)));
        let (low, high) = if high > low { (low, high) } else { (-1.0, 1.0) };
        (high - low).is_finite().then(|| Self { projection, prices, vols, pnl, low, high, largest: map.largest() })
    }

    pub fn across(&self, price: f64) -> f64 {
        (share_of(&self.prices, price) * 2.0 - 1.0) * HALF_PRICE
    }

    pub fn along(&self, vol: f64) -> f64 {
        (share_of(&self.vols, vol) * 2.0 - 1.0) * HALF_VOL
    }

    pub fn height(&self, pnl: f64) -> f64 {
        (pnl - self.low) / (self.high - self.low) * HEIGHT
    }

    fn place(&self, price: f64, vol: f64, pnl: f64) -> Place {
        [self.across(price), self.along(vol), self.height(pnl)]
    }

    /// The cells from the far corner to the near one, each in its colour, with a sparse mesh.
    fn quads(&self, scene: &mut Scene<'_>) {
        let theme = scene.theme;
        let (columns, rows) = (self.prices.len(), self.vols.len());
        let nodes: Vec<Point> = self
            .vols
            .iter()
            .flat_map(|vol| self.prices.iter().map(move |price| (*price, *vol)))
            .zip(&self.pnl)
            .map(|((price, vol), pnl)| self.projection.project(self.place(price, vol, *pnl)))
            .collect();
        let (upper_is_far, after_is_far) = (self.projection.cos_yaw > 0.0, self.projection.sin_yaw > 0.0);
        let far_first = |count: usize, last_is_far: bool| {
            (0..count - 1).map(move |index| if last_is_far { count - 2 - index } else { index })
        };
        let (column_stride, row_stride) = (columns.div_ceil(MESH_LINES), rows.div_ceil(MESH_LINES));
        for row in far_first(rows, upper_is_far) {
            for column in far_first(columns, after_is_far) {
                let first = row * columns + column;
                let corners = [first, first + 1, first + columns + 1, first + columns];
                let amounts = corners.map(|corner| self.pnl[corner]);
                let mean = amounts.iter().sum::<f64>() / 4.0;
                if !mean.is_finite() {
                    continue;
                }
                let points = corners.map(|corner| nodes[corner]);
                let colour = self.lit(theme.diverging(mean, self.largest), amounts, (column, row));
                // Opaque, or the joints of the mesh would show as dots.
                let mesh = blend(colour, theme.text, 0.17).to_rgba();
                scene.polygon(spread(points, scene.px(SEAM)), colour.to_rgba());
                // A cell draws the lines on its far sides, which no later cell covers, and the nearest cells also
                // those that end the surface.
                let [low, right, across, up] = points;
                let (lower, upper) = ((row, [low, right]), (row + 1, [up, across]));
                let (before, after) = ((column, [low, up]), (column + 1, [right, across]));
                let (far_row, near_row) = if upper_is_far { (upper, lower) } else { (lower, upper) };
                let (far_column, near_column) = if after_is_far { (after, before) } else { (before, after) };
                let ends = |index: usize, count: usize| index == 0 || index == count - 1;
                for ((index, side), count, stride, is_near) in [
                    (far_row, rows, row_stride, false),
                    (near_row, rows, row_stride, true),
                    (far_column, columns, column_stride, false),
                    (near_column, columns, column_stride, true),
                ] {
                    if ends(index, count) || (!is_near && index.is_multiple_of(stride)) {
                        scene.path(lengthened(side, scene.px(SEAM)), 1.0, mesh);
                    }
                }
            }
        }
    }

    /// A cell's colour with the light on its slope.
    fn lit(&self, colour: RGBColor, amounts: [f64; 4], (column, row): (usize, usize)) -> RGBColor {
        let [here, right, across, up] = amounts.map(|amount| self.height(amount));
        let width = self.across(self.prices[column + 1]) - self.across(self.prices[column]);
        let depth = self.along(self.vols[row + 1]) - self.along(self.vols[row]);
        let slope_price = (right - here + across - up) / 2.0 / width;
        let slope_vol = (up - here + across - right) / 2.0 / depth;
        let brightness = self.projection.brightness(slope_price, slope_vol);
        let channel = |value: u8| (f64::from(value) * brightness).round() as u8;
        RGBColor(channel(colour.0), channel(colour.1), channel(colour.2))
    }

    /// Where the surface passes through zero, where it can be seen.
    fn zero_line(&self, scene: &mut Scene<'_>) {
        let colour = scene.theme.text.mix(0.45);
        for line in zero_lines(&self.prices, &self.vols, &self.pnl) {
            let places: Vec<Place> = line.iter().map(|(price, vol)| self.place(*price, *vol, 0.0)).collect();
            for part in places.split(|place| self.is_hidden(*place)).filter(|part| part.len() > 1) {
                scene.path(part.iter().map(|place| self.projection.project(*place)).collect(), 1.25, colour);
            }
        }
    }

    /// Dots on the surface, faint where a ridge hides them; the worst always in front, its figure clear of the others
    /// and of `obstacles`.
    fn slides(&self, scene: &mut Scene<'_>, map: &HeatMap<'_>, whole: &Rect, mut obstacles: Vec<Rect>) {
        let theme = scene.theme;
        let mut worst: Option<(&SlideDot, Point)> = None;
        for slide in map.slides {
            let Some(pnl) = map.read_out(slide.price_move, slide.vol_move) else {
                continue;
            };
            let place = self.place(slide.price_move, slide.vol_move, pnl);
            let at = self.projection.project(place);
            if slide.is_worst {
                worst = Some((slide, at));
                continue;
            }
            let strength = if self.is_hidden(place) { 0.18 } else { 0.75 };
            if slide.is_runner_up {
                scene.ring(at, 4.0, 1.25, theme.text.mix(strength));
            } else {
                scene.disc(at, 2.0, theme.text.mix(strength));
            }
            obstacles.push(Rect::around(at, scene.px(4.0)));
        }
        if let Some((slide, at)) = worst {
            worst_mark(scene, whole, at, &format::money(slide.pnl, map.unit), &obstacles);
        }
    }

    /// Whether the surface stands between a place on it and the eye.
    fn is_hidden(&self, place: Place) -> bool {
        const STEP: f64 = 0.06;
        const STEPS: i32 = 48;
        // A little higher than the surface, or the place would hide itself.
        let start = [place[0], place[1], place[2] + 0.02];
        (1..=STEPS)
            .map(|step| self.projection.towards_eye(start, STEP * f64::from(step)))
            .take_while(|at| at[2] <= HEIGHT)
            .map_while(|at| self.height_at(at[0], at[1]).map(|ground| ground > at[2]))
            .any(|is_below| is_below)
    }

    /// Height of the surface under a place of the box, at the nearest node; `None` beside it.
    fn height_at(&self, price: f64, vol: f64) -> Option<f64> {
        let node = |at: f64, half: f64, axis: &[f64]| {
            let value = value_between(axis, (at / half + 1.0) / 2.0);
            (at.abs() <= half).then(|| axis.partition_point(|node| *node < value).min(axis.len() - 1))
        };
        let (column, row) = (node(price, HALF_PRICE, &self.prices)?, node(vol, HALF_VOL, &self.vols)?);
        Some(self.height(self.pnl[row * self.prices.len() + column]))
    }
}

/// The corners moved outwards.
fn spread(points: [Point; 4], by: f64) -> Vec<Point> {
    let middle = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / 4.0, sum.1 + point.1 / 4.0));
    points
        .into_iter()
        .map(|(x, y)| {
            let (right, down) = (x - middle.0, y - middle.1);
            let grow = 1.0 + by / right.hypot(down).max(1.0);
            (middle.0 + right * grow, middle.1 + down * grow)
        })
        .collect()
}

/// A line that reaches over both its ends.
fn lengthened([from, to]: [Point; 2], by: f64) -> Vec<Point> {
    let share = by / (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    let (right, down) = ((to.0 - from.0) * share, (to.1 - from.1) * share);
    vec![(from.0 - right, from.1 - down), (to.0 + right, to.1 + down)]
}
