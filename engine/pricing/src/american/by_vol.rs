//! One option at many vols: its boundary, interpolated between a few.
//!
//! At each point of the quadrature ln B is a smooth function of ln σ. It is computed at thirteen of Chebyshev's points;
//! in between, the polynomial of degree twelve through them takes the place of the iteration.

use super::below::LnBoundaries;
use super::boundary::Boundary;
use super::chebyshev::{MAXIMUM_DEGREE, point, shares};
use super::fixed_point::Scheme;
use super::quadrature::MAXIMUM_POINTS;
use crate::Right;
use crate::numeric::{exp, ln};

/// How many boundaries are computed.
const NODES: usize = MAXIMUM_DEGREE + 1;

/// The highest vol is at most so many times the lowest.
const WIDEST: f64 = 4.0;

/// An American option at any vol of a range; time and rates stay.
///
/// Its prices are as accurate as those of [`Accuracy::Fast`](super::Accuracy::Fast): see the [module](super).
#[derive(Debug, Clone)]
pub struct BoundaryByVol {
    ln_lowest: f64,
    /// How far ln of the highest vol is from that of the lowest.
    width: f64,
    lowest: Boundary,
    /// At the vol that was asked for last.
    latest: Boundary,
    /// From the highest vol to the lowest.
    ln_boundaries: [LnBoundaries; NODES],
}

impl BoundaryByVol {
    /// With fewer vols than this it is no less work than each by itself.
    pub const WORTHWHILE: usize = 3 * NODES;

    /// Finds the boundary at some vols between two; domain otherwise as for [`Boundary::new`].
    ///
    /// None where that would not serve: the highest vol is not above the lowest or more than four times as high, there
    /// is next to no vol, or there is no boundary.
    pub fn new(
        right: Right,
        strike: f64,
        (lowest_vol, highest_vol): (f64, f64),
        expiry_years: f64,
        discount_rate: f64,
        dividend_yield: f64,
    ) -> Option<BoundaryByVol> {
        if !(lowest_vol > 0.0 && highest_vol > lowest_vol && highest_vol <= WIDEST * lowest_vol) {
            return None;
        }
        let ln_lowest = ln(lowest_vol);
        let width = ln(highest_vol) - ln_lowest;
        let at = |j: usize| {
            let vol = exp(ln_lowest + width * point(j, MAXIMUM_DEGREE));
            Boundary::by(right, strike, vol, expiry_years, discount_rate, dividend_yield, &Scheme::SETTLED)
        };
        let lowest = at(MAXIMUM_DEGREE);
        let mut ln_boundaries = [lowest.ln_boundaries()?; NODES];
        for (j, row) in ln_boundaries.iter_mut().enumerate().take(MAXIMUM_DEGREE) {
            *row = at(j).ln_boundaries()?;
        }
        Some(BoundaryByVol { ln_lowest, width, latest: lowest.clone(), lowest, ln_boundaries })
    }

    /// The option at one of the vols.
    // Inlined into code that is compiled for size, it would be compiled for size as well.
    #[inline(never)]
    pub fn at(&mut self, vol_annual: f64) -> &Boundary {
        let shares = shares((ln(vol_annual) - self.ln_lowest) / self.width);
        let mut ln_boundaries = [0.0; MAXIMUM_POINTS + 1];
        for (share, row) in shares.iter().zip(&self.ln_boundaries) {
            for (sum, ln_boundary) in ln_boundaries.iter_mut().zip(row) {
                *sum += share * ln_boundary;
            }
        }
        self.latest.set_vol(&self.lowest, vol_annual, &ln_boundaries);
        &self.latest
    }
}
