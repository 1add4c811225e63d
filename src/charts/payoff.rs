//! P&L against price: now, at a chosen date and at expiry.

use super::error::ChartError;
use super::format::{self, Unit};
use super::geometry::{Rect, place_label};
use super::scene::{Align, Point, SMALL, Scene};
use super::theme::Theme;
use super::ticks::round_ticks;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBColor};

/// Below this many CSS pixels of plot in either direction nothing is drawn.
const SMALLEST_PLOT: f64 = 40.0;
/// Around the plot, in CSS pixels: top, right, bottom, left.
const MARGINS: [f64; 4] = [18.0, 10.0, 22.0, 44.0];

/// Up to three curves of P&L over the same prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Payoff<'a> {
    /// Ascending; not necessarily evenly spaced: a payoff's kinks are exact when the strikes are among them.
    pub prices: &'a [f64],
    /// P&L at each price now: a solid line. Empty where it is not wanted, as the next two.
    pub now: &'a [f64],
    /// P&L at each price at the chosen date: a thin dotted line.
    pub chosen: &'a [f64],
    /// P&L at each price at expiry: a dashed line.
    pub at_expiry: &'a [f64],
    /// Prices at which the P&L changes its sign: small open circles on the zero line.
    pub break_evens: &'a [f64],
    /// The current price: a vertical line. Not drawn outside the prices.
    pub spot: f64,
    /// What the prices are counted in.
    pub price_unit: Unit<'a>,
}

/// The ranges of a drawn payoff and where they lie; the page reads the pointer with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PayoffPlot {
    /// Where the curves go, in pixels of the backing store.
    pub rect: Rect,
    /// The lowest and the highest price.
    pub prices: (f64, f64),
    /// The lowest and the highest P&L of the axis; zero is always among them.
    pub amounts: (f64, f64),
}

impl PayoffPlot {
    /// The plot of a payoff on an area of this size; `None` when there is nothing to draw or no room for it.
    #[must_use]
    pub fn of(payoff: &Payoff<'_>, width_px: u32, height_px: u32, scale: f64) -> Option<Self> {
        let curves = [payoff.now, payoff.chosen, payoff.at_expiry];
        Self::around(payoff.prices, &curves, MARGINS, (width_px, height_px), scale)
    }

    /// The plot of curves over the same ascending prices, or what else lies along the axis, within margins in CSS
    /// pixels; `None` as above.
    pub(super) fn around(
        prices: &[f64],
        curves: &[&[f64]],
        margins: [f64; 4],
        (width_px, height_px): (u32, u32),
        scale: f64,
    ) -> Option<Self> {
        let scale = super::scene::usable_scale(scale);
        let rect = Rect::inside(width_px, height_px, margins.map(|margin| margin * scale));
        let (low, high) = (*prices.first()?, *prices.last()?);
        let room = rect.width() >= SMALLEST_PLOT * scale && rect.height() >= SMALLEST_PLOT * scale;
        if !room || !(high - low).is_finite() || high <= low {
            return None;
        }
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        for amount in curves.iter().flat_map(|curve| curve.iter()).filter(|amount| amount.is_finite()) {
            (least, most) = (least.min(*amount), most.max(*amount));
        }
        // A flat book still needs an axis with a height.
        let span = if most > least { most - least } else { 1.0 };
        if !span.is_finite() {
            return None;
        }
        let air = span * 0.07;
        Some(Self { rect, prices: (low, high), amounts: (least - air, most + air) })
    }

    /// Where a price and a P&L lie, in pixels of the backing store.
    #[must_use]
    pub fn place(&self, price: f64, pnl: f64) -> (f64, f64) {
        let along = (price - self.prices.0) / (self.prices.1 - self.prices.0);
        let up = (pnl - self.amounts.0) / (self.amounts.1 - self.amounts.0);
        (self.rect.left + self.rect.width() * along, self.rect.bottom - self.rect.height() * up)
    }

    /// The price under a pixel of the backing store; `None` beside the plot.
    #[must_use]
    pub fn price_at(&self, x: f64) -> Option<f64> {
        let along = (x - self.rect.left) / self.rect.width();
        (0.0..=1.0).contains(&along).then_some(self.prices.0 + (self.prices.1 - self.prices.0) * along)
    }
}

