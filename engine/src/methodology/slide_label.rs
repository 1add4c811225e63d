//! What a slide is called.

use crate::book::Book;
use crate::slide::{Stress, move_label};

/// The price moves of a slide: one where all underlyings move alike, else each with its coin.
pub(crate) fn price_moves(book: &Book, stresses: &[Stress]) -> String {
    let alike = stresses.windows(2).all(|pair| pair[0].spot_move == pair[1].spot_move);
    match stresses.first() {
        Some(first) if alike => move_label(first.spot_move),
        _ => {
            let each = book.underlyings.iter().zip(stresses);
            let each =
                each.map(|(underlying, stress)| format!("{} {}", underlying.asset, move_label(stress.spot_move)));
            each.collect::<Vec<_>>().join(" · ")
        }
    }
}
