//! The table of P&L over price and vol, with what is marked on it.

use std::borrow::Cow;

use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::insight::{Surface, surface};
use margin_engine::methodology::Pot;
use margin_engine::slide::PnlBasis;

use super::slide_dots::{is_ordinary, slide_dots};
use super::slide_label::slide_label;
use crate::charts::{HeatMap, SlideDot, format};
use crate::parts::{Cell, Row, TableText, unit};
use crate::state::figures::Figures;

/// The axes reach at least so far: 30 % and 25 vol points, and as much more as the slides need, in steps of these.
const PRICE_REACH: (f64, f64) = (0.30, 0.05);
const VOL_REACH: (f64, f64) = (25.0, 5.0);

/// Prices do not fall below this.
const LOWEST_MOVE: f64 = 0.95;

/// Everything that the two pictures of the surface show.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    surface: Surface,
    vol_points: Vec<f64>,
    dots: Vec<SlideDot>,
    currency: Asset,
    worst_label: Option<String>,
    /// The pot, where there are several.
    pot: Option<Asset>,
    /// The coin whose moves place the dots, where there are several.
    coin: Option<Asset>,
}

impl Picture {
    /// Reprices the leading pot on `columns` × `rows` moves, or the book where nothing is held in pots: so the slides,
    /// which count within a pot, lie on the surface. None for a book without legs.
    pub fn of(figures: &Figures, coin: Asset, columns: usize, rows: usize) -> Option<Picture> {
        let assessment = &figures.assessment;
        let book = pot_book(figures);
        if book.legs.is_empty() {
            return None;
        }
        let held: Vec<usize> =
            (0..book.underlyings.len()).filter(|underlying| book.has_price_risk(*underlying)).collect();
        let is_shown = |underlying: &&usize| book.underlyings[**underlying].asset == coin;
        let underlying = *held.iter().find(is_shown).or(held.first()).unwrap_or(&0);
        let dots = slide_dots(figures, &book, underlying);
        let ordinary = || dots.iter().zip(&assessment.grid.slides).filter(|(_, slide)| is_ordinary(slide));
        let price = reach(PRICE_REACH, ordinary().map(|(dot, _)| dot.price_move)).min(LOWEST_MOVE);
        let vol = reach(VOL_REACH, ordinary().map(|(dot, _)| dot.vol_move));
        // Slides and surface agree only when they count in the same currency.
        let basis = if assessment.grid.slides.is_empty() { PnlBasis::QuoteCurrency } else { assessment.grid.basis };
        let vol_points = axis(vol, rows);
        let vol_moves = vol_points.iter().map(|points| points / 100.0).collect();
        let pot = assessment.leading_pot();
        Some(Picture {
            surface: surface(&book, axis(price, columns), vol_moves, basis),
            vol_points,
            dots,
            currency: assessment.currency,
            worst_label: pot.and_then(|pot| Some(slide_label(figures, pot, pot.worst?))),
            pot: pot.and_then(Pot::asset).filter(|_| assessment.pots.len() > 1),
            coin: (held.len() > 1).then(|| book.underlyings[underlying].asset),
        })
    }

