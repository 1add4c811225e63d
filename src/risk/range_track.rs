//! How the regime-adaptive range went through the days: what is drawn and said of it.

use jiff::Timestamp;
use margin_engine::asset::Asset;
use margin_engine::contract::{RangeHistoryDocument, RangeRuleDocument};
use margin_engine::rfc3339::Day;

use crate::charts::format::{compact, number, percent, percent_move};
use crate::charts::{RangeHistory, Stroke};
use crate::parts::{Cell, Row, TableText, unit};

/// The record of three rules on one underlying, with its axis.
pub struct Track {
    record: RangeHistoryDocument,
    days: Vec<f64>,
    /// First days of the quarters, as places in the list.
    quarters: Vec<usize>,
    day_labels: Vec<(f64, String)>,
    /// On which days the price left the range that follows the regime.
    breaches: Vec<bool>,
}

/// A day in words: "2025-01-31".
fn day_text(day: i64) -> String {
    Day::of(Timestamp::from_second(day.saturating_mul(86_400)).unwrap_or(Timestamp::MAX)).to_string()
}

impl Track {
    /// From the record; none where it has no days or is not of three rules.
    pub fn new(record: RangeHistoryDocument) -> Option<Track> {
        let count = record.days.len();
        let is_whole = |rule: &RangeRuleDocument| rule.ranges.len() == count;
        if count == 0 || record.returns.len() != count || record.rules.len() != 3 || !record.rules.iter().all(is_whole)
        {
            return None;
        }
        let days: Vec<f64> = record.days.iter().map(|day| *day as f64).collect();
        let mut quarters = vec![];
        let mut day_labels = vec![];
        let mut before = String::new();
        for (index, day) in record.days.iter().enumerate() {
            let mut month = day_text(*day);
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
        let mut breaches = vec![false; count];
        for place in &record.rules[0].breaches {
            if let Some(breach) = breaches.get_mut(*place) {
                *breach = true;
            }
        }
        Some(Track { record, days, quarters, day_labels, breaches })
    }

    /// What it is of.
    pub fn asset(&self) -> &str {
        &self.record.asset
    }

    /// Who recorded the closes.
    pub fn source(&self) -> &str {
        &self.record.source
    }

    /// The days as the chart counts them.
    pub fn days(&self) -> &[f64] {
        &self.days
    }

    /// Draws the ranges with the moves, by `draw`.
    pub fn ranges(&self, draw: impl FnOnce(&RangeHistory<'_>)) {
        let strokes = [Stroke::Strong, Stroke::Thin, Stroke::Dashed];
        let lines: Vec<(Stroke, &[f64])> =
            strokes.into_iter().zip(self.record.rules.iter().map(|rule| rule.ranges.as_slice())).collect();
        draw(&RangeHistory {
            days: &self.days,
            day_labels: &self.day_labels,
            lines: &lines,
            are_ranges: true,
            moves: &self.record.returns,
            breaches: &self.breaches,
        });
    }

    /// Draws what the book would have needed, by `draw`; nothing where it does not hold the underlying.
    pub fn amounts(&self, draw: impl FnOnce(&RangeHistory<'_>)) {
        let Some(losses) = &self.record.losses else { return };
        let fixed = vec![losses.fixed; self.days.len()];
        let lines: [(Stroke, &[f64]); 2] = [(Stroke::Strong, &losses.adaptive), (Stroke::Dashed, &fixed)];
        draw(&RangeHistory {
            days: &self.days,
            day_labels: &self.day_labels,
            lines: &lines,
            are_ranges: false,
            moves: &[],
            breaches: &[],
        });
    }

    /// What the book would have needed, in words.
    pub fn describe_amounts(&self) -> String {
        let Some(losses) = &self.record.losses else { return String::new() };
        let Ok(currency) = self.record.currency.parse::<Asset>() else { return String::new() };
        let amount = |amount: f64| compact(amount, unit(&currency));
        let least = losses.adaptive.iter().copied().fold(f64::INFINITY, f64::min);
        let most = losses.adaptive.iter().copied().fold(0.0, f64::max);
        format!("From {} to {}; within ±15 % {}", amount(least), amount(most), amount(losses.fixed))
    }

    /// The figures of one day.
    pub fn read_out(&self, day: usize) -> Option<String> {
        let range = |rule: usize| self.record.rules.get(rule)?.ranges.get(day).map(|range| percent(*range));
        Some(format!(
            "{}\n±{}, EWMA ±{}\nmove {}",
            day_text(*self.record.days.get(day)?),
            range(0)?,
            range(1)?,
            percent_move(*self.record.returns.get(day)?),
        ))
    }

    /// The picture in words.
    pub fn describe(&self) -> String {
        let adaptive = &self.record.rules[0];
        let ends = [self.record.days.first(), self.record.days.last()]
            .map(|day| day.map_or_else(String::new, |day| day_text(*day)));
        format!(
            "{}, {} to {}: a range that averages ±{} and is ±{} today, with {} breaches",
            self.record.asset,
            ends[0],
            ends[1],
            percent(adaptive.average),
            percent(adaptive.today),
            adaptive.breaches.len(),
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
            head: day_text(self.record.days[*day]),
            cells: rules.iter().map(|rule| Cell::plain(percent(rule.ranges[*day]))).collect(),
            ..Row::default()
        };
        TableText {
            caption: "Ranges through time".to_owned(),
            corner: "day".to_owned(),
            columns: rules.iter().map(|rule| Cell::plain(rule.name.clone())).collect(),
            rows: self.quarters.iter().map(row).collect(),
        }
    }
}

fn rule_row(rule: &RangeRuleDocument) -> Row {
    let cells = [
        format!("{} ({})", rule.breaches.len(), rule.breaches_down),
        number(rule.expected_breaches, 1),
        p_value(rule.kupiec_p),
        format!("{} / {}", p_value(rule.independence_p), p_value(rule.conditional_p)),
        format!("±{}", percent(rule.average)),
        number(rule.peak_to_trough, 1),
    ];
    let cells = cells.map(|text| Cell { text, class: "num" }).into();
    Row { head: rule.name.clone(), cells, ..Row::default() }
}

fn p_value(value: f64) -> String {
    if value < 0.001 { "<0.001".to_owned() } else { number(value, 3) }
}
