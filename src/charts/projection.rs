//! From the box around a surface to the screen.

use super::scene::Point;

/// From where the surface is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Radians by which the surface is turned around the vertical; at 0 the price runs to the right and vol away.
    pub yaw: f64,
    /// Radians above the horizon, 0.1 (nearly level) to 1.5 (nearly from above); others are taken as the nearest of
    /// these.
    pub pitch: f64,
}

impl Default for View {
    /// From the front, turned a little, from a little above.
    fn default() -> Self {
        Self { yaw: 0.6, pitch: 0.48 }
    }
}

impl View {
    /// The view after the pointer has dragged the surface by so many CSS pixels to the right and down.
    #[must_use]
    pub fn dragged(self, right: f64, down: f64) -> Self {
        const RADIANS_PER_PIXEL: f64 = 0.008;
        Self {
            yaw: (self.yaw + right * RADIANS_PER_PIXEL).rem_euclid(std::f64::consts::TAU),
            pitch: (self.pitch + down * RADIANS_PER_PIXEL).clamp(LOWEST, HIGHEST),
        }
    }
}

const LOWEST: f64 = 0.1;
const HIGHEST: f64 = 1.5;

/// A place in the box: price and vol from −[`HALF_PRICE`] and −[`HALF_VOL`] to their positives, height 0 to [`HEIGHT`].
pub(super) type Place = [f64; 3];

/// Half the box along the price axis. Wider than deep, as the panels are.
pub(super) const HALF_PRICE: f64 = 1.25;
/// Half the box along the vol axis.
pub(super) const HALF_VOL: f64 = 0.9;
/// The box's height.
pub(super) const HEIGHT: f64 = 1.0;

/// An orthographic look at the box: parallel lines stay parallel, so that amounts can be compared by eye.
pub(super) struct Projection {
    pub sin_yaw: f64,
    pub cos_yaw: f64,
    sin_pitch: f64,
    cos_pitch: f64,
    centre: Point,
    unit: f64,
}

impl Projection {
    /// The largest look at the box that stays within `width` × `height` pixels around `centre` at every yaw, so that
    /// the surface does not breathe while it is turned.
    pub fn new(view: View, centre: Point, width: f64, height: f64) -> Self {
        let yaw = if view.yaw.is_finite() { view.yaw } else { 0.0 };
        let pitch = if view.pitch.is_finite() { view.pitch.clamp(LOWEST, HIGHEST) } else { View::default().pitch };
        let (sin_yaw, cos_yaw) = sin_cos(yaw);
        let (sin_pitch, cos_pitch) = sin_cos(pitch);
        let across = 2.0 * HALF_PRICE.hypot(HALF_VOL);
        let unit = (width / across).min(height / (HEIGHT * cos_pitch + across * sin_pitch));
        Self { sin_yaw, cos_yaw, sin_pitch, cos_pitch, centre, unit }
    }

    /// Where a place in the box lies on the screen.
    pub fn project(&self, [price, vol, height]: Place) -> Point {
        let right = price * self.cos_yaw - vol * self.sin_yaw;
        let away = price * self.sin_yaw + vol * self.cos_yaw;
        let up = (height - HEIGHT / 2.0) * self.cos_pitch + away * self.sin_pitch;
        (self.centre.0 + self.unit * right, self.centre.1 - self.unit * up)
    }

    /// One step from a place straight towards the eye, `length` long on the ground.
    pub fn towards_eye(&self, [price, vol, height]: Place, length: f64) -> Place {
        let rise = length * self.sin_pitch / self.cos_pitch;
        [price - length * self.sin_yaw, vol - length * self.cos_yaw, height + rise]
    }

    /// Brightness of a slope, 1 for level ground: the light comes from the left above the eye's shoulder and turns
    /// with the view.
    pub fn brightness(&self, slope_price: f64, slope_vol: f64) -> f64 {
        let (right, away, up) = (-0.5, -0.3, 0.81);
        let light_price = right * self.cos_yaw + away * self.sin_yaw;
        let light_vol = -right * self.sin_yaw + away * self.cos_yaw;
        let length = (slope_price * slope_price + slope_vol * slope_vol + 1.0).sqrt();
        let lit = (up - slope_price * light_price - slope_vol * light_vol) / length;
        1.0 + 0.3 * (lit - up)
    }
}

/// Sine and cosine: the browser's own where there is one, for a picture need not have the same bits everywhere.
fn sin_cos(angle: f64) -> (f64, f64) {
    #[cfg(target_arch = "wasm32")]
    return (js_sys::Math::sin(angle), js_sys::Math::cos(angle));
    #[cfg(not(target_arch = "wasm32"))]
    angle.sin_cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_stays_inside_at_every_angle() {
        for step in 0..64 {
            for pitch in [0.0, 0.3, 0.8, 1.57] {
                let view = View { yaw: f64::from(step) * 0.1, pitch };
                let projection = Projection::new(view, (200.0, 150.0), 400.0, 300.0);
                for corner in 0..8 {
                    let sign = |bit: i32| if corner & bit == 0 { -1.0 } else { 1.0 };
                    let height = if corner & 4 == 0 { 0.0 } else { HEIGHT };
                    let (x, y) = projection.project([sign(1) * HALF_PRICE, sign(2) * HALF_VOL, height]);
                    assert!((-0.001..=400.001).contains(&x) && (-0.001..=300.001).contains(&y));
                }
            }
        }
    }

    #[test]
    fn a_step_towards_the_eye_does_not_move_on_the_screen() {
        let projection = Projection::new(View { yaw: 2.1, pitch: 0.5 }, (0.0, 0.0), 400.0, 300.0);
        let place = [0.3, -0.2, 0.4];
        let (from, to) = (projection.project(place), projection.project(projection.towards_eye(place, 0.7)));
        assert!((from.0 - to.0).abs() < 1e-9 && (from.1 - to.1).abs() < 1e-9);
    }

    #[test]
    fn level_ground_is_neither_lit_nor_shaded() {
        let projection = Projection::new(View::default(), (0.0, 0.0), 400.0, 300.0);
        assert!((projection.brightness(0.0, 0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_near_side_follows_a_drag_and_dragging_down_lifts_the_eye() {
        let near = |view: View| Projection::new(view, (0.0, 0.0), 400.0, 300.0).project([0.0, -HALF_VOL, 0.0]);
        let view = View { yaw: 0.0, pitch: 0.5 };
        assert!(near(view.dragged(10.0, 0.0)).0 > near(view).0);
        assert!(view.dragged(0.0, 10.0).pitch > view.pitch);
    }

    #[test]
    fn dragging_keeps_the_pitch_between_its_bounds() {
        let view = View::default().dragged(5000.0, 5000.0);
        assert!((0.0..std::f64::consts::TAU).contains(&view.yaw));
        assert_eq!(view.pitch, HIGHEST);
    }
}
