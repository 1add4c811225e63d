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
use plotters::style::Color;

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
        let scale = super::scene::usable_scale(scale);
        let rect = Rect::inside(width_px, height_px, MARGINS.map(|margin| margin * scale));
        let (low, high) = (*payoff.prices.first()?, *payoff.prices.last()?);
        let room = rect.width() >= SMALLEST_PLOT * scale && rect.height() >= SMALLEST_PLOT * scale;
        if !room || !(high - low).is_finite() || high <= low {
            return None;
        }
        let amounts = payoff.now.iter().chain(payoff.chosen).chain(payoff.at_expiry).filter(|pnl| pnl.is_finite());
        let (least, most) = amounts.fold((0.0_f64, 0.0_f64), |(least, most), pnl| (least.min(*pnl), most.max(*pnl)));
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
    let expiry = curve(payoff, payoff.at_expiry, plot);
    let chosen = curve(payoff, payoff.chosen, plot);
    let now = curve(payoff, payoff.now, plot);
    let (_, zero) = plot.place(plot.prices.0, 0.0);
    for part in if expiry.is_empty() { &now } else { &expiry } {
        shade(&mut scene, part, zero);
    }
    axes(&mut scene, plot, width, payoff.price_unit);
    spot(&mut scene, payoff, plot);
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
fn curve(payoff: &Payoff<'_>, amounts: &[f64], plot: &PayoffPlot) -> Vec<Vec<Point>> {
    let points: Vec<(f64, f64)> = payoff.prices.iter().copied().zip(amounts.iter().copied()).collect();
    points
        .split(|(price, pnl)| !price.is_finite() || !pnl.is_finite())
        .filter(|part| part.len() > 1)
        .map(|part| part.iter().map(|(price, pnl)| plot.place(*price, *pnl)).collect())
        .collect()
}

/// A breath of gain and loss between the curve and the zero line.
fn shade(scene: &mut Scene<'_>, points: &[Point], zero: f64) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    // Upper and lower part each run along the whole curve, flat on the zero line where the other one is.
    let theme = scene.theme;
    for (keeps_above, color) in [(true, theme.gain), (false, theme.loss)] {
        let mut outline = vec![(first.0, zero)];
        for ends in points.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let clipped = |y: f64| if keeps_above { y.min(zero) } else { y.max(zero) };
            outline.push((from.0, clipped(from.1)));
            if (from.1 < zero) != (to.1 < zero) {
                outline.push((from.0 + (to.0 - from.0) * (zero - from.1) / (to.1 - from.1), zero));
            }
            outline.push((to.0, clipped(to.1)));
        }
        outline.push((last.0, zero));
        if outline.iter().any(|point| (point.1 - zero).abs() > 0.5) {
            scene.polygon(outline, color.mix(0.08));
        }
    }
}

/// Prices below, amounts on the left, faint lines across, a stronger one at zero.
fn axes(scene: &mut Scene<'_>, plot: &PayoffPlot, width: f64, unit: Unit<'_>) {
    let theme = scene.theme;
    let rect = plot.rect;
    for tick in round_ticks(plot.amounts.0, plot.amounts.1, if rect.height() > scene.px(120.0) { 5 } else { 4 }) {
        let (_, y) = plot.place(plot.prices.0, tick);
        let colour = if tick == 0.0 { theme.faint.mix(0.8) } else { theme.line.mix(0.6) };
        scene.horizontal(rect.left, rect.right, y, colour);
        scene.text((rect.left - scene.px(8.0), y), format::axis(tick), SMALL, Align::Right, theme.muted);
    }
    let base = rect.bottom + scene.px(12.0);
    let bounds = Rect { left: 0.0, top: rect.bottom, right: width - scene.px(2.0), bottom: base * 2.0 };
    let wanted = (rect.width() / scene.px(75.0)).clamp(2.0, 7.0) as usize;
    for tick in round_ticks(plot.prices.0, plot.prices.1, wanted) {
        let (x, _) = plot.place(tick, 0.0);
        let text = match unit {
            Unit::Prefix(symbol) => format!("{symbol}{}", format::price_tick(tick)),
            Unit::Suffix(_) => format::price_tick(tick),
        };
        scene.vertical(x, rect.bottom, rect.bottom + scene.px(4.0), theme.line.to_rgba());
        let at = scene.text_box((x, base), &text, SMALL, Align::Centre).moved_into(&bounds).centre();
        scene.text((at.0, base), text, SMALL, Align::Centre, theme.muted);
    }
}

/// The current price as a vertical line with its figure on top.
fn spot(scene: &mut Scene<'_>, payoff: &Payoff<'_>, plot: &PayoffPlot) {
    let theme = scene.theme;
    if !(plot.prices.0..=plot.prices.1).contains(&payoff.spot) {
        return;
    }
    let (x, _) = plot.place(payoff.spot, 0.0);
    scene.vertical(x, plot.rect.top, plot.rect.bottom, theme.faint.mix(0.55));
    let text = format::price_near(payoff.spot, payoff.price_unit);
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
        for part in curve(payoff, amounts, plot) {
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
fn along(points: &[Point], step: f64) -> impl Iterator<Item = Point> {
    points.windows(2).flat_map(move |ends| {
        let (from, to) = (ends[0], ends[1]);
        let parts = ((to.0 - from.0).hypot(to.1 - from.1) / step).ceil().clamp(1.0, 500.0) as usize;
        (0..parts).map(move |part| {
            let share = part as f64 / parts as f64;
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        })
    })
}
