//! The last of many values, handed on once in an animation frame.

use leptos::prelude::*;

/// Hands the last value on when the next frame begins, however many came before: a mouse reports more moves, and a wheel
/// more turns, than there are frames to show them. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct PerFrame {
    waiting: StoredValue<Option<f64>>,
    take: Callback<f64>,
}

impl PerFrame {
    /// Hands values on to `take`.
    pub fn new(take: Callback<f64>) -> PerFrame {
        PerFrame { waiting: StoredValue::new(None), take }
    }

    /// Notes a value for the next frame, in place of one that waits.
    pub fn put(self, value: f64) {
        if self.waiting.try_update_value(|waiting| waiting.replace(value)).flatten().is_none() {
            request_animation_frame(move || self.flush());
        }
    }

    /// Hands on at once what waits, so that the last value of a drag counts whatever becomes of the frame.
    pub fn flush(self) {
        // The component may be gone by now.
        if let Some(value) = self.waiting.try_update_value(Option::take).flatten() {
            self.take.run(value);
        }
    }
}
