//! Equity against what is required, along prices, vols or days, with the crossings marked.

use super::error::ChartError;
use super::format::{self, Unit};
use super::geometry::{Rect, place_label};
use super::payoff::{PayoffPlot, along, amount_axis, curve, place_axis, present, price_text, shade};
use super::scene::{Align, Point, SMALL, SMALL_BOLD, Scene};
use super::theme::Theme;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::Color;

/// Around the plot, in CSS pixels: top, right, bottom, left.
const MARGINS: [f64; 4] = [18.0, 10.0, 22.0, 44.0];
/// The strip below the plot that names the worst slides, in CSS pixels.
const STRIP: f64 = 18.0;

/// What lies along the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CurveTicks<'a> {
    /// Prices.
    Prices(Unit<'a>),
    /// Moves of a price, as fractions.
    Moves,
    /// What is added to vols, in points.
    Points,
    /// Days from now.
    Days,
}

/// A place where a requirement begins or ceases to be missed.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedCrossing {
    /// Where along the axis.
    pub place: f64,
    /// Equity there.
    pub equity: f64,
    /// Whether it is that of the maintenance requirement.
    pub is_liquidation: bool,
    /// What is written beside it; empty for a circle alone.
    pub label: String,
}

/// Lines over the same places; a figure that is not known is no number, and interrupts its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginCurve<'a> {
    /// Ascending.
    pub places: &'a [f64],
    /// Equity: a solid line.
    pub equity: &'a [f64],
    /// The equity at which the initial requirement is just met: dashed.
    pub initial: &'a [f64],
    /// The equity at which the maintenance requirement is just met; between it and equity the area is shaded.
    pub maintenance: &'a [f64],
    /// Circles, labelled where they have a label.
    pub crossings: &'a [MarkedCrossing],
    /// Where the account stands, and what is written above it.
    pub present: (f64, &'a str),
    /// Where a worst slide begins to be the worst, and its name: ticks below the plot. Empty for no strip.
    pub slides: &'a [(f64, &'a str)],
    /// Other places to mark by a dashed line, with their names: expiries.
    pub marks: &'a [(f64, String)],
    /// What lies along the axis.
    pub ticks: CurveTicks<'a>,
}

impl MarginCurve<'_> {
    /// The plot on an area of this size; `None` when there is nothing to draw or no room for it.
    #[must_use]
    pub fn plot(&self, width_px: u32, height_px: u32, scale: f64) -> Option<PayoffPlot> {
        let [top, right, bottom, left] = MARGINS;
        let strip = if self.slides.is_empty() { 0.0 } else { STRIP };
        let margins = [top, right, bottom + strip, left];
        PayoffPlot::around(
            self.places,
            &[self.equity, self.initial, self.maintenance],
            margins,
            (width_px, height_px),
            scale,
        )
    }
}

/// Draws the lines with their axes. The area is not cleared.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    curve: &MarginCurve<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    match curve.plot(width, height, scale) {
        Some(plot) => scene(curve, &plot, theme, scale, f64::from(width)).paint(area),
        None => Ok(()),
    }
}

/// The marks of the whole chart.
pub(super) fn scene<'a>(
    figures: &MarginCurve<'_>,
    plot: &PayoffPlot,
    theme: &'a Theme,
    scale: f64,
    width: f64,
) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    // Gaps are where the methodology gives no figure, so they are the same in all lines.
    let lines = |amounts: &[f64]| curve(figures.places, amounts, plot);
    let (equity, initial) = (lines(figures.equity), lines(figures.initial));
    let maintenance = lines(figures.maintenance);
    for (upper, lower) in equity.iter().zip(&maintenance) {
        let base: Vec<f64> = lower.iter().map(|point| point.1).collect();
        shade(&mut scene, upper, &base, theme.critical);
    }
    amount_axis(&mut scene, plot);
    let mut bottom = plot.rect.bottom;
    if !figures.slides.is_empty() {
        strip(&mut scene, figures.slides, plot);
        bottom += scene.px(STRIP);
    }
    place_axis(&mut scene, plot, width, bottom, &|place| tick_text(place, figures.ticks));
    present(&mut scene, plot, figures.present.0, figures.present.1.to_owned());
    marks(&mut scene, figures, plot);
    for part in &initial {
        scene.dashed(part, 1.5, (4.0, 3.0), theme.warning.to_rgba());
    }
    for part in &maintenance {
        scene.path(part.clone(), 1.5, theme.critical.to_rgba());
    }
    for part in &equity {
        scene.path(part.clone(), 2.0, theme.accent.to_rgba());
    }
    let lines: Vec<&Vec<Point>> = equity.iter().chain(&initial).chain(&maintenance).collect();
    crossings(&mut scene, figures.crossings, &lines, plot);
    scene
}

