//! Figures through the days: ranges on both sides of zero with the moves that they were made for, or plain amounts.

use super::error::ChartError;
use super::format;
use super::geometry::Rect;
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
const MARGINS: [f64; 4] = [8.0, 10.0, 22.0, 44.0];

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// The one that matters.
    Strong,
    /// Beside it.
    Thin,
    /// What does not move.
    Dashed,
}

/// Figures through the days. All lists have one entry for each day, or are empty where they are not wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeHistory<'a> {
    /// The days, ascending, counted from any.
    pub days: &'a [f64],
    /// Days to be named below the plot, ascending.
    pub day_labels: &'a [(f64, String)],
    /// Ranges as fractions, drawn above and below zero; or amounts, drawn once.
    pub lines: &'a [(Stroke, &'a [f64])],
    /// Whether the lines are ranges.
    pub are_ranges: bool,
    /// Bars from zero: the moves.
    pub moves: &'a [f64],
    /// Which bars end in a dot.
    pub breaches: &'a [bool],
}

/// The axes of a drawn history and where they lie; the page reads the pointer with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayPlot {
    rect: Rect,
    days: (f64, f64),
    amounts: (f64, f64),
}

impl DayPlot {
    /// The plot on an area of this size; `None` when there is nothing to draw or no room for it.
    #[must_use]
    pub fn of(history: &RangeHistory<'_>, width_px: u32, height_px: u32, scale: f64) -> Option<Self> {
        let scale = super::scene::usable_scale(scale);
        let rect = Rect::inside(width_px, height_px, MARGINS.map(|margin| margin * scale));
        let days = (*history.days.first()?, *history.days.last()?);
        let room = rect.width() >= SMALLEST_PLOT * scale && rect.height() >= SMALLEST_PLOT * scale;
        if !room || !(days.1 - days.0).is_finite() || days.1 <= days.0 {
            return None;
        }
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        let mut reach = |amount: f64| {
            if amount.is_finite() {
                (least, most) = (least.min(amount), most.max(amount));
            }
        };
        for (_, amounts) in history.lines {
            amounts.iter().for_each(|amount| reach(*amount));
        }
        history.moves.iter().for_each(|step| reach(*step));
        if history.are_ranges {
            least = least.min(-most);
        }
        let air = if most > least { (most - least) * 0.05 } else { 1.0 };
        let below = if least < 0.0 { air } else { 0.0 };
        let amounts = (least - below, most + air);
        (amounts.1 - amounts.0).is_finite().then_some(Self { rect, days, amounts })
    }

    /// Where a day and an amount lie, in pixels of the backing store.
    fn place(&self, day: f64, amount: f64) -> Point {
        let along = (day - self.days.0) / (self.days.1 - self.days.0);
        let up = (amount - self.amounts.0) / (self.amounts.1 - self.amounts.0);
        (self.rect.left + self.rect.width() * along, self.rect.bottom - self.rect.height() * up)
    }

    /// Which day is nearest to a pixel of the backing store, as its place in the list; `None` beside the plot.
    #[must_use]
    pub fn nearest_day(&self, days: &[f64], x: f64) -> Option<usize> {
        let along = (x - self.rect.left) / self.rect.width();
        if !(0.0..=1.0).contains(&along) {
            return None;
        }
        let day = self.days.0 + (self.days.1 - self.days.0) * along;
        let after = days.partition_point(|known| *known < day).min(days.len().checked_sub(1)?);
        let before = after.saturating_sub(1);
        Some(if day - days[before] < days[after] - day { before } else { after })
    }
}

/// Draws the lines with their axes. The area is not cleared.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    history: &RangeHistory<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    match DayPlot::of(history, width, height, scale) {
        Some(plot) => scene(history, &plot, theme, scale).paint(area),
        None => Ok(()),
    }
}

/// The marks of the whole chart.
pub(super) fn scene<'a>(history: &RangeHistory<'_>, plot: &DayPlot, theme: &'a Theme, scale: f64) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    axes(&mut scene, history, plot);
    let (_, zero) = plot.place(plot.days.0, 0.0);
    for (day, step) in history.days.iter().zip(history.moves) {
        let (x, y) = plot.place(*day, *step);
        scene.vertical(x, y.min(zero), y.max(zero), theme.faint.mix(0.55));
    }
    // The strong one above the others.
    for (stroke, amounts) in history.lines.iter().rev() {
        let sides: &[f64] = if history.are_ranges { &[1.0, -1.0] } else { &[1.0] };
        for side in sides {
            let points: Vec<Point> =
                history.days.iter().zip(*amounts).map(|(day, amount)| plot.place(*day, side * amount)).collect();
            match stroke {
                Stroke::Strong => scene.path(points, 1.75, theme.accent.to_rgba()),
                Stroke::Thin => scene.path(points, 1.0, theme.muted.mix(0.9)),
                Stroke::Dashed => scene.dashed(&points, 1.25, (4.0, 3.0), theme.muted.to_rgba()),
            }
        }
    }
    for ((day, step), _) in history.days.iter().zip(history.moves).zip(history.breaches).filter(|(_, breach)| **breach)
    {
        scene.disc(plot.place(*day, *step), 3.0, theme.critical.to_rgba());
    }
    scene
}