    /// As the charts take it.
    pub fn heat_map(&self) -> HeatMap<'_> {
        HeatMap {
            price_moves: &self.surface.price_moves,
            vol_moves: &self.vol_points,
            vol_label: "vol points",
            pnl: &self.surface.pnl,
            slides: &self.dots,
            unit: unit(&self.currency),
        }
    }

    /// The P&L under a pointer, as a sentence: "+4 %, −7 pts: −$12,340".
    pub fn read_out(&self, price_move: f64, vol_points: f64) -> Option<String> {
        let pnl = self.heat_map().read_out(price_move, vol_points)?;
        Some(format!(
            "{}, {}\u{a0}pts: {}",
            format::percent_move(price_move),
            format::number_move(vol_points, 1),
            format::profit(pnl, unit(&self.currency))
        ))
    }

    /// The picture in words.
    pub fn describe(&self) -> String {
        let ends = |axis: &[f64]| axis.first().copied().zip(axis.last().copied()).unwrap_or_default();
        let (low, high) = ends(&self.surface.price_moves);
        let (calm, wild) = ends(&self.vol_points);
        let worst = self.dots.iter().find(|dot| dot.is_worst).zip(self.worst_label.as_ref());
        let worst = worst.map_or(String::new(), |(dot, label)| {
            format!("; worst slide {label}: {}", format::money(dot.pnl, unit(&self.currency)))
        });
        format!(
            "P&L over price moves from {} to {} and vol moves from {} to {} points{worst}",
            format::percent_move(low),
            format::percent_move(high),
            format::number_move(calm, 1),
            format::number_move(wild, 1),
        )
    }

    /// What the dots are and which of them are not there.
    pub fn caption(&self) -> String {
        let mut sentences = Vec::new();
        if let Some(pot) = self.pot {
            sentences.push(format!("The {pot} pot alone: pots do not net"));
        }
        if self.coin.is_some() {
            sentences.push("All prices move alike".to_owned());
        }
        if !self.dots.is_empty() {
            let whose = self.coin.map_or(String::new(), |coin| format!(" of {coin}"));
            sentences.push(format!("Dots: the slides{whose}, at their mean vol change weighted by vega"));
        }
        let map = self.heat_map();
        let outside: Vec<&SlideDot> =
            self.dots.iter().filter(|dot| map.read_out(dot.price_move, dot.vol_move).is_none()).collect();
        let furthest = outside.iter().map(|dot| dot.price_move).max_by(|a, b| a.abs().total_cmp(&b.abs()));
        if let Some(furthest) = furthest {
            let (count, to) = (outside.len(), format::percent_move(furthest));
            let noun = if count == 1 { "slide lies" } else { "slides lie" };
            let worst = if outside.iter().any(|dot| dot.is_worst) { ", the worst among them" } else { "" };
            sentences.push(format!("{count} {noun} further out, to {to}{worst}"));
        }
        sentences.join(". ")
    }

    /// The picture as a coarse table.
    pub fn table(&self) -> TableText {
        const LINES: usize = 5;
        let map = self.heat_map();
        let coarse = |moves: &[f64]| axis(moves.last().copied().unwrap_or_default(), LINES);
        let (prices, vols) = (coarse(map.price_moves), coarse(map.vol_moves));
        let cell = |price: f64, vol: f64| {
            let pnl = map.read_out(price, vol).unwrap_or(f64::NAN);
            Cell::plain(format::profit(pnl, map.unit))
        };
        TableText {
            caption: self.describe(),
            corner: "Vol points".to_owned(),
            columns: prices.iter().map(|price| Cell::plain(format::percent_move(*price))).collect(),
            rows: vols
                .iter()
                .rev()
                .map(|vol| Row {
                    head: format::number_move(*vol, 1),
                    cells: prices.iter().map(|price| cell(*price, *vol)).collect(),
                    ..Row::default()
                })
                .collect(),
        }
    }
}

/// The legs of the leading pot.
fn pot_book(figures: &Figures) -> Cow<'_, Book> {
    let book = &figures.book;
    match figures.assessment.leading_pot() {
        Some(pot) if !book.legs.iter().all(|leg| pot.holds(book, leg)) => {
            Cow::Owned(book.subset((0..book.legs.len()).filter(|&leg| pot.holds(book, &book.legs[leg]))))
        }
        _ => Cow::Borrowed(book),
    }
}

/// How far an axis reaches so that the moves lie well inside.
fn reach((least, step): (f64, f64), moves: impl Iterator<Item = f64>) -> f64 {
    let largest = moves.filter(|value| value.is_finite()).fold(0.0, |largest, value| value.abs().max(largest));
    ((largest * 1.05 / step).ceil() * step).max(least)
}

/// `count` values from −reach to reach.
fn axis(reach: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|index| reach * (2.0 * index as f64 / last - 1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_the_slides_and_are_never_narrow() {
        assert_eq!(reach(PRICE_REACH, [-0.16, 0.16].into_iter()), 0.30);
        assert_eq!(reach(VOL_REACH, [30.0, f64::NAN].into_iter()), 35.0);
        assert_eq!(axis(0.3, 3), [-0.3, 0.0, 0.3]);
    }
}
