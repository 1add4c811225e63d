//! How the regime-adaptive range went through the days: what it is worked out from, and what is said of it.

use std::sync::Arc;

use margin_engine::asset::Asset;
use margin_engine::book::Book;
use margin_engine::insight::{RangeTrack, RegimeTrack, loss_track, regime_track};
use margin_engine::market::History;
use margin_engine::methodology::RegimeRule;
use margin_engine::rfc3339::Day;

use crate::charts::format::{compact, number, percent, percent_move};
use crate::charts::{RangeHistory, Stroke};
use crate::parts::{Cell, Row, TableText, unit};

/// What the walk through the days depends on; the book's legs are not in it.
#[derive(Clone)]
pub struct Wanted {
    /// Daily closes.
    pub history: Arc<History>,
    /// Of what.
    pub asset: Asset,
    /// The model.
    pub regime: RegimeRule,
}

impl PartialEq for Wanted {
    /// A history is the same where it is the same one: comparing thousands of closes would cost more than it saves.
    fn eq(&self, other: &Wanted) -> bool {
        Arc::ptr_eq(&self.history, &other.history) && self.asset == other.asset && self.regime == other.regime
    }
}

/// The walk, and what came of it.
pub struct Walked {
    /// What was wanted.
    pub wanted: Wanted,
    /// The record, or why there is none.
    pub track: Result<Track, String>,
}

impl Walked {
    /// Walks; takes a tenth of a second.
    pub fn through(wanted: Wanted) -> Walked {
        let track = regime_track(&wanted.history, wanted.asset, &wanted.regime);
        Walked { track: track.map(Track::new).map_err(|error| error.to_string()), wanted }
    }
}

/// The record of the rules on one underlying, with its axis.
pub struct Track {
    record: RegimeTrack,
    days: Vec<f64>,
    /// First days of the quarters, as places in the list.
    quarters: Vec<usize>,
    day_labels: Vec<(f64, String)>,
}

/// What today's book would have needed on each day, by the range that follows the regime and by the one that stands.
pub struct Losses {
    adaptive: Vec<f64>,
    fixed: Vec<f64>,
    currency: Asset,
}

impl Track {
    fn new(record: RegimeTrack) -> Track {
        let days: Vec<f64> = record.days.iter().map(|day| day.as_second() as f64 / 86_400.0).collect();
        let mut quarters = vec![];
        let mut day_labels = vec![];
        let mut before = String::new();
        for (index, day) in record.days.iter().enumerate() {
            let mut month = Day::of(*day).to_string();
            // "2025-01"
            month.truncate(7);
            let label = match month.get(5..) {
                Some("01") => month.get(..4),
                Some("04") => Some("Apr"),
                Some("07") => Some("Jul"),
                Some("10") => Some("Oct"),
                _ => None,
            };
            if let Some(label) = label.filter(|_| index > 0 && month != before) {
                quarters.push(index);
                day_labels.push((days[index], label.to_owned()));
            }
            before = month;
        }
        Track { record, days, quarters, day_labels }
    }

    /// What it is of.
    pub fn asset(&self) -> Asset {
        self.record.asset
    }

    /// The days as the chart counts them.
    pub fn days(&self) -> &[f64] {
        &self.days
    }

    /// What today's book would have needed; nothing where it does not hold the underlying.
    pub fn losses(&self, book: &Book) -> Option<Losses> {
        let [adaptive, _, fixed] = &self.record.rules;
        // Asked for together, so that the book is repriced once.
        let mut ranges = adaptive.ranges.clone();
        ranges.push(fixed.today);
        let mut adaptive = loss_track(book, self.record.asset, &ranges)?;
        let fixed = adaptive.pop()?;
        Some(Losses { fixed: vec![fixed; adaptive.len()], adaptive, currency: book.currency })
    }

