//! What a chart consists of, as data, and the one place that hands it to a backend.
//!
//! Charts are composed into a [`Scene`] first and painted afterwards. So they are compiled once and not once for each
//! backend, and the tests look at marks instead of parsing pictures.

use super::error::ChartError;
use super::geometry::Rect;
use super::theme::Theme;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, RGBAColor, RGBColor, ShapeStyle, TextStyle};

/// A point in pixels of the backing store, x to the right and y downwards.
pub(super) type Point = (f64, f64);

/// Which part of a text stands at its point. Vertically it is always the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Font size and weight of a text, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Face {
    pub size: f64,
    pub bold: bool,
}

/// Axis labels and captions.
pub(super) const SMALL: Face = Face { size: 11.0, bold: false };
/// The one figure of a chart that matters.
pub(super) const SMALL_BOLD: Face = Face { size: 11.0, bold: true };

/// One thing to draw; lengths in pixels of the backing store.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Fill { area: Rect, color: RGBAColor },
    Polygon { points: Vec<Point>, color: RGBAColor },
    Path { points: Vec<Point>, width: f64, color: RGBAColor },
    Disc { centre: Point, radius: f64, color: RGBAColor },
    Ring { centre: Point, radius: f64, width: f64, color: RGBAColor },
    Text { at: Point, text: String, size: f64, bold: bool, align: Align, color: RGBAColor },
}

/// The marks of a chart, back to front, with the look they are drawn in.
pub(super) struct Scene<'a> {
    pub theme: &'a Theme,
    /// Device pixels to a CSS pixel.
    pub scale: f64,
    pub marks: Vec<Mark>,
}

impl<'a> Scene<'a> {
    pub fn new(theme: &'a Theme, scale: f64) -> Self {
        Self { theme, scale: usable_scale(scale), marks: Vec::new() }
    }

    /// CSS pixels in pixels of the backing store.
    pub fn px(&self, css: f64) -> f64 {
        css * self.scale
    }

    /// A hairline's width: one CSS pixel, at least one device pixel, never a fraction of one.
    fn hairline(&self) -> f64 {
        self.scale.round().max(1.0)
    }

    pub fn fill(&mut self, area: Rect, color: RGBAColor) {
        self.marks.push(Mark::Fill { area, color });
    }

    /// A horizontal hairline: a filled rectangle, which every backend draws without a blur.
    pub fn horizontal(&mut self, left: f64, right: f64, y: f64, color: RGBAColor) {
        let top = (y - self.hairline() / 2.0).round();
        self.fill(Rect { left: left.round(), right: right.round(), top, bottom: top + self.hairline() }, color);
    }

    /// A vertical hairline.
    pub fn vertical(&mut self, x: f64, top: f64, bottom: f64, color: RGBAColor) {
        let left = (x - self.hairline() / 2.0).round();
        self.fill(Rect { left, right: left + self.hairline(), top: top.round(), bottom: bottom.round() }, color);
    }

    pub fn polygon(&mut self, points: Vec<Point>, color: RGBAColor) {
        self.marks.push(Mark::Polygon { points, color });
    }

    /// A line through the points; `width` in CSS pixels.
    pub fn path(&mut self, points: Vec<Point>, width: f64, color: RGBAColor) {
        let width = self.px(width);
        self.marks.push(Mark::Path { points, width, color });
    }

    /// As [`Scene::path`], interrupted: `on` CSS pixels drawn, `off` left out.
    pub fn dashed(&mut self, points: &[Point], width: f64, (on, off): (f64, f64), color: RGBAColor) {
        for dash in dashes(points, self.px(on), self.px(off)) {
            self.path(dash, width, color);
        }
    }

    /// A dot; `radius` in CSS pixels.
    pub fn disc(&mut self, centre: Point, radius: f64, color: RGBAColor) {
        let radius = self.px(radius);
        self.marks.push(Mark::Disc { centre, radius, color });
    }

    /// A circle's line; `radius` and `width` in CSS pixels.
    pub fn ring(&mut self, centre: Point, radius: f64, width: f64, color: RGBAColor) {
        let (radius, width) = (self.px(radius), self.px(width));
        self.marks.push(Mark::Ring { centre, radius, width, color });
    }

    pub fn text(&mut self, at: Point, text: impl Into<String>, face: Face, align: Align, color: RGBColor) {
        self.marks.push(Mark::Text {
            at,
            text: text.into(),
            size: self.px(face.size),
            bold: face.bold,
            align,
            color: color.to_rgba(),
        });
    }

    /// Width and height of a text in pixels of the backing store, estimated: see [`text_width`].
    pub fn text_size(&self, text: &str, face: Face) -> (f64, f64) {
        (self.px(text_width(text, face)), self.px(face.size * 1.2))
    }

