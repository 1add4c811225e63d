//! American options on every slide.

use crate::book::AmericanTerms;
use crate::pricing::american::Accuracy;

/// Time to go in years and the discount rate.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Rates {
    pub years: f64,
    pub discount_rate: f64,
}

/// Per-unit value on every slide, from the slides' forwards, vols and rates.
///
/// Slides that move vol, time and rate alike share the boundary of early exercise, which is the expensive part. They
/// are found by comparing each slide with those before it: nothing is allocated, and a grid has few such kinds.
pub(super) fn american_row(option: &AmericanTerms, forwards: &[f64], vols: &[f64], rates: &[Rates], row: &mut [f64]) {
    let alike = |one: usize, other: usize| vols[one] == vols[other] && rates[one] == rates[other];
    for first in 0..row.len() {
        if (0..first).any(|before| alike(first, before)) {
            continue;
        }
        let Rates { years, discount_rate } = rates[first];
        let boundary = option.boundary(vols[first], years, discount_rate, Accuracy::Fast);
        for slide in first..row.len() {
            if alike(first, slide) {
                row[slide] = boundary.price(option.spot(forwards[slide], years));
            }
        }
    }
}

/// Per-unit value before any slide, as accurate as those on slides.
pub(super) fn american_price(option: &AmericanTerms, forward: f64, vol_annual: f64, rates: Rates) -> f64 {
    let boundary = option.boundary(vol_annual, rates.years, rates.discount_rate, Accuracy::Fast);
    boundary.price(option.spot(forward, rates.years))
}