/// Days below, amounts on the left, faint lines across, a stronger one at zero.
fn axes(scene: &mut Scene<'_>, history: &RangeHistory<'_>, plot: &DayPlot) {
    let theme = scene.theme;
    let rect = plot.rect;
    let wanted = if rect.height() > scene.px(120.0) { 6 } else { 4 };
    for tick in round_ticks(plot.amounts.0, plot.amounts.1, wanted) {
        let (_, y) = plot.place(plot.days.0, tick);
        let colour = if tick == 0.0 { theme.faint.mix(0.8) } else { theme.line.mix(0.6) };
        scene.horizontal(rect.left, rect.right, y, colour);
        let text = if history.are_ranges { format::percent(tick) } else { format::axis(tick) };
        scene.text((rect.left - scene.px(8.0), y), text, SMALL, Align::Right, theme.muted);
    }
    let base = rect.bottom + scene.px(12.0);
    let mut taken = 0.0;
    for (day, text) in history.day_labels {
        let (x, _) = plot.place(*day, 0.0);
        scene.vertical(x, rect.bottom, rect.bottom + scene.px(4.0), theme.line.to_rgba());
        let place = scene.text_box((x, base), text, SMALL, Align::Centre);
        // Labels that would run into the one before, or out of the picture, are left out; their ticks stay.
        if place.left > taken && place.right <= rect.right + scene.px(MARGINS[1]) {
            scene.text((x, base), text.as_str(), SMALL, Align::Centre, theme.muted);
            taken = place.right + scene.px(10.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Mark;
    use super::*;

    const DAYS: [f64; 4] = [0.0, 1.0, 4.0, 5.0];
    const WITH_MOVES: RangeHistory<'static> = RangeHistory {
        days: &DAYS,
        day_labels: &[],
        lines: &[(Stroke::Strong, &[0.1, 0.2, 0.1, 0.1]), (Stroke::Thin, &[0.1; 4])],
        are_ranges: true,
        moves: &[0.02, -0.25, 0.0, 0.05],
        breaches: &[false, true, false, false],
    };

    #[test]
    fn a_breach_is_a_dot_at_the_end_of_its_bar() {
        let day_labels = [(0.0, "2025"), (0.1, "Apr"), (4.0, "Jul")].map(|(day, text)| (day, text.to_owned()));
        let history = RangeHistory { day_labels: &day_labels, ..WITH_MOVES };
        let plot = DayPlot::of(&history, 400, 200, 1.0).expect("room");
        let scene = scene(&history, &plot, &Theme::DARK, 1.0);
        let discs: Vec<Point> = scene
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Disc { centre, .. } = mark { Some(*centre) } else { None })
            .collect();
        assert_eq!(discs, [plot.place(1.0, -0.25)]);
        let paths = scene.marks.iter().filter(|mark| matches!(mark, Mark::Path { .. })).count();
        assert_eq!(paths, 4, "each range above and below");
        let says =
            |text: &str| scene.marks.iter().any(|mark| matches!(mark, Mark::Text { text: is, .. } if is == text));
        assert!(says("2025") && says("Jul") && says(&format::percent(0.2)) && !says("Apr"), "Apr has no room");
    }

    #[test]
    fn the_pointer_finds_the_nearest_day() {
        let plot = DayPlot::of(&WITH_MOVES, 400, 200, 1.0).expect("room");
        let at = |day: f64| plot.nearest_day(&DAYS, plot.place(day, 0.0).0);
        assert_eq!([0.0, 0.6, 2.0, 3.0, 5.0].map(at), [Some(0), Some(1), Some(1), Some(2), Some(3)]);
        assert_eq!(plot.nearest_day(&DAYS, 1.0), None);
        assert_eq!(DayPlot::of(&RangeHistory { days: &[], ..WITH_MOVES }, 400, 200, 1.0), None);
        assert_eq!(DayPlot::of(&WITH_MOVES, 60, 200, 1.0), None);
    }

    #[test]
    fn amounts_start_at_zero() {
        let amounts = RangeHistory {
            lines: &[(Stroke::Strong, &[5.0, 20.0, 10.0, 5.0])],
            are_ranges: false,
            moves: &[],
            breaches: &[],
            ..WITH_MOVES
        };
        let plot = DayPlot::of(&amounts, 400, 200, 1.0).expect("room");
        assert_eq!(plot.amounts, (0.0, 21.0));
    }
}
