//! The components of a requirement as bars that add up to it.

use super::error::ChartError;
use super::format::{self, Unit};
use super::geometry::Rect;
use super::scene::{Align, Face, SMALL, SMALL_BOLD, Scene, text_width};
use super::theme::Theme;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::Color;

/// Around the bars, in CSS pixels: top (a figure), right, bottom (a name of one line), left.
const MARGINS: [f64; 4] = [20.0, 2.0, 20.0, 2.0];
/// Below this many CSS pixels of plot in height, and for each bar in width, nothing is drawn.
const SMALLEST_BAR: f64 = 22.0;
/// Distance of two lines of a name, in CSS pixels.
const LINE_HEIGHT: f64 = 14.0;

/// A named amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar<'a> {
    /// "worst slide"
    pub name: &'a str,
    /// Positive where it adds to the requirement.
    pub amount: f64,
}

/// The components in their order, and what they come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waterfall<'a> {
    /// Each bar starts where the one before it ended.
    pub components: &'a [Bar<'a>],
    /// The last bar, from zero. It is drawn as handed over, never computed here.
    pub total: Bar<'a>,
    /// What the amounts are counted in.
    pub unit: Unit<'a>,
}

/// Draws the bars with their figures above and their names below. The area is not cleared.
///
/// # Errors
/// When the backend fails.
pub fn draw<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    waterfall: &Waterfall<'_>,
    theme: &Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let (width, height) = area.dim_in_pixel();
    scene(waterfall, width, height, theme, scale).paint(area)
}

/// A bar between two levels of the running sum.
struct Step<'a> {
    bar: Bar<'a>,
    from: f64,
    to: f64,
}

/// The marks of the whole chart; none when there is no room.
pub(super) fn scene<'a>(
    waterfall: &Waterfall<'_>,
    width_px: u32,
    height_px: u32,
    theme: &'a Theme,
    scale: f64,
) -> Scene<'a> {
    let mut scene = Scene::new(theme, scale);
    let mut plot = Rect::inside(width_px, height_px, MARGINS.map(|margin| scene.px(margin)));
    let steps = steps(waterfall);
    let slot = plot.width() / steps.len() as f64;
    let names: Vec<Vec<String>> =
        steps.iter().map(|step| wrapped(step.bar.name, slot / scene.scale - 4.0, SMALL)).collect();
    if names.iter().any(|lines| lines.len() > 1) {
        plot.bottom -= scene.px(LINE_HEIGHT);
    }
    let smallest = scene.px(SMALLEST_BAR);
    let levels = steps.iter().flat_map(|step| [step.from, step.to]);
    let (low, high) = levels.fold((0.0_f64, 0.0_f64), |(low, high), level| (low.min(level), high.max(level)));
    if plot.height() < smallest || slot < smallest || !(high - low).is_finite() {
        return scene;
    }
    let span = if high > low { high - low } else { 1.0 };
    let y_of = |level: f64| plot.bottom - plot.height() * (level - low) / span;
    let bar_width = slot * 0.8;
    // The figures of one chart are all written out or all shortened, or they could not be compared.
    let widest = |write: fn(f64, Unit<'_>) -> String| {
        steps.iter().map(|step| text_width(&write(step.bar.amount, waterfall.unit), SMALL_BOLD)).fold(0.0, f64::max)
    };
    let fits = scene.px(widest(format::money)) <= slot - scene.px(2.0);
    let write = if fits { format::money } else { format::compact };

    scene.horizontal(plot.left, plot.right, y_of(0.0), theme.line.to_rgba());
    let last = steps.len() - 1;
    for (index, (step, lines)) in steps.iter().zip(names).enumerate() {
        let middle = plot.left + slot * (index as f64 + 0.5);
        let (left, right) = ((middle - bar_width / 2.0).round(), (middle + bar_width / 2.0).round());
        let colour = match () {
            () if index == last => theme.accent,
            () if step.bar.amount < 0.0 => theme.gain,
            () => theme.loss,
        };
        let (top, bottom) = (y_of(step.from.max(step.to)), y_of(step.from.min(step.to)));
        if step.bar.amount == 0.0 || !step.bar.amount.is_finite() {
            scene.horizontal(left, right, top, colour.mix(0.6));
        } else if bottom - top < scene.px(1.5) {
            // Small against the others but there: as strong as a line can be.
            let (top, bottom) = ((top - scene.px(0.75)).round(), (top + scene.px(0.75)).round());
            scene.fill(Rect { left, right, top, bottom }, colour.to_rgba());
        } else {
            scene.fill(Rect { left, right, top: top.round(), bottom: bottom.round() }, colour.to_rgba());
        }
        if index < last {
            let next = (middle + slot - bar_width / 2.0).round();
            scene.horizontal(right, next, y_of(step.to), theme.faint.mix(0.5));
        }
        let (face, colour) = if index == last { (SMALL_BOLD, theme.text) } else { (SMALL, theme.text) };
        let figure = shortened(&write(step.bar.amount, waterfall.unit), slot / scene.scale, face);
        scene.text((middle, top - scene.px(9.0)), figure, face, Align::Centre, colour);
        for (line, text) in lines.into_iter().enumerate() {
            let y = plot.bottom + scene.px(12.0 + LINE_HEIGHT * line as f64);
            scene.text((middle, y), text, SMALL, Align::Centre, theme.muted);
        }
    }
    scene
}

