//! What early exercise adds on many spots, interpolated between a few.
//!
//! Above the boundary the integral of Kim's formula is smooth in x = ln(spot/strike), and changes over distances of
//! σ√T. So it is computed at Chebyshev's points of pieces that are so wide, and what lies between comes from
//! polynomials of degree twelve.

use super::below::Below;
use super::chebyshev::{MAXIMUM_DEGREE, Polynomial, point};
use crate::numeric::{exp, sqrt};

/// How wide a piece is at the most, in σ√T.
const WIDEST: f64 = 2.0;

/// [`Below::earned`] on a range of x.
pub(super) struct Premium {
    lowest: f64,
    /// Of each piece.
    width: f64,
    pieces: Vec<Piece>,
}

/// One piece: what is earned at its lower end, and what is added to it.
struct Piece {
    at_lower_end: f64,
    rest: Polynomial,
}

impl Premium {
    /// For the x that are above the boundary, of which there are `count` with `x_at`; none where it would not be less
    /// work than each by itself.
    pub(super) fn new(below: &Below, count: usize, x_at: impl Fn(usize) -> f64) -> Option<Premium> {
        let (mut lowest, mut highest) = (f64::INFINITY, below.ln_today);
        for x in (0..count).map(x_at) {
            lowest = if x < lowest { x } else { lowest };
            highest = if x > highest { x } else { highest };
        }
        lowest = if lowest > below.ln_today { lowest } else { below.ln_today };
        let total_vol = below.terms.vol * sqrt(below.terms.years);
        let pieces = ((highest - lowest) / (WIDEST * total_vol)).ceil().max(1.0);
        let computed = pieces * MAXIMUM_DEGREE as f64;
        // Not for what is no number either.
        let is_less = 2.0 * computed <= count as f64 && highest > lowest;
        is_less.then(|| Premium::between(below, lowest, highest, pieces as usize))
    }

    fn between(below: &Below, lowest: f64, highest: f64, count: usize) -> Premium {
        let width = (highest - lowest) / count as f64;
        let earned = |x: f64| below.earned(x, exp(x));
        let mut pieces = Vec::with_capacity(count);
        let mut at_lower_end = earned(lowest);
        for piece in 0..count {
            let from = lowest + width * piece as f64;
            let mut values = [0.0; MAXIMUM_DEGREE];
            for (j, value) in values.iter_mut().enumerate() {
                *value = earned(from + width * point(j, MAXIMUM_DEGREE)) - at_lower_end;
            }
            pieces.push(Piece { at_lower_end, rest: Polynomial::through(&values, MAXIMUM_DEGREE) });
            at_lower_end += values[0];
        }
        Premium { lowest, width, pieces }
    }

    /// What is earned at `x`.
    pub(super) fn at(&self, x: f64) -> f64 {
        let place = (x - self.lowest) / self.width;
        // The highest x is the end of the last piece.
        let piece = (place as usize).min(self.pieces.len() - 1);
        let Piece { at_lower_end, rest } = &self.pieces[piece];
        at_lower_end + rest.at(place - piece as f64)
    }
}
