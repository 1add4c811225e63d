//! Rectangles in pixels, and where a label finds room.

/// A rectangle in pixels of the backing store, y downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge, not less than the left one.
    pub right: f64,
    /// Lower edge, not less than the upper one.
    pub bottom: f64,
}

impl Rect {
    /// What is left of `width_px` × `height_px` inside the margins top, right, bottom and left; empty when nothing is.
    #[must_use]
    pub(super) fn inside(width_px: u32, height_px: u32, [top, right, bottom, left]: [f64; 4]) -> Self {
        let (left, top) = (left.round(), top.round());
        Self {
            left,
            top,
            right: (f64::from(width_px) - right).round().max(left),
            bottom: (f64::from(height_px) - bottom).round().max(top),
        }
    }

    /// In pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// In pixels.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether the point lies inside or on the edge.
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Larger by `by` on every side.
    #[must_use]
    pub(super) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// The square around a point.
    #[must_use]
    pub(super) fn around((x, y): (f64, f64), radius: f64) -> Self {
        Self { left: x, top: y, right: x, bottom: y }.grown(radius)
    }

    /// The common area with another, in square pixels.
    #[must_use]
    pub(super) fn overlap(&self, other: &Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        if width > 0.0 && height > 0.0 { width * height } else { 0.0 }
    }

    /// Moved as little as needed to lie within `bounds`; at its upper left where it is larger than they are.
    #[must_use]
    pub(super) fn moved_into(&self, bounds: &Self) -> Self {
        let x = (bounds.right - self.right).min(0.0).max(bounds.left - self.left);
        let y = (bounds.bottom - self.bottom).min(0.0).max(bounds.top - self.top);
        let (x, y) = (if x.is_finite() { x } else { 0.0 }, if y.is_finite() { y } else { 0.0 });
        Self { left: self.left + x, right: self.right + x, top: self.top + y, bottom: self.bottom + y }
    }

    #[must_use]
    pub(super) fn centre(&self) -> (f64, f64) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// Right, left, above, below, then the diagonals: where a reader looks for a point's label, in this order.
const DIRECTIONS: [(f64, f64); 8] =
    [(1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.7, -1.0), (-0.7, -1.0), (0.7, 1.0), (-0.7, 1.0)];

/// A place for a label of `size` beside `anchor`, `clearance` pixels away or a few times that, inside `bounds` and
/// clear of `obstacles`; where there is none, the one with the least overlap.
pub(super) fn place_label(
    anchor: (f64, f64),
    clearance: f64,
    size: (f64, f64),
    bounds: &Rect,
    obstacles: &[Rect],
) -> Rect {
    let mut best = (f64::INFINITY, Rect::around(anchor, 0.0));
    for distance in [1.0, 1.8, 3.0, 4.5] {
        for (x, y) in DIRECTIONS {
            let centre = (
                anchor.0 + x * (size.0 / 2.0 + clearance * distance),
                anchor.1 + y * (size.1 / 2.0 + clearance * distance),
            );
            let wished = Rect::around(centre, 0.0);
            let wished = Rect {
                left: wished.left - size.0 / 2.0,
                right: wished.right + size.0 / 2.0,
                top: wished.top - size.1 / 2.0,
                bottom: wished.bottom + size.1 / 2.0,
            };
            let inside = wished.moved_into(bounds);
            let moved = (inside.left - wished.left).abs() + (inside.top - wished.top).abs();
            let hidden: f64 = obstacles.iter().map(|obstacle| inside.overlap(obstacle)).sum();
            // Near its point is better than anything but lying on another one.
            let cost = hidden * 10.0 + inside.overlap(&Rect::around(anchor, clearance * 0.8)) * 10.0 + moved + distance;
            if cost < best.0 - 1e-9 {
                best = (cost, inside);
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 };

    #[test]
    fn a_label_stands_to_the_right_where_there_is_room() {
        let label = place_label((50.0, 50.0), 8.0, (60.0, 12.0), &BOUNDS, &[]);
        assert_eq!(label, Rect { left: 58.0, right: 118.0, top: 44.0, bottom: 56.0 });
    }

    #[test]
    fn a_label_avoids_dots_and_edges() {
        let dots: Vec<Rect> = (0..8)
            .flat_map(|column| (0..3).map(move |row| (20.0 + 23.0 * f64::from(column), 20.0 + 30.0 * f64::from(row))))
            .map(|dot| Rect::around(dot, 3.0))
            .collect();
        for anchor in [(20.0, 20.0), (181.0, 20.0), (181.0, 80.0), (20.0, 80.0), (89.0, 50.0)] {
            let label = place_label(anchor, 8.0, (60.0, 12.0), &BOUNDS, &dots);
            assert!(label.left >= 0.0 && label.right <= 200.0 && label.top >= 0.0 && label.bottom <= 100.0);
            assert_eq!(dots.iter().map(|dot| dot.overlap(&label)).sum::<f64>(), 0.0, "at {anchor:?}");
        }
    }

    #[test]
    fn margins_larger_than_the_area_leave_nothing() {
        let rect = Rect::inside(10, 10, [8.0, 8.0, 20.0, 40.0]);
        assert_eq!((rect.width(), rect.height()), (0.0, 0.0));
    }
}