fn tick_text(place: f64, ticks: CurveTicks<'_>) -> String {
    match ticks {
        CurveTicks::Prices(unit) => price_text(place, unit),
        CurveTicks::Moves => format::percent_move(place),
        CurveTicks::Points => format::number_move(place, 0),
        CurveTicks::Days => format::number(place, 0),
    }
}

/// Below the plot: a tick where another slide becomes the worst, and between two ticks its name where it has room.
fn strip(scene: &mut Scene<'_>, slides: &[(f64, &str)], plot: &PayoffPlot) {
    let theme = scene.theme;
    let (top, height) = (plot.rect.bottom, scene.px(STRIP));
    scene.horizontal(plot.rect.left, plot.rect.right, top + height, theme.line.mix(0.8));
    let lefts: Vec<f64> = slides.iter().map(|(from, _)| plot.place(*from, 0.0).0).collect();
    for (index, (_, name)) in slides.iter().enumerate() {
        let left = lefts[index];
        let right = lefts.get(index + 1).copied().unwrap_or(plot.rect.right);
        if index > 0 {
            scene.vertical(left, top - scene.px(4.0), top + height, theme.muted.mix(0.9));
        }
        let (text_width, _) = scene.text_size(name, SMALL);
        if right - left > text_width + scene.px(8.0) {
            let middle = ((left + right) / 2.0, top + height / 2.0);
            scene.text(middle, *name, SMALL, Align::Centre, theme.muted);
        }
    }
}

/// Expiries: dashed lines, named on top where the names have room.
fn marks(scene: &mut Scene<'_>, figures: &MarginCurve<'_>, plot: &PayoffPlot) {
    let theme = scene.theme;
    let y = plot.rect.top - scene.px(9.0);
    let (present, _) = plot.place(figures.present.0, 0.0);
    let bounds = Rect { right: plot.rect.right + scene.px(MARGINS[1] - 2.0), ..plot.rect.grown(scene.px(18.0)) };
    let of_present = scene.text_box((present, y), figures.present.1, SMALL, Align::Centre).moved_into(&bounds);
    let mut taken = vec![of_present.grown(scene.px(4.0))];
    for (place, text) in figures.marks {
        let (x, _) = plot.place(*place, 0.0);
        scene.dashed(&[(x, plot.rect.top), (x, plot.rect.bottom)], 1.0, (2.0, 3.0), theme.faint.mix(0.8));
        let label = scene.text_box((x, y), text, SMALL, Align::Centre).moved_into(&bounds);
        if taken.iter().all(|other| other.overlap(&label) == 0.0) {
            scene.text(label.centre(), text.as_str(), SMALL, Align::Centre, theme.muted);
            taken.push(label.grown(scene.px(4.0)));
        }
    }
}

