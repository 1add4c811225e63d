//! The box around a surface: grid, walls with the amounts, labels.

use super::format;
use super::geometry::Rect;
use super::heat_map::HeatMap;
use super::projection::{HALF_PRICE, HALF_VOL, HEIGHT, Place};
use super::scene::{Align, Point, SMALL, Scene};
use super::surface::Solid;
use super::ticks::round_ticks;
use plotters::style::{Color, RGBColor};

impl Solid {
    /// The price axis runs along the side of the floor that is nearer to the eye; this is its vol coordinate.
    fn near_vol(&self) -> f64 {
        if self.projection.cos_yaw > 0.0 { -HALF_VOL } else { HALF_VOL }
    }

    /// The same for the vol axis.
    fn near_price(&self) -> f64 {
        if self.projection.sin_yaw > 0.0 { -HALF_PRICE } else { HALF_PRICE }
    }

    /// The leftmost corner on the screen: the P&L axis stands there, in front of nothing.
    fn left_corner(&self) -> (f64, f64) {
        let right = |price: f64, vol: f64| price * self.projection.cos_yaw - vol * self.projection.sin_yaw;
        let price = if self.projection.cos_yaw > 0.0 { -HALF_PRICE } else { HALF_PRICE };
        let vol = if self.projection.sin_yaw > 0.0 { HALF_VOL } else { -HALF_VOL };
        debug_assert!(right(price, vol) <= right(-price, vol) + 1e-9);
        (price, vol)
    }

    /// Grid of the floor, the two far edges of the box with their ticks of P&L.
    pub fn floor(&self, scene: &mut Scene<'_>, map: &HeatMap<'_>) {
        let theme = scene.theme;
        let grid = theme.line.mix(0.9);
        let line = |from: Place, to: Place| vec![self.projection.project(from), self.projection.project(to)];
        for tick in price_ticks(map).into_iter().map(|tick| self.across(tick)).chain([-HALF_PRICE, HALF_PRICE]) {
            scene.path(line([tick, -HALF_VOL, 0.0], [tick, HALF_VOL, 0.0]), 1.0, grid);
        }
        for tick in vol_ticks(map).into_iter().map(|tick| self.along(tick)).chain([-HALF_VOL, HALF_VOL]) {
            scene.path(line([-HALF_PRICE, tick, 0.0], [HALF_PRICE, tick, 0.0]), 1.0, grid);
        }
        // The walls behind the surface carry the amounts around two sides, so that heights can be read off.
        let (far_price, far_vol) = (-self.near_price(), -self.near_vol());
        for tick in self.amount_ticks() {
            let height = self.height(tick);
            let around = [[-far_price, far_vol, height], [far_price, far_vol, height], [far_price, -far_vol, height]];
            let colour = if tick == 0.0 { theme.faint.mix(0.9) } else { grid };
            scene.path(around.map(|place| self.projection.project(place)).to_vec(), 1.0, colour);
        }
        for corner in [(-far_price, far_vol), (far_price, far_vol), (far_price, -far_vol)] {
            scene.path(line([corner.0, corner.1, 0.0], [corner.0, corner.1, HEIGHT]), 1.0, grid);
        }
    }

    /// Labels of the three axes. One that would touch another is left out; zero comes first, then amounts. Returns what
    /// they cover.
    pub fn labels(&self, scene: &mut Scene<'_>, map: &HeatMap<'_>, whole: &Rect) -> Vec<Rect> {
        let mut taken: Vec<Rect> = Vec::new();
        let (price, vol) = self.left_corner();
        // Zero first, then outwards: what comes first keeps its place.
        for tick in margin_engine::order::sorted_by(self.amount_ticks(), |amount| amount.abs()) {
            let (x, y) = self.projection.project([price, vol, self.height(tick)]);
            let text = format::compact(tick, map.unit);
            put_label(scene, &mut taken, whole, (x - scene.px(8.0), y), text, Align::Right);
        }
        let near_vol = self.near_vol();
        for tick in price_ticks(map) {
            let at = [self.across(tick), near_vol, 0.0];
            let outwards = [at[0], near_vol * 1.25, 0.0];
            self.axis_label(scene, &mut taken, whole, (at, outwards), format::percent_move(tick));
        }
        let near_price = self.near_price();
        for tick in vol_ticks(map) {
            let at = [near_price, self.along(tick), 0.0];
            let outwards = [near_price * 1.25, at[1], 0.0];
            self.axis_label(scene, &mut taken, whole, (at, outwards), format::number_move(tick, 3));
        }
        // The unit of the vol axis stands beyond its labels, in the middle.
        let (from, to) =
            (self.projection.project([near_price, 0.0, 0.0]), self.projection.project([near_price * 1.6, 0.0, 0.0]));
        let (away, align) = outside(from, to, scene.px(44.0));
        put_label_in(scene, &mut taken, whole, away, map.vol_label.to_owned(), align, scene.theme.muted);
        taken
    }

    fn axis_label(
        &self,
        scene: &mut Scene<'_>,
        taken: &mut Vec<Rect>,
        whole: &Rect,
        (at, outwards): (Place, Place),
        text: String,
    ) {
        let (from, to) = (self.projection.project(at), self.projection.project(outwards));
        let (tick, _) = outside(from, to, scene.px(4.0));
        scene.path(vec![from, tick], 1.0, scene.theme.line.to_rgba());
        let (away, align) = outside(from, to, scene.px(12.0));
        put_label(scene, taken, whole, away, text, align);
    }

    fn amount_ticks(&self) -> Vec<f64> {
        round_ticks(self.low, self.high, 5)
    }
}

fn price_ticks(map: &HeatMap<'_>) -> Vec<f64> {
    ends(map.price_moves).map_or_else(Vec::new, |(low, high)| round_ticks(low, high, 5))
}

fn vol_ticks(map: &HeatMap<'_>) -> Vec<f64> {
    ends(map.vol_moves).map_or_else(Vec::new, |(low, high)| round_ticks(low, high, 3))
}

fn ends(axis: &[f64]) -> Option<(f64, f64)> {
    Some((*axis.first()?, *axis.last()?))
}

/// The point `distance` pixels from `from` in the direction of `to`, and how a text there is aligned so that it leads
/// away from `from`.
fn outside(from: Point, to: Point, distance: f64) -> (Point, Align) {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = x.hypot(y).max(1e-9);
    let (x, y) = (x / length, y / length);
    let align = match x {
        _ if x > 0.35 => Align::Left,
        _ if x < -0.35 => Align::Right,
        _ => Align::Centre,
    };
    ((from.0 + x * distance, from.1 + y * distance), align)
}

fn put_label(scene: &mut Scene<'_>, taken: &mut Vec<Rect>, whole: &Rect, at: Point, text: String, align: Align) {
    let colour = scene.theme.muted;
    put_label_in(scene, taken, whole, at, text, align, colour);
}

/// Writes a label unless it would touch one that is there, pushed into the area where it would be cut off.
fn put_label_in(
    scene: &mut Scene<'_>,
    taken: &mut Vec<Rect>,
    whole: &Rect,
    at: Point,
    text: String,
    align: Align,
    colour: RGBColor,
) {
    let label = scene.text_box(at, &text, SMALL, align).moved_into(whole);
    if taken.iter().any(|other| other.grown(scene.px(1.0)).overlap(&label) > 0.0) {
        return;
    }
    scene.text(label.centre(), text, SMALL, Align::Centre, colour);
    taken.push(label);
}
