//! What a slide is called where one pot is meant.

use margin_engine::methodology::Pot;
use margin_engine::slide::move_label;

use crate::state::figures::Figures;

/// The slide's label. For a pot with one coin only that coin's move is named.
///
/// # Panics
/// `slide` is not a slide of the assessment.
pub fn slide_label(figures: &Figures, pot: &Pot, slide: usize) -> String {
    let slide = &figures.assessment.grid.slides[slide];
    let book = &figures.book;
    let mut coins: Vec<usize> = Vec::new();
    for leg in book.legs.iter().filter(|leg| pot.holds(book, leg)) {
        if !coins.contains(&leg.underlying) {
            coins.push(leg.underlying);
        }
    }
    // Labels name the price moves before the first comma.
    match (&coins[..], slide.label.split_once(", ")) {
        ([coin], Some((_, rest))) if book.underlyings.len() > 1 => {
            format!("{}, {rest}", move_label(slide.stresses[*coin].spot_move))
        }
        _ => slide.label.clone(),
    }
}
