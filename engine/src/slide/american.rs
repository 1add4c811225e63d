//! American options on every slide.

use super::expiry_terms::ExpiryTerms;
use crate::alike::Chains;
use crate::book::AmericanTerms;
use crate::pricing::american::{Accuracy, BoundaryByVol};

/// Time to go in years and the discount rate.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Rates {
    pub years: f64,
    pub discount_rate: f64,
}

impl Rates {
    /// Equal for what is equal, no numbers too.
    fn bits(self) -> [u64; 2] {
        [self.years, self.discount_rate].map(f64::to_bits)
    }
}

/// Puts per-unit values on every slide, and before any as the last, in the place of the European ones in `row`; `vols`
/// are those on the slides.
///
/// Slides of one vol, time and rate, today's among them, share the boundary of early exercise, which is the expensive
/// part. Where there are 64 or more of them, what early exercise adds is interpolated in the logarithm of the spot;
/// where 39 vols or more share time and rate, the boundary is, in that of the vol. The figures then hang on the other
/// slides of the grid, by less than their error, which [`pricing::american`](crate::pricing::american) states, but never
/// on other legs; a slide that moves nothing has today's terms and so today's price, to the bit. On all other grids each
/// slide has the price that it has alone.
pub(super) fn american_row(option: &AmericanTerms, expiry: &ExpiryTerms, vols: &[f64], row: &mut [f64]) {
    let (slides, rates) = (&expiry.slides, &expiry.rates);
    let terms = |slide: usize| (vols[slide].to_bits(), rates[slide].bits());
    let hash = |(vol, [years, rate]): (u64, [u64; 2])| vol ^ years.rotate_left(21) ^ rate.rotate_left(42);
    let hashes: Vec<u64> = (0..vols.len()).map(|slide| hash(terms(slide))).collect();
    let kinds = Chains::new(&hashes, &|one, other| terms(one) == terms(other));
    let mut by_vol = many_vols(option, vols, rates, kinds.firsts().collect());
    let (mut spots, mut ln_spots, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for first in kinds.firsts() {
        let share = option.spot(1.0, rates[first].years);
        let ln_share = -option.carry * rates[first].years;
        spots.clear();
        spots.extend(kinds.like(first).map(|slide| slides.forwards[slide] * share));
        ln_spots.clear();
        ln_spots.extend(kinds.like(first).map(|slide| slides.ln_forwards[slide] + ln_share));
        prices.clear();
        prices.extend(kinds.like(first).map(|slide| row[slide]));
        let at = rates[first];
        match by_vol.iter_mut().find(|(known, _)| known.bits() == at.bits()) {
            Some((_, by_vol)) => by_vol.at(vols[first]).prices(&spots, &ln_spots, &mut prices),
            None => {
                let boundary = option.boundary(vols[first], at.years, at.discount_rate, Accuracy::Fast);
                boundary.prices(&spots, &ln_spots, &mut prices);
            }
        }
        for (slide, price) in kinds.like(first).zip(&prices) {
            row[slide] = *price;
        }
    }
}

/// The boundaries of an option at the times and rates that have many vols among `slides`.
fn many_vols(
    option: &AmericanTerms,
    vols: &[f64],
    rates: &[Rates],
    mut slides: Vec<usize>,
) -> Vec<(Rates, BoundaryByVol)> {
    let mut known = Vec::new();
    while slides.len() >= BoundaryByVol::WORTHWHILE {
        let at = rates[slides[0]];
        let (same, others): (Vec<usize>, Vec<usize>) =
            slides.into_iter().partition(|slide| rates[*slide].bits() == at.bits());
        if same.len() >= BoundaryByVol::WORTHWHILE {
            let (mut lowest, mut highest) = (f64::INFINITY, 0.0);
            for vol in same.iter().map(|slide| vols[*slide]) {
                lowest = if vol < lowest { vol } else { lowest };
                highest = if vol > highest { vol } else { highest };
            }
            known.extend(option.boundary_by_vol((lowest, highest), at.years, at.discount_rate).map(|it| (at, it)));
        }
        slides = others;
    }
    known
}