/// Draws the curves with their axes. The area is not cleared.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    payoff: &Payoff<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    match PayoffPlot::of(payoff, width, height, scale) {
        Some(plot) => scene(payoff, &plot, theme, scale, f64::from(width)).paint(area),
        None => Ok(()),
    }
}

/// The marks of the whole chart.
pub(super) fn scene<'a>(payoff: &Payoff<'_>, plot: &PayoffPlot, theme: &'a Theme, scale: f64, width: f64) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    let expiry = curve(payoff.prices, payoff.at_expiry, plot);
    let chosen = curve(payoff.prices, payoff.chosen, plot);
    let now = curve(payoff.prices, payoff.now, plot);
    let (_, zero) = plot.place(plot.prices.0, 0.0);
    for part in if expiry.is_empty() { &now } else { &expiry } {
        shade(&mut scene, part, &vec![zero; part.len()], theme.loss);
    }
    amount_axis(&mut scene, plot);
    place_axis(&mut scene, plot, width, plot.rect.bottom, &|price| price_text(price, payoff.price_unit));
    present(&mut scene, plot, payoff.spot, format::price_near(payoff.spot, payoff.price_unit));
    for part in &expiry {
        scene.dashed(part, 1.5, (4.0, 3.0), theme.muted.to_rgba());
    }
    for part in &chosen {
        scene.dashed(part, 1.25, (1.5, 2.5), theme.accent.mix(0.85));
    }
    for part in now {
        scene.path(part, 2.0, theme.accent.to_rgba());
    }
    break_evens(&mut scene, payoff, plot);
    scene
}

/// The points of a curve, interrupted where a figure is unknown.
pub(super) fn curve(prices: &[f64], amounts: &[f64], plot: &PayoffPlot) -> Vec<Vec<Point>> {
    let points: Vec<(f64, f64)> = prices.iter().copied().zip(amounts.iter().copied()).collect();
    points
        .split(|(price, pnl)| !price.is_finite() || !pnl.is_finite())
        .filter(|part| part.len() > 1)
        .map(|part| part.iter().map(|(price, pnl)| plot.place(*price, *pnl)).collect())
        .collect()
}

/// A breath of colour between a curve and what lies below it at the same places: of gain where the curve is higher, of
/// `below` where it is lower.
pub(super) fn shade(scene: &mut Scene<'_>, points: &[Point], base: &[f64], below: RGBColor) {
    // Upper and lower part each run along the whole curve, on the base where the other one is.
    for (keeps_above, color) in [(true, scene.theme.gain), (false, below)] {
        let clipped = |(x, y): Point, base: f64| (x, if keeps_above { y.min(base) } else { y.max(base) });
        let mut outline: Vec<Point> = Vec::with_capacity(2 * points.len());
        let mut is_seen = false;
        for (index, (point, base_here)) in points.iter().zip(base).enumerate() {
            if index > 0 {
                let (before, base_before) = (points[index - 1], base[index - 1]);
                let (from, to) = (before.1 - base_before, point.1 - base_here);
                if (from < 0.0) != (to < 0.0) {
                    let share = from / (from - to);
                    let middle = |from: f64, to: f64| from + (to - from) * share;
                    outline.push((middle(before.0, point.0), middle(base_before, *base_here)));
                }
            }
            let kept = clipped(*point, *base_here);
            is_seen |= (kept.1 - base_here).abs() > 0.5;
            outline.push(kept);
        }
        outline.extend(points.iter().zip(base).rev().map(|(point, base)| (point.0, *base)));
        if is_seen {
            scene.polygon(outline, color.mix(0.08));
        }
    }
}

/// Amounts on the left, faint lines across, a stronger one at zero.
pub(super) fn amount_axis(scene: &mut Scene<'_>, plot: &PayoffPlot) {
    let theme = scene.theme;
    let rect = plot.rect;
    for tick in round_ticks(plot.amounts.0, plot.amounts.1, if rect.height() > scene.px(120.0) { 5 } else { 4 }) {
        let (_, y) = plot.place(plot.prices.0, tick);
        let colour = if tick == 0.0 { theme.faint.mix(0.8) } else { theme.line.mix(0.6) };
        scene.horizontal(rect.left, rect.right, y, colour);
        scene.text((rect.left - scene.px(8.0), y), format::axis(tick), SMALL, Align::Right, theme.muted);
    }
}