/// Circles where lines cross, each with a line down to the axis and its label where it hides least.
fn crossings(scene: &mut Scene<'_>, crossings: &[MarkedCrossing], lines: &[&Vec<Point>], plot: &PayoffPlot) {
    let theme = scene.theme;
    let colour = |crossing: &MarkedCrossing| if crossing.is_liquidation { theme.critical } else { theme.warning };
    let within = |crossing: &&MarkedCrossing| (plot.prices.0..=plot.prices.1).contains(&crossing.place);
    let known: Vec<&MarkedCrossing> = crossings.iter().filter(within).collect();
    let mut obstacles: Vec<Rect> = Vec::new();
    for line in lines {
        obstacles.extend(along(line, scene.px(6.0)).map(|at| Rect::around(at, scene.px(2.0))));
    }
    for crossing in &known {
        let at = plot.place(crossing.place, crossing.equity);
        let down = [(at.0, at.1), (at.0, plot.rect.bottom)];
        scene.dashed(&down, 1.0, (2.0, 3.0), colour(crossing).mix(0.7));
        obstacles.extend(along(&down, scene.px(6.0)).map(|at| Rect::around(at, scene.px(2.0))));
        obstacles.push(Rect::around(at, scene.px(6.0)));
    }
    for crossing in &known {
        let at = plot.place(crossing.place, crossing.equity);
        scene.disc(at, 4.0, theme.panel.to_rgba());
        scene.ring(at, 4.0, 2.0, colour(crossing).to_rgba());
    }
    for crossing in known.iter().filter(|crossing| !crossing.label.is_empty()) {
        let at = plot.place(crossing.place, crossing.equity);
        let size = scene.text_size(&crossing.label, SMALL_BOLD);
        let label = place_label(at, scene.px(8.0), size, &plot.rect, &obstacles);
        // The label is read over whatever lies under it.
        scene.fill(label.grown(scene.px(1.0)), theme.panel.mix(0.8));
        scene.text(label.centre(), crossing.label.as_str(), SMALL_BOLD, Align::Centre, colour(crossing));
        obstacles.push(label);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Mark;
    use super::*;

    const PLACES: [f64; 5] = [60_000.0, 70_000.0, 80_000.0, 90_000.0, 100_000.0];
    const EQUITY: [f64; 5] = [-10.0, 10.0, 30.0, 50.0, 70.0];
    const DOLLAR: Unit<'static> = Unit::Prefix("$");

    fn figures<'a>(crossings: &'a [MarkedCrossing], slides: &'a [(f64, &'a str)]) -> MarginCurve<'a> {
        MarginCurve {
            places: &PLACES,
            equity: &EQUITY,
            initial: &[20.0; 5],
            maintenance: &[10.0; 5],
            crossings,
            present: (80_000.0, "$80k"),
            slides,
            marks: &[],
            ticks: CurveTicks::Prices(DOLLAR),
        }
    }

    fn says(scene: &Scene<'_>, wanted: &str) -> bool {
        scene.marks.iter().any(|mark| matches!(mark, Mark::Text { text, .. } if text == wanted))
    }

    #[test]
    fn crossings_are_circles_where_the_lines_cross() {
        let crossing = |place: f64, equity: f64, is_liquidation: bool, label: &str| MarkedCrossing {
            place,
            equity,
            is_liquidation,
            label: label.to_owned(),
        };
        let crossings = [
            crossing(70_000.0, 10.0, true, "liquidation $70k"),
            crossing(75_000.0, 20.0, false, "margin call $75k"),
            crossing(5_000.0, 0.0, true, "outside"),
        ];
        let slides = [(60_000.0, "−16 %, vol up"), (88_000.0, "+16 %, vol up"), (99_000.0, "extended")];
        let figures = figures(&crossings, &slides);
        for (width, height) in [(560, 280), (330, 240)] {
            let plot = figures.plot(width, height, 1.0).expect("room");
            let scene = scene(&figures, &plot, &Theme::LIGHT, 1.0, f64::from(width));
            let rings: Vec<Point> = scene
                .marks
                .iter()
                .filter_map(|mark| if let Mark::Ring { centre, .. } = mark { Some(*centre) } else { None })
                .collect();
            assert_eq!(rings, [plot.place(70_000.0, 10.0), plot.place(75_000.0, 20.0)]);
            assert!(says(&scene, "liquidation $70k") && says(&scene, "margin call $75k") && !says(&scene, "outside"));
            assert!(says(&scene, "−16 %, vol up") && says(&scene, "$80k"));
            assert!(!says(&scene, "extended"), "it has no room");
        }
    }

    #[test]
    fn a_gap_interrupts_the_lines_and_two_areas_are_shaded() {
        let equity = [-10.0, 10.0, 30.0, f64::NAN, 70.0];
        let whole = figures(&[], &[]);
        let broken = MarginCurve { equity: &equity, ..whole };
        let count = |figures: &MarginCurve<'_>| {
            let plot = figures.plot(560, 280, 1.0).expect("room");
            let scene = scene(figures, &plot, &Theme::DARK, 1.0, 560.0);
            let polygons = scene.marks.iter().filter(|mark| matches!(mark, Mark::Polygon { .. })).count();
            let equity = scene.marks.iter().filter_map(|mark| match mark {
                Mark::Path { points, width, .. } if *width == 2.0 => Some(points.len()),
                _ => None,
            });
            (polygons, equity.collect::<Vec<_>>())
        };
        assert_eq!(count(&whole), (2, vec![5]), "with what is left, and without");
        assert_eq!(count(&broken).1, [3]);
        assert_eq!(figures(&[], &[]).plot(60, 280, 1.0), None);
        assert_eq!(MarginCurve { places: &[], ..whole }.plot(560, 280, 1.0), None);
    }

    #[test]
    fn the_strip_takes_its_room_from_the_plot() {
        let with = figures(&[], &[(60_000.0, "a")]).plot(560, 280, 1.0).expect("room");
        let without = figures(&[], &[]).plot(560, 280, 1.0).expect("room");
        assert_eq!(without.rect.bottom - with.rect.bottom, STRIP);
    }
}