    /// The box of a text at a point.
    pub fn text_box(&self, at: Point, text: &str, face: Face, align: Align) -> Rect {
        let (width, height) = self.text_size(text, face);
        let left = match align {
            Align::Left => at.0,
            Align::Centre => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        Rect { left, right: left + width, top: at.1 - height / 2.0, bottom: at.1 + height / 2.0 }
    }

    /// Hands the marks to the backend. Marks with a coordinate that is no number are left out.
    pub fn paint<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Result<(), ChartError> {
        let points = |points: &[Point]| points.iter().filter_map(|point| whole(*point)).collect::<Vec<_>>();
        for mark in &self.marks {
            match mark {
                Mark::Fill { area: Rect { left, right, top, bottom }, color } => {
                    if let (Some(from), Some(to)) = (whole((*left, *top)), whole((*right, *bottom))) {
                        area.draw(&Rectangle::new([from, to], color.filled()))?;
                    }
                }
                Mark::Polygon { points: corners, color } => {
                    let corners = points(corners);
                    if corners.len() > 2 {
                        area.draw(&Polygon::new(corners, color.filled()))?;
                    }
                }
                Mark::Path { points: way, width, color } => {
                    let way = points(way);
                    if way.len() > 1 {
                        area.draw(&PathElement::new(way, stroke(*color, *width)))?;
                    }
                }
                Mark::Disc { centre, radius, color } => {
                    if let Some(centre) = whole(*centre) {
                        area.draw(&Circle::new(centre, radius.round() as i32, color.filled()))?;
                    }
                }
                Mark::Ring { centre, radius, width, color } => {
                    if let Some(centre) = whole(*centre) {
                        area.draw(&Circle::new(centre, radius.round() as i32, stroke(*color, *width)))?;
                    }
                }
                Mark::Text { at, text, size, bold, align, color } => {
                    if let Some(at) = whole(*at) {
                        area.draw(&Text::new(text.as_str(), at, self.text_style(*size, *bold, *align, *color)))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn text_style(&self, size: f64, bold: bool, align: Align, color: RGBAColor) -> TextStyle<'a> {
        let weight = if bold { FontStyle::Bold } else { FontStyle::Normal };
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let font = (self.theme.font_family, size * self.theme.font_factor, weight);
        TextStyle { color: color.to_backend_color(), pos: Pos::new(horizontal, VPos::Center), ..TextStyle::from(font) }
    }
}

/// The device pixel ratio, or 1 where it makes no sense.
pub(super) fn usable_scale(scale: f64) -> f64 {
    if scale.is_finite() && scale > 0.0 { scale } else { 1.0 }
}

/// Width of a text in CSS pixels, estimated from typical widths of a sans-serif family, rather too wide than too narrow.
/// plotters would measure in a browser by appending an element with an inline style to the page: slow, and a violation
/// of a strict content security policy.
pub(super) fn text_width(text: &str, face: Face) -> f64 {
    let width_of = |character: char| match character {
        '.' | ',' | ':' | ';' | '\'' | 'i' | 'j' | 'l' | '|' | 'I' => 0.3,
        ' ' | '\u{a0}' | 'f' | 't' | 'r' | '(' | ')' | '/' | '-' => 0.37,
        'm' | 'w' | 'M' | 'W' | '%' | '…' => 0.95,
        '+' | '\u{2212}' => 0.8,
        'A'..='Z' => 0.68,
        _ => 0.63,
    };
    let ems: f64 = text.chars().map(width_of).sum();
    ems * face.size * if face.bold { 1.08 } else { 1.0 }
}

/// The pieces of a path that a dashed line draws.
fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    let (Some(first), true) = (points.first(), on > 0.0 && off > 0.0) else {
        return pieces;
    };
    let mut current = vec![*first];
    let (mut drawing, mut left) = (true, on);
    for ends in points.windows(2) {
        let [from, to] = [ends[0], ends[1]];
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if !length.is_finite() {
            continue;
        }
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let here = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if drawing {
                current.push(here);
                pieces.push(std::mem::take(&mut current));
            }
            drawing = !drawing;
            current = vec![here];
            left = if drawing { on } else { off };
        }
        left -= length - done;
        if drawing {
            current.push(to);
        }
    }
    if drawing && current.len() > 1 {
        pieces.push(current);
    }
    pieces
}

fn stroke(color: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle { color, filled: false, stroke_width: width.round().max(1.0) as u32 }
}

/// The nearest pixel, kept within what any backend can count.
fn whole((x, y): Point) -> Option<(i32, i32)> {
    const FAR: f64 = 100_000.0;
    (x.is_finite() && y.is_finite()).then(|| (x.clamp(-FAR, FAR).round() as i32, y.clamp(-FAR, FAR).round() as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_the_line_and_turn_corners() {
        let pieces = dashes(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], 6.0, 2.0);
        assert_eq!(pieces[0], [(0.0, 0.0), (6.0, 0.0)]);
        assert_eq!(pieces[1], [(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)]);
        assert_eq!(pieces[2], [(10.0, 6.0), (10.0, 10.0)]);
        assert!(dashes(&[], 6.0, 2.0).is_empty());
        assert!(dashes(&[(0.0, 0.0), (9.0, 0.0)], 0.0, 2.0).is_empty());
    }

    #[test]
    fn a_longer_text_is_wider() {
        assert!(text_width("−$40,540", SMALL) > text_width("$932", SMALL));
        assert!(text_width("$932", SMALL_BOLD) > text_width("$932", SMALL));
        assert!((30.0..70.0).contains(&text_width("−$40,540", SMALL)));
    }

    #[test]
    fn senseless_scales_count_as_one() {
        for scale in [0.0, -2.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Scene::new(&Theme::DARK, scale).px(11.0), 11.0);
        }
    }
}
