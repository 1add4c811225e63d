//! P&L against price, at dates.

use crate::book::{Book, LegKind};
use crate::slide::{PnlBasis, Slide, Stress, VolMove, revalue_totals};

/// P&L below so much of the gross notional is rounding.
const NOISE: f64 = 1e-12;

/// P&L along a line of prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Time that has passed, in years.
    pub time_step_years: f64,
    /// Relative price moves, ascending.
    pub price_moves: Vec<f64>,
    /// Change of value in the account currency at each of them.
    pub pnl: Vec<f64>,
    /// Price moves at which the P&L crosses zero, ascending, by linear interpolation.
    pub break_even_moves: Vec<f64>,
}

/// The P&L of the book after some time, at each price; vols stay. All underlyings move alike.
pub fn profile(book: &Book, price_moves: Vec<f64>, time_step_years: f64) -> Profile {
    let slides = price_moves
        .iter()
        .map(|&spot_move| {
            let stress = Stress { spot_move, vol_move: VolMove::Unchanged, time_step_years, ..Stress::NONE };
            Slide::uniform(stress, book.underlyings.len(), String::new())
        })
        .collect();
    let mut pnl = revalue_totals(book, slides, PnlBasis::QuoteCurrency);
    // What rounding leaves of a book that pays the same everywhere is no profit, and has no break-even.
    let noise = NOISE * gross_notional(book);
    pnl.iter_mut().filter(|pnl| pnl.abs() < noise).for_each(|pnl| *pnl = 0.0);
    let break_even_moves = crossings(&price_moves, &pnl);
    Profile { time_step_years, price_moves, pnl, break_even_moves }
}

/// Sizes times prices, in the account currency.
fn gross_notional(book: &Book) -> f64 {
    book.legs.iter().map(|leg| (leg.coins * book.underlyings[leg.underlying].account_per_coin).abs()).sum()
}

/// Years to the first expiry among the book's options; none where it has no options.
pub fn nearest_expiry_years(book: &Book) -> Option<f64> {
    let options = book.legs.iter().filter(|leg| matches!(leg.kind, LegKind::Option { .. }));
    options.map(|leg| book.expiries[leg.expiry].expiry_years).min_by(f64::total_cmp)
}

fn crossings(moves: &[f64], pnl: &[f64]) -> Vec<f64> {
    moves
        .windows(2)
        .zip(pnl.windows(2))
        .filter(|(_, pnl)| (pnl[0] < 0.0 && pnl[1] >= 0.0) || (pnl[0] > 0.0 && pnl[1] <= 0.0))
        .map(|(moves, pnl)| moves[0] + (moves[1] - moves[0]) * (pnl[0] / (pnl[0] - pnl[1])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::book;

    #[test]
    fn crossings_are_interpolated() {
        assert_eq!(crossings(&[0.0, 1.0, 2.0], &[-1.0, 3.0, 3.0]), [0.25]);
        assert!(crossings(&[0.0, 1.0], &[0.0, 0.0]).is_empty());
    }

    #[test]
    fn a_box_pays_the_same_everywhere_and_breaks_even_nowhere() {
        let legs = [
            ("BTC-25SEP26-72000-C", 10.0),
            ("BTC-25SEP26-72000-P", -10.0),
            ("BTC-25SEP26-82000-C", -10.0),
            ("BTC-25SEP26-82000-P", 10.0),
        ];
        let book = book("USD", &legs);
        let moves: Vec<f64> = (-300..=300).map(|step| f64::from(step) * 0.001).collect();
        for years in [0.0, nearest_expiry_years(&book).expect("it has options")] {
            let profile = profile(&book, moves.clone(), years);
            assert!(profile.pnl.iter().all(|pnl| *pnl == 0.0), "{:?}", profile.pnl);
            assert!(profile.break_even_moves.is_empty());
        }
    }

    #[test]
    fn a_straddle_breaks_even_where_its_premium_is_earned() {
        let book = book("USD", &[("BTC-25SEP26-80000-C", 1.0), ("BTC-25SEP26-80000-P", 1.0)]);
        let years = nearest_expiry_years(&book).expect("it has options");
        let index = book.underlyings[0].index;
        let moves: Vec<f64> = (0..=2000).map(|step| f64::from(step) * 0.0005 - 0.5).collect();
        let at_expiry = profile(&book, moves, years);
        let premium = book.legs[0].mark() + book.legs[1].mark();
        let expected = [(80_000.0 - premium) / index - 1.0, (80_000.0 + premium) / index - 1.0];
        assert_eq!(at_expiry.break_even_moves.len(), 2);
        for (found, expected) in at_expiry.break_even_moves.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
}