/// Ticks at round prices, or what else lies along the axis, with their names, from `top` downwards.
pub(super) fn place_axis(
    scene: &mut Scene<'_>,
    plot: &PayoffPlot,
    width: f64,
    top: f64,
    write: &dyn Fn(f64) -> String,
) {
    let theme = scene.theme;
    let base = top + scene.px(12.0);
    let bounds = Rect { left: 0.0, top, right: width - scene.px(2.0), bottom: base * 2.0 };
    let wanted = (plot.rect.width() / scene.px(75.0)).clamp(2.0, 7.0) as usize;
    for tick in round_ticks(plot.prices.0, plot.prices.1, wanted) {
        let (x, _) = plot.place(tick, 0.0);
        let text = write(tick);
        scene.vertical(x, top, top + scene.px(4.0), theme.line.to_rgba());
        let at = scene.text_box((x, base), &text, SMALL, Align::Centre).moved_into(&bounds).centre();
        scene.text((at.0, base), text, SMALL, Align::Centre, theme.muted);
    }
}

/// A round price at a tick.
pub(super) fn price_text(price: f64, unit: Unit<'_>) -> String {
    match unit {
        Unit::Prefix(symbol) => format!("{symbol}{}", format::price_tick(price)),
        Unit::Suffix(_) => format::price_tick(price),
    }
}

/// Where things stand: a vertical line with its name on top. Not drawn outside the axis.
pub(super) fn present(scene: &mut Scene<'_>, plot: &PayoffPlot, price: f64, text: String) {
    let theme = scene.theme;
    if !(plot.prices.0..=plot.prices.1).contains(&price) {
        return;
    }
    let (x, _) = plot.place(price, 0.0);
    scene.vertical(x, plot.rect.top, plot.rect.bottom, theme.faint.mix(0.55));
    let at = (x, plot.rect.top - scene.px(9.0));
    let at = scene.text_box(at, &text, SMALL, Align::Centre).moved_into(&plot.rect.grown(scene.px(18.0))).centre();
    scene.text(at, text, SMALL, Align::Centre, theme.muted);
}

/// Open circles on the zero line, each with its price where it hides neither another one nor a line.
fn break_evens(scene: &mut Scene<'_>, payoff: &Payoff<'_>, plot: &PayoffPlot) {
    let theme = scene.theme;
    let known = payoff.break_evens.iter().filter(|price| (plot.prices.0..=plot.prices.1).contains(*price));
    let circles: Vec<(f64, Point)> = known.map(|price| (*price, plot.place(*price, 0.0))).collect();
    let mut obstacles: Vec<Rect> = circles.iter().map(|(_, at)| Rect::around(*at, scene.px(5.0))).collect();
    let (_, zero) = plot.place(plot.prices.0, 0.0);
    let clearance = scene.px(2.0);
    obstacles.push(Rect { top: zero - clearance, bottom: zero + clearance, ..plot.rect });
    for amounts in [payoff.now, payoff.at_expiry] {
        for part in curve(payoff.prices, amounts, plot) {
            obstacles.extend(along(&part, scene.px(6.0)).map(|at| Rect::around(at, scene.px(2.0))));
        }
    }
    for (price, at) in circles {
        scene.disc(at, 3.0, theme.panel.to_rgba());
        scene.ring(at, 3.0, 1.25, theme.text.to_rgba());
        let text = format::price_near(price, payoff.price_unit);
        let label = place_label(at, scene.px(7.0), scene.text_size(&text, SMALL), &plot.rect, &obstacles);
        scene.text(label.centre(), text, SMALL, Align::Centre, theme.text);
        obstacles.push(label);
    }
}

/// Points on a path, at most `step` pixels apart.
pub(super) fn along(points: &[Point], step: f64) -> impl Iterator<Item = Point> {
    points.windows(2).flat_map(move |ends| {
        let (from, to) = (ends[0], ends[1]);
        let parts = ((to.0 - from.0).hypot(to.1 - from.1) / step).ceil().clamp(1.0, 500.0) as usize;
        (0..parts).map(move |part| {
            let share = part as f64 / parts as f64;
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        })
    })
}
