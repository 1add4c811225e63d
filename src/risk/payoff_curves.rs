//! The curves of P&L against the price of the shown coin.

use jiff::{SignedDuration, Timestamp};
use margin_engine::asset::Asset;
use margin_engine::book::{Book, LegKind};
use margin_engine::insight::{nearest_expiry_years, profile};
use margin_engine::instrument::Settlement;
use margin_engine::order::sorted_by;
use margin_engine::slide::PnlBasis;

use crate::charts::{Payoff, Unit, format};
use crate::parts::{Cell, Row, TableText, short_day, unit};
use crate::state::figures::Figures;

/// The prices reach this far around the index, and further where strikes lie outside.
const REACH: (f64, f64) = (0.30, 0.80);

/// Beyond the outermost strike the prices go on by this part of its distance.
const BEYOND_STRIKES: f64 = 1.15;

/// Prices between the strikes.
const NODES: usize = 121;

/// Up to three curves with their dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    prices: Vec<f64>,
    now: Vec<f64>,
    chosen: Vec<f64>,
    at_expiry: Vec<f64>,
    break_evens: Vec<f64>,
    spot: f64,
    currency: Asset,
    /// The coin on the price axis.
    pub coin: Asset,
    /// Whether other coins move with it.
    pub has_others: bool,
    /// The chosen date: "5 Sep".
    pub chosen_day: Option<String>,
    /// The nearest expiry: "25 Sep".
    pub expiry_day: Option<String>,
    /// Whole days to the nearest expiry.
    pub days_to_expiry: f64,
    /// Whether the methodology counts coin-settled legs in coin, and these curves do not.
    pub slides_count_in_coin: bool,
    /// The currency in which the amounts are shown, where it is no dollar.
    pub shown_in: Option<Asset>,
}

impl Curves {
    /// The curves now, after `chosen_days` (no later than the nearest expiry; half the way there if not given), and
    /// at the nearest expiry. None for a book without legs.
    pub fn of(figures: &Figures, coin: Asset, chosen_days: Option<f64>) -> Option<Curves> {
        let book = &figures.book;
        let moved: Vec<usize> =
            (0..book.underlyings.len()).filter(|underlying| book.has_price_risk(*underlying)).collect();
        let shown = moved.iter().find(|underlying| book.underlyings[**underlying].asset == coin);
        let group = book.underlyings.get(*shown.or(moved.first()).unwrap_or(&0))?;
        let moves = price_moves(book, group.index);
        let price = |price_move: &f64| group.index * (1.0 + price_move);
        let now = profile(book, moves.clone(), 0.0);
        let mut curves = Curves {
            prices: moves.iter().map(price).collect(),
            // Today every book breaks even where it stands: only an expiry makes it a question.
            break_evens: vec![],
            now: now.pnl,
            chosen: vec![],
            at_expiry: vec![],
            spot: group.index,
            currency: book.currency,
            coin: group.asset,
            has_others: moved.len() > 1,
            chosen_day: None,
            expiry_day: None,
            days_to_expiry: 0.0,
            slides_count_in_coin: counts_in_coin(figures),
            shown_in: (!book.currency.is_dollar_like()).then_some(book.currency),
        };
        if let Some(years) = nearest_expiry_years(book) {
            let at_expiry = profile(book, moves.clone(), years);
            curves.break_evens = at_expiry.break_even_moves.iter().map(price).collect();
            curves.at_expiry = at_expiry.pnl;
            curves.expiry_day = Some(day_after(book.time, years * 365.0));
            curves.days_to_expiry = (years * 365.0).floor();
            if curves.days_to_expiry >= 1.0 {
                let days = chosen_days.map_or((curves.days_to_expiry / 2.0).round(), |days| days.min(years * 365.0));
                curves.chosen = profile(book, moves, days / 365.0).pnl;
                curves.chosen_day = Some(day_after(book.time, days));
            }
        }
        Some(curves)
    }

