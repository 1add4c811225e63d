//! What happens to the market while the account is watched: moves from today, step by step.

use jiff::Timestamp;

use crate::asset::Asset;
use crate::book::{Book, BookShift};
use crate::market::{History, Shift};
use crate::rfc3339::{self, Day};
use crate::slide::move_label;

/// More steps than anybody reads.
pub const MOST_STEPS: usize = 200;

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep {
    /// What it is called.
    pub label: String,
    /// The move from today to there.
    pub shift: BookShift,
}

/// Days of the past whose closes are played again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replay {
    /// Identifier.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The day from whose close the moves count.
    from: &'static str,
    /// The last day.
    to: &'static str,
}

/// The replays there are.
pub const REPLAYS: &[Replay] = &[
    Replay { id: "2020-03", name: "March 2020", from: "2020-03-08", to: "2020-03-20" },
    Replay { id: "2026-02", name: "February 2026", from: "2026-01-27", to: "2026-02-10" },
];

/// A fall or rise of all prices in equal steps, with vols that rise with it, and back by a part of it in as many steps.
/// No time passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crash {
    /// The whole move, above −1: −0.4 is a fall by 40 %.
    pub spot_move: f64,
    /// In how many steps, 1 to [`MOST_STEPS`].
    pub steps: usize,
    /// What vols are multiplied by at its end.
    pub vol_factor: f64,
    /// How much of the move is undone afterwards: 0 for none, 1 for all.
    pub rebound: f64,
}

impl Crash {
    /// Its steps.
    pub fn path(&self) -> Vec<PathStep> {
        let there = |part: f64| {
            let vol_factor = 1.0 + (self.vol_factor - 1.0) * part;
            let mut shift = BookShift::spot(self.spot_move * part);
            shift.vol_factor = vol_factor;
            PathStep { label: step_label(self.spot_move * part, vol_factor), shift }
        };
        let part = |step: usize| step as f64 / self.steps as f64;
        let mut steps: Vec<PathStep> = (1..=self.steps).map(|step| there(part(step))).collect();
        if self.rebound > 0.0 {
            steps.extend((1..=self.steps).map(|step| there(1.0 - self.rebound * part(step))));
        }
        steps
    }
}

/// What a move of price and vol is called.
pub fn step_label(spot_move: f64, vol_factor: f64) -> String {
    if vol_factor == 1.0 {
        return move_label(spot_move);
    }
    format!("{}, vol ×{vol_factor:.2}", move_label(spot_move))
}

/// What vols are multiplied by when a price has moved, where a path does not say: they rise by `response` times the
/// fall, and a rise leaves them.
pub fn vol_factor(spot_move: f64, response: f64) -> f64 {
    1.0 + response * (-spot_move).max(0.0)
}

impl Replay {
    /// The replay of this identifier.
    pub fn find(id: &str) -> Option<&'static Replay> {
        REPLAYS.iter().find(|replay| replay.id == id)
    }

    /// The closes of these days, each underlying by its own from today's price on; those without closes go with the
    /// first that has some. A day passes at each step. Vols follow the greatest fall among the underlyings.
    ///
    /// # Errors
    /// A sentence where the history does not hold these days.
    pub fn path(&self, book: &Book, vol_response: f64) -> Result<Vec<PathStep>, String> {
        let unknown = || {
            format!(
                "the market's daily closes do not hold {} for any underlying of this account; choose a later market, \
                 or another path",
                self.name
            )
        };
        let history = book.history.as_ref().ok_or_else(unknown)?;
        let (from, to) = (day_of(self.from), day_of(self.to));
        let columns: Vec<(Asset, f64)> = assets_of(book)
            .into_iter()
            .filter_map(|asset| Some((asset, history.close_on(asset, from)?)))
            .filter(|(asset, _)| history.close_on(*asset, next(from)).is_some())
            .collect();
        let mut moves: Vec<(Asset, f64)> = columns.iter().map(|(asset, _)| (*asset, 0.0)).collect();
        let (mut steps, mut day) = (Vec::new(), next(from));
        while day <= to && !columns.is_empty() && is_known(history, &columns, day) {
            for ((asset, start), (_, step)) in columns.iter().zip(&mut moves) {
                // A closed market stays where it was.
                if let Some(close) = history.close_on(*asset, day) {
                    *step = close / start - 1.0;
                }
            }
            let lowest = moves.iter().fold(0.0_f64, |least, (_, step)| least.min(*step));
            let vol_factor = vol_factor(lowest, vol_response);
            let days_forward = (day.as_second() - from.as_second()) as f64 / 86_400.0;
            let shift = Shift { spot_move: moves[0].1, vol_points: 0.0, days_forward };
            steps.push(PathStep {
                label: format!("{}: {} {}", Day::of(day), moves[0].0, step_label(moves[0].1, vol_factor)),
                shift: BookShift { shift, vol_factor, asset_moves: moves.clone() },
            });
            day = next(day);
        }
        if steps.is_empty() { Err(unknown()) } else { Ok(steps) }
    }
}

/// The underlyings of a book, and of its balances that move.
fn assets_of(book: &Book) -> Vec<Asset> {
    let mut assets: Vec<Asset> = book.underlyings.iter().map(|underlying| underlying.asset).collect();
    for asset in book.balances.iter().filter_map(|balance| balance.priced_by) {
        if !assets.contains(&asset) {
            assets.push(asset);
        }
    }
    assets
}

fn is_known(history: &History, columns: &[(Asset, f64)], day: Timestamp) -> bool {
    columns.iter().any(|(asset, _)| history.close_on(*asset, day).is_some())
}

/// Midnight of a day of ours.
fn day_of(text: &str) -> Timestamp {
    rfc3339::parse(&format!("{text}T00:00:00Z")).unwrap_or(Timestamp::MAX)
}

fn next(day: Timestamp) -> Timestamp {
    Timestamp::from_second(day.as_second() + 86_400).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_goes_down_and_back_by_a_part() {
        let crash = Crash { spot_move: -0.4, steps: 2, vol_factor: 3.0, rebound: 0.5 };
        let steps = crash.path();
        let moves: Vec<(f64, f64)> = steps.iter().map(|it| (it.shift.shift.spot_move, it.shift.vol_factor)).collect();
        let known = [(-0.2, 2.0), (-0.4, 3.0), (-0.3, 2.5), (-0.2, 2.0)];
        assert_eq!(moves.len(), known.len());
        for (ours, known) in moves.iter().zip(known) {
            assert!((ours.0 - known.0).abs() < 1e-15 && (ours.1 - known.1).abs() < 1e-15, "{ours:?}");
        }
        assert_eq!(vol_factor(-0.25, 4.0), 2.0);
        assert_eq!(vol_factor(0.25, 4.0), 1.0);
    }
}
