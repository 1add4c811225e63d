//! How far a long computation is, for whoever waits for it.

/// Tells a listener how far a computation is: a fraction from 0 to 1 that does not fall. Copies tell the same listener.
///
/// It knows no clock: a computation tells after each of its steps, and the listener decides what is worth passing on.
/// What is computed does not depend on it.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    listener: Option<&'a dyn Fn(f64)>,
    from: f64,
    to: f64,
}

impl<'a> Progress<'a> {
    /// Nobody listens.
    pub const UNHEARD: Progress<'static> = Progress { listener: None, from: 0.0, to: 1.0 };

    /// Tells `listener`.
    pub fn to(listener: &'a dyn Fn(f64)) -> Progress<'a> {
        Progress { listener: Some(listener), from: 0.0, to: 1.0 }
    }

    /// So much is done, as a fraction.
    pub fn at(self, fraction: f64) {
        if let Some(listener) = self.listener {
            listener(self.from + (self.to - self.from) * fraction);
        }
    }

    /// `done` of `all` like steps are done.
    pub fn steps(self, done: usize, all: usize) {
        self.at(done.min(all) as f64 / all.max(1) as f64);
    }

    /// The progress of a part, which lies between these fractions of the whole.
    pub fn part(self, from: f64, to: f64) -> Progress<'a> {
        let width = self.to - self.from;
        Progress { listener: self.listener, from: self.from + width * from, to: self.from + width * to }
    }

    /// The progress of the step after `done` of `all` like steps.
    pub fn step(self, done: usize, all: usize) -> Progress<'a> {
        let all = all.max(1) as f64;
        self.part(done as f64 / all, (done + 1) as f64 / all)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn parts_of_parts_tell_the_whole() {
        let told = RefCell::new(Vec::new());
        let listener = |fraction| told.borrow_mut().push(fraction);
        let whole = Progress::to(&listener);
        let half = whole.part(0.25, 0.75);
        half.at(0.0);
        half.step(1, 2).at(0.5);
        half.steps(3, 3);
        half.steps(5, 3);
        whole.steps(0, 0);
        Progress::UNHEARD.at(0.5);
        assert_eq!(*told.borrow(), [0.25, 0.625, 0.75, 0.75, 0.0]);
    }
}
