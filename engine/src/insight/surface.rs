//! P&L over a grid of price and vol moves.

use crate::book::Book;
use crate::slide::{PnlBasis, Slide, Stress, VolMove, revalue_totals};

/// A table of P&L.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// Relative price moves, ascending; the columns.
    pub price_moves: Vec<f64>,
    /// Moves of every vol in points (0.1 is ten), ascending; the rows.
    pub vol_moves: Vec<f64>,
    /// P&L in the account currency, row by row.
    pub pnl: Vec<f64>,
}

/// Reprices the book on every pair of price and vol move. All underlyings move alike.
pub fn surface(book: &Book, price_moves: Vec<f64>, vol_moves: Vec<f64>, basis: PnlBasis) -> Surface {
    let underlyings = book.underlyings.len();
    let pairs = vol_moves.iter().flat_map(|&vol| price_moves.iter().map(move |&price| (price, vol)));
    let slides = pairs
        .map(|(price_move, points)| {
            Slide::uniform(Stress::new(price_move, VolMove::Points(points)), underlyings, String::new())
        })
        .collect();
    let pnl = revalue_totals(book, slides, basis);
    Surface { price_moves, vol_moves, pnl }
}