    /// Draws the ranges with the moves, by `draw`.
    pub fn ranges(&self, draw: impl FnOnce(&RangeHistory<'_>)) {
        let [adaptive, plain, fixed] = &self.record.rules;
        let lines: [(Stroke, &[f64]); 3] =
            [(Stroke::Strong, &adaptive.ranges), (Stroke::Thin, &plain.ranges), (Stroke::Dashed, &fixed.ranges)];
        draw(&RangeHistory {
            days: &self.days,
            day_labels: &self.day_labels,
            lines: &lines,
            are_ranges: true,
            moves: &self.record.returns,
            breaches: &adaptive.breaches,
        });
    }

    /// Draws what the book would have needed, by `draw`.
    pub fn amounts(&self, losses: &Losses, draw: impl FnOnce(&RangeHistory<'_>)) {
        let lines: [(Stroke, &[f64]); 2] = [(Stroke::Strong, &losses.adaptive), (Stroke::Dashed, &losses.fixed)];
        draw(&RangeHistory {
            days: &self.days,
            day_labels: &self.day_labels,
            lines: &lines,
            are_ranges: false,
            moves: &[],
            breaches: &[],
        });
    }

    /// The figures of one day.
    pub fn read_out(&self, day: usize) -> Option<String> {
        let [adaptive, plain, _] = &self.record.rules;
        Some(format!(
            "{}\n±{}, EWMA ±{}\nmove {}",
            Day::of(*self.record.days.get(day)?),
            percent(*adaptive.ranges.get(day)?),
            percent(*plain.ranges.get(day)?),
            percent_move(*self.record.returns.get(day)?),
        ))
    }

    /// The picture in words.
    pub fn describe(&self) -> String {
        let [adaptive, ..] = &self.record.rules;
        let ends = [self.record.days.first(), self.record.days.last()]
            .map(|day| day.map_or_else(String::new, |day| Day::of(*day).to_string()));
        format!(
            "{}, {} to {}: a range that averages ±{} and is ±{} today, with {} breaches",
            self.record.asset,
            ends[0],
            ends[1],
            percent(adaptive.average),
            percent(adaptive.today),
            adaptive.coverage.breaches,
        )
    }

    /// How the rules did.
    pub fn table(&self) -> TableText {
        let columns = [
            "breaches (down)",
            "expected",
            "Kupiec p",
            "Christoffersen p: independence / both",
            "average range",
            "peak / trough",
        ];
        TableText {
            caption: "How each rule did".to_owned(),
            corner: "rule".to_owned(),
            columns: columns.map(|name| Cell { text: name.to_owned(), class: "num" }).into(),
            rows: self.record.rules.iter().map(rule_row).collect(),
        }
    }

    /// The lines at the starts of the quarters.
    pub fn lines_table(&self) -> TableText {
        let rules = &self.record.rules;
        let row = |day: &usize| Row {
            head: Day::of(self.record.days[*day]).to_string(),
            cells: rules.iter().map(|rule| Cell::plain(percent(rule.ranges[*day]))).collect(),
            ..Row::default()
        };
        TableText {
            caption: "Ranges through time".to_owned(),
            corner: "day".to_owned(),
            columns: rules.iter().map(|rule| Cell::plain(rule.name)).collect(),
            rows: self.quarters.iter().map(row).collect(),
        }
    }
}

impl Losses {
    /// The picture in words.
    pub fn describe(&self) -> String {
        let unit = unit(&self.currency);
        let amount = |amount: f64| compact(amount, unit);
        let least = self.adaptive.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.adaptive.iter().copied().fold(0.0, f64::max);
        let fixed = self.fixed.first().copied().unwrap_or(0.0);
        format!("From {} to {}; within ±15 % {}", amount(least), amount(most), amount(fixed))
    }
}

fn rule_row(rule: &RangeTrack) -> Row {
    let coverage = &rule.coverage;
    let cells = [
        format!("{} ({})", coverage.breaches, rule.breaches_down),
        number(coverage.expected_breaches, 1),
        p_value(coverage.unconditional.p_value),
        format!("{} / {}", p_value(coverage.independence.p_value), p_value(coverage.conditional.p_value)),
        format!("±{}", percent(rule.average)),
        number(rule.peak_to_trough, 1),
    ];
    let cells = cells.map(|text| Cell { text, class: "num" }).into();
    Row { head: rule.name.to_owned(), cells, ..Row::default() }
}

fn p_value(value: f64) -> String {
    if value < 0.001 { "<0.001".to_owned() } else { number(value, 3) }
}
