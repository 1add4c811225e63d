//! P&L of a whole book on many slides, without a row for each leg.

use super::{PnlBasis, Slide, SlideGrid, revalue};
use crate::book::Book;

/// Figures that are held at once, legs times slides: four megabytes.
const MOST_FIGURES: usize = 1 << 19;

/// So many slides are repriced together at least: what legs have in common is worked out anew for each batch.
const LEAST_SLIDES: usize = 64;

/// P&L of the book on every slide in the account currency: what [`super::Revaluation::totals`] says, in
/// memory that does not grow with legs times slides. To the bit, but that American legs of a book so large that it goes in
/// batches may be interpolated from other nodes, within their stated error.
pub fn revalue_totals(book: &Book, slides: Vec<Slide>, basis: PnlBasis) -> Vec<f64> {
    in_batches(book, slides, basis, (MOST_FIGURES / book.legs.len().max(1)).max(LEAST_SLIDES))
}

fn in_batches(book: &Book, mut slides: Vec<Slide>, basis: PnlBasis, most: usize) -> Vec<f64> {
    let mut totals = Vec::with_capacity(slides.len());
    while !slides.is_empty() {
        let later = slides.split_off(most.min(slides.len()));
        totals.extend(revalue(book, &SlideGrid { basis, ..SlideGrid::new(slides) }).totals());
        slides = later;
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slide::{Stress, VolMove};
    use crate::testing::book;

    #[test]
    fn batches_change_no_bit() {
        let legs = [
            ("BTC-25SEP26-84000-C", -2.0),
            ("BTC-25SEP26-84000-P", 3.0),
            ("BTC-25SEP26", 1.0),
            ("BTC-25DEC26-70000-P", 1.0),
        ];
        let book = book("USD", &legs);
        let slides = || -> Vec<Slide> {
            let moves = (0..23).map(|place| (f64::from(place) * 0.03 - 0.3, f64::from(place / 5) * 0.05));
            moves
                .map(|(price, vol)| Slide::uniform(Stress::new(price, VolMove::Points(vol)), 1, String::new()))
                .collect()
        };
        let basis = PnlBasis::SettlementCurrency;
        let whole = revalue(&book, &SlideGrid { basis, ..SlideGrid::new(slides()) }).totals();
        assert!(whole.iter().any(|pnl| *pnl != 0.0));
        for most in [1, 3, 7, 22, 23, 100] {
            let batches = in_batches(&book, slides(), basis, most);
            assert!(batches.iter().map(|pnl| pnl.to_bits()).eq(whole.iter().map(|pnl| pnl.to_bits())), "{most}");
        }
    }
}