    /// As the chart takes them.
    pub fn payoff(&self) -> Payoff<'_> {
        Payoff {
            prices: &self.prices,
            now: &self.now,
            chosen: &self.chosen,
            at_expiry: &self.at_expiry,
            break_evens: &self.break_evens,
            spot: self.spot,
            price_unit: Unit::Prefix("$"),
        }
    }

    /// The curves with their names.
    fn named(&self) -> impl Iterator<Item = (&str, &[f64])> {
        let chosen = self.chosen_day.as_deref().map(|day| (day, &self.chosen[..]));
        let at_expiry = self.expiry_day.as_deref().map(|day| (day, &self.at_expiry[..]));
        std::iter::once(("now", &self.now[..])).chain(chosen).chain(at_expiry)
    }

    /// The P&L at a price, a line for each date.
    pub fn read_out(&self, price: f64) -> String {
        let mut lines = format::price_near(price, Unit::Prefix("$"));
        for (day, pnl) in self.named() {
            let amount = format::profit(between(&self.prices, pnl, price), unit(&self.currency));
            lines.push_str(&format!("\n{day}\u{a0}\u{a0}{amount}"));
        }
        lines
    }

    /// The chart in words.
    pub fn describe(&self) -> String {
        let price = |price: f64| format::price_near(price, Unit::Prefix("$"));
        let ends = (self.prices.first().copied().unwrap_or_default(), self.prices.last().copied().unwrap_or_default());
        let break_evens: Vec<String> = self.break_evens.iter().map(|at| price(*at)).collect();
        let break_evens = match (&break_evens[..], &self.expiry_day) {
            ([], _) | (_, None) => String::new(),
            (all, Some(day)) => format!("; on {day} it breaks even at {}", all.join(" and ")),
        };
        format!("P&L against the {} price from {} to {}{break_evens}", self.coin, price(ends.0), price(ends.1))
    }

    /// The chart as a coarse table.
    pub fn table(&self) -> TableText {
        const LINES: usize = 7;
        let (low, high) =
            (self.prices.first().copied().unwrap_or_default(), self.prices.last().copied().unwrap_or_default());
        let prices = (0..LINES).map(|line| low + (high - low) * line as f64 / (LINES - 1) as f64);
        let row = |price: f64| Row {
            head: format::price_near(price, Unit::Prefix("$")),
            cells: self
                .named()
                .map(|(_, pnl)| Cell::plain(format::profit(between(&self.prices, pnl, price), unit(&self.currency))))
                .collect(),
            ..Row::default()
        };
        TableText {
            caption: self.describe(),
            corner: format!("{} price", self.coin),
            columns: self.named().map(|(day, _)| Cell::plain(day)).collect(),
            rows: prices.map(row).collect(),
        }
    }
}

/// Evenly spaced moves and the strikes, where a payoff has its kinks.
fn price_moves(book: &Book, index: f64) -> Vec<f64> {
    let strikes = book.legs.iter().filter_map(|leg| match leg.kind {
        LegKind::Option { strike, .. } if book.index_of(leg) == index => Some(strike / index - 1.0),
        _ => None,
    });
    let furthest = strikes.clone().fold(0.0, |furthest: f64, strike| furthest.max(strike.abs()));
    let reach = (furthest * BEYOND_STRIKES).clamp(REACH.0, REACH.1);
    let even = (0..NODES).map(|node| reach * (2.0 * node as f64 / (NODES - 1) as f64 - 1.0));
    let moves: Vec<f64> = even.chain(strikes.filter(|strike| strike.abs() < reach)).collect();
    let mut moves = sorted_by(moves, |price_move| *price_move);
    moves.dedup();
    moves
}

fn counts_in_coin(figures: &Figures) -> bool {
    let grid = &figures.assessment.grid;
    !grid.slides.is_empty()
        && grid.basis == PnlBasis::SettlementCurrency
        && figures.book.legs.iter().any(|leg| leg.settlement == Settlement::Inverse)
}

fn day_after(now: Timestamp, days: f64) -> String {
    let then = now.saturating_add(SignedDuration::from_secs((days * 86_400.0).round() as i64));
    let then = then.unwrap_or(now);
    short_day(jiff::tz::Offset::UTC.to_datetime(then).date(), now)
}

/// A curve's value at a price, on the line between its neighbours.
fn between(prices: &[f64], pnl: &[f64], price: f64) -> f64 {
    let after = prices.partition_point(|at| *at < price).clamp(1, prices.len().saturating_sub(1).max(1));
    let value = |values: &[f64], index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let (left, right) = (value(prices, after - 1), value(prices, after));
    let (low, high) = (value(pnl, after - 1), value(pnl, after));
    low + (high - low) * ((price - left) / (right - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_on_the_line_between_neighbours() {
        let (prices, pnl) = ([100.0, 200.0, 400.0], [0.0, 10.0, -10.0]);
        for (price, expected) in [(100.0, 0.0), (150.0, 5.0), (200.0, 10.0), (300.0, 0.0), (400.0, -10.0)] {
            assert_eq!(between(&prices, &pnl, price), expected);
        }
        assert!(between(&[], &[], 1.0).is_nan());
    }
}