/// Components on top of each other, then the total from zero. An unknown amount moves nothing.
fn steps<'a>(waterfall: &Waterfall<'a>) -> Vec<Step<'a>> {
    let mut level = 0.0;
    let known = |amount: f64| if amount.is_finite() { amount } else { 0.0 };
    let mut steps: Vec<Step<'a>> = waterfall
        .components
        .iter()
        .map(|bar| {
            let from = level;
            level += known(bar.amount);
            Step { bar: *bar, from, to: level }
        })
        .collect();
    steps.push(Step { bar: waterfall.total, from: 0.0, to: known(waterfall.total.amount) });
    steps
}

/// A name in one or two lines of at most `width` CSS pixels, broken at a space, cut short where that is not enough.
fn wrapped(name: &str, width: f64, face: Face) -> Vec<String> {
    if text_width(name, face) <= width {
        return vec![name.to_owned()];
    }
    let mut breaks = name.match_indices(' ').map(|(index, _)| name.split_at(index));
    // The longest first line that fits leaves the least for the second.
    let first = breaks.rfind(|(line, _)| text_width(line, face) <= width);
    match first {
        Some((line, rest)) => vec![line.to_owned(), shortened(rest.trim_start(), width, face)],
        None => match name.split_once(' ') {
            Some((line, rest)) => vec![shortened(line, width, face), shortened(rest, width, face)],
            None => vec![shortened(name, width, face)],
        },
    }
}

/// A text of at most `width` CSS pixels; what is cut off becomes an ellipsis.
fn shortened(text: &str, width: f64, face: Face) -> String {
    if text_width(text, face) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        let mut longer = short.clone();
        longer.push(character);
        if text_width(&longer, face) + text_width("…", face) > width {
            break;
        }
        short = longer;
    }
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_wrap_at_spaces_and_are_cut_only_when_they_must() {
        assert_eq!(wrapped("roll shock", 90.0, SMALL), ["roll shock"]);
        assert_eq!(wrapped("roll shock", 45.0, SMALL), ["roll", "shock"]);
        assert_eq!(wrapped("delta shock", 24.0, SMALL).len(), 2);
        assert!(wrapped("contingency", 30.0, SMALL)[0].ends_with('…'));
        assert_eq!(shortened("", 10.0, SMALL), "");
    }

    #[test]
    fn bars_start_where_the_previous_ended() {
        let bar = |amount| Bar { name: "x", amount };
        let components = [bar(40.0), bar(f64::NAN), bar(-10.0)];
        let waterfall = Waterfall { components: &components, total: bar(30.0), unit: Unit::Prefix("$") };
        let levels: Vec<(f64, f64)> = steps(&waterfall).iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(levels, [(0.0, 40.0), (40.0, 40.0), (40.0, 30.0), (0.0, 30.0)]);
    }
}
