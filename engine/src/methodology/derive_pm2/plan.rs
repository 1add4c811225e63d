//! The slides that the parameters make, before it is known which underlyings there are.

use super::parameters::{Parameters, VolShock};
use crate::slide::VolMove;

/// Price steps on each side of zero.
const STEPS: i32 = 4;

/// A slide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) price: Price,
    pub(super) vol_move: VolMove,
    /// What is said of it beside the price.
    pub(super) label: &'static str,
    pub(super) counting: Counting,
}

/// A price move.
#[derive(Debug, Clone, Copy)]
pub(super) enum Price {
    /// Part of the underlying's range.
    OfRange(f64),
    /// So much, whatever the underlying.
    By(f64),
}

/// How the P&L of a slide counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counting {
    /// This part of it.
    Part(f64),
    /// This part of its magnitude in each expiry, as a loss.
    Skew(f64),
    /// The basis contingency: each expiry at the worse of this slide and the next.
    BasisUp,
    /// Nothing: it serves the slide before.
    BasisDown,
}

impl Price {
    /// The move of an underlying with this range.
    pub(super) fn at(self, range: f64) -> f64 {
        match self {
            Price::OfRange(part) => range * part,
            Price::By(price_move) => price_move,
        }
    }
}

impl Parameters {
    /// Every slide in its order, the same for all underlyings: the grid, the tails, the two skews, the two of the
    /// basis contingency.
    pub(super) fn plan(&self) -> Vec<Planned> {
        let VolShock { range_up, range_down, term, floor_up } = self.vol;
        let up = (VolMove::Relative { change: range_up, term, floor: floor_up }, "vol up");
        let down = (VolMove::Relative { change: -range_down, term, floor: 0.0 }, "vol down");
        let same = (VolMove::Unchanged, "vol same");
        let mut plan = Vec::with_capacity(25 + self.tails.len());
        let mut push = |price, vol: (VolMove, &'static str), counting| {
            plan.push(Planned { price, vol_move: vol.0, label: vol.1, counting });
        };
        for step in -STEPS..=STEPS {
            let price = Price::OfRange(f64::from(step) / f64::from(STEPS));
            push(price, up, Counting::Part(1.0));
            if step.abs() < STEPS {
                push(price, same, Counting::Part(1.0));
                push(price, down, Counting::Part(1.0));
            }
        }
        for tail in &self.tails {
            push(Price::By(tail.price_move), (up.0, "vol up, tail"), Counting::Part(tail.dampening));
        }
        for (slide, label) in self.skews.iter().zip(["smile tilted", "both wings up"]) {
            push(Price::By(0.0), (VolMove::Skew(slide.skew), label), Counting::Skew(slide.dampening));
        }
        push(Price::By(self.basis.price_up), (same.0, "basis contingency of both ways"), Counting::BasisUp);
        push(Price::By(-self.basis.price_down), (same.0, "basis, counted one slide before"), Counting::BasisDown);
        plan
    }
}
